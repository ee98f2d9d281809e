"""The option that names the channels file, and what it says."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from warroom.alerts.channels import Channels

C = TypeVar("C", bound=Callable[..., Any])


def with_channels(command: C) -> C:
    """The option of commands that send messages."""
    about = "The channels file: how messages of alerts leave (else $WARROOM_CHANNELS)."
    return click.option("--channels", metavar="FILE", help=about)(command)


def channels_at(named: str | None) -> Channels | None:
    """What the channels file says that is meant; None where there is none.

    Raises:
        BadInput: it cannot be read, or says something that makes no sense.
    """
    from warroom.alerts.channels import channels_path, read_channels

    path = channels_path(named, os.environ)
    return None if path is None else read_channels(path, os.environ)

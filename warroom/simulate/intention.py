"""What somebody in a play means to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from warroom.rules.communications import Sender


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody means to do.

    Attributes:
        due: when, run time, UTC; it may have passed.
        who: handle of the person.
        action: its name in the journal, such as "task.start"; `ref` and `arguments` are for the action's function.
        subject: what its entry will be about, where that is not `ref`.
        sender: the communication whose words, as they stand when it is done, are further arguments.
    """

    due: datetime
    who: str
    action: str
    ref: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    subject: str | None = None
    sender: Sender | None = None

    @property
    def about(self) -> str:
        """The subject of its entry."""
        return self.subject or self.ref


def after(instant: datetime, seconds: int) -> datetime:
    """The instant so many seconds later."""
    return instant + timedelta(seconds=seconds)

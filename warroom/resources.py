"""Where the data that ships with warroom is found: themes and sample runbooks."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `name` ("themes" or "sample_runbooks") of this installation.

    A wheel carries the folders inside the package; a checkout has them beside it.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for candidate in (PACKAGE / name, PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation of warroom has no {name} folder beside {PACKAGE}")

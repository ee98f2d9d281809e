"""The machine of the person at the console: where files go, and which programs show text. A served console has none."""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warroom.vocabulary.errors import WarroomError

NOT_HERE = "this console is served: it touches no file and no program of the server"
"""Why a console that has no machine of its own does not do such a thing."""

_FONTS_ELSEWHERE = re.compile(r"@font-face\s*\{[^}]*\}")


class MachineRefused(WarroomError):
    """The person's own machine did not do it."""

    code = "machine"


@dataclass(frozen=True, slots=True)
class Machine:
    """What the person's own machine offers.

    Attributes:
        folder: where files go.
        pager, editor: the words of the commands, without the file.
    """

    folder: Path
    pager: tuple[str, ...]
    editor: tuple[str, ...]

    def write(self, stem: str, ending: str, text: str) -> Path:
        """Write a new file, beside those of the same name that are there.

        Raises:
            MachineRefused: it cannot be written.
        """
        for number in range(1, 1_000):
            path = self.folder / (f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}")
            try:
                with path.open("x", encoding="utf-8", newline="") as file:
                    file.write(text)
            except FileExistsError:
                continue
            except OSError as error:
                raise MachineRefused(
                    f"{path}: {error.strerror}", hint="write where you may, or free some space"
                ) from None
            return path
        raise MachineRefused(f"there are a thousand files called {stem} already", where=str(self.folder))

    def show_text(self, program: tuple[str, ...], stem: str, text: str) -> None:
        """Run the pager or the editor on a copy of a text, until it is left; the copy is gone then.

        Raises:
            MachineRefused: there is no such program, or it failed.
        """
        with tempfile.TemporaryDirectory(prefix="warroom-") as folder:
            path = Path(folder) / f"{stem}.txt"
            path.write_text(text, encoding="utf-8")
            try:
                code = subprocess.run([*program, str(path)], check=False).returncode
            except OSError as error:
                raise MachineRefused(
                    f"{program[0]}: {error.strerror}", hint="set $PAGER and $EDITOR to programs that are there"
                ) from None
        if code:
            raise MachineRefused(f"{shlex.join(program)} ended with {code}")


def machine_of(environment: Mapping[str, str], folder: Path) -> Machine:
    """The machine by its environment: $PAGER (else less), $VISUAL or $EDITOR (else vi)."""
    return Machine(
        folder,
        _program(environment.get("PAGER"), "less"),
        _program(environment.get("VISUAL") or environment.get("EDITOR"), "vi"),
    )


def _program(spelled: str | None, default: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(spelled or "")) or (default,)
    except ValueError:
        return (default,)


def without_fonts_elsewhere(svg: str) -> str:
    """A picture that loads nothing from the network."""
    return _FONTS_ELSEWHERE.sub("", svg)

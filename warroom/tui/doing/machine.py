"""The machine of the person at the console: where files go, and which programs show text. A served console has none."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from warroom.host.attaching import Attachment, read_regular
from warroom.vocabulary.errors import BadInput, WarroomError

NOT_HERE = "this console is served: it touches no file and no program of the server"
"""Why a console that has no machine of its own does not do such a thing."""

MOST_FILES = 20_000
"""Of a folder with more, not all are offered."""

_NOT_IN_NAMES = re.compile(r"[^\w.+@() -]")
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
        never: files that are not so much as opened: those of the state file.
        backups: the folder of its backups, of which nothing is attached either.
    """

    folder: Path
    pager: tuple[str, ...]
    editor: tuple[str, ...]
    never: tuple[Path, ...] = ()
    backups: Path | None = None

    def attachment(self, typed: str) -> Attachment:
        """What is attached of a file, named from the folder or with ~. It waits for the disk.

        Raises:
            BadInput: it cannot be read, is no regular file, or belongs to the state file.
        """
        path = self._meant(typed)
        if self.backups is not None and path.resolve().is_relative_to(self.backups.resolve()):
            raise BadInput("backups of the state file are not attached", where=str(path), hint="name another file")
        return read_regular(path, self.never)

    def files_like(self, typed: str) -> tuple[str, ...]:
        """What a path that is typed so far may become, as it would be typed; folders end with "/". It waits for the
        disk. What cannot be shown, and what is hidden unless it is asked for, is left out."""
        if typed == "~":
            return ("~/",)
        folder, slash, begun = typed.rpartition("/")
        try:
            with os.scandir(self._meant(folder + slash) if slash else self.folder) as entries:
                found = [
                    entry.name + ("/" if entry.is_dir() else "")
                    for entry in islice(entries, MOST_FILES)
                    if entry.name.startswith(begun)
                    and entry.name.isprintable()
                    and (begun or not entry.name.startswith("."))
                ]
        except OSError:
            return ()
        return tuple(folder + slash + name for name in sorted(found))

    def _meant(self, typed: str) -> Path:
        bare = typed.strip()
        if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
            bare = bare[1:-1]  # terminals quote a file that is dropped on them
        return self.folder / os.path.expanduser(bare)

    def write(self, stem: str, ending: str, text: str) -> Path:
        """Write a new file, beside those of the same name that are there.

        Raises:
            MachineRefused: it cannot be written.
        """
        return self._write_new(stem, f".{ending}", text.encode())

    def save(self, name: str, data: bytes) -> Path:
        """Write what was attached to a new file of nearly that name: whoever chose it chose no folder, and nothing that
        hides. It waits for the disk.

        Raises:
            MachineRefused: it cannot be written.
        """
        kept = _NOT_IN_NAMES.sub("_", name).lstrip(".-_ ") or "evidence"
        stem, dot, ending = kept.rpartition(".")
        return self._write_new(stem[:100], dot + ending[:20], data) if stem else self._write_new(kept[:100], "", data)

    def _write_new(self, stem: str, ending: str, data: bytes) -> Path:
        for number in range(1, 1_000):
            path = self.folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
            try:
                with path.open("xb") as file:
                    file.write(data)
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


def machine_of(
    environment: Mapping[str, str], folder: Path, never: Iterable[Path] = (), backups: Path | None = None
) -> Machine:
    """The machine by its environment: $PAGER (else less), $VISUAL or $EDITOR (else vi)."""
    return Machine(
        folder,
        _program(environment.get("PAGER"), "less"),
        _program(environment.get("VISUAL") or environment.get("EDITOR"), "vi"),
        tuple(never),
        backups,
    )


def _program(spelled: str | None, default: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(spelled or "")) or (default,)
    except ValueError:
        return (default,)


def without_fonts_elsewhere(svg: str) -> str:
    """A picture that loads nothing from the network."""
    return _FONTS_ELSEWHERE.sub("", svg)

"""What somebody wants of the server besides their own console: words after the address, as ssh sends them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from warroom.tui.screens.first import FIRST
from warroom.vocabulary.errors import BadInput

LONGEST = 16_384
"""Bytes of a command; a reason may take a few sentences."""

_FLAGS = ("--wall", "--read-only", "--ascii", "--compact")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which console to open. `named`: it was asked for, so nobody is brought back to where they were."""

    screen: str | None = None
    wall: bool = False
    read_only: bool = False
    theme: str | None = None
    ascii_only: bool = False
    compact: bool = False
    named: bool = False


def words_of(command: str) -> list[str]:
    """The words of a command, quoted as for a shell; there is none that would do more with them.

    Raises:
        BadInput: a quote is open, or it is too long or holds what cannot be typed.
    """
    if len(command.encode("utf-8", "replace")) > LONGEST:
        raise BadInput(f"a command has at most {LONGEST:,} bytes")
    if "\0" in command:
        raise BadInput("a command holds no NUL")
    try:
        words = shlex.split(command)
    except ValueError:
        raise BadInput("a quote is not closed", hint="the words are read as a shell would read them") from None
    return words[1:] if words[:1] == ["warroom"] else words


def console_of(words: Sequence[str]) -> Wanted | None:
    """Which console `open [--screen NAME] [--theme NAME]` with any of `_FLAGS` asks for; None: it is another command.

    Raises:
        BadInput: it is `open` with something else.
    """
    if not words or words[0] != "open":
        return None
    screen = theme = None
    flags = dict.fromkeys(_FLAGS, False)
    rest = list(words[1:])
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option in ("--screen", "--theme"):
            if not equals:
                if not rest:
                    raise BadInput(f"{option} needs a name")
                value = rest.pop(0)
            if option == "--screen":
                screen = value
            else:
                theme = value
        elif option in flags and not equals:
            flags[option] = True
        else:
            raise BadInput(f"open takes no {option!r} here", hint=f"--screen NAME, --theme NAME, {', '.join(_FLAGS)}")
    if screen is not None and screen not in FIRST:
        raise BadInput(f"there is no screen {screen!r}", hint=f"the screens are: {', '.join(FIRST)}")
    if flags["--wall"] and screen is not None:
        raise BadInput("--wall is a screen of its own", hint="leave out --screen")
    wall, read_only, ascii_only, compact = (flags[option] for option in _FLAGS)
    return Wanted(screen, wall, read_only, theme, ascii_only, compact, named=True)

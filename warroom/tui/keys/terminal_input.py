"""What a terminal sends, as messages: pasted text stays text, whatever it holds.

Inside of a paste Textual's parser goes on looking for sequences of keys: after an escape, as in coloured output that
somebody copied, the next 32 characters come as keys, and act. Many terminals take escapes out of what they paste, not
all do. Here none reaches the parser but that of the mark which ends the paste.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

ESCAPE = "\x1b"

_EACH_ESCAPE = re.compile(f"(?={ESCAPE})")


class TerminalInput:
    """Reads what a terminal sends. What no terminal sends ends nothing but itself.

    Args:
        unreadable: called inside of the exception where something could not be read.
    """

    def __init__(self, unreadable: Callable[[], None] = lambda: None) -> None:
        self._unreadable = unreadable
        self._parser = TerminalParser()
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def read(self, data: bytes) -> list[Message]:
        """What a piece of input means, together with what came before it."""
        found: list[Message] = []
        for sequence in filter(None, _EACH_ESCAPE.split(self._decode(data))):
            try:
                found.extend(self._parser.feed(sequence))
            except Exception:
                self._unreadable()
                self._parser = TerminalParser()
        return found

    def tick(self) -> list[Message]:
        """What came of a while in which nothing followed: an escape was the key of that name."""
        return list(self._parser.tick())

    def close(self) -> None:
        """Nothing follows. A parser in the middle of a sequence would be kept by Textual's cache of keys, and keep
        whatever it knows."""
        for _ in self._parser.feed(""):
            pass


class TerminalParser(XTermParser):
    """Textual's parser, behind a look at where pastes begin and end."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._in_paste = False
        self._last = ""  # outside of a paste: the end of what went on, if a paste may begin with it
        self._held = ""  # inside: what may be the beginning of the end, and has not gone on

    def feed(self, data: str) -> Iterable[Message]:
        text = self._without_escapes(data)
        # To the parser nothing is the end of the input; here it may also be half a mark that is held.
        return super().feed(text) if text or not data else ()

    def tick(self) -> Iterable[Message]:
        for message in super().tick():
            self._last = ""  # the escape was a key, and begins nothing
            yield message

    def _without_escapes(self, data: str) -> str:
        """What the parser may see of the data, and of what was held before it."""
        seen = []
        while data:
            if self._in_paste:
                pasted, end, rest = (self._held + data).partition(BRACKETED_PASTE_END)
                kept = 0 if end else _begun(pasted, BRACKETED_PASTE_END)
                self._held = pasted[len(pasted) - kept :]
                seen += [pasted[: len(pasted) - kept].replace(ESCAPE, ""), end]
                self._in_paste = not end
            else:
                before, begin, rest = (self._last + data).partition(BRACKETED_PASTE_START)
                seen.append((before + begin)[len(self._last) :])
                self._last = "" if begin else before[len(before) - _begun(before, BRACKETED_PASTE_START) :]
                self._in_paste = bool(begin)
            data = rest
        return "".join(seen)


def _begun(text: str, mark: str) -> int:
    """With how many characters of the mark's beginning the text ends."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)

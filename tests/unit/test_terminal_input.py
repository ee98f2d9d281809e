"""What is pasted into a console is one piece of text: nothing in it acts as a key, however it arrives."""

from __future__ import annotations

import pytest
from textual import constants, events

from warroom.tui.keys.terminal_input import TerminalParser

BEGIN, END = "\x1b[200~", "\x1b[201~"
COLOURED = "\x1b[31mred\x1b[0m d s 1 2 3, and so on until the sequence is too long\x1b"


def read(parser: TerminalParser, *pieces: str) -> list[str]:
    """Pastes and keys, as they came."""
    found = []
    for piece in pieces:
        for message in parser.feed(piece):
            assert isinstance(message, events.Paste | events.Key)
            found.append(f"pasted {message.text}" if isinstance(message, events.Paste) else message.key)
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1_000])
def test_escapes_in_a_paste_are_no_keys(size: int) -> None:
    sent = "a" + BEGIN + COLOURED + END + "b" + BEGIN + END + BEGIN + "\x1b[20" + END + "c"
    pieces = [sent[place : place + size] for place in range(0, len(sent), size)]
    plain = COLOURED.replace("\x1b", "")
    assert read(TerminalParser(), *pieces) == ["a", f"pasted {plain}", "b", "pasted ", "pasted [20", "c"]


def test_keys_are_what_they_were() -> None:
    assert read(TerminalParser(), "\x1b[A", "\x1b[20~", "\x1b[1;3C", "é") == ["up", "f9", "alt+right", "é"]


def test_an_escape_that_nothing_followed_begins_no_paste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.0)
    parser = TerminalParser()
    assert read(parser, "\x1b") == []
    (key,) = parser.tick()
    assert isinstance(key, events.Key)
    assert key.key == "escape"
    assert read(parser, "[200~", "d") == ["left_square_bracket", "2", "0", "0", "tilde", "d"]
    assert list(parser.feed("")) == []
    assert parser.is_eof

"""What `warroom-attach` and the server say to each other on the local socket. The standard library alone.

A frame is one byte that says what it is, four of length (big endian), and so many of content.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

HELLO, DATA, SIZE, END, INTERRUPT = b"H", b"D", b"S", b"E", b"I"
"""From the person: who and what (JSON), input, columns and lines, the end of the input, a signal."""

OUTPUT, ERROR, EXIT = b"O", b"X", b"C"
"""To the person: output, output of errors, the exit code."""

TOLD = ("COLORTERM", "NO_COLOR", "WARROOM_GLYPHS", "LC_ALL", "LC_CTYPE", "LANG")
"""What of its environment a terminal tells beside its name: how to draw on it."""

LARGEST = 1 << 16
_HEAD = struct.Struct(">cI")
_SIZE = struct.Struct(">HH")
_CODE = struct.Struct(">B")


class BadFrame(Exception):
    """What came is no frame."""


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """`content` as one frame, or as several where it is long."""
    if len(content) <= LARGEST:
        return _HEAD.pack(kind, len(content)) + content
    return b"".join(frame(kind, content[start : start + LARGEST]) for start in range(0, len(content), LARGEST))


def frames(buffer: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """Take the whole frames out of `buffer`.

    Raises:
        BadFrame: a frame is longer than any may be.
    """
    while len(buffer) >= _HEAD.size:
        kind, length = _HEAD.unpack_from(buffer)
        if length > LARGEST:
            raise BadFrame(f"a frame of {length} bytes")
        if len(buffer) < _HEAD.size + length:
            return
        content = bytes(buffer[_HEAD.size : _HEAD.size + length])
        del buffer[: _HEAD.size + length]
        yield kind, content


def size_frame(width: int, height: int) -> bytes:
    """A frame that tells the columns and lines of a terminal, 65,535 at most."""
    return frame(SIZE, _SIZE.pack(min(width, 65_535), min(height, 65_535)))


def read_size(content: bytes) -> tuple[int, int]:
    """Columns and lines.

    Raises:
        BadFrame: it is no size.
    """
    try:
        width, height = _SIZE.unpack(content)
    except struct.error:
        raise BadFrame("no size") from None
    return width, height


def exit_frame(code: int) -> bytes:
    """A frame that tells an exit code: its last byte, as a shell does."""
    return frame(EXIT, _CODE.pack(code & 255))


def read_exit(content: bytes) -> int:
    """An exit code.

    Raises:
        BadFrame: it is none.
    """
    if len(content) != 1:
        raise BadFrame("no exit code")
    return content[0]

"""The server's log: one line for each thing, `key=value`, on stderr, and no secret in it."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from warroom.clock.times import iso_utc

_PLAIN = re.compile(r"[!#-<>-~]+")
_TOKENS = re.compile(r"(/wall/|[Tt]oken=|[Bb]earer )[^\s/&\"']+")
_LINKS = re.compile(r"(://[^\s/:@]+:)[^\s@/]+@")


class KeyValue(logging.Formatter):
    """`at=... level=... from=... said="..."`, and `stack="..."` where something broke."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).replace(microsecond=int(record.msecs) * 1000)
        fields = {
            "at": iso_utc(at),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            # Where it broke, without the values that were there.
            fields["error"] = repr(record.exc_info[1])
            fields["stack"] = "".join(traceback.format_tb(record.exc_info[2]))
        return " ".join(f"{key}={_shown(scrubbed(value))}" for key, value in fields.items())


def scrubbed(text: str) -> str:
    """The text without the tokens of links, and without passwords in addresses."""
    return _LINKS.sub(r"\1…@", _TOKENS.sub(r"\1…", text))


def _shown(value: str) -> str:
    """A value on one line, harmless on a terminal, in quotes where it needs them."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=True)


@contextmanager
def logging_to(stream: TextIO | None = None, level: int = logging.INFO) -> Iterator[None]:
    """Log to a stream (stderr) in this form, until the block ends; libraries only what is wrong."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(KeyValue())
    root, own = logging.getLogger(), logging.getLogger("warroom")
    before = own.level
    root.addHandler(handler)
    own.setLevel(level)
    try:
        yield
    finally:
        own.setLevel(before)
        root.removeHandler(handler)

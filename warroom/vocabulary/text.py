"""Text that people type: what is refused at the door, and how any text is shown without doing harm."""

from __future__ import annotations

import re

LONGEST_TEXT = 1_048_576  # characters of free text, DESIGN: at most 1 MB

_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Shown text additionally hides what can reorder or hide its neighbours: bidirectional controls,
# zero-width and line-separating characters, and variation selectors, whose width terminals disagree on.
_UNSHOWABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_REF = re.compile(r"[^\s+]{1,64}")
_REF_ENDS_LIKE_A_STEP = re.compile(r"\.\d+\Z")


def fault_of_text(text: str) -> str | None:
    """Why `text` cannot be stored, in words; None when it can.

    Refused are control characters other than newline and tab, lone surrogates, and more than 1 MB.
    """
    if len(text) > LONGEST_TEXT or len(text.encode("utf-8", "surrogatepass")) > LONGEST_TEXT:
        return "is longer than 1 MB"
    if found := _REFUSED.search(text):
        return f"holds the control character U+{ord(found.group()):04X} at position {found.start() + 1}"
    return None


def fault_of_ref(ref: str) -> str | None:
    """Why `ref` cannot name a task, in words; None when it can (DESIGN section 2, Keys)."""
    if not _REF.fullmatch(ref):
        return "may not be empty, longer than 64 characters, or hold spaces or '+'"
    if _REF_ENDS_LIKE_A_STEP.search(ref):
        return "may not end in '.' and digits, which name a step"
    return fault_of_text(ref)


def one_line(text: str, longest: int = 400) -> str:
    """`text` on one line, harmless on a terminal: controls and invisible characters become '·', runs of
    white space one space; cut with '…' after `longest` characters."""
    # More words than characters are never shown: a megabyte of text costs little more than what is shown of it.
    shown = _UNSHOWABLE.sub("·", " ".join(text.split(None, longest))[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def many_lines(text: str, longest: int = 20_000) -> str:
    """`text` with its line breaks kept and everything else as harmless as in `one_line`."""
    cut = text if len(text) <= longest else text[:longest] + "…"
    return "\n".join(_UNSHOWABLE.sub("·", line.expandtabs(4)) for line in cut.split("\n"))

"""The table of keys in README: `python -m tests.reference README.md` writes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

from warroom.tui.keys.key_reference import key_lines

BEGIN, END = "<!-- keys: warroom doctor --keys -->", "<!-- end of keys -->"


def with_keys(text: str) -> str:
    """`text` with the table of today between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, "", *key_lines(), "", END + after])


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_keys(file.read_text(encoding="utf-8")), encoding="utf-8")

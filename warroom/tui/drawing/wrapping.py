"""Breaking text into lines of cells."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells

from warroom.vocabulary.text import many_lines


def wrapped(text: str, width: int, most: int = 400) -> list[str]:
    """`text`, made harmless, in at most `most` lines of at most `width` cells; it ends in "…" where it is cut."""
    width = max(8, width)
    lines: list[str] = []
    for paragraph in many_lines(text).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and cell_len(line) + 1 + cell_len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
            if cell_len(line) > width:
                *whole, line = chop_cells(line, width)
                lines.extend(whole)
        lines.append(line)
        if len(lines) > most:
            break
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = lines[-1][: width - 1] + "…"
    return lines

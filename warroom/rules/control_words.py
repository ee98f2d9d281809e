"""What was entered on a round of a control and what became of it, in words, for the console and for commands alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from warroom.board.rows import ControlFigure, ControlRound
from warroom.vocabulary.exact import show_number


@dataclass(frozen=True, slots=True)
class Telling:
    """How names, times (UTC) and texts that somebody typed are shown where the words are read."""

    name: Callable[[int | None], str]
    time: Callable[[datetime], str]
    text: Callable[[str], str]


def figure_words(figure: ControlFigure, told: Telling, *, source_hash: bool) -> str:
    """A figure: how much, when and by whom, and on what it rests.

    Args:
        source_hash: with the SHA-256 of the file it is from.
    """
    who = told.name(figure.by_id)
    if figure.recorded_by_id != figure.by_id:
        who += f" (recorded by {told.name(figure.recorded_by_id)})"
    parts = [f"{show_number(figure.value)}, {told.time(figure.at)} by {who}"]
    if figure.as_of is not None:
        parts.append(f"as of {told.time(figure.as_of)}")
    if figure.source is not None:
        digest = f", SHA-256 {(figure.source_sha256 or '')[:16]}…" if source_hash else ""
        parts.append(f"from {told.text(figure.source)}{digest}")
    if figure.evidence is not None:
        parts.append(f"evidence: {told.text(figure.evidence)}")
    if figure.note is not None:
        parts.append(told.text(figure.note))
    if figure.corrected_because is not None:
        parts.append(f"corrected: {told.text(figure.corrected_because)}")
    return "; ".join(parts)


def round_facts(one: ControlRound, told: Telling) -> Iterator[tuple[str, str]]:
    """What became of a round: its rows, what was done about its difference, and who has signed it."""
    if one.rows_document_id is not None:
        yield "rows", f"{one.legacy_rows or 0:,} and {one.new_rows or 0:,}; {one.rows_differing or 0:,} differ"
    if one.disposition is not None and one.disposed_at is not None:
        who = f"{told.name(one.disposed_by_id)} {told.time(one.disposed_at)}"
        yield "difference", f"{one.disposition.value}, by {who}: {told.text(one.disposed_because or '')}"
    if one.signed_at is not None:
        note = f": {told.text(one.signed_note)}" if one.signed_note else ""
        assurance = "" if one.signed_assurance is None else f" ({one.signed_assurance.value})"
        yield "signed", f"{told.time(one.signed_at)} by {told.name(one.signed_by_id)}{assurance}{note}"

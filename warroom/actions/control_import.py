"""Entering the figures of a control from files, with the rows that differ."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.control_rounds import Found, control_called, part_names, subject_of
from warroom.actions.controls import add_figure, insist_on_figure, round_for
from warroom.model.controls import ControlFigure, ControlRound
from warroom.model.gates import Control
from warroom.model.programme import Document
from warroom.rules import controls as rules
from warroom.store.statefile import StateFile
from warroom.vocabulary.comparison import ComparedPart, ComparedRows, Comparison, Source
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Side

MEDIA_TYPE = "application/json"


def take_in(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    comparison: Comparison,
    entity: str | None = None,
    currency: str | None = None,
    as_of: datetime | None = None,
    evidence: str | None = None,
    note: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Enter what files show for a control: both sides, or one, for each entity and currency in them. Where both are
    compared and the legacy side is frozen already, it stays as it is, and its file must be the one from which it was
    read, or add up to the same.

    Args:
        comparison: what was read.
        entity, currency: of all of it, where the files do not tell them apart.
        as_of, evidence, note, at: see `controls.record`.

    Raises:
        Refused: not allowed, a side was entered already, or the legacy file is another one than the frozen.
        BadInput: no such control, entity or currency, or not a figure of this control.
    """
    for what, text in (("the evidence", evidence), ("the note", note)):
        check_text(what, text)
    sources = {Side.LEGACY: comparison.legacy, Side.NEW: comparison.new}
    for source in sources.values():
        check_text("the name of the file", None if source is None else source.name)

    def work(acting: Acting) -> None:
        acting.insist(rules.may_record(acting.doer))
        found = control_called(acting, key)
        for part in comparison.parts:
            names = part_names(acting, found, part.entity or entity, part.currency or currency)
            one = round_for(acting, found, names, Side.LEGACY if comparison.new is None else Side.NEW)
            for side, value in ((Side.LEGACY, part.legacy), (Side.NEW, part.new)):
                source = sources[side]
                if value is None or source is None:
                    continue
                insist_on_figure(found.control, value)
                there = acting.rows.one(ControlFigure, round_id=one.id, side=side)
                if there is not None:
                    _insist_on_same(found.control, there, part, source)
                    continue
                _insist_on_counted(found, side)
                add_figure(
                    acting,
                    found.control,
                    one,
                    side,
                    value=value,
                    as_of=as_of,
                    evidence=evidence,
                    note=note,
                    source=source.name,
                    source_sha256=source.sha256,
                )
            if part.rows is not None:
                _add_rows(acting, found.control, one, comparison, part, part.rows)

    return perform(state_file, caller, "control.import", subject_of(key), work, reason=note, at=at, **known)


def _insist_on_counted(found: Found, side: Side) -> None:
    if side is Side.LEGACY and found.control.expected is not None:
        raise Refused(
            f"the plan says what {found.control.key} must be: {show_number(found.control.expected)}",
            where=found.control.key,
            hint="import its new side alone",
        )


def _insist_on_same(control: Control, frozen: ControlFigure, part: ComparedPart, source: Source) -> None:
    """The legacy file must be what the frozen legacy side was taken from.

    Raises:
        Refused: it is not.
    """
    assert part.legacy is not None
    hint = f"take the legacy side anew: warroom control reopen {control.key} --legacy --reason TEXT"
    if frozen.source_sha256 not in (None, source.sha256):
        raise Refused(
            f"the legacy side of {control.key} was frozen from another file: {frozen.source}, "
            f"SHA-256 {str(frozen.source_sha256)[:16]}…, and this one has {source.sha256[:16]}…",
            where=source.name,
            hint=hint,
        )
    if frozen.value != part.legacy:
        raise Refused(
            f"the legacy side of {control.key} was frozen at {show_number(frozen.value)}, "
            f"and this file adds up to {show_number(part.legacy)}",
            where=source.name,
            hint=hint,
        )


def _add_rows(
    acting: Acting, control: Control, one: ControlRound, comparison: Comparison, part: ComparedPart, rows: ComparedRows
) -> None:
    told = json.dumps(_document(control, one, comparison, rows), separators=(",", ":")).encode()
    document = acting.rows.insert(
        Document,
        name=f"{control.key} round {one.number} differences.json",
        media_type=MEDIA_TYPE,
        sha256=acting.transaction.keep(told),
        size_bytes=len(told),
    )
    acting.rows.update(
        one,
        legacy_rows=part.legacy_rows,
        new_rows=part.new_rows,
        only_legacy=rows.only_legacy,
        only_new=rows.only_new,
        rows_differing=rows.differing,
        rows_outside=rows.outside,
        rows_document_id=document.id,
    )


def _document(control: Control, one: ControlRound, comparison: Comparison, rows: ComparedRows) -> dict[str, Any]:
    """What is kept of a comparison row by row; numbers are texts."""

    def text(number: Any) -> str | None:
        return None if number is None else f"{number:f}"

    tolerance = rules.tolerance_of(control)
    return {
        "control": control.key,
        "entity": one.entity or control.entity,
        "currency": one.currency or control.currency,
        "round": one.number,
        "columns": list(comparison.columns),
        "tolerance": {"abs": text(tolerance.absolute), "percent": text(tolerance.percent), "sign": control.sign.value},
        "legacy": _source(comparison.legacy),
        "new": _source(comparison.new),
        "only_legacy": rows.only_legacy,
        "only_new": rows.only_new,
        "differing": rows.differing,
        "outside": rows.outside,
        "differences": [
            {
                "key": list(row.key),
                "legacy": text(row.legacy),
                "new": text(row.new),
                "difference": text(row.difference),
                "outside": row.outside,
            }
            for row in rows.differences
        ],
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "name": source.name,
        "sha256": source.sha256,
        "rows": source.rows,
        "blank": source.blank,
        "repeated": source.repeated,
    }

"""How a control stands, as a JSON document (README: JSON). Numbers are texts, instants UTC text with Z."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from warroom.board.board import Board
from warroom.board.rows import Control, ControlFigure, ControlRound
from warroom.clock.times import iso_utc
from warroom.rules.controls import PartStanding, control_standing, sub_ledgers
from warroom.vocabulary.documents import Document
from warroom.vocabulary.words import Side


def control_document(board: Board, control: Control) -> Document:
    """A control with its parts as they stand, and all rounds."""
    standing = control_standing(board, control)
    return {
        "key": control.key,
        "name": control.name,
        "kind": control.kind_of_control.value,
        "standing": standing.standing.value,
        "ties_out": standing.ties_out,
        "entity": control.entity,
        "currency": control.currency,
        "unit": control.unit,
        "sign": control.sign.value,
        "tolerance": {"abs": _number(control.tolerance_absolute), "percent": _number(control.tolerance_percent)},
        "expected": _number(control.expected),
        "by": list(control.by),
        "loads": list(control.loads),
        "part_of": control.part_of,
        "sub_ledgers": [_sub_ledger(board, one) for one in sub_ledgers(board, control)],
        "signs": board.handle(control.signs_id),
        "parts": [_part(board, part) for part in standing.parts],
        "rounds": [_round(board, one) for one in board.rounds(control.id)],
    }


def _sub_ledger(board: Board, control: Control) -> Document:
    standing = control_standing(board, control)
    return {"key": control.key, "name": control.name, "standing": standing.standing.value}


def _part(board: Board, part: PartStanding) -> Document:
    return {
        "entity": part.entity,
        "currency": part.currency,
        "standing": part.standing.value,
        "because": part.because,
        "round": None if part.round is None else part.round.number,
        "legacy": _number(part.legacy_value),
        "new": _number(part.new_value),
        "difference": _number(part.difference),
        "allowed": _number(part.allowed),
        "signed_by": None if part.round is None else board.handle(part.round.signed_by_id),
    }


def _round(board: Board, one: ControlRound) -> Document:
    figures = {figure.side: figure for figure in board.figures(one.id)}
    rows = None
    if one.rows_document_id is not None:
        rows = {
            "legacy": one.legacy_rows,
            "new": one.new_rows,
            "only_legacy": one.only_legacy,
            "only_new": one.only_new,
            "differing": one.rows_differing,
            "outside": one.rows_outside,
        }
    return {
        "number": one.number,
        "entity": one.entity,
        "currency": one.currency,
        "opened_because": one.opened_because,
        "legacy": _figure(board, figures.get(Side.LEGACY)),
        "new": _figure(board, figures.get(Side.NEW)),
        "rows": rows,
        "disposition": None if one.disposition is None else one.disposition.value,
        "disposed_at": _instant(one.disposed_at),
        "disposed_by": board.handle(one.disposed_by_id),
        "disposed_because": one.disposed_because,
        "signed_at": _instant(one.signed_at),
        "signed_by": board.handle(one.signed_by_id),
        "signed_assurance": None if one.signed_assurance is None else one.signed_assurance.value,
        "signed_note": one.signed_note,
    }


def _figure(board: Board, figure: ControlFigure | None) -> Document | None:
    if figure is None:
        return None
    return {
        "value": _number(figure.value),
        "at": iso_utc(figure.at),
        "by": board.handle(figure.by_id),
        "recorded_by": board.handle(figure.recorded_by_id),
        "as_of": _instant(figure.as_of),
        "evidence": figure.evidence,
        "note": figure.note,
        "source": figure.source,
        "source_sha256": figure.source_sha256,
        "corrected_because": figure.corrected_because,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _instant(at: datetime | None) -> str | None:
    return None if at is None else iso_utc(at)

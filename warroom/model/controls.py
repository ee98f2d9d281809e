"""What was found of the controls in a run: rounds of comparing, and the figures of their two sides."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from warroom.model.row import Row, Scope, decimal, long_text, word
from warroom.vocabulary.words import Assurance, Disposition, Side


class ControlRound(Row):
    """One comparison of the two sides of a control; a later round replaces it, and both stay. Instants are UTC, in run
    time.

    Attributes:
        entity, currency: for what it was made, where the control itself leaves that open.
        number: counts from 1, for each control, entity and currency.
        opened_because: why it was made after the one before it.
        disposition: what is done about the difference, by whom, when and why.
        signed_assurance: how the signer was known.
        legacy_rows, new_rows: so many rows each side has, where files were compared row by row.
        only_legacy, only_new: so many keys of theirs the other side has not.
        rows_differing: so many keys differ at all. rows_outside: so many of them by more than the tolerance.
        rows_document_id: the document that lists the keys that differ.
    """

    __tablename__ = "control_round"
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    control_id: int = Field(foreign_key="control.id", index=True)
    entity: str | None = None
    currency: str | None = None
    number: int
    opened_because: str | None = long_text(default=None)
    disposition: Disposition | None = word(Disposition, default=None)
    disposed_at: datetime | None = None
    disposed_by_id: int | None = Field(default=None, foreign_key="person.id")
    disposed_because: str | None = long_text(default=None)
    signed_at: datetime | None = None
    signed_by_id: int | None = Field(default=None, foreign_key="person.id")
    signed_assurance: Assurance | None = word(Assurance, default=None)
    signed_note: str | None = long_text(default=None)
    legacy_rows: int | None = None
    new_rows: int | None = None
    only_legacy: int | None = None
    only_new: int | None = None
    rows_differing: int | None = None
    rows_outside: int | None = None
    rows_document_id: int | None = Field(default=None, foreign_key="document.id")


class ControlFigure(Row):
    """What one system showed for a round of a control.

    Attributes:
        at: when it was taken, UTC, in run time.
        by_id: who took it. recorded_by_id: who wrote it down.
        as_of: the moment whose value it is, UTC.
        evidence: where the proof is.
        source, source_sha256: name and SHA-256 (hex) of the file that it was read from.
        corrected_because: why it was corrected; the journal keeps both values.
    """

    __tablename__ = "control_figure"
    __table_args__ = (sa.UniqueConstraint("round_id", "side"),)
    scope: ClassVar[Scope] = Scope.RUN
    run_id: int = Field(foreign_key="run.id", index=True)
    round_id: int = Field(foreign_key="control_round.id", index=True)
    side: Side = word(Side)
    value: Decimal = decimal()
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    as_of: datetime | None = None
    evidence: str | None = long_text(default=None)
    note: str | None = long_text(default=None)
    source: str | None = None
    source_sha256: str | None = None
    corrected_because: str | None = long_text(default=None)

"""What the store itself stands on: the journal, documents by content, and the file's own record."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from warroom.model.row import long_text


class StateFileTable(SQLModel):
    """One row: which schema the file has, and the random text that its journal begins with."""

    __tablename__ = "state_file"
    id: int = Field(primary_key=True)
    schema_version: int
    genesis: str


class JournalTable(SQLModel):
    """The journal. `body` is the canonical JSON of the entry, `hash` its SHA-256; the other columns repeat
    fields of the body for look-ups, and `verify` compares them."""

    __tablename__ = "journal"
    __table_args__ = (sa.Index("journal_by_subject", "run_id", "subject", "seq"),)
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"))
    id: str = Field(unique=True)
    run_id: int | None = None
    subject: str
    recorded_at: str
    run_time: str | None = None
    body: str = long_text()
    hash: str = Field(unique=True)


class ContentTable(SQLModel):
    """A document by the SHA-256 (hex) of its bytes; `verify` hashes it again."""

    __tablename__ = "content"
    sha256: str = Field(primary_key=True)
    data: bytes

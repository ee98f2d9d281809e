"""How a state file of an older schema becomes one of today's.

A migration is a row function on the row changes of older entries, applied whenever they are folded. Migrating the
tables is the same fold, written into fresh tables in one transaction that is told by one entry of the journal. So
history is never rewritten, and the tables cannot come out differently from what the journal says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from warroom.vocabulary.journal import Change, Entry, Plain

RowFunction = Callable[[str, Mapping[str, Plain]], Mapping[str, Plain]]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a schema version to the next.

    Attributes:
        name: what it does, for the journal.
        statements: SQL that changes the journal's own tables; those of rows are made afresh.
        row: takes a table's name and fields of one of its rows as the journal writes them (all, or only those
            that a change carries) and returns them in the new schema.
    """

    name: str
    statements: tuple[str, ...]
    row: RowFunction


@dataclass(frozen=True, slots=True)
class Schema:
    """All migrations since schema 1, in order."""

    migrations: tuple[Migration, ...] = ()

    @property
    def version(self) -> int:
        return 1 + len(self.migrations)

    def today(self, entry: Entry) -> Entry:
        """`entry` with its row changes in today's schema; everything else as it was recorded."""
        if entry.schema >= self.version:
            return entry
        return replace(entry, changes=tuple(self._today(change, entry.schema) for change in entry.changes))

    def _today(self, change: Change, schema: int) -> Change:
        before, after = change.before, change.after
        for migration in self.migrations[schema - 1 :]:
            before = None if before is None else migration.row(change.table, before)
            after = None if after is None else migration.row(change.table, after)
        return replace(change, before=before, after=after)


CURRENT = Schema()

"""Many actions in one transaction: each writes its own entry, and all of them are committed, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from warroom.store.statefile import StateFile, Transaction


class Together(StateFile):
    """A state file as seen within a write transaction of it: what is written through it are parts of that one.

    A part that raises is undone alone; the others stand, unless the whole is undone.
    """

    def __init__(self, whole: StateFile, transaction: Transaction) -> None:
        super().__init__(whole.database, whole.genesis, clock=whole.clock, new_id=whole.new_id, schema=whole.schema)
        self._transaction_of_all = transaction

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A part of the transaction, with one entry.

        Raises:
            RuntimeError: journalled rows changed and no entry was written.
        """
        transaction = self._transaction_of_all
        connection = transaction.rows.connection
        connection.execute("SAVEPOINT part")
        try:
            yield transaction
            if transaction.rows.changes and transaction.entry is None:
                raise RuntimeError("rows changed without an entry in the journal")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK TO part")
            transaction.rows.changes.clear()
            transaction.entry = None
            raise
        finally:
            if connection.in_transaction:
                connection.execute("RELEASE part")
        if transaction.entry is not None:
            transaction.next_entry()


@contextmanager
def together(state_file: StateFile) -> Iterator[StateFile]:
    """What actions that are to be one transaction are given in place of `state_file`.

    Raises:
        Busy, StateFileError: as of `StateFile.write`; nothing was changed.
    """
    with state_file.write() as transaction:
        yield Together(state_file, transaction)

"""The rows of one run as the entries of the journal fold into them, and what is derived from them.

Applying entries gives new rows that share with the old ones whatever the entries did not touch, and keep what was
derived from that; so keeping many of them, as replay does, is cheap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self, TypeVar

from warroom.board.rows import Row
from warroom.model.row import Scope
from warroom.store.codec import Table, changed, journalled_tables, make, table_of
from warroom.vocabulary.journal import Entry, Operation

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Rows = Mapping[int, Row]

_NO_ROWS: Rows = MappingProxyType({})


class Fold:
    """The rows at one instant: those of the whole programme, and those of one run or of one version of the plan.

    Attributes:
        seq: the last entry that is in them; 0 before the first.
        recorded_at: when that entry was recorded, UTC; None before the first.
        run_id: key of the run that they show, or None.
        version_id: key of the plan version that they show while there is no run.
    """

    def __init__(
        self,
        rows: Mapping[str, Rows],
        *,
        seq: int,
        recorded_at: datetime | None,
        run_id: int | None,
        version_id: int | None,
        last_entries: Mapping[str, int],
        views: Mapping[str, tuple[tuple[Rows, ...], Any]] | None = None,
    ) -> None:
        self._rows = rows
        self.seq = seq
        self.recorded_at = recorded_at
        self.run_id = run_id
        self.version_id = version_id
        self._last_entries = last_entries
        self._views: dict[str, tuple[tuple[Rows, ...], Any]] = dict(views or {})
        self._looked_at: dict[str, Any] = {}  # those that are known to be of these rows

    def apply(self, entries: Iterable[Entry]) -> Self:
        """What they are after `entries`, which follow their own `seq` in order. Changes of other runs' rows pass by."""
        rows = dict(self._rows)
        own: set[str] = set()  # tables copied here already
        last_entries: dict[str, int] | None = None
        seq, recorded_at = self.seq, self.recorded_at
        known = journalled_tables()
        for entry in entries:
            if entry.seq <= seq:
                continue
            for change in entry.changes:
                table = known[change.table]
                current = rows.get(table.name, _NO_ROWS)
                if change.operation is Operation.INSERT:
                    assert change.after is not None
                    values = table.values(change.after)
                    if not self._shows(table, values):
                        continue
                    new: Row | None = make(table.row_class, {**table.defaults, **values})
                elif change.key not in current:
                    continue
                elif change.operation is Operation.DELETE:
                    new = None
                else:
                    assert change.after is not None
                    new = changed(current[change.key], table.values(change.after))
                if table.name not in own:
                    own.add(table.name)
                    current = rows[table.name] = dict(current)
                assert isinstance(current, dict)
                if new is None:
                    del current[change.key]
                else:
                    current[change.key] = new
            if entry.run == self.run_id:
                if last_entries is None:
                    last_entries = dict(self._last_entries)
                last_entries[entry.subject] = entry.seq
            seq, recorded_at = entry.seq, entry.recorded_at
        return type(self)(
            rows,
            seq=seq,
            recorded_at=recorded_at,
            run_id=self.run_id,
            version_id=self.version_id,
            last_entries=self._last_entries if last_entries is None else last_entries,
            views=self._views,
        )

    def _shows(self, table: Table, values: Mapping[str, Any]) -> bool:
        if table.scope is Scope.PROGRAMME:
            return True
        if self.run_id is not None:
            return bool(values.get("run_id") == self.run_id)
        return self.version_id is not None and bool(values.get("version_id") == self.version_id)

    def rows(self, row_class: type[R]) -> Mapping[int, R]:
        """All rows of one kind that are shown, by key."""
        return self._rows.get(table_of(row_class).name, _NO_ROWS)  # type: ignore[return-value]

    def view(self, name: str, of: Sequence[type[Row]], build: Callable[[], T]) -> T:
        """What `build` makes of the tables `of`, kept from one to the next as long as none of them changes."""
        return self.renewed(name, of, lambda _: build())

    def renewed(self, name: str, of: Sequence[type[Row]], renew: Callable[[T | None], T]) -> T:
        """The same, where what was made for an earlier one, if anything was, helps to make it anew."""
        if name in self._looked_at:
            return self._looked_at[name]  # type: ignore[no-any-return]
        stand = tuple(self._rows.get(table_of(row_class).name, _NO_ROWS) for row_class in of)
        kept = self._views.get(name)
        if kept is None or any(a is not b for a, b in zip(kept[0], stand, strict=True)):
            kept = self._views[name] = stand, renew(None if kept is None else kept[1])
        value: T = kept[1]
        self._looked_at[name] = value
        return value

    def latest(self, name: str, of: Hashable, build: Callable[[], T]) -> T:
        """What `build` makes of these very rows, for `of`; kept until it is asked for something else."""
        known = self._looked_at.get(name)
        if known is None or known[0] != of:
            known = self._looked_at[name] = of, build()
        value: T = known[1]
        return value

    def _grouped(self, row_class: type[R], field: str) -> Mapping[int, tuple[R, ...]]:
        def build() -> Mapping[int, tuple[R, ...]]:
            groups: defaultdict[int, list[R]] = defaultdict(list)
            for row in self.rows(row_class).values():
                groups[getattr(row, field)].append(row)
            by_position = "position" in row_class.model_fields
            return {
                key: tuple(sorted(group, key=lambda row: row.position)) if by_position else tuple(group)  # type: ignore[attr-defined]
                for key, group in groups.items()
            }

        return self.view(f"{row_class.__name__} by {field}", [row_class], build)

    def _in_order(self, row_class: type[R]) -> tuple[R, ...]:
        def build() -> tuple[R, ...]:
            return tuple(sorted(self.rows(row_class).values(), key=lambda row: row.position))  # type: ignore[attr-defined]

        return self.view(f"{row_class.__name__} in order", [row_class], build)

    def last_entry(self, subject: str) -> int:
        """The seq of the last entry about `subject` in this run; 0 if there is none."""
        return self._last_entries.get(subject, 0)

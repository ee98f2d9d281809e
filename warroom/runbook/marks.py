"""Where things stand in a runbook file, for whoever speaks about a plan after it was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from warroom.runbook.faults import Place
from warroom.runbook.records import Entry

_NAMES = ("ref", "handle", "key", "title", "text")
"""By which of its fields an entry of a list is named; the first that it has."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The places of one file. `root` is what was read of it; None: the document was not read from a file."""

    file: str = ""
    root: Entry | None = None
    _named: dict[tuple[int, str], dict[str, Entry]] = field(default_factory=dict, compare=False, repr=False)

    def place(self, *path: str) -> Place | None:
        """The place of what `path` leads to, or of the last thing on it that stands in the file.

        A path is made of keys and of the names of entries in lists: ("tasks", "BC-24", "owner") is where the owner of
        that task stands, and ("tasks", "BC-24", "after", "BC-22") its link from BC-22.
        """
        if self.root is None:
            return None
        entry, place = self.root, self.root.place
        steps = iter(path)
        for step in steps:
            found = entry.fields.get(step)
            if found is None:
                return place
            place = found.place
            if isinstance(found.value, Entry):
                entry = found.value
                continue
            name = next(steps, None)
            if name is None or not isinstance(found.value, tuple):
                return place
            inner = self._in_list(entry, step).get(name)
            if inner is None:
                for item in found.value:
                    value = item.value if hasattr(item, "value") else item[0].value
                    if name == (value[0] if isinstance(value, tuple) else value):
                        return item.place if hasattr(item, "place") else item[0].place  # type: ignore[no-any-return]
                return place
            entry, place = inner, inner.place
        return place

    def item(self, *path_and_index: str | int) -> Place | None:
        """The place of one item of a list by its index, the last argument; the others lead through records to it."""
        *path, index = path_and_index
        entry, found = self.root, None
        for step in path:
            found = None if entry is None else entry.fields.get(str(step))
            entry = found.value if found is not None and isinstance(found.value, Entry) else None
        if found is None or not isinstance(index, int):
            return None
        place: Place = found.value[index].place
        return place

    def _in_list(self, entry: Entry, key: str) -> dict[str, Entry]:
        known = self._named.get((id(entry), key))
        if known is None:
            known = {}
            for item in entry.get(key):
                inner = getattr(item, "value", None)
                if isinstance(inner, Entry):
                    name = next((inner.get(name) for name in _NAMES if inner.get(name) is not None), None)
                    known.setdefault(str(name), inner)
            self._named[id(entry), key] = known
        return known

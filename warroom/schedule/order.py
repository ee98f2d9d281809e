"""The order in which activities can be computed, and the cycles that leave none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class BadNetwork(ValueError):
    """Activities and links that do not make a network."""


class CyclicNetwork(BadNetwork):
    """Activities that wait for each other in a circle.

    Attributes:
        path: the circle, in the order of its links; its last key is its first one.
    """

    def __init__(self, path: list[str]) -> None:
        super().__init__(f"a cycle: {' -> '.join(path)}")
        self.path = tuple(path)


def in_order(keys: Iterable[str], edges: Sequence[tuple[str, str]]) -> list[str]:
    """The keys so that each comes after all its predecessors (Kahn's method).

    Raises:
        CyclicNetwork: there is no such order.
    """
    successors: dict[str, list[str]] = {key: [] for key in keys}
    waiting_for = dict.fromkeys(successors, 0)
    for predecessor, successor in edges:
        successors[predecessor].append(successor)
        waiting_for[successor] += 1
    found = [key for key, count in waiting_for.items() if count == 0]
    for key in found:  # grows while it is walked
        for successor in successors[key]:
            waiting_for[successor] -= 1
            if waiting_for[successor] == 0:
                found.append(successor)
    if len(found) < len(successors):
        path = find_cycle(edges)
        assert path is not None
        raise CyclicNetwork(path)
    return found


def find_cycle(edges: Iterable[tuple[str, str]]) -> list[str] | None:
    """One cycle among (predecessor, successor) pairs, or None.

    Returns the keys along the cycle, the first one repeated at the end: `["A", "B", "A"]`. A link from a key
    to itself is the cycle `["A", "A"]`. Which cycle is found depends on the order of the edges only.
    """
    successors: dict[str, list[str]] = {}
    for predecessor, successor in edges:
        successors.setdefault(predecessor, []).append(successor)
    finished: set[str] = set()
    for root in successors:
        if root in finished:
            continue
        path = {root: iter(successors[root])}  # keys from the root to here, each with what is left to try
        while path:
            key = next(reversed(path))
            following = next(path[key], None)
            if following is None:
                finished.add(key)
                del path[key]
            elif following in path:
                keys = list(path)
                return [*keys[keys.index(following) :], following]
            elif following not in finished:
                path[following] = iter(successors.get(following, ()))
    return None

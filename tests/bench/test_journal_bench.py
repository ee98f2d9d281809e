"""What an entry costs that is there already: to verify it, and to apply it to a Board."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.bench.measure import held, medians
from tests.cutover import caller, document, rehearsing, task
from warroom.actions import steps, tasks
from warroom.board.load import load_board
from warroom.store import journal
from warroom.store.verify import verify

ENTRIES = 2_000


def test_verifying_and_applying_an_entry(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Targets: 25 us to verify an entry, 50 us to apply one. Held as ratios to what no verifier gets around: to hash
    the text of each entry and to read its JSON."""
    with rehearsing(tmp_path / "state.db", document(task("A", 60, steps=("one", "two")))) as cutover:
        state_file, omar = cutover.state_file, caller("omar")
        tasks.start(state_file, omar, "A")
        board = load_board(state_file)
        for number in range(ENTRIES):
            (steps.tick if number % 2 == 0 else steps.untick)(state_file, omar, "A", positions=[1])
        with state_file.read() as reader:
            bodies = [record.body for record in journal.all_records(reader.connection)]
        entries = tuple(state_file.entries(board.seq))

        def hash_and_read() -> None:
            for body in bodies:
                sha256(body.encode()).hexdigest()
                json.loads(body)

        def apply_one_by_one() -> None:
            now = board
            for entry in entries:
                now = now.apply((entry,))
            assert now.seq == len(bodies)

        def verify_all() -> None:
            assert verify(state_file).sound

        def measured() -> tuple[float, float]:
            least, *ours = medians(hash_and_read, verify_all, apply_one_by_one)
            record_property("verify and apply: us an entry", [round(time / ENTRIES * 1e6, 1) for time in ours])
            return ours[0] / least, ours[1] / least

        figures = held(measured, lambda found: found[0] <= 6 and found[1] <= 2)
    record_property("verify and apply: times hashing and reading", [round(figure, 2) for figure in figures])
    assert figures[0] <= 6
    assert figures[1] <= 2

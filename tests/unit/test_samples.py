"""The sample runbooks are read, fit their windows, and are what the README promises."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from warroom.resources import folder
from warroom.runbook.document import PlannedGate, PlannedTask, RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.vocabulary.words import TaskKind

SAMPLES = ("first-cutover", "business-central")
HOUR = 3_600


@cache
def sample(name: str) -> RunbookDocument:
    return read_runbook(folder("sample_runbooks") / f"{name}.yaml")


def rows(document: RunbookDocument) -> dict[str, PlannedTask | PlannedGate]:
    listed: tuple[PlannedTask | PlannedGate, ...] = (*document.tasks, *document.gates)
    return {row.ref: row for row in listed}


def finishes(document: RunbookDocument) -> dict[str, int]:
    """Early finishes of the main network, seconds from the window start, by plain recursion."""
    network = rows(document)

    @cache
    def finish(ref: str) -> int:
        row = network[ref]
        held = [document.plan_start_s, *(finish(link.predecessor) + link.lag_s for link in row.links)]
        if row.not_before_s is not None:
            held.append(row.not_before_s)
        return max(held) + row.duration_s

    return {ref: finish(ref) for ref in network}


def backout_seconds(document: RunbookDocument) -> int:
    finish: dict[str, int] = {}
    for task in document.rollback.tasks:
        finish[task.ref] = max([0, *(finish[link.predecessor] for link in task.links)]) + task.duration_s
    return max(finish.values())


def test_every_sample_has_a_test() -> None:
    assert {path.stem for path in folder("sample_runbooks").glob("*.yaml")} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_fits_into_its_window_and_a_backout_fits_after_the_decision(name: str) -> None:
    document = sample(name)
    finish = finishes(document)
    window_s = (document.window.end - document.window.start).total_seconds()
    restore_s = (document.window.restore_by - document.window.start).total_seconds()
    assert document.window.ends_with is not None
    assert finish[document.window.ends_with] < window_s
    latest_backout = restore_s - backout_seconds(document) - document.window.buffer_s
    decision = max(finish[gate.ref] for gate in document.gates)
    assert latest_backout - decision > 30 * 60
    for gate in document.gates:
        assert gate.due_s is not None
        assert finish[gate.ref] <= gate.due_s


@pytest.mark.parametrize("name", SAMPLES)
def test_nobody_is_booked_twice_at_a_time(name: str) -> None:
    document = sample(name)
    finish = finishes(document)
    booked: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for ref, row in rows(document).items():
        booked[row.owner].append((finish[ref] - row.duration_s, finish[ref], ref))
    for times in booked.values():
        for (_, finish_s, _), (start_s, _, ref) in pairwise(sorted(times)):
            assert finish_s <= start_s, ref


@pytest.mark.parametrize("name", SAMPLES)
def test_every_task_says_how_and_who(name: str) -> None:
    document = sample(name)
    for task in (*document.tasks, *document.rollback.tasks):
        assert task.instructions, task.ref
        assert 2 <= len(task.steps) <= 4, task.ref
        assert 1 <= len(task.verify) <= 2, task.ref
        assert task.verifier not in (None, task.owner), task.ref
        assert task.backup not in (None, task.owner), task.ref
        assert task.phase is not None, task.ref
        assert task.stream is not None, task.ref
        assert task.kind is TaskKind.WORK
    for gate in document.gates:
        assert len(gate.seats) >= 3
        assert len(gate.criteria) >= 4
        assert gate.backup not in (None, gate.owner)
    for title in [row.title for row in rows(document).values()] + [task.title for task in document.rollback.tasks]:
        assert len(title) <= 60, title


@pytest.mark.parametrize("name", SAMPLES)
def test_people_are_in_three_zones_and_all_of_them_take_part(name: str) -> None:
    document = sample(name)
    offsets = {
        document.window.start.astimezone(ZoneInfo(person.timezone)).utcoffset()
        for person in document.people
        if person.timezone
    }
    assert len(offsets) >= 3
    assert any("lead" in person.roles for person in document.people)
    tasks = (*document.tasks, *document.rollback.tasks)
    named = {handle for task in tasks for handle in (task.owner, task.backup, task.verifier)}
    assert {person.handle for person in document.people} <= named
    assert all(person.phone for person in document.people)


def test_the_small_demo() -> None:
    document = sample("first-cutover")
    assert len(document.tasks) == 13
    assert [gate.ref for gate in document.gates] == ["DM-12", "DM-14"]
    assert [task.ref for task in document.rollback.tasks] == ["DM-90"]
    assert document.rollback.tasks[0].undoes
    assert document.rollback.point_of_no_return == document.window.ends_with == "DM-15"
    assert len(document.controls) == 4
    assert finishes(document)["DM-14"] == 155 * 60  # about T+2.6h
    # The fork behind DM-01 and the two joins.
    links = {ref: {link.predecessor for link in row.links} for ref, row in rows(document).items()}
    assert links["DM-02"] == links["DM-03"] == {"DM-01"}
    assert links["DM-04"] == {"DM-02", "DM-03"}
    assert links["DM-11"] == {"DM-06", "DM-10"}


def test_the_real_size_plan() -> None:
    document = sample("business-central")
    assert len(document.tasks) + len(document.gates) == 43
    assert set(rows(document)) == {f"BC-{number:02d}" for number in range(1, 44)}
    assert [task.ref for task in document.rollback.tasks] == ["BC-90", "BC-91"]
    assert [gate.ref for gate in document.gates] == ["BC-14", "BC-37", "BC-41"]
    assert document.plan_start_s == -35 * 24 * HOUR
    assert document.window.ends_with == document.rollback.point_of_no_return == "BC-42"
    assert "POINT OF NO RETURN" in rows(document)["BC-42"].title
    finish = finishes(document)
    assert finish["BC-37"] == 20.75 * HOUR  # Gate B ends at T+20.8h
    assert finish["BC-41"] == 23.75 * HOUR  # Gate C ends at T+23.8h
    assert backout_seconds(document) == 2.25 * HOUR
    assert [phase.key for phase in document.phases] == [
        *("READY", "FREEZE", "LOAD", "VALID", "ACTIV", "SMOKE", "GATE", "HYPER", "BACKOUT"),
    ]

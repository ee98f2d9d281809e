"""A good runbook becomes a document, with every default filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from warroom.runbook.document import (
    Person,
    Phase,
    PlannedControl,
    PlannedCriterion,
    PlannedGate,
    PlannedLink,
    PlannedSeat,
    PlannedTask,
    PlannedTrigger,
    Programme,
    Rollback,
    Stream,
    Window,
)
from warroom.runbook.reader import read_text
from warroom.vocabulary.words import LinkType, Runs, TaskKind

HEAD = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T17:00, end: 2026-11-29T18:00}
people: [{handle: ana, name: Ana}]
"""

WHOLE = """\
warroom: 1
programme: {key: p, name: P, platform: d365-bc, timezone: Europe/Berlin}
plan_start: T-35d
window: {start: 2026-11-27T17:00, end: T+49h, restore_by: 2026-11-29T17:00Z, ends_with: A-2, buffer: 15m}
people:
  - handle: ana
    name: Ana Ruiz
    title: Cutover manager
    company: Acme
    phone: "+34 91 555 0101"
    timezone: Europe/Madrid
    login: aruiz
    roles: [lead]
    notify: ["mailto://ana@example.com"]
  - {handle: mei, name: 1.10}
streams: [money, {key: stock, name: Stock, lead: mei}]
phases: [load, {key: go, name: Go}]
tasks:
  - ref: A-1
    title: First
    phase: load
    stream: money
    owner: ana
    backup: mei
    verifier: mei
    duration: PT1H30M
    not_before: T+15h
    deadline: 2026-11-28T12:00
    runs: rehearsal
    instructions: |
      Do *this*.

      Then that.
    steps: ["One", Two]
    verify: [Checked]
    undo: Take it back.
  - {ref: 1.1a, title: No time, owner: ana, kind: milestone, after: [A-1]}
  - {ref: A-2, title: Last, owner: mei, duration: 90, after: ["A-1 FS+15m", "1.1a FS - 10m", G-1 fs]}
gates:
  - {ref: G-1, title: Decide, owner: ana, after: [A-1], due: T+20h, duration: 5m, quorum: 1,
     seats: [{title: Owner, person: ana}, {title: Stock, person: mei}], criteria: [All is well]}
rollback:
  point_of_no_return: A-2
  authority: [ana]
  triggers: [Fire, {text: Late, threshold: 1 h}]
  tasks:
    - {ref: B-1, title: Back, owner: ana, duration: 1h, undoes: [A-1]}
    - {ref: B-2, title: Open, owner: mei, duration: 1h, after: [B-1 FS+5m]}
controls:
  - {key: tb, name: Trial balance, unit: EUR, tolerance: {abs: 0.10}, signs: mei}
  - {key: n, name: Count, tolerance: {percent: 0.5}, signs: mei}
"""


def test_a_runbook_that_says_everything() -> None:
    document = read_text(WHOLE, "plan.yaml")
    assert document.programme == Programme("p", "P", "Europe/Berlin", "d365-bc")
    assert document.window == Window(
        start=datetime(2026, 11, 27, 16, tzinfo=UTC),
        end=datetime(2026, 11, 29, 17, tzinfo=UTC),
        restore_by=datetime(2026, 11, 29, 17, tzinfo=UTC),
        ends_with="A-2",
        buffer_s=900,
    )
    assert document.plan_start_s == -35 * 86_400
    assert document.people == (
        Person(
            handle="ana",
            name="Ana Ruiz",
            title="Cutover manager",
            company="Acme",
            phone="+34 91 555 0101",
            timezone="Europe/Madrid",
            login="aruiz",
            roles=("lead",),
            notify=("mailto://ana@example.com",),
        ),
        Person(handle="mei", name="1.10"),
    )
    assert document.streams == (Stream("money", "money"), Stream("stock", "Stock", "mei"))
    assert document.phases == (Phase("load", "load"), Phase("go", "Go"))
    first, milestone, last = document.tasks
    assert first == PlannedTask(
        ref="A-1",
        title="First",
        owner="ana",
        duration_s=5_400,
        phase="load",
        stream="money",
        backup="mei",
        verifier="mei",
        not_before_s=15 * 3_600,
        deadline_s=19 * 3_600,
        runs=Runs.REHEARSAL,
        instructions="Do *this*.\n\nThen that.",
        steps=("One", "Two"),
        verify=("Checked",),
        undo="Take it back.",
    )
    assert (milestone.ref, milestone.kind, milestone.duration_s) == ("1.1a", TaskKind.MILESTONE, 0)
    assert last.duration_s == 5_400
    assert last.links == (PlannedLink("A-1", 900), PlannedLink("1.1a", -600), PlannedLink("G-1", 0))
    assert last.links[0].type is LinkType.FINISH_START
    assert document.gates == (
        PlannedGate(
            ref="G-1",
            title="Decide",
            owner="ana",
            duration_s=300,
            quorum=1,
            links=(PlannedLink("A-1"),),
            due_s=20 * 3_600,
            seats=(PlannedSeat("Owner", "ana"), PlannedSeat("Stock", "mei")),
            criteria=(PlannedCriterion("All is well"),),
        ),
    )
    back, reopen = document.rollback.tasks
    assert (back.backout, back.undoes, back.links) == (True, ("A-1",), ())
    assert (reopen.backout, reopen.undoes, reopen.links) == (True, (), (PlannedLink("B-1", 300),))
    assert document.rollback.point_of_no_return == "A-2"
    assert document.rollback.authority == ("ana",)
    assert document.rollback.triggers == (PlannedTrigger("Fire"), PlannedTrigger("Late", "1 h"))
    assert document.controls == (
        PlannedControl("tb", "Trial balance", "mei", "EUR", tolerance_absolute=Decimal("0.10")),
        PlannedControl("n", "Count", "mei", tolerance_percent=Decimal("0.5")),
    )
    assert document.source == WHOLE


def test_defaults() -> None:
    text = HEAD + (
        "tasks: [{ref: A-1, title: First, owner: ana, duration: 1h}]\n"
        "gates: [{ref: G-1, title: G, owner: ana, seats: [{title: Owner, person: ana}]}]\n"
    )
    document = read_text(text, "plan.yaml")
    assert document.window.restore_by == document.window.end
    assert document.window.ends_with is None
    assert document.window.buffer_s == 3_600
    assert document.plan_start_s == 0
    assert document.tasks == (PlannedTask("A-1", "First", "ana", 3_600),)
    assert document.gates[0].duration_s == 1_800
    assert document.gates[0].quorum == 1
    assert document.rollback == Rollback()
    assert (document.streams, document.phases, document.controls) == ((), (), ())


def test_the_plan_starts_at_the_earliest_time_that_is_named_but_not_after_the_window() -> None:
    task = "{{ref: A-{n}, title: x, owner: ana, duration: 1h, not_before: {time}}}"
    early = ", ".join(task.format(n=n, time=time) for n, time in enumerate(("T-2d", "T-30d", "T+3h")))
    assert read_text(f"{HEAD}tasks: [{early}]\n", "plan.yaml").plan_start_s == -30 * 86_400
    late = task.format(n=1, time="T+15h")
    assert read_text(f"{HEAD}tasks: [{late}]\n", "plan.yaml").plan_start_s == 0
    assert read_text(f"{HEAD}plan_start: T-1h\ntasks: [{late}]\n", "plan.yaml").plan_start_s == -3_600


def test_durations_of_nothing_and_buffers_of_nothing_are_kept() -> None:
    head = HEAD.replace("18:00}", "18:00, buffer: 0}")
    document = read_text(head + "tasks: [{ref: A, title: x, owner: ana, duration: 0}]\n", "plan.yaml")
    assert document.window.buffer_s == 0
    assert document.tasks[0].duration_s == 0
    gates = (
        "tasks: [{ref: A, title: x, owner: ana, duration: 0}]\ngates: [{ref: G, title: x, owner: ana, duration: 0}]\n"
    )
    assert read_text(HEAD + gates, "plan.yaml").gates[0].duration_s == 0


def test_elapsed_days_cross_a_change_of_clocks() -> None:
    """T-35d lies in summer time: the same instant of UTC, an hour later on the wall (DESIGN section 8: 48 hours)."""
    text = f"{HEAD}plan_start: 2026-10-23T18:00\ntasks: [{{ref: A, title: x, owner: ana, duration: 1}}]\n"
    assert read_text(text, "plan.yaml").plan_start_s == -35 * 86_400


def test_aliases_are_read() -> None:
    text = HEAD + (
        "tasks:\n- {ref: A, title: x, owner: ana, duration: 1h, steps: &s [One, Two]}\n"
        "- {ref: B, title: x, owner: ana, duration: 1h, steps: *s}\n"
    )
    document = read_text(text, "plan.yaml")
    assert document.tasks[0].steps == document.tasks[1].steps == ("One", "Two")

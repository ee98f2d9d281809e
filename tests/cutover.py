"""A small cutover for tests: its runbook made in code, and a state file on a clock that is moved by hand.

The wall clock of every test begins at `START`, which is also the start of the window; a rehearsal started then has
run time = wall time, so that an instant is simply so many minutes after `START`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from tests import scenes
from warroom.actions import alerts, clocks, plan, runs
from warroom.actions.registry import ACTIONS
from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.load import load_board
from warroom.board.rows import Task
from warroom.clock.source import SteppedClock
from warroom.model.watching import MachineClock
from warroom.runbook.alerts import PlannedAlerts, PlannedEscalation, PlannedLimits
from warroom.runbook.document import (
    Party,
    Person,
    Phase,
    PlannedAbsence,
    PlannedCalendar,
    PlannedControl,
    PlannedCriterion,
    PlannedFact,
    PlannedGate,
    PlannedLink,
    PlannedRecovery,
    PlannedSeat,
    PlannedTask,
    PlannedTrigger,
    Programme,
    Rollback,
    RunbookDocument,
    Stream,
    Window,
)
from warroom.runbook.surroundings import (
    PlannedBridge,
    PlannedCall,
    PlannedCommunication,
    PlannedEntity,
    PlannedEnvironment,
    PlannedShift,
    Silence,
    Surroundings,
)
from warroom.schedule.hours import WorkingHours
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Assurance, EscalatesTo, Medium, RunKind, Runs, Via

START = datetime(2026, 11, 27, 18, tzinfo=UTC)
MINUTE = 60

PEOPLE = (
    Person("lena", "Lena Lead", roles=("lead",), timezone="Europe/Berlin", company="Acme"),
    Person("omar", "Omar Owner", timezone="Asia/Kolkata", login="omar.o", notify=("mailto:omar@example.org",)),
    Person("bea", "Bea Backup", phone="+44 20 7946 0100"),
    Person("vera", "Vera Verifier"),
    Person("gil", "Gil Guest"),
    Person("sam", "Sam Bystander"),
)


SLOW = PlannedFact("Slow on Mondays", "https://example.org/slow")

SURROUNDINGS = Surroundings(
    entities=(PlannedEntity("DE", "Acme Germany"),),
    environments=(PlannedEnvironment("prod", "Production", production=True),),
    rota=(PlannedShift("desk", "gil", 0, 60 * MINUTE), PlannedShift("desk", "sam", 60 * MINUTE, 240 * MINUTE)),
    bridge=PlannedBridge("Bridge", "https://example.org/bridge", "+44 20 7946 0111", "4711"),
    calls=(PlannedCall("Status", ("lena", "gil"), 30 * MINUTE, 60 * MINUTE, 240 * MINUTE, 10 * MINUTE),),
    communications=(PlannedCommunication("notice", "Notice", ("All",), "mail", "We begin at {window_start}."),),
    silences=(Silence("isolated-task", "It is a small document.", "AFTER"),),
)


def minute(number: float) -> datetime:
    """The instant that many minutes after `START`."""
    return START + timedelta(minutes=number)


def links(*after: str) -> tuple[PlannedLink, ...]:
    """ "A", "A+10" and "A-5" as links, lags in minutes."""

    def link(text: str) -> PlannedLink:
        for sign in "+-":
            if sign in text:
                ref, _, lag = text.partition(sign)
                return PlannedLink(ref, int(sign + lag) * MINUTE)
        return PlannedLink(text)

    return tuple(map(link, after))


def task(ref: str, minutes: int, *after: str, **more: Any) -> PlannedTask:
    """A task of `minutes`, omar's with bea as backup unless `more` says otherwise."""
    people = {"owner": "omar", "backup": "bea"}
    return PlannedTask(
        ref=ref, title=f"Title of {ref}", duration_s=minutes * MINUTE, links=links(*after), **(people | more)
    )


def gate(ref: str, *after: str, seats: Iterable[str] = ("lena", "gil", "vera"), **more: Any) -> PlannedGate:
    """A gate that takes 15 minutes to decide, lena's, with a quorum of 2 unless `more` says otherwise."""
    given: dict[str, Any] = {"owner": "lena", "duration_s": 15 * MINUTE, "quorum": 2}
    return PlannedGate(
        ref=ref,
        title=f"Title of {ref}",
        links=links(*after),
        seats=tuple(PlannedSeat(f"Seat of {handle}", handle) for handle in seats),
        **(given | more),
    )


def document(
    *tasks: PlannedTask,
    gates: Iterable[PlannedGate] = (),
    rollback: Rollback | None = None,
    ends_with: str | None = None,
    hours: int = 4,
    buffer: int = 15,
) -> RunbookDocument:
    """A runbook around `tasks`, its window `hours` long, with a buffer of so many minutes."""
    end = START + timedelta(hours=hours)
    return RunbookDocument(
        programme=Programme("small", "Small cutover", "Europe/Berlin", platform="odoo-online"),
        window=Window(START, end, restore_by=end, ends_with=ends_with, buffer_s=buffer * MINUTE),
        plan_start_s=0,
        people=PEOPLE,
        streams=(),
        phases=(),
        tasks=tasks,
        gates=tuple(gates),
        rollback=rollback or Rollback(),
        controls=(),
        source="warroom: 1\n",
    )


def small_document() -> RunbookDocument:
    """One of everything: A (30) > B (60, verified) and C (20) > GO > END (30) > AFTER, a task for rehearsals only and
    one for the live run only, and a back-out of 20 minutes, 60 once B was started. Only sam, who has no task, works by
    a calendar."""
    rollback = Rollback(
        point_of_no_return="END",
        authority=("lena",),
        triggers=(
            PlannedTrigger("Totals differ", "more than 100 EUR"),
            PlannedTrigger("Orders stand still", clock_s=60 * MINUTE),
        ),
        recovery=(PlannedRecovery("by-hand", "By hand", "Enter it again.", "gil"),),
        tasks=(
            task("U1", 20, backout=True),
            task("U2", 40, "U1", backout=True, undoes=("B",)),
        ),
    )
    plain = document(
        task("A", 30, steps=("First", "Second"), phase="load", stream="data", instructions="Do *it*."),
        task("B", 60, "A", verifier="vera", steps=("Load",), verify=("Count",), phase="load", undo="Unload."),
        task("C", 20, "A+10", owner="bea", backup="omar", verify=("Look",), facts=(SLOW,)),
        task("TRY", 15, "A", runs=Runs.REHEARSAL),
        task("REAL", 15, "A", runs=Runs.LIVE),
        task("END", 30, "GO", "TRY", "REAL"),
        task("AFTER", 10, "END", verifier="vera"),
        gates=(
            gate(
                "GO",
                "B",
                "C",
                due_s=150 * MINUTE,
                criteria=(PlannedCriterion("Totals agree"), PlannedCriterion("No error left")),
            ),
        ),
        rollback=rollback,
        ends_with="END",
    )
    office = WorkingHours("Europe/Berlin", dict.fromkeys(range(5), ((480, 1020),)), {date(2026, 12, 24): ()})
    sam = replace(PEOPLE[-1], calendar="office", away=(PlannedAbsence(0, 60 * MINUTE),))
    return replace(
        plain,
        people=(*PEOPLE[:-1], sam),
        calendars=(PlannedCalendar("office", office),),
        streams=(Stream("data", "Data", lead="bea"),),
        surroundings=SURROUNDINGS,
        phases=(Phase("load", "Load"),),
        alerts=PlannedAlerts(
            (PlannedLimits("heads-up", before_s=10 * MINUTE),),
            (PlannedEscalation(EscalatesTo.BACKUP, 15 * MINUTE), PlannedEscalation(EscalatesTo.LEAD, 45 * MINUTE)),
        ),
        parties=(Party("bank", "House bank", "+49 69 5550 100", contact="gil"), Party("post", "Post office")),
        controls=(
            PlannedControl("gl", "Trial balance", "lena", "EUR", tolerance_absolute=Decimal("0.50")),
            PlannedControl("stock", "Stock value", "bea", tolerance_percent=Decimal("1.5")),
        ),
    )


def numbered_ids(first: int = 1) -> Callable[[], UUID]:
    """Ids that are the same in every test: 1, 2, 3 ..."""
    numbers = count(first)
    return lambda: UUID(int=next(numbers))


L = TypeVar("L", Path, str)


class Cutover:
    """A state file with a clock that stands still, and shorthands to act on it.

    Attributes:
        path: where the state file is. clock: its wall clock.
    """

    def __init__(self, state_file: StateFile, path: Path, clock: SteppedClock) -> None:
        self.state_file = state_file
        self.path = path
        self.clock = clock

    def to(self, number: float) -> None:
        """Move the clock to that many minutes after `START`."""
        self.clock.move_to(minute(number))

    def rehearse(self, name: str = "mock 1", **more: Any) -> Entry:
        return runs.start(self.state_file, caller("lena"), kind=RunKind.REHEARSAL, name=name, **more)

    def do(
        self,
        action: str,
        *subject: str | int,
        by: str = "lena",
        done_by: str | None = None,
        medium: Medium | None = None,
        **arguments: Any,
    ) -> Entry:
        """Perform an action of the registry, such as `do("task.start", "A", by="omar")`."""
        return ACTIONS[action](self.state_file, caller(by, done_by, medium), *subject, **arguments)

    def away(self, handle: str) -> Entry:
        """Say that somebody is away, so that their backup may act."""
        return self.do("person.away", handle, reason="asleep")

    def finish(self, ref: str) -> None:
        """Bring an open task to its end, now: by its verifier too, with all its steps."""
        if self.task(ref).actual_start is None:
            self.do("task.start", ref)
        if steps := [step.position for step in self.board().steps(self.task(ref).id) if step.ticked_at is None]:
            self.do("step.tick", ref, positions=steps)
        self.do("task.done", ref, reason=None if self.task(ref).communication is None else "told on the bridge")
        if self.task(ref).verifier_id is not None:
            self.do("task.verify", ref, by="vera")

    def task(self, ref: str) -> Task:
        found = self.board().task(ref)
        assert found is not None
        return found

    def board(self) -> Board:
        return load_board(self.state_file)

    def forecast(self) -> Forecast:
        board = self.board()
        return forecast(board, board.run_time(self.clock.now()))

    def sweep(self) -> Board:
        return alerts.sweep(self.state_file)

    def entries(self) -> list[Entry]:
        return list(self.state_file.entries())

    def head(self) -> str:
        return self.state_file.head().hash


def caller(handle: str, done_by: str | None = None, medium: Medium | None = None) -> Caller:
    return Caller(handle, Assurance.CLAIMED, Via.CLI, done_by, medium)


def created(path: L, runbook: RunbookDocument | None = None) -> L:
    """A state file at `path` with the plan only."""
    if isinstance(path, Path):
        scenes.put(path, _plan, pickle.dumps(runbook or small_document()))
    else:
        _plan(path, pickle.dumps(runbook or small_document()))
    return path


def _plan(location: Path | str, runbook: bytes) -> None:
    plan.init(
        location,
        pickle.loads(runbook),
        name="small.yaml",
        handle="lena",
        clock=SteppedClock(START),
        new_id=numbered_ids(),
    )


@contextmanager
def opened(path: Path, *, new_id: Callable[[], UUID] = uuid4) -> Iterator[Cutover]:
    """The state file at `path`, with a clock at `START`."""
    clock = SteppedClock(START)
    with StateFile.open(path, clock=clock, new_id=new_id) as state_file:
        yield Cutover(state_file, path, clock)


@contextmanager
def rehearsing(path: Path, runbook: RunbookDocument | None = None) -> Iterator[Cutover]:
    """A new state file at `path` whose rehearsal has just started."""
    scenes.put(path, _rehearsal, pickle.dumps(runbook or small_document()))
    with opened(path) as cutover:
        yield cutover


def _rehearsal(path: Path, runbook: bytes) -> None:
    _plan(path, runbook)
    with opened(path) as cutover:
        cutover.rehearse()


def turn_back(cutover: Cutover) -> None:
    """Recover from behind the point of no return, and back out of the next rehearsal: what no one run can do."""
    cutover.do("task.start", "END")
    cutover.do("rollback.recover", "by-hand", by="gil", reason="it is too late to turn back")
    cutover.do("run.close", reason="tried")
    cutover.rehearse("mock 2")
    cutover.do("rollback.raise", by="omar", number=1, reason="the totals differ")
    cutover.do("rollback.invoke", by="lena", reason="a rehearsal of it")


def set_clock(state_file: StateFile, minutes: float) -> Entry | None:
    """Somebody sets the machine's clock forward by so many minutes (negative: back), and the watch sees it."""
    clocks.look(state_file, "host")
    with state_file.write() as transaction:
        (known,) = transaction.rows.find(MachineClock)
        transaction.rows.update(known, wall=state_file.clock.now() - timedelta(minutes=minutes))
    return clocks.look(state_file, "host")


def everything(board: Board) -> dict[str, dict[int, dict[str, Any]]]:
    """All cells of a Board, by table and key, for comparing two."""
    return {
        table: {key: dict(row.__dict__) for key, row in sorted(rows.items())}
        for table, rows in board._rows.items()
        if rows
    }

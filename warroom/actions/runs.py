"""Starting, holding and closing runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform
from warroom.actions.baselines import freeze
from warroom.actions.held import is_backing_out
from warroom.board.board import CLOSED_STATES
from warroom.board.forecast import floor_to_minute, plan_of
from warroom.board.load import board_in
from warroom.board.rota import Rota
from warroom.clock.run_clock import LIFE
from warroom.model.alerts import AlertSetting, EscalationStep
from warroom.model.calendars import Absence, CalendarHours
from warroom.model.gates import Authority, Control, Criterion, Gate, Recovery, Seat, Trigger
from warroom.model.plan import ClockSegment, Plan, PlanVersion, Run
from warroom.model.row import BookRow
from warroom.model.surroundings import Bridge, Call, Communication, Entity, Environment, RotaShift, Silence
from warroom.model.tasks import Fact, Link, Phase, Step, Stream, Task
from warroom.rules import permissions
from warroom.rules.gates import RELEASING
from warroom.store.codec import table_of
from warroom.store.gateway import Gateway
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import GateStage, RunKind, Runs, TaskState

LIVE_NAME = "live"
FASTEST = 100_000 * LIFE
"""Beyond this a clock that nobody stops would soon leave the calendar."""

# What a run copies from its plan version besides tasks, with the columns that refer to other copied rows. Those
# referred to come first.
_COPIED: tuple[tuple[type[BookRow], Mapping[str, type[BookRow]]], ...] = (
    (CalendarHours, {}),
    (Absence, {}),
    (Entity, {}),
    (Environment, {}),
    (RotaShift, {}),
    (Bridge, {}),
    (Call, {}),
    (Communication, {}),
    (Silence, {}),
    (Phase, {}),
    (Stream, {}),
    (Link, {"predecessor_id": Task, "successor_id": Task}),
    (Step, {"task_id": Task}),
    (Fact, {"task_id": Task}),
    (Gate, {"task_id": Task}),
    (Seat, {"gate_id": Gate}),
    (Criterion, {"gate_id": Gate}),
    (Trigger, {}),
    (Authority, {}),
    (Recovery, {}),
    (Control, {}),
    (AlertSetting, {}),
    (EscalationStep, {}),
)


def start(
    state_file: StateFile,
    caller: Caller,
    *,
    kind: RunKind,
    name: str | None = None,
    tier: int | None = None,
    rate: int = LIFE,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Start a run: copy the plan's latest version, freeze the baseline, start the run's clock.

    A rehearsal shifts the whole plan so that it starts when the run does. The live run keeps the plan's window.

    Args:
        name: of a rehearsal; the live run is called "live".
        tier: environment tier of a rehearsal.
        rate: thousandths of real time at which the run's clock goes; the live run's is 1000.
        at: what the run's clock shows at the start (UTC), of a rehearsal only; None: the wall clock.

    Raises:
        Refused: not the lead, or a run is open.
        BadInput: the name is taken or missing, or a live run with a speed or a time of its own.
    """
    name = _run_name(kind, name)
    if kind is RunKind.LIVE and (rate != LIFE or at is not None or tier is not None):
        raise BadInput("the live run goes by the wall clock", hint="--speed, --at and --tier are for rehearsals")
    if not 0 < rate <= FASTEST:
        raise _no_speed()

    def work(acting: Acting) -> str:
        acting.insist_either(permissions.may_lead)
        if acting.run is not None:
            raise Refused(f"the run {acting.run.name!r} is still open", hint="close it first with: warroom run close")
        rows = acting.rows
        if any(run.name == name for run in rows.find(Run)):
            raise BadInput(f"there was a run called {name!r} already", hint="give it another name")
        plan = rows.find(Plan)[0]
        version = rows.find(PlanVersion, plan_id=plan.id)[-1]
        wall = acting.transaction.recorded_at
        begins = at or wall
        shift = timedelta()
        if kind is RunKind.REHEARSAL:
            plan_start = version.window_start + timedelta(seconds=version.plan_start_s)
            shift = floor_to_minute(begins) - plan_start
        run = rows.insert(
            Run,
            plan_id=plan.id,
            version_id=version.id,
            kind_of_run=kind,
            name=name,
            tier=tier,
            started_at=begins,
            window_start=version.window_start + shift,
            window_end=version.window_end + shift,
            restore_by=version.restore_by + shift,
            plan_start_s=version.plan_start_s,
            buffer_s=version.buffer_s,
            ends_with=version.ends_with,
            point_of_no_return=version.point_of_no_return,
            time_box_s=version.time_box_s,
            progress_logic=version.progress_logic,
            assurance_vote=version.assurance_vote,
            assurance_sign=version.assurance_sign,
            assurance_verify=version.assurance_verify,
            assurance_work=version.assurance_work,
        )
        rows.insert(ClockSegment, run_id=run.id, wall=wall, run_time=begins, rate=rate)
        _copy(rows, version, run, state_file.genesis)
        acting.run, acting.now, acting.effective_at = run, begins, begins
        freeze(acting, run)
        return f"run {name}"

    return perform(state_file, caller, "run.start", f"run {name}", work, **known)


def _no_speed() -> BadInput:
    return BadInput(
        "a clock cannot go at that speed",
        hint=f"at most {FASTEST // LIFE:,} times as fast as life; to hold it: warroom run hold",
    )


def _run_name(kind: RunKind, name: str | None) -> str:
    if kind is RunKind.LIVE:
        return LIVE_NAME
    if not name or not name.strip():
        raise BadInput("a rehearsal needs a name", hint="warroom run start --rehearsal NAME")
    if name == LIVE_NAME:
        raise BadInput('a rehearsal cannot be called "live"', hint="choose another name")
    check_text("the name", name)
    if len(name) > 60 or "\n" in name or "\t" in name:
        raise BadInput("the name is too long", hint="at most 60 characters, on one line")
    return name


def _copy(rows: Gateway, version: PlanVersion, run: Run, genesis: str) -> None:
    """Copy what the version holds and takes part in this run; what is linked to a left-out task stays out with it.

    Roles become whoever the rota says when the task is planned to start in this run.
    """
    other = Runs.LIVE if run.kind_of_run is RunKind.REHEARSAL else Runs.REHEARSAL
    board = board_in(rows, genesis, plan_only=True)
    plan, rota = plan_of(board, run.kind_of_run, run.window_start), Rota(board)
    starts: dict[int, int] = {}
    keys: dict[tuple[type[BookRow], int], int] = {}
    for task in rows.find(Task, version_id=version.id):
        if task.runs is not other:
            planned = None if task.backout else plan.of(task.ref)
            values: dict[str, Any] = {**_own(task), "run_id": run.id}
            if planned is not None:
                starts[task.id] = planned.start
                values |= {"baseline_start_s": planned.start, "baseline_finish_s": planned.finish}
                values |= _on_shift(task, ("owner", "backup", "verifier"), rota, planned.start)
            keys[Task, task.id] = rows.insert(Task, **values).id
    gates = {gate.id: gate.task_id for gate in rows.find(Gate, version_id=version.id)}
    for row_class, refers in _COPIED:
        for row in rows.find(row_class, version_id=version.id):
            copied = _own(row)
            if any((target, copied[column]) not in keys for column, target in refers.items()):
                continue
            copied |= {column: keys[target, copied[column]] for column, target in refers.items()}
            if isinstance(row, Seat) and row.role is not None:
                copied["person_id"] = rota.person_at(row.role, starts[gates[row.gate_id]])
            keys[row_class, row.id] = rows.insert(row_class, **{**copied, "run_id": run.id}).id


def _on_shift(task: Task, parts: Iterable[str], rota: Rota, start: int) -> dict[str, int | None]:
    """The columns of those of a task's people that the rota chooses."""
    roles = {part: getattr(task, f"{part}_role") for part in parts}
    return {f"{part}_id": rota.person_at(role, start) for part, role in roles.items() if role is not None}


def _own(row: BookRow) -> dict[str, Any]:
    return {
        column: getattr(row, column) for column in table_of(type(row)).columns if column not in ("id", "version_id")
    }


def set_rate(
    state_file: StateFile, caller: Caller, rate: int, *, reason: str | None = None, **known: Unpack[Known]
) -> Entry:
    """Let the open run's clock go at `rate` thousandths of real time from now on; 0 holds it.

    Raises:
        Refused: not the lead, no run, or the live run, which goes by the wall clock.
        BadInput: a clock cannot go like that.
    """
    if not 0 <= rate <= FASTEST:
        raise _no_speed()

    def work(acting: Acting) -> str:
        acting.insist_either(permissions.may_lead)
        run = acting.open_run()
        if run.kind_of_run is RunKind.LIVE:
            raise Refused("the live run goes by the wall clock", hint="only a rehearsal can be held or sped up")
        assert acting.run_clock is not None
        if acting.run_clock.rate_at(acting.transaction.recorded_at) == rate:
            raise Refused("the clock goes like that already")
        acting.rows.insert(
            ClockSegment, run_id=run.id, wall=acting.transaction.recorded_at, run_time=acting.now, rate=rate
        )
        return f"run {run.name}"

    action = "run.hold" if rate == 0 else "run.speed"
    return perform(state_file, caller, action, "run", work, reason=reason, **known)


def hold(state_file: StateFile, caller: Caller, *, reason: str | None = None, **known: Unpack[Known]) -> Entry:
    """Stop the open rehearsal's clock."""
    return set_rate(state_file, caller, 0, reason=reason, **known)


def resume(state_file: StateFile, caller: Caller, *, reason: str | None = None, **known: Unpack[Known]) -> Entry:
    """Let a held rehearsal's clock go on as fast as before it was held."""
    with state_file.read() as reader:
        runs = [run for run in reader.find(Run) if run.closed_at is None]
        segments = reader.find(ClockSegment, run_id=runs[0].id) if runs else []
    moving = [segment.rate for segment in segments if segment.rate]
    return set_rate(state_file, caller, moving[-1] if moving else LIFE, reason=reason, **known)


def close(state_file: StateFile, caller: Caller, *, reason: str | None = None, **known: Unpack[Known]) -> Entry:
    """Close the open run; nothing can be changed in it any more.

    Args:
        reason: why it ends; needed while the gate that is the exit of the cutover has not let it go.

    Raises:
        Refused: not the lead, no run is open, a back-out is under way, or the exit is not decided and no reason given.
    """

    def work(acting: Acting) -> str:
        acting.insist_either(permissions.may_lead)
        run = acting.open_run()
        if is_backing_out(acting):
            found = acting.rows.find(Task, run_id=run.id)
            left = [task.ref for task in found if task.backout and task.state not in CLOSED_STATES]
            if left:
                raise Refused(f"the back-out is not done: {', '.join(left)}", hint="finish or skip its tasks first")
        elif (exit_gate := _open_exit(acting, run)) is not None and not (reason or "").strip():
            raise Refused(
                f"the exit of the cutover, {exit_gate}, has not been decided",
                where=exit_gate,
                hint=f"decide it: warroom gate decide {exit_gate} go --reason TEXT; or end without it: --reason TEXT",
            )
        acting.rows.update(run, closed_at=acting.now, closing_note=reason)
        return f"run {run.name}"

    return perform(state_file, caller, "run.close", "run", work, reason=reason, **known)


def _open_exit(acting: Acting, run: Run) -> str | None:
    """Ref of the first gate of the stage exit that has not let the cutover go; None where there is none."""
    for gate in acting.rows.find(Gate, run_id=run.id):
        if gate.stage is GateStage.EXIT and gate.verdict not in RELEASING:
            task = acting.rows.get(Task, gate.task_id)
            if task.state is not TaskState.SKIPPED:
                return task.ref
    return None

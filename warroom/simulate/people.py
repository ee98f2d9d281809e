"""What everybody means to do next, derived from a Board and a seed alone.

People do what they would do at a console: their own tasks, votes, verifications, figures and signatures, when their
turn has come and they are there. What somebody else has said at a console (a block, a no-go, a vote) is left to whoever
said it. Nothing is remembered between two Boards, so a play can be stopped, taken up again, and shared with people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from warroom.board import release
from warroom.board.board import Board
from warroom.board.flows import TESTS
from warroom.board.rows import Person, Step, Task
from warroom.rules.required import still_required
from warroom.simulate import announcing
from warroom.simulate.attendance import Attendance, Turn
from warroom.simulate.course import Course, course_of
from warroom.simulate.intention import Intention, after
from warroom.simulate.panels import of_gate
from warroom.simulate.totals import of_controls
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import Confirmed, Result, Role, ShownState, StepKind, TaskKind

# An ETA is given in round figures, and never for the next few minutes.
_ROUND = timedelta(minutes=5)
# So many seconds lie between two people who say one after the other that they are there.
_ROLL_CALL_S = 15


def intentions(board: Board, now: datetime, seed: int) -> Iterator[Intention]:
    """What everybody means to do next, at most one thing for each task, each seat and each control; the tasks in the
    order of the runbook, then the controls.

    Args:
        board: of an open run.
        now: run time, UTC; an ETA that is given lies behind it.
    """
    there = Attendance(board, now)
    totals = list(of_controls(there, seed)) if board.invocation is None else []
    goes_on = bool(totals)
    for task in board.tasks_in_play:
        if task.kind_of_task is TaskKind.GATE:
            meant = of_gate(there, task, seed, free_from(board, task), {one.ref for one in totals})
        else:
            meant = _of_task(there, task, seed)
        for intention in meant:
            goes_on = True
            yield intention
    yield from totals
    if goes_on:
        for due, action, sender in announcing.repeated(board, now):
            turn = announcing.turn_of(there, sender, action, due)
            if turn is not None:
                yield Intention(turn.due, turn.who, action, sender.ref, subject=sender.subject, sender=sender)


def next_intention(board: Board, now: datetime, seed: int) -> Intention | None:
    """What comes first of all that people mean to do; None when nobody means to do anything."""
    return min(intentions(board, now, seed), key=lambda intention: intention.due, default=None)


def lead_of(board: Board) -> str:
    """Handle of the first lead.

    Raises:
        Refused: the runbook names none.
    """
    for person in board.rows(Person).values():
        if Role.LEAD in person.roles:
            return person.handle
    raise Refused("the runbook names no lead", hint="give at least one person roles: [lead]")


def free_from(board: Board, task: Task) -> datetime:
    """From when on a task that is ready may be started in the Board's run; run time, UTC."""
    free, run = release.free_from(board, task), board.run
    return free if run is None else max(free, run.started_at)


def _of_task(there: Attendance, task: Task, seed: int) -> Iterator[Intention]:
    board = there.board
    state = board.shown_state(task)
    if task.owner_id is None or state in (
        *(ShownState.WAITING, ShownState.DONE, ShownState.SKIPPED, ShownState.FAILED),
    ):
        return
    own: list[Step] = []
    checks: list[Step] = []
    for step in board.steps(task.id):
        to_verify = step.kind_of_step is StepKind.VERIFICATION and task.verifier_id is not None
        (checks if to_verify else own).append(step)
    course = course_of(seed, task, steps=len(own), checks=len(checks))
    if state is ShownState.READY:
        yield from _of_ready(there, task, course)
    elif state is ShownState.RUNNING:
        yield from _of_running(there, task, course, own)
    elif state is ShownState.BLOCKED:
        yield from _of_blocked(there, task, course)
    else:
        yield from _of_verifying(there, task, course, checks)


def _of_ready(there: Attendance, task: Task, course: Course) -> Iterator[Intention]:
    due = after(free_from(there.board, task), course.start_after)
    if (confirming := _confirming(there, task, due)) is not None:
        yield from confirming
        return
    yield from _meant(there.of_work(task, due), task, "task.start")


def _of_running(there: Attendance, task: Task, course: Course, steps: Sequence[Step]) -> Iterator[Intention]:
    started = task.actual_start
    assert started is not None
    news_at = None
    # An ETA was given already when the block, or the delay, was told.
    if task.eta_given_at is None and course.promise is not None:
        news_at = after(started, course.promise.after if course.block is None else course.block.after)
    step, due = _next_step(steps, started, course.ticks)
    if step is None:
        due = after(started, course.work)
        if task.eta is not None and (course.promise is None or task.eta_reason != course.promise.reason):
            due = max(due, task.eta)  # somebody at a console said so
    if news_at is not None and news_at < due:
        if course.block is None:
            yield from _promise(there, task, course, news_at)
        else:
            reason = course.block.trouble.problem
            yield from _meant(there.of_work(task, news_at), task, "task.block", reason=reason)
    elif step is not None:
        yield from _meant(there.of_work(task, due), task, "step.tick", positions=[step.position])
    elif (confirming := _confirming(there, task, due)) is not None:
        yield from confirming
    else:
        told: dict[str, Any] = {} if course.note is None else {"note": course.note}
        if task.kind_of_task in TESTS:
            told |= {"result": Result.PASS, "documents": course.documents}
        owed = announcing.what_is_owed(there.board, task, there.now)
        if owed is None:
            yield from _meant(there.of_work(task, due), task, "task.done", **told)
        elif (turn := announcing.turn_of(there, owed[1], owed[0], due)) is not None:
            yield Intention(turn.due, turn.who, owed[0], task.ref, sender=owed[1])  # sending it finishes the task


def _of_blocked(there: Attendance, task: Task, course: Course) -> Iterator[Intention]:
    block, since = course.block, task.blocked_at
    if block is None or course.promise is None or since is None or task.blocked_reason != block.trouble.problem:
        return
    if task.eta_given_at is None:
        yield from _promise(there, task, course, after(since, course.promise.after))
    else:
        turn = there.of_work(task, after(since, block.lasts))
        yield from _meant(turn, task, "task.unblock", reason=block.trouble.solution)


def _of_verifying(there: Attendance, task: Task, course: Course, checks: Sequence[Step]) -> Iterator[Intention]:
    executed = task.executed_at
    assert executed is not None
    step, due = _next_step(checks, executed, course.checks)
    if step is None:
        yield from _meant(there.of_check(task, after(executed, course.verify_after)), task, "task.verify")
        return
    told: dict[str, Any] = {"positions": [step.position]}
    if course.evidence is not None and step is checks[-1]:
        told["evidence"] = course.evidence
    yield from _meant(there.of_check(task, due), task, "step.tick", **told)


def _next_step(steps: Sequence[Step], since: datetime, spans: Sequence[int]) -> tuple[Step | None, datetime]:
    """The first open step with when it is ticked; None without one."""
    for place, step in enumerate(steps):
        if step.ticked_at is None:
            return step, after(since, spans[place])
    return None, since


def _promise(there: Attendance, task: Task, course: Course, due: datetime) -> Iterator[Intention]:
    promise, turn = course.promise, there.of_work(task, due)
    assert promise is not None
    if turn is None:
        return
    said_at = max(turn.due, there.now)
    expected = said_at if task.actual_start is None else after(task.actual_start, promise.finish)
    eta = _rounded_up(max(expected, said_at + _ROUND))
    yield from _meant(turn, task, "task.eta", eta=eta, reason=promise.reason)


def _confirming(there: Attendance, task: Task, due: datetime) -> Iterator[Intention] | None:
    """Who confirms next, while people are missing whom the task requires; None once enough have."""
    wanted = still_required(there.board, task)
    if wanted is None:
        return None
    if wanted.what is Confirmed.START:  # so that it starts when it was to
        due = after(due, -_ROLL_CALL_S * (wanted.count - len(wanted.confirmed)))
    persons = [there.board.person_called(handle) for handle in wanted.missing]
    turn = there.first_of((person.id for person in persons if person is not None), due)
    return _meant(turn, task, "task.confirm")


def _meant(turn: Turn | None, task: Task, action: str, **arguments: Any) -> Iterator[Intention]:
    """The intention of whoever's turn it is; nothing while nobody knows when anybody is there."""
    if turn is not None:
        yield Intention(turn.due, turn.who, action, task.ref, arguments)


def _rounded_up(instant: datetime) -> datetime:
    """The next full five minutes."""
    past = (instant - instant.replace(minute=0, second=0, microsecond=0)) % _ROUND
    return instant + (_ROUND - past) if past else instant

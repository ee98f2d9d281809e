"""Deciding a gate: the verdict, what it rests on frozen beside it, and what it leads to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.attempts import mark_stale, what_rests_on
from warroom.actions.awaited import NOT_BLOCKED
from warroom.actions.gates import gate_called, insist_on_open
from warroom.actions.held import insist_not_held
from warroom.actions.rights import insist_may
from warroom.actions.subject import insist_on_entities, person_called
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.load import board_in
from warroom.clock.times import iso_whole
from warroom.model.decisions import Decision, GoCondition
from warroom.model.gates import Gate
from warroom.model.tasks import Link, Task
from warroom.rules import permissions
from warroom.rules.conditions import Basis
from warroom.rules.criteria import failing, judged
from warroom.rules.gate_documents import frozen
from warroom.rules.gate_entities import entity_standings
from warroom.rules.gates import RELEASING, entity_keys, entity_verdicts, panel_of, standing, verdict_denied
from warroom.store.statefile import StateFile
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AfterNoGo, TaskKind, TaskState, Verdict

_LONGEST_TITLE = 120
_LONGEST_STEM = 58
"""So many characters of a gate's ref go into that of a condition, which has room for no more."""
_DURATION = timedelta(minutes=30)
"""For which a condition is planned that nobody has planned."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A decision as it is asked for."""

    verdict: Verdict
    reason: str
    entities: tuple[str, ...]
    then: AfterNoGo | None
    retry_at: datetime | None
    reverse: bool


def decide(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    verdict: Verdict,
    reason: str,
    entities: Sequence[str] = (),
    conditions: Sequence[Condition] = (),
    then: AfterNoGo | None = None,
    retry_at: datetime | None = None,
    reverse: bool = False,
    confidence: Decimal | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Decide a gate. Go and conditional release its successors; no-go holds them until it is decided again.

    The criteria with their values, the votes and the forecast are kept with it as they stand.

    Args:
        entities: keys of those that are decided; none: all. Criteria and open predecessors that belong to another do
            not stand in their way. Tasks behind the gate that belong to an entity which is not let go stay held, and
            the others are released.
        conditions: of a conditional go; each becomes a task.
        then: what a no-go leads to; None: everything is held. retry_at: when it is decided again (run time, UTC).
        reverse: a gate that let its successors go is to hold them after all; what was begun since becomes stale.
        confidence: per cent of the trials that finish inside the window, where it was computed.

    Raises:
        Refused: not allowed, decided already, or the votes, the criteria or what comes before do not make that verdict.
        BadInput: what is asked for does not go together.
    """
    required("the reason", reason)
    if retry_at is not None and then is None:
        then = AfterNoGo.RETRY
    wanted = _Wanted(verdict, reason, tuple(dict.fromkeys(entities)), then, retry_at, reverse)
    _check(wanted, conditions)

    def work(acting: Acting) -> None:
        task, gate = gate_called(acting, ref)
        insist_not_held(acting, task)
        insist_may(acting, permissions.may_decide, task)
        _insist_on_turn(task, gate, wanted)
        if retry_at is not None and retry_at <= acting.now:
            raise BadInput("that time has passed", where=ref, hint="--retry-at 02:40, or --retry-at 45m")
        board = board_in(acting.rows, state_file.genesis)
        insist_on_entities(acting, wanted.entities)
        per_entity = _per_entity(board, gate, wanted)
        basis = Basis(board, forecast(board, acting.now), acting.now, confidence)
        found, of_entities = judged(basis, gate), entity_standings(basis, task, gate)
        if wanted.entities:
            decided_on = [one for one in of_entities if one.entity in wanted.entities]
            denied = next(filter(None, (one.denied(verdict) for one in decided_on)), None)
        else:
            denied = verdict_denied(verdict, panel_of(board, task, gate, acting.now, failing(found)))
        if denied is not None:
            raise Refused(f"{ref}: {denied}", where=ref, hint=f"see: warroom gate show {ref}")
        number = len(board.decisions(gate.id)) + 1
        tasks = _insert_conditions(acting, board, task, conditions)
        told = [
            {"ref": one.ref, "text": condition.text, "owner": condition.owner, "due": iso_whole(condition.due_at)}
            for one, condition in zip(tasks, conditions, strict=True)
        ]
        decided = _told(acting, caller, wanted, number)
        document = frozen(basis, task, gate, found, of_entities, decided, told)
        decision = acting.rows.insert(
            Decision,
            run_id=acting.open_run().id,
            gate_id=gate.id,
            number=number,
            at=acting.effective_at,
            verdict=verdict,
            entities=wanted.entities,
            reason=reason,
            decided_by_id=acting.doer.person_id,
            assurance=caller.assured,
            afterwards=_then(wanted),
            retry_at=retry_at,
            frozen=json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )
        for one, condition in zip(tasks, conditions, strict=True):
            run = acting.open_run().id
            acting.rows.insert(GoCondition, run_id=run, decision_id=decision.id, task_id=one.id, text=condition.text)
        if reverse:
            _mark_begun_stale(acting, task, wanted)
        overall, held = standing(per_entity) if per_entity else (verdict, ())
        _take_effect(acting, task, gate, wanted, overall, held)

    return perform(state_file, caller, "gate.decide", ref, work, reason=reason, **known)


def _check(wanted: _Wanted, conditions: Sequence[Condition]) -> None:
    """Raises BadInput where what is asked for does not go together."""
    no_go = wanted.verdict is Verdict.NO_GO
    if conditions and wanted.verdict is not Verdict.CONDITIONAL:
        raise BadInput("conditions belong to a conditional go", hint="decide conditional, or leave them out")
    if wanted.then is not None and not no_go:
        raise BadInput("hold, retry and back-out follow a no-go", hint="leave them out")
    if (wanted.then is AfterNoGo.RETRY) is not (wanted.retry_at is not None):
        raise BadInput("a retry needs its time, and only a retry has one", hint="--retry-at 02:40, or --retry-at 45m")
    if wanted.reverse and not no_go:
        raise BadInput("only a verdict that let go is reversed, by a no-go", hint="after a no-go, simply decide again")
    for condition in conditions:
        check_text("the condition", required("the condition", condition.text, "--condition TEXT"))


def _then(wanted: _Wanted) -> AfterNoGo | None:
    return wanted.then or (AfterNoGo.HOLD if wanted.verdict is Verdict.NO_GO else None)


def _insist_on_turn(task: Task, gate: Gate, wanted: _Wanted) -> None:
    """The gate must be open or, for a reversal, have let go."""
    if not wanted.reverse:
        insist_on_open(task, gate)
    elif gate.verdict not in RELEASING or task.state is TaskState.SKIPPED:
        raise Refused(f"{task.ref} has let nothing go that could be held again", where=task.ref)


def _per_entity(board: Board, gate: Gate, wanted: _Wanted) -> dict[str, Verdict | None]:
    """The verdict on each entity once this one counts; nothing where it is about the whole gate.

    Raises:
        Refused: others are held by name.
    """
    earlier = entity_verdicts(board.decisions(gate.id), entity_keys(board))
    if wanted.entities:
        return earlier | dict.fromkeys(wanted.entities, wanted.verdict)
    held = [entity for entity, verdict in earlier.items() if verdict is Verdict.NO_GO]
    if wanted.verdict in RELEASING and held and gate.verdict is not Verdict.NO_GO:
        raise Refused(
            f"{', '.join(held)}: decided by name, no-go", hint="say which entities go: --entity KEY, for each of them"
        )
    return {}


def _told(acting: Acting, caller: Caller, wanted: _Wanted, number: int) -> dict[str, Any]:
    """What is decided, and by whom, as it is frozen."""
    then = _then(wanted)
    return {
        "number": number,
        "verdict": wanted.verdict.value,
        "entities": list(wanted.entities),
        "reason": wanted.reason,
        "reverses": wanted.reverse,
        "then": None if then is None else then.value,
        "retry_at": iso_whole(wanted.retry_at),
        "decided_by": acting.doer.handle,
        "in_place_of": acting.in_place_of,
        "recorded_by": acting.actor.handle if caller.for_another else None,
        "assurance": caller.assured.value,
    }


def _insert_conditions(acting: Acting, board: Board, gate: Task, conditions: Sequence[Condition]) -> list[Task]:
    """A task for each condition, behind the gate.

    Raises:
        BadInput: the owner is not there, or the time has passed.
    """
    rows, run = acting.rows, acting.open_run()
    taken = {task.ref for task in board.rows(Task).values()}
    position = max(task.position for task in board.rows(Task).values())
    found = []
    number = 0
    for place, condition in enumerate(conditions, start=1):
        owner = person_called(acting, condition.owner)
        if condition.due_at <= acting.now:
            raise BadInput("that time has passed", where=condition.text, hint="say until when it is to be done")
        number = next(n for n in range(number + 1, len(taken) + len(conditions) + 2) if _ref(gate, n) not in taken)
        title = one_line(condition.text)
        short = len(title) <= _LONGEST_TITLE and title == condition.text
        task = rows.insert(
            Task,
            run_id=run.id,
            ref=_ref(gate, number),
            title=title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…",
            kind_of_task=TaskKind.WORK,
            phase=gate.phase,
            stream=gate.stream,
            position=position + place,
            owner_id=owner.id,
            duration_s=min(_DURATION, condition.due_at - acting.now) // _SECOND,
            placeholder=True,
            planned_from_s=(acting.effective_at - run.window_start) // _SECOND,
            deadline_s=(condition.due_at - run.window_start) // _SECOND,
            instructions=None if short else condition.text,
        )
        rows.insert(Link, run_id=run.id, predecessor_id=gate.id, successor_id=task.id)
        found.append(task)
    return found


def _ref(gate: Task, number: int) -> str:
    return f"{gate.ref[:_LONGEST_STEM]}-C{number}"


def _mark_begun_stale(acting: Acting, task: Task, wanted: _Wanted) -> None:
    begun = what_rests_on(acting, task, again=False)
    held = [one for one in begun if not wanted.entities or one.entity in wanted.entities]
    mark_stale(acting, held, f"{task.ref} was decided no-go: {wanted.reason}")


def _take_effect(
    acting: Acting, task: Task, gate: Gate, wanted: _Wanted, verdict: Verdict | None, held: tuple[str, ...]
) -> None:
    """Make `verdict` the one that counts, with the entities that it holds; None: the gate is still undecided."""
    rows, run = acting.rows, acting.open_run()
    due = gate.due_s if wanted.retry_at is None else (wanted.retry_at - run.window_start) // _SECOND
    if verdict is None:
        rows.update(gate, due_s=due)
        return
    rows.update(
        gate,
        verdict=verdict,
        held=held,
        due_s=due,
        decided_at=acting.effective_at,
        decided_by_id=acting.doer.person_id,
        decision_reason=wanted.reason,
    )
    released = verdict in RELEASING
    if released and gate.verdict in RELEASING and task.stale_since is None:
        return  # it let its successors go before, and only some of them are concerned
    rows.update(
        task,
        state=TaskState.DONE if released else TaskState.FAILED,
        actual_start=task.actual_start or acting.effective_at,
        executed_at=acting.effective_at,
        actual_finish=acting.effective_at,
        executor_id=acting.doer.person_id,
        closing_reason=None if released else wanted.reason,
        **NOT_BLOCKED,
        stale_since=None,
        stale_because=None,
    )

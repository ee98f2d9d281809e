"""What an action of the console looks at to say whether it can be done now; and the reasons why not, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.people_documents import offers_to
from warroom.board.rows import Alert, Gate, Person, Step, Task
from warroom.rules import permissions
from warroom.rules.communications import Standing
from warroom.rules.gates import closed, seats_to_vote_on
from warroom.rules.permissions import Actor, TaskPeople
from warroom.rules.plan_history import begun
from warroom.rules.required import confirms_for, end_in_turn, required_on
from warroom.rules.resting import why_not_again
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.drawing.picked import Picked
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.words import Confirmed, StepKind, TaskKind, TaskState

Reason = str | None
"""Why something cannot be done, in words; None when it can."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the person is.

    Attributes:
        read_only: why this console may only look, or None.
        screen: name of the screen.
        task: the task that is selected.
        position: the step that is selected, where steps can be.
        has_timeline: whether there is a timeline to pan and zoom.
        has_details: whether something can be opened from here.
        can_go_back: whether there is somewhere to go back to.
        past: the replay that is shown; None while it is the present.
        shouted: whether something that was shouted is shown.
        picked: what else than a task and its step is selected.
        alert: the alert that is selected, where alerts can be.
        marked: refs of the tasks that are marked.
        can_filter: whether the list can be narrowed down.
        panes: how many panes there are to go to.
        elsewhere: why no file and no program of this machine is touched, or None.
        keys: those of the actions to which the person gave others, by name.
        communication: the one that is shown, where one is.
    """

    picture: Picture
    read_only: Reason
    screen: str
    task: Task | None
    position: int | None
    has_timeline: bool
    has_details: bool
    can_go_back: bool
    past: LookingBack | None = None
    shouted: bool = False
    picked: Picked | None = None
    alert: Alert | None = None
    marked: frozenset[str] = frozenset()
    can_filter: bool = False
    panes: int = 1
    elsewhere: Reason = None
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    communication: Standing | None = None

    @property
    def board(self) -> Board:
        return self.picture.board

    def key(self, name: str) -> str:
        """How a text names an action, by the action's name."""
        return self.picture.key(name)

    @property
    def actor(self) -> Actor:
        return self.picture.actor

    def people(self, task: Task) -> TaskPeople:
        """The people of a task as they stand now."""
        return permissions.people_on(self.board, task, self.picture.now)


Condition = Callable[[Context], Reason]

MARKING = ("war-room", "owner")
"""Screens on which tasks are marked, and where keys are about those that are."""


def always(_: Context) -> Reason:
    return None


def on_timeline(context: Context) -> Reason:
    return None if context.has_timeline else "there is no timeline on this screen"


def has_details(context: Context) -> Reason:
    return None if context.has_details else "there is nothing to open here"


def can_go_back(context: Context) -> Reason:
    return None if context.can_go_back else "there is nothing to go back to"


def can_look_back(context: Context) -> Reason:
    if context.past is not None:
        return "this is the past already"
    if context.screen == "wall":
        return context.read_only
    return "no run has been started yet" if context.board.run is None else None


def can_return(context: Context) -> Reason:
    if context.past is None or context.past.left is None:
        return "there is no live console to go back to"
    return None


def opens(name: str) -> Condition:
    """Whether the screen of this name can be opened from here."""

    def condition(context: Context) -> Reason:
        if context.screen == "wall":
            return "the wall only shows"
        return "it is the screen that is shown" if context.screen == name else None

    return condition


def can_suppose(context: Context) -> Reason:
    """Whether it can be asked what follows if the selected task slips. It only reads, so anybody may."""
    if context.screen == "wall":
        return context.read_only
    task, forecast = context.task, context.picture.forecast
    if task is None:
        return "no task is selected"
    if task.state in CLOSED_STATES:
        return f"{task.ref} is {task.state.value} already"
    if task.backout:
        if forecast.backing_out is not None:
            return "the back-out is under way"
        return "there is no way back any more" if forecast.backout is None else None
    return None if task.ref in forecast.delays else f"{task.ref} takes no part in this run"


def can_record(context: Context) -> Reason:
    """Whether the person may record here what others did."""
    reason = can_undo(context)
    return reason if reason is not None else permissions.may_record_for(context.actor, None)


def can_open_scribe(context: Context) -> Reason:
    reason = opens("scribe")(context)
    return reason if reason is not None else can_record(context)


def on_gates(context: Context) -> Reason:
    if context.screen == "gate":
        return None
    return f"there are no gates to turn to here; {context.key('console.gate')} opens the go/no-go panel"


def on_screen(*names: str) -> Callable[[Context], bool]:
    """Whether a screen of one of these names is shown."""
    return lambda context: context.screen in names


def on_other_than(*names: str) -> Callable[[Context], bool]:
    """Whether another screen than those is shown."""
    return lambda context: context.screen not in names


def in_the_past(context: Context) -> bool:
    """Whether keys move about in a replay; in the list of all keys they move about in the list."""
    return context.past is not None and context.screen != "help"


def can_undo(context: Context) -> Reason:
    """Whether anything can be taken back here; what is one's own last action, the journal tells."""
    if context.read_only is not None:
        return context.read_only
    if context.board.run is None:
        return "no run has been started yet; until then the plan can only be read"
    return None if context.picture.in_run else "the run is closed"


def _writing(context: Context, *, backout: bool = False) -> Reason:
    """What every change of the selected task needs; with `backout` it may be one of the dormant back-out."""
    if context.read_only is not None:
        return context.read_only
    if context.task is None:
        return "no task is selected"
    if (reason := can_undo(context)) is not None:
        return reason
    if context.task.backout and not backout and context.board.invocation is None:
        return "it belongs to the back-out, which has not been invoked"
    return None


def _work(context: Context, states: tuple[TaskState, ...], wanted: str) -> Reason:
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    if task.kind_of_task is TaskKind.GATE:
        return f"{task.ref} is a gate: {context.key('gate.vote')} votes on it, {context.key('gate.decide')} decides it"
    if task.state not in states:
        return f"{task.ref} {wanted}; it is {context.board.shown_state(task).value}"
    return permissions.may_work(context.actor, context.people(task))


def can_start(context: Context) -> Reason:
    reason = _work(context, (TaskState.NOT_STARTED,), "cannot be started") or _held(context)
    if reason is None and (holding := context.board.open_predecessors(_task(context).id)):
        refs = ", ".join(task.ref for task in holding)
        denied = permissions.may_start_out_of_sequence(context.actor)
        if denied is not None:
            return f"it waits for {refs}: {denied}"
    return _unconfirmed(context, Confirmed.START) if reason is None else reason


def can_confirm(context: Context) -> Reason:
    """Whether the person is one of those whom the selected task requires now, and has not confirmed."""
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    what = end_in_turn(task)
    if what is None:
        return f"{task.ref} is {context.board.shown_state(task).value}: nothing is left to confirm"
    wanted = required_on(context.board, task, what)
    if wanted is None:
        return f"{task.ref} requires nobody to confirm its {what}"
    if what is Confirmed.START and (held := _held(context)) is not None:
        return held
    persons = {person.handle: person.id for person in context.board.rows(Person).values()}
    return confirms_for(context.actor, wanted, persons.get)[1]


def can_finish(context: Context) -> Reason:
    reason = _work(context, (TaskState.RUNNING,), "is not running")
    if reason is None:
        task = _task(context)
        kind = StepKind.STEP if task.verifier_id is not None else None
        return _open_steps(context, task, kind) or _unconfirmed(context, Confirmed.FINISH)
    return reason


def can_verify(context: Context) -> Reason:
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    if task.state is not TaskState.VERIFYING:
        return f"{task.ref} is not waiting to be verified; it is {context.board.shown_state(task).value}"
    denied = permissions.may_verify(context.actor, context.people(task))
    return denied if denied is not None else _open_steps(context, task, StepKind.VERIFICATION)


def can_block(context: Context) -> Reason:
    states = (TaskState.NOT_STARTED, TaskState.RUNNING, TaskState.VERIFYING)
    return _work(context, states, "cannot be blocked")


def can_unblock(context: Context) -> Reason:
    return _work(context, (TaskState.BLOCKED,), "is not blocked")


def can_give_eta(context: Context) -> Reason:
    states = (TaskState.RUNNING, TaskState.VERIFYING, TaskState.BLOCKED)
    return _work(context, states, "is neither running nor blocked")


def can_give_progress(context: Context) -> Reason:
    return _work(context, (TaskState.RUNNING,), "is not running")


def can_skip(context: Context) -> Reason:
    states = (TaskState.NOT_STARTED, TaskState.RUNNING, TaskState.VERIFYING, TaskState.BLOCKED, TaskState.FAILED)
    return _work(context, states, "cannot be skipped")


def can_fail(context: Context) -> Reason:
    states = (TaskState.RUNNING, TaskState.VERIFYING, TaskState.BLOCKED)
    reason = _work(context, states, "is not under way")
    if reason is None and _task(context).actual_start is None:
        return f"{_task(context).ref} has not been started"
    return reason


def can_change_plan(context: Context) -> Reason:
    """Whether the selected task can be planned otherwise: by the lead, before it has begun."""
    if (reason := _writing(context, backout=True)) is not None:
        return reason
    if (denied := permissions.may_change_plan(context.actor, in_run=True)) is not None:
        return denied
    task = _task(context)
    return f"{task.ref} has begun: its plan stands" if begun(context.board, task) else None


def can_reassign(context: Context) -> Reason:
    """Whether the selected task can go to somebody else: by the lead, or by its owner to its backup."""
    if (reason := _writing(context, backout=True)) is not None:
        return reason
    task = _task(context)
    if task.state in CLOSED_STATES:
        return f"{task.ref} is {task.state.value}: whose it was stands"
    return permissions.may_reassign(context.actor, context.people(task), {"owner": task.backup_id})


def can_reopen(context: Context) -> Reason:
    return _correcting(context, (TaskState.DONE, TaskState.SKIPPED, TaskState.FAILED, TaskState.VERIFYING))


def can_correct(context: Context) -> Reason:
    reason = _correcting(context, tuple(TaskState))
    if reason is None and _task(context).actual_start is None:
        return f"{_task(context).ref} has not been started"
    return reason


def can_rerun(context: Context) -> Reason:
    reason = _correcting(context, tuple(TaskState))
    return why_not_again(_task(context)) if reason is None else reason


def can_settle(context: Context) -> Reason:
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    if task.stale_since is None:
        return f"{task.ref} is not stale"
    return permissions.may_settle(context.actor, context.people(task))


def _correcting(context: Context, states: tuple[TaskState, ...]) -> Reason:
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    if task.kind_of_task is TaskKind.GATE:
        return f"{task.ref} is a gate: it is decided anew, or settled"
    if task.state not in states:
        return f"{task.ref} is not finished; it is {context.board.shown_state(task).value}"
    return permissions.may_correct(context.actor, context.people(task))


def can_note(context: Context) -> Reason:
    reason = _writing(context)
    return reason if reason is not None else permissions.may_note(context.actor)


def can_accept_shift(context: Context) -> Reason:
    """Whether exactly one shift is offered that the person may accept."""
    if context.read_only is not None:
        return context.read_only
    if not context.picture.in_run:
        return "no run is open"
    person_id = context.actor.person_id
    offers = [] if person_id is None else offers_to(context.board, person_id)
    if not offers:
        return "no shift is offered to you"
    if len(offers) > 1:
        handles = ", ".join(context.board.handle(offer.leaving_id) or "" for offer in offers)
        return f"several shifts are offered ({handles}): warroom handover accept HANDLE"
    return permissions.may_accept_shift(context.actor, offers[0].coming_id)


def can_tick(context: Context) -> Reason:
    """Whether the step that would be ticked (or unticked) now can be."""
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    step = step_in_turn(context)
    if step is None:
        steps = context.board.steps(task.id)
        return f"all steps of {task.ref} are ticked" if steps else f"{task.ref} has no steps"
    return may_tick(context, step)


def can_tick_some(context: Context) -> Reason:
    """Whether any step of the task can be ticked or unticked now; which one, the key says."""
    if (reason := _writing(context)) is not None:
        return reason
    task = _task(context)
    steps = context.board.steps(task.id)
    if not steps:
        return f"{task.ref} has no steps"
    reasons = [may_tick(context, step) for step in steps]
    return None if None in reasons else reasons[0]


def may_tick(context: Context, step: Step) -> Reason:
    """Why one step of the selected task cannot be ticked or unticked."""
    task = _task(context)
    checking = step.kind_of_step is StepKind.VERIFICATION
    states = (TaskState.RUNNING, TaskState.VERIFYING) if checking else (TaskState.RUNNING,)
    if task.state not in states:
        return f"steps are ticked while their task is running; {task.ref} is {context.board.shown_state(task).value}"
    may = permissions.may_check if checking else permissions.may_work
    return may(context.actor, context.people(task))


def step_in_turn(context: Context) -> Step | None:
    """The step under the cursor, or the first that is open."""
    if context.task is None:
        return None
    steps = context.board.steps(context.task.id)
    if context.position is not None:
        return next((step for step in steps if step.position == context.position), None)
    return next((step for step in steps if step.ticked_at is None), None)


def can_vote(context: Context) -> Reason:
    if (reason := gate_is_open(context)) is not None:
        return reason
    gate = gate_of(context)
    assert gate is not None
    votes = {vote.seat_id: vote for vote in context.board.votes(gate.id)}
    _, denied = seats_to_vote_on(context.actor, context.board.seats(gate.id), votes)
    return None if denied is None else f"{_task(context).ref}: {context.actor.handle} {denied}"


def can_decide(context: Context) -> Reason:
    if (reason := gate_is_open(context)) is not None:
        return reason
    return permissions.may_decide(context.actor, context.people(_task(context)))


def gate_of(context: Context) -> Gate | None:
    return None if context.task is None else context.board.gate_of(context.task.id)


def on_a_gate(context: Context) -> bool:
    return context.task is not None and context.task.kind_of_task is TaskKind.GATE


def at_work(context: Context) -> bool:
    """Whether somebody is at their own tasks, or at one task."""
    return context.screen in ("owner", "task")


def on_blocked(context: Context) -> bool:
    return context.task is not None and context.task.state is TaskState.BLOCKED


def on_work(context: Context) -> bool:
    return not on_a_gate(context)


def gate_is_open(context: Context) -> Reason:
    """Whether the selected gate can be voted on and decided."""
    if (reason := _writing(context)) is not None:
        return reason
    task, gate = _task(context), gate_of(context)
    if gate is None:
        return f"{task.ref} is not a gate"
    if context.board.invocation is not None:
        return f"{task.ref} is held: the back-out was invoked"
    return closed(task, gate)


def _held(context: Context) -> Reason:
    """Why a back-out holds the selected task; None where it does not."""
    if context.board.is_held(_task(context)):
        return f"{_task(context).ref} is held: the back-out was invoked"
    return None


def _unconfirmed(context: Context, what: Confirmed) -> Reason:
    """Who is missing of those whom the selected task requires at that end; None once enough have confirmed."""
    wanted = required_on(context.board, _task(context), what)
    return None if wanted is None else wanted.denied


def _open_steps(context: Context, task: Task, kind: StepKind | None) -> Reason:
    count = sum(step.ticked_at is None and kind in (None, step.kind_of_step) for step in context.board.steps(task.id))
    if not count:
        return None
    what = "verification step" if kind is StepKind.VERIFICATION else "step"
    keys = f"{context.key('step.tick')} or {context.key('step.number')}"
    return f"{count} {what}{' is' if count == 1 else 's are'} open: tick with {keys}"


def _task(context: Context) -> Task:
    assert context.task is not None
    return context.task

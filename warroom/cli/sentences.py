"""What an action did, in one line for whoever typed it. Texts are as stored; whoever prints makes them harmless."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from warroom.board.board import Board
from warroom.board.documents import speed
from warroom.board.networks import expected_finish
from warroom.board.plan_words import PLAN_ACTIONS, plan_words
from warroom.board.rows import Task
from warroom.board.told import corrected
from warroom.cli.alert_sentences import of_alert
from warroom.cli.communication_sentences import of_communication
from warroom.cli.control_sentences import control_happened
from warroom.cli.gate_sentences import of_gate, of_problem
from warroom.cli.night_sentences import of_night
from warroom.cli.people_sentences import of_people
from warroom.cli.rollback_sentences import of_rollback
from warroom.cli.shout_sentences import of_shout
from warroom.clock.run_clock import LIFE
from warroom.clock.times import show_time
from warroom.rules.owed import mode_of
from warroom.rules.required import required_on
from warroom.tui.drawing.marks import STATES
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import Confirmed, RunKind, ShownState, TaskState


def happened(board: Board, entry: Entry) -> str:
    """What `entry` did, as seen on a Board that has it."""
    noun = entry.action.partition(".")[0]
    if noun in ("person", "party", "handover"):
        return of_people(board, entry)
    if noun == "shout":
        return of_shout(board, entry)
    if noun == "rollback":
        return of_rollback(board, entry)
    if noun in ("log", "roll"):
        return of_night(board, entry)
    if noun == "problem":
        return of_problem(board, entry)
    task = board.task(entry.subject) if entry.run == board.run_id else None
    if entry.action in PLAN_ACTIONS and entry.run is not None:
        return f"{entry.subject}: {plan_words(board, entry) or 'the baseline is frozen anew'}"
    if entry.action == "plan.apply":
        return f"{entry.subject} is the newest version of the plan; the next run starts from it"
    if entry.action == "undo":
        return _of_undo(board, task, entry)
    if noun == "run":
        return _of_run(board, entry)
    if entry.action == "clock.confirm":
        return "the clock is confirmed; alerts of lateness go by it again"
    if entry.action == "alert.sending":
        mode = mode_of(board)
        to = f"; everything goes to {mode.to}" if mode.to else ""
        return f"messages of alerts: {mode.mode.value}{to}"
    if noun == "communication":
        return of_communication(board, entry)
    if noun == "alert":
        return of_alert(board, entry)
    if noun == "control":
        return control_happened(board, entry)
    if task is None:
        return f"{entry.action}: {entry.subject}"
    if noun == "gate":
        return of_gate(board, task, entry) + (_released(board, task) if entry.action == "gate.decide" else "")
    if noun == "step":
        steps = board.steps(task.id)
        return f"{task.ref}: {sum(step.ticked_at is not None for step in steps)} of {len(steps)} steps ticked"
    return _of_task(board, task, entry)


def clock_time(board: Board, instant: datetime) -> str:
    """The time of day in the programme's zone."""
    return show_time(instant, board.programme.timezone, day=False)


def name_of(board: Board, person_id: int | None) -> str:
    """The name of a person; "nobody" for none."""
    person = board.person(person_id)
    return "nobody" if person is None else person.name


def pace(rate: int) -> str:
    """How fast a run's clock goes, from thousandths of life."""
    return "held" if rate == 0 else "as fast as life" if rate == LIFE else f"{speed(rate):g} times as fast as life"


def _of_task(board: Board, task: Task, entry: Entry) -> str:
    ref, at = task.ref, clock_time(board, entry.effective_at)
    word = STATES[board.shown_state(task)].word
    match entry.action:
        case "task.start":
            early = ", out of sequence" if task.out_of_sequence else ""
            return f"{ref} is {word}, started {at} by {name_of(board, task.executor_id)}{early}"
        case "task.confirm":
            return f"{ref}: {_confirmed(board, task)}"
        case "task.done" if task.state is TaskState.VERIFYING:
            who, verifier = name_of(board, task.executor_id), name_of(board, task.verifier_id)
            return f"{ref} was executed {at} by {who}; {verifier} verifies it"
        case "task.done":
            return f"{ref} is {word}, finished {at} by {name_of(board, task.executor_id)}{_released(board, task)}"
        case "task.verify":
            return f"{ref} is {word}, verified {at} by {name_of(board, task.verified_by_id)}{_released(board, task)}"
        case "task.skip":
            return f"{ref} was skipped: {entry.reason}{_released(board, task)}"
        case "task.fail":
            return f"{ref} has failed: {entry.reason}"
        case "task.block":
            return f"{ref} is blocked: {entry.reason}"
        case "task.eta":
            return f"{ref} is expected to finish {_when(board, task.eta)}: {entry.reason}"
        case "task.progress":
            unit = f" {task.progress_unit}" if task.progress_unit else ""
            finish = expected_finish(task)
            rest = "" if finish is None else f", expected to finish {_when(board, finish)}"
            return f"{ref}: {task.progress_done} of {task.progress_total}{unit}{rest}"
        case "evidence.add":
            return f"attached to {ref}: evidence {max(each.id for each in board.evidence(task.id))}"
        case "task.reopen":
            return f"{ref} is {word} again: {entry.reason}"
        case "task.rerun":
            return f"{ref} is {word}, attempt {task.attempt}: {entry.reason}{_to_settle(board)}"
        case "task.settle":
            return f"{ref} is settled: {entry.reason}"
        case "task.correct":
            return f"{ref}: {corrected(board, entry)}: {entry.reason}"
        case "task.note":
            return f"noted on {ref}"
        case _:
            return f"{ref} is {word}"


def _confirmed(board: Board, task: Task) -> str:
    """Who has confirmed last, what, and how many of how many that makes."""
    last = board.confirmations(task.id)[-1]
    wanted = required_on(board, task, last.confirmed)
    that = "there for it" if last.confirmed is Confirmed.START else "sure that it is finished"
    said = f"{name_of(board, last.person_id)} is {that}"
    return said if wanted is None else f"{said}; {len(wanted.confirmed)} of {wanted.count} needed"


def _released(board: Board, task: Task) -> str:
    """Who can start now that the task is finished."""
    ready = [later for later in board.successors(task.id) if board.shown_state(later) is ShownState.READY]
    if not ready:
        return ""
    return "; ready now: " + ", ".join(f"{later.ref} ({name_of(board, later.owner_id)})" for later in ready)


def _to_settle(board: Board) -> str:
    return "; settle what is stale (warroom task settle REF), or re-run it" if board.stale_tasks else ""


def _of_undo(board: Board, task: Task | None, entry: Entry) -> str:
    now = "" if task is None else f"; it is {STATES[board.shown_state(task)].word}"
    return f"{entry.subject}: {entry.reason}{now}"


def _of_run(board: Board, entry: Entry) -> str:
    run = board.run
    if run is None or entry.run != run.id:
        return f"{entry.action}: {entry.subject}"
    zone = board.programme.timezone
    if entry.action == "run.close":
        return f"run {run.name} is closed"
    rate = 0 if board.clock is None else board.clock.rate_at(entry.recorded_at)
    if entry.action == "run.start":
        kind = "rehearsal" if run.kind_of_run is RunKind.REHEARSAL else "live run"
        name = f" {run.name}" if run.kind_of_run is RunKind.REHEARSAL else ""
        going = "" if rate == LIFE else f", {pace(rate)}"
        return (
            f"the {kind}{name} has started: its clock shows {show_time(entry.effective_at, zone)}{going}; "
            f"the window ends {show_time(run.window_end, zone)}"
        )
    at = show_time(entry.run_time or entry.recorded_at, zone)
    if rate == 0:
        return f"the clock of {run.name} is held at {at}"
    return f"the clock of {run.name} goes on from {at}, {pace(rate)}"


def _when(board: Board, instant: datetime | None) -> str:
    return "at no known time" if instant is None else show_time(instant, board.programme.timezone)


def listed(words: Iterable[str], nothing: str = "none") -> str:
    """Words with commas between them."""
    return ", ".join(words) or nothing

"""People, parties and shift hand-overs as JSON documents (README: JSON). Instants are UTC text with Z."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.documents import alert_document
from warroom.board.forecast import Forecast
from warroom.board.handovers import goes_over, left_to_verify
from warroom.board.networks import expected_finish
from warroom.board.presence import is_away, lasts, stood_in_for
from warroom.board.rows import Leave, Party, Person, ShiftHandover, Task
from warroom.board.task_documents import scheduled_task
from warroom.clock.times import iso_utc, iso_whole
from warroom.vocabulary.documents import Document
from warroom.vocabulary.words import ShownState

AHEAD = timedelta(hours=2)
"""How far a shift hand-over looks ahead."""


def person_document(board: Board, person: Person, at: datetime) -> Document:
    """A person, whether they are away at `at` (run time, UTC), and how many open tasks are theirs."""
    leaves = [
        leave
        for leave in board.rows(Leave).values()
        if leave.person_id == person.id and lasts(leave, board.run, max(at, leave.from_at))
    ]
    return {
        "handle": person.handle,
        "name": person.name,
        "title": person.title,
        "company": person.company,
        "phone": person.phone,
        "timezone": person.timezone,
        "login": person.login,
        "roles": list(person.roles),
        "notify": list(person.notify),
        "keys": [
            {"fingerprint": key.fingerprint, "comment": key.comment, "line": key.line}
            for key in board.keys_of(person.id)
        ],
        "quiet": person.quiet,
        "calendar": person.calendar,
        "away": is_away(board, person.id, at),
        "leaves": [
            {
                "from": iso_utc(leave.from_at),
                "to": None if leave.to_at is None else iso_utc(leave.to_at),
                "substitute": board.handle(leave.substitute_id),
                "reason": leave.reason,
            }
            for leave in leaves
        ],
        "stands_for": [board.handle(key) for key in sorted(stood_in_for(board, person.id, at))],
        "open_tasks": sum(task.owner_id == person.id and task.state not in CLOSED_STATES for task in board.tasks),
    }


def party_document(board: Board, party: Party) -> Document:
    """A party; `owner` is the person through whom it owns tasks."""
    return {
        "key": party.key,
        "name": party.name,
        "phone": party.phone,
        "contact": party.contact,
        "owner": board.handle(party.contact_id),
    }


def handover_document(board: Board, handover: ShiftHandover) -> Document:
    """An offer, or an accepted hand-over, of a shift; `open_tasks` counts what would go over now."""
    return {
        "leaving": board.handle(handover.leaving_id),
        "coming": board.handle(handover.coming_id),
        "given_at": iso_utc(handover.given_at),
        "given_by": board.handle(handover.given_by_id),
        "accepted_at": None if handover.accepted_at is None else iso_utc(handover.accepted_at),
        "note": handover.note,
        "open_tasks": sum(goes_over(task, handover.leaving_id) for task in (*board.tasks, *board.backout_tasks)),
    }


def shift_document(board: Board, forecast: Forecast, person: Person, coming: Person | None = None) -> Document:
    """What somebody must know who takes over the shift of `person`.

    Args:
        coming: who takes it over, if that is known.
    """
    run = board.run
    since = max(
        [
            handover.accepted_at
            for handover in board.rows(ShiftHandover).values()
            if handover.accepted_at is not None and handover.coming_id == person.id
        ],
        default=forecast.at if run is None else run.started_at,
    )
    own = [task for task in board.tasks if goes_over(task, person.id) and task.ref in forecast.delays]
    soon = forecast.at + AHEAD

    def listed(tasks: Iterable[Task]) -> list[Document]:
        return [_shift_task(board, forecast, task, person) for task in tasks]

    def state(task: Task) -> ShownState:
        return board.shown_state(task)

    return {
        "at": iso_utc(forecast.at),
        "leaving": person.handle,
        "coming": None if coming is None else coming.handle,
        "since": iso_whole(since),
        "done_since": listed(
            task
            for task in board.tasks
            if task.actual_finish is not None
            and task.actual_finish >= since
            and person.id in (task.owner_id, task.executor_id, task.verified_by_id)
        ),
        "running": listed(task for task in own if state(task) in (ShownState.RUNNING, ShownState.VERIFYING)),
        "next": listed(
            task
            for task in own
            if state(task) in (ShownState.READY, ShownState.WAITING)
            and forecast.instant(forecast.start_of(task)) <= soon
        ),
        "blocked": listed(task for task in own if state(task) in (ShownState.BLOCKED, ShownState.FAILED)),
        "later": sum(
            state(task) in (ShownState.READY, ShownState.WAITING) and forecast.instant(forecast.start_of(task)) > soon
            for task in own
        ),
        "decisions": [_decision(board, forecast, task) for task in _decisions(board, forecast, person)],
        "alerts": [
            alert_document(board, alert) for alert in board.open_alerts if alert.subject in {task.ref for task in own}
        ],
        "without_verifier": [
            task.ref for task in own if coming is not None and left_to_verify(task, person.id, coming.id)
        ],
    }


def offers_to(board: Board, person_id: int) -> list[ShiftHandover]:
    """The shifts that somebody may accept now."""
    return [
        handover
        for handover in board.rows(ShiftHandover).values()
        if handover.accepted_at is None and handover.leaving_id != person_id and handover.coming_id in (None, person_id)
    ]


def _decisions(board: Board, forecast: Forecast, person: Person) -> list[Task]:
    """The undecided gates that the person decides or votes on."""
    found = []
    for task in board.tasks:
        gate = board.gate_of(task.id)
        if gate is None or task.state in CLOSED_STATES or task.ref not in forecast.delays:
            continue
        if person.id in (task.owner_id, *(seat.person_id for seat in board.seats(gate.id))):
            found.append(task)
    return found


def _decision(board: Board, forecast: Forecast, task: Task) -> Document:
    gate = board.gate_of(task.id)
    assert gate is not None
    return {
        "ref": task.ref,
        "title": task.title,
        "owner": board.handle(task.owner_id),
        "due": None if gate.due_s is None else iso_utc(forecast.instant(gate.due_s)),
        "expected_at": iso_utc(forecast.instant(forecast.finish_of(task))),
    }


def _shift_task(board: Board, forecast: Forecast, task: Task, person: Person) -> Document:
    row = scheduled_task(board, forecast, task)
    kept = ("ref", "title", "state", "owner", "planned_finish", "forecast_start", "forecast_finish", "actual_finish")
    parts = (("owner", task.owner_id), ("backup", task.backup_id), ("verifier", task.verifier_id))
    eta = None if task.state in CLOSED_STATES else expected_finish(task)
    return {key: row[key] for key in kept} | {
        "as": [part for part, key in parts if key == person.id],
        "eta": iso_whole(eta),
        "eta_reason": task.eta_reason,
        "blocked_reason": task.blocked_reason,
        "closing_reason": task.closing_reason,
        "critical": row["critical"],
    }

"""Rules about people: who stands in, who is in two places at once, who is not there."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.board.impossible import impossible_hours
from warroom.board.resources import resources
from warroom.board.rota import Rota
from warroom.board.rows import RotaShift, Task
from warroom.clock.durations import show_duration
from warroom.lint.plan import Plan, Planned
from warroom.lint.rule import Remark
from warroom.runbook.document import PlannedGate


def no_backup(plan: Plan) -> Iterator[Remark]:
    alone = {remark.subject for remark in single_person(plan)}
    for row in plan.everything:
        if row.backup is None and _is_work(row) and row.ref not in alone:
            yield Remark(row.ref, f"{row.ref} has no backup", plan.path(row.ref), "name who stands in for its owner")


def backup_is_owner(plan: Plan) -> Iterator[Remark]:
    for row in plan.everything:
        task = plan.board.task(row.ref)
        if task is not None and task.backup_id is not None and task.backup_id == task.owner_id:
            who = plan.board.handle(task.owner_id)
            path = (*plan.path(row.ref), "backup")
            yield Remark(row.ref, f"{who} is the owner of {row.ref} and its backup too", path, "name somebody else")


def verifier_is_owner(plan: Plan) -> Iterator[Remark]:
    for row in plan.everything:
        task = plan.board.task(row.ref)
        if task is not None and task.verifier_id is not None and task.verifier_id == task.owner_id:
            who = plan.board.handle(task.owner_id)
            path = (*plan.path(row.ref), "verifier")
            yield Remark(row.ref, f"{who} would verify their own work on {row.ref}", path, "name somebody else")


def single_person(plan: Plan) -> Iterator[Remark]:
    for row, task, timing in plan.taking_part:
        if not _is_work(row) or not timing.on_longest_path:
            continue
        able = {key for key in (task.owner_id, task.backup_id) if key is not None and plan.available(key, timing.start)}
        for role in (task.owner_role, task.backup_role):
            able |= {shift.person_id for shift in plan.board.rows(RotaShift).values() if shift.role == role}
        if len(able) < 2:
            why = "has no backup" if task.backup_id is None else f"can be done by one person only at {_at(plan, task)}"
            message = f"{row.ref} is on the longest path and {why}"
            yield Remark(row.ref, message, plan.path(row.ref), "name a second person who is there then")


def double_booked(plan: Plan) -> Iterator[Remark]:
    splittable = {task.ref for task in plan.document.tasks if task.splittable}
    for booking in resources(plan.board, plan.forecast).double_booked:
        if not {booking.first, booking.second} & splittable:
            span = f"{show_duration(booking.finish - booking.start)} from {plan.time(booking.start)} on"
            message = f"{booking.owner} has {booking.first} and {booking.second} at the same time, {span}"
            path = (*plan.path(booking.second), "owner")
            yield Remark(booking.second, message, path, "put one after the other, or give it to somebody else")


def outside_availability(plan: Plan) -> Iterator[Remark]:
    hint = "change the owner, the time or the calendar"
    for outside in resources(plan.board, plan.forecast).outside_hours:
        message = f"{outside.owner} is not available for {show_duration(outside.seconds)} of {outside.key}"
        yield Remark(outside.key, message, (*plan.path(outside.key), "owner"), hint)
    for row, task, timing in plan.taking_part:
        free = max(timing.allowed_start or 0, task.not_before_s or 0, 0)
        waits = free < timing.start == plan.next_available(task.owner_id, free) and free <= plan.forecast.end
        if waits and task.owner_role is None and task.calendar is None:
            who = plan.board.handle(task.owner_id)
            message = f"{who} is not available at {plan.time(free)}: {row.ref} waits until {plan.time(timing.start)}"
            yield Remark(row.ref, message, (*plan.path(row.ref), "owner"), hint)
        if isinstance(row, PlannedGate):
            yield from _absent_seats(plan, row, timing.start)


def _absent_seats(plan: Plan, gate: PlannedGate, at: int) -> Iterator[Remark]:
    row = plan.board.task(gate.ref)
    kept = None if row is None else plan.board.gate_of(row.id)
    for seat in () if kept is None else plan.board.seats(kept.id):
        persons = [plan.board.person_called(handle) for handle in seat.substitutes]
        able = [seat.person_id, *(person.id for person in persons if person is not None)]
        if not any(plan.available(key, at) for key in able):
            message = f"nobody who holds the seat {seat.title!r} is available for {gate.ref} at {plan.time(at)}"
            yield Remark(gate.ref, message, ("gates", gate.ref, "seats", seat.title), "name a substitute")


def impossible(plan: Plan) -> Iterator[Remark]:
    for ref, message in impossible_hours(plan.board, plan.forecast).items():
        yield Remark(ref, f"{ref} is never worked on: {message}", plan.path(ref), "change a calendar or an absence")


def off_rota(plan: Plan) -> Iterator[Remark]:
    rota = Rota(plan.board)
    for row, task, timing in plan.taking_part:
        for part in ("owner", "backup", "verifier"):
            role = getattr(task, f"{part}_role")
            if role is not None and not rota.covers(role, timing.start):
                who = plan.board.handle(getattr(task, f"{part}_id"))
                message = (
                    f"nobody has the role {role} at {plan.time(timing.start)}, when {row.ref} starts: {who} is taken"
                )
                yield Remark(row.ref, message, (*plan.path(row.ref), part), "add a shift to the rota")


def _is_work(row: Planned) -> bool:
    """Whether somebody has to be there for it; a milestone is reached without anybody."""
    return isinstance(row, PlannedGate) or row.kind.is_work


def _at(plan: Plan, task: Task) -> str:
    return plan.time(plan.forecast.plan.of(task.ref).start)

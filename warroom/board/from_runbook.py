"""A runbook document as rows: laid out into a state file by an action, or in memory for a bare runbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from warroom.board.board import Board
from warroom.board.calendars import hours_texts
from warroom.board.rows import (
    Absence,
    Authority,
    CalendarHours,
    Control,
    Criterion,
    Gate,
    Link,
    Party,
    Person,
    Phase,
    Plan,
    PlanVersion,
    Programme,
    Row,
    Seat,
    Step,
    Stream,
    Task,
    Trigger,
)
from warroom.runbook.document import PlannedGate, PlannedLink, PlannedTask, RunbookDocument
from warroom.store.codec import R, make, table_of
from warroom.vocabulary.words import StepKind, TaskKind


class Insert(Protocol):
    """Adds one row and returns it with its key."""

    def __call__(self, row_class: type[R], **values: Any) -> R: ...


def lay_out(document: RunbookDocument, insert: Insert, document_id: int | None = None) -> PlanVersion:
    """Insert the programme, its people and the first version of its plan."""
    programme = document.programme
    insert(Programme, key=programme.key, name=programme.name, platform=programme.platform, timezone=programme.timezone)
    people = {
        person.handle: insert(
            Person,
            handle=person.handle,
            name=person.name,
            title=person.title,
            company=person.company,
            phone=person.phone,
            timezone=person.timezone,
            login=person.login,
            calendar=person.calendar,
            roles=person.roles,
            notify=person.notify,
        ).id
        for person in document.people
    }
    for party in document.parties:
        contact = people.get(party.contact or "")
        insert(Party, key=party.key, name=party.name, phone=party.phone, contact=party.contact, contact_id=contact)
        if contact is not None:
            people[party.key] = contact
    plan = insert(Plan, key="cutover", name=programme.name)
    window = document.window
    version = insert(
        PlanVersion,
        plan_id=plan.id,
        number=1,
        document_id=document_id,
        window_start=window.start,
        window_end=window.end,
        restore_by=window.restore_by,
        plan_start_s=document.plan_start_s,
        buffer_s=window.buffer_s,
        ends_with=window.ends_with,
        point_of_no_return=document.rollback.point_of_no_return,
        progress_logic=document.progress,
        assurance_vote=document.assurance.vote,
        assurance_sign=document.assurance.sign,
        assurance_verify=document.assurance.verify,
        assurance_work=document.assurance.work,
    )
    _Layout(document, insert, people, version.id).lay_out()
    return version


class _Layout:
    """Lays out the rows of one plan version."""

    def __init__(self, document: RunbookDocument, insert: Insert, people: dict[str, int], version_id: int) -> None:
        self.document = document
        self.people = people
        self.tasks: dict[str, int] = {}

        def add(row_class: type[R], **values: Any) -> R:
            return insert(row_class, version_id=version_id, **values)

        self.add: Insert = add

    def lay_out(self) -> None:
        document = self.document
        self._calendars()
        for position, phase in enumerate(document.phases):
            self.add(Phase, key=phase.key, name=phase.name, position=position)
        for position, stream in enumerate(document.streams):
            self.add(Stream, key=stream.key, name=stream.name, position=position, lead_id=self._person(stream.lead))
        rows: list[PlannedTask | PlannedGate] = [*document.tasks, *document.gates, *document.rollback.tasks]
        for position, planned in enumerate(rows):
            self.tasks[planned.ref] = self._task(planned, position)
        for planned in rows:
            self._links(planned.ref, planned.links)
        for gate in document.gates:
            self._gate(gate)
        for position, trigger in enumerate(document.rollback.triggers):
            self.add(Trigger, position=position, text=trigger.text, threshold=trigger.threshold)
        for handle in document.rollback.authority:
            self.add(Authority, person_id=self.people[handle])
        for position, control in enumerate(document.controls):
            self.add(
                Control,
                key=control.key,
                name=control.name,
                unit=control.unit,
                tolerance_absolute=control.tolerance_absolute,
                tolerance_percent=control.tolerance_percent,
                signs_id=self._person(control.signs),
                position=position,
            )

    def _calendars(self) -> None:
        for position, calendar in enumerate(self.document.calendars):
            hours, exceptions = hours_texts(calendar.hours)
            self.add(
                CalendarHours,
                key=calendar.key,
                position=position,
                timezone=calendar.hours.zone,
                hours=hours,
                exceptions=exceptions,
            )
        for person in self.document.people:
            for absence in person.away:
                self.add(Absence, person_id=self.people[person.handle], from_s=absence.from_s, to_s=absence.to_s)

    def _person(self, handle: str | None) -> int | None:
        return None if handle is None else self.people[handle]

    def _task(self, planned: PlannedTask | PlannedGate, position: int) -> int:
        values: dict[str, Any] = {
            "ref": planned.ref,
            "title": planned.title,
            "phase": planned.phase,
            "stream": planned.stream,
            "position": position,
            "owner_id": self._person(planned.owner),
            "backup_id": self._person(planned.backup),
            "duration_s": planned.duration_s,
            "duration_low_s": planned.duration_low_s,
            "duration_high_s": planned.duration_high_s,
            "calendar": planned.calendar,
            "not_before_s": planned.not_before_s,
            "runs": planned.runs,
            "instructions": planned.instructions,
        }
        if isinstance(planned, PlannedGate):
            return self.add(Task, kind_of_task=TaskKind.GATE, deadline_s=planned.due_s, **values).id
        task = self.add(
            Task,
            kind_of_task=planned.kind,
            verifier_id=self._person(planned.verifier),
            deadline_s=planned.deadline_s,
            must_start_s=planned.must_start_s,
            must_finish_s=planned.must_finish_s,
            as_late_as_possible=planned.as_late_as_possible,
            backout=planned.backout,
            undoes=planned.undoes,
            undo=planned.undo,
            **values,
        )
        texts = [(StepKind.STEP, text) for text in planned.steps]
        texts += [(StepKind.VERIFICATION, text) for text in planned.verify]
        for number, (kind, text) in enumerate(texts, start=1):
            self.add(Step, task_id=task.id, position=number, kind_of_step=kind, text=text)
        return task.id

    def _links(self, ref: str, links: Iterable[PlannedLink]) -> None:
        for link in links:
            self.add(
                Link,
                predecessor_id=self.tasks[link.predecessor],
                successor_id=self.tasks[ref],
                link_type=link.type,
                lag_s=link.lag_s,
            )

    def _gate(self, planned: PlannedGate) -> None:
        gate = self.add(Gate, task_id=self.tasks[planned.ref], due_s=planned.due_s, quorum=planned.quorum)
        for position, seat in enumerate(planned.seats):
            self.add(Seat, gate_id=gate.id, position=position, title=seat.title, person_id=self.people[seat.person])
        for position, text in enumerate(planned.criteria):
            self.add(Criterion, gate_id=gate.id, position=position, text=text)


def bare_board(document: RunbookDocument) -> Board:
    """A Board of the plan alone, without a state file."""
    rows: defaultdict[str, dict[int, Row]] = defaultdict(dict)

    def insert(row_class: type[R], **values: Any) -> R:
        table = table_of(row_class)
        kept = rows[table.name]
        row = make(row_class, {**table.defaults, **values, "id": len(kept) + 1})
        kept[row.id] = row
        return row

    version = lay_out(document, insert)
    return Board(rows, seq=0, recorded_at=None, run_id=None, version_id=version.id, last_entries={})

"""A runbook document as rows: laid out into a state file by an action, or in memory for a bare runbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from warroom.board.board import Board
from warroom.board.calendars import hours_texts
from warroom.board.forecast import plan_of
from warroom.board.rota import shift_at
from warroom.board.rows import (
    Absence,
    CalendarHours,
    Criterion,
    Fact,
    Gate,
    Link,
    Party,
    Person,
    PersonKey,
    Phase,
    Plan,
    PlanVersion,
    Programme,
    Row,
    Seat,
    Step,
    Stream,
    Task,
)
from warroom.board.surroundings_from_runbook import (
    Insert,
    condition_values,
    lay_out_alerts,
    lay_out_controls,
    lay_out_rollback,
    lay_out_surroundings,
)
from warroom.runbook.document import PlannedGate, PlannedLink, PlannedTask, RunbookDocument
from warroom.runbook.shapes import ROLE_PREFIX
from warroom.store.codec import R, make, table_of
from warroom.vocabulary.words import RunKind, StepKind, TaskKind


def lay_out(document: RunbookDocument, insert: Insert, document_id: int | None = None) -> PlanVersion:
    """Insert the programme, its people and the first version of its plan."""
    programme = document.programme
    insert(
        Programme,
        key=programme.key,
        name=programme.name,
        platform=programme.platform,
        variant=programme.variant,
        timezone=programme.timezone,
    )
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
            quiet=person.quiet,
        ).id
        for person in document.people
    }
    for person in document.people:
        for key in person.keys:
            insert(
                PersonKey,
                person_id=people[person.handle],
                fingerprint=key.fingerprint,
                line=key.line,
                comment=key.comment or None,
            )
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
        time_box_s=document.rollback.time_box_s,
        progress_logic=document.progress,
        assurance_vote=document.assurance.vote,
        assurance_sign=document.assurance.sign,
        assurance_verify=document.assurance.verify,
        assurance_work=document.assurance.work,
    )
    _Layout(document, insert, people, version.id, _starts(document)).lay_out()
    return version


def _starts(document: RunbookDocument) -> Mapping[str, int]:
    """When each row of the main network is planned to start, seconds; empty if no role waits for that."""
    if not document.surroundings.rota:
        return {}
    unresolved = bare_board(replace(document, surroundings=replace(document.surroundings, rota=())))
    plan = plan_of(unresolved, RunKind.LIVE, unresolved.plan.window_start)
    return {key: plan.of(key).start for key in plan.network.keys}


class _Layout:
    """Lays out the rows of one plan version.

    Attributes:
        starts: planned starts by ref, for the roles that the rota turns into persons.
    """

    def __init__(
        self,
        document: RunbookDocument,
        insert: Insert,
        people: dict[str, int],
        version_id: int,
        starts: Mapping[str, int],
    ) -> None:
        self.document = document
        self.people = people
        self.starts = starts
        self.end = (document.window.end - document.window.start) // timedelta(seconds=1)
        self.tasks: dict[str, int] = {}

        def add(row_class: type[R], **values: Any) -> R:
            return insert(row_class, version_id=version_id, **values)

        self.add: Insert = add

    def lay_out(self) -> None:
        document = self.document
        self._calendars()
        lay_out_surroundings(document.surroundings, self.people, self.add)
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
        lay_out_rollback(document.rollback, self.people, self.add)
        lay_out_controls(document.controls, self.people, self.add)
        lay_out_alerts(document.alerts, self.add)

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

    def _who(self, column: str, who: str | None, ref: str) -> dict[str, Any]:
        """The columns of somebody that is named, or that is a role: who that is when `ref` is planned to start.

        What has no place in the plan, such as a back-out task, would be done at about the end of the window.
        """
        if who is None or not who.startswith(ROLE_PREFIX):
            return {f"{column}_id": self._person(who)}
        role = who.removeprefix(ROLE_PREFIX)
        shifts = [shift for shift in self.document.surroundings.rota if shift.role == role]
        on_shift = shift_at(shifts, self.starts.get(ref, self.end))
        return {f"{column}_id": None if on_shift is None else self.people[on_shift.who], f"{column}_role": role}

    def _task(self, planned: PlannedTask | PlannedGate, position: int) -> int:
        values: dict[str, Any] = {
            "ref": planned.ref,
            "title": planned.title,
            "phase": planned.phase,
            "stream": planned.stream,
            "position": position,
            **self._who("owner", planned.owner, planned.ref),
            **self._who("backup", planned.backup, planned.ref),
            "duration_s": planned.duration_s,
            "duration_low_s": planned.duration_low_s,
            "duration_high_s": planned.duration_high_s,
            "placeholder": planned.placeholder,
            "entity": planned.entity,
            "calendar": planned.calendar,
            "not_before_s": planned.not_before_s,
            "runs": planned.runs,
            "instructions": planned.instructions,
        }
        if isinstance(planned, PlannedGate):
            gate = self.add(Task, kind_of_task=TaskKind.GATE, deadline_s=planned.due_s, **values)
            self._facts(gate.id, planned)
            return gate.id
        requires = planned.requires
        task = self.add(
            Task,
            kind_of_task=planned.kind,
            **self._who("verifier", planned.verifier, planned.ref),
            deadline_s=planned.deadline_s,
            must_start_s=planned.must_start_s,
            must_finish_s=planned.must_finish_s,
            as_late_as_possible=planned.as_late_as_possible,
            backout=planned.backout,
            undoes=planned.undoes,
            undo=planned.undo,
            requires_of=() if requires is None else requires.of,
            requires_start=None if requires is None else requires.start,
            requires_finish=None if requires is None else requires.finish,
            environment=planned.environment,
            party=planned.party,
            communication=planned.communication,
            optional=planned.optional,
            splittable=planned.splittable,
            releases=planned.releases,
            failure_plan=planned.failure_plan,
            failure_decider_id=self._person(planned.failure_decider),
            flow=planned.flow,
            opens=tuple(word.value for word in planned.opens),
            **values,
        )
        self._facts(task.id, planned)
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

    def _facts(self, task_id: int, planned: PlannedTask | PlannedGate) -> None:
        for position, fact in enumerate(planned.facts):
            self.add(Fact, task_id=task_id, position=position, text=fact.text, source=fact.source)

    def _gate(self, planned: PlannedGate) -> None:
        gate = self.add(
            Gate,
            task_id=self.tasks[planned.ref],
            due_s=planned.due_s,
            quorum=planned.quorum,
            rule=planned.rule,
            vote_by_s=planned.vote_by_s,
            stage=planned.stage,
        )
        for position, seat in enumerate(planned.seats):
            holder = self._who("person", seat.person, planned.ref)
            self.add(
                Seat,
                gate_id=gate.id,
                position=position,
                title=seat.title,
                person_id=holder["person_id"],
                role=holder.get("person_role"),
                substitutes=seat.substitutes,
                chair=seat.chair,
                veto=seat.veto,
            )
        for position, criterion in enumerate(planned.criteria):
            self.add(
                Criterion,
                gate_id=gate.id,
                position=position,
                text=criterion.text,
                evaluator_id=self._person(criterion.evaluator),
                evidence=criterion.evidence,
                **condition_values(criterion.condition),
            )


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

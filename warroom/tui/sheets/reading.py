"""Reading what was written beside a task: times, steps, outcome, who; and the lines that record it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from warroom.board.rows import Person, Step
from warroom.rules.order import NOT_YET, why_too_early
from warroom.tui.doing.sheet_draft import Column, SheetDraft
from warroom.tui.picture.picture import Picture
from warroom.tui.scribe.names import people_meant
from warroom.tui.sheets.rows import SheetRow
from warroom.tui.sheets.times import time_written
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.sheet import SheetLine
from warroom.vocabulary.text import fault_of_text, one_line
from warroom.vocabulary.words import StepKind, TaskState

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {"done": "done", "failed": "fail", "skipped": "skip", "blocked": "block", "unblocked": "unblock"}
)
"""How a task stood in the end, as it is written, with the verb that records it; the first letter is enough."""

ALL = "all"

_NEEDS_REASON = ("fail", "skip", "block")
_WITHOUT_START = ("skip", "block", "unblock")
_PLACES = re.compile(r"[0-9]{1,4}(-[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Planned:
    """A line that will be recorded, and the column in which it is told why if it is refused."""

    column: Column
    line: SheetLine


@dataclass(slots=True)
class RowRead:
    """What stands beside one task, as far as it can be read.

    Attributes:
        times: known or written, UTC in run time.
        faults: what is wrong, by column; nothing of a row with faults is recorded.
        planned: what is recorded of it, in no order of time.
    """

    row: SheetRow
    times: dict[Column, datetime] = field(default_factory=dict)
    who: str = ""
    verb: str | None = None
    faults: dict[Column, str] = field(default_factory=dict)
    planned: tuple[Planned, ...] = ()


def read_rows(rows: Sequence[SheetRow], draft: SheetDraft, picture: Picture, now: datetime) -> tuple[RowRead, ...]:
    """The sheet as it is filled in so far. `now` is run time, UTC."""
    found: list[RowRead] = []
    above: datetime | None = None
    for row in rows:
        read = _read(row, draft, picture, now, above)
        above = max(read.times.values(), default=above)
        found.append(read)
    return tuple(found)


def in_order_of_time(read: Sequence[RowRead]) -> list[Planned]:
    """All that is recorded, as it happened: of what happened at once, first the end of what had begun before. What has
    no time is recorded as of now, and comes last."""

    def key(placed: tuple[int, RowRead, Planned]) -> tuple[datetime, bool, int]:
        place, row, planned = placed
        at = planned.line.at
        begins = Column.STARTED in row.times and row.times[Column.STARTED] == at
        return datetime.max.replace(tzinfo=UTC) if at is None else at, begins, place

    every = [(place, row, planned) for place, row in enumerate(read) for planned in row.planned]
    return [planned for _, _, planned in sorted(every, key=key)]


def _read(row: SheetRow, draft: SheetDraft, picture: Picture, now: datetime, above: datetime | None) -> RowRead:
    read = RowRead(row, times=dict(row.times), who=row.who)
    written = {column for column in row.asked if (row.task.id, column) in draft.typed}
    if not written:
        return read
    text = {column: draft.text((row.task.id, column)) for column in Column}
    _read_times(read, draft, picture, now, above)
    for column, reader in ((Column.OUTCOME, _outcome), (Column.WHO, _who)):
        if column in written:
            try:
                reader(read, text[column], picture)
            except BadInput as error:
                read.faults[column] = error.message
    if read.verb is None and Column.FINISHED in written:
        read.verb = "done"
    if (fault := fault_of_text(text[Column.NOTE])) is not None:
        read.faults[Column.NOTE] = f"the note {fault}"
    steps = _steps(read, text[Column.STEPS])
    _find_gaps(read, text, steps, written)
    if not read.faults:
        read.planned = tuple(_planned(read, text, steps, written, picture))
    return read


def _read_times(read: RowRead, draft: SheetDraft, picture: Picture, now: datetime, above: datetime | None) -> None:
    """Read the times of a row, each behind the one before it, and see that they follow each other."""
    task = read.row.task
    for column in (Column.STARTED, Column.FINISHED, Column.VERIFIED):
        typed = draft.typed.get((task.id, column))
        before = max((read.times[one] for one in _BEFORE[column] if one in read.times), default=None)
        if typed is None or column not in read.row.asked:
            continue
        # A start may lie before what stands above it: only a span counts from there.
        behind = (above if typed.text.strip().startswith("+") else None) if column is Column.STARTED else before
        try:
            at = time_written(typed, behind, picture)
        except (ValueError, OverflowError) as error:
            read.faults[column] = one_line(str(error), 200)
            continue
        known = {"started": read.times.get(Column.STARTED), "blocked": task.blocked_at}
        if column is Column.VERIFIED:
            known["executed"] = read.times.get(Column.FINISHED)
        fault = NOT_YET if at > now else None if column is Column.STARTED else why_too_early(task.ref, at, **known)
        if fault is not None:
            read.faults[column] = f"{picture.time(at)}: {fault}"
        read.times[column] = at


_BEFORE = {
    Column.STARTED: (),
    Column.FINISHED: (Column.STARTED,),
    Column.VERIFIED: (Column.STARTED, Column.FINISHED),
}


def _outcome(read: RowRead, text: str, _: Picture) -> None:
    found = [verb for word, verb in OUTCOMES.items() if word.startswith(text.lower())]
    if len(found) != 1:
        raise BadInput(f"{one_line(text, 20)} is none of {', '.join(OUTCOMES)}")
    read.verb = found[0]


def _who(read: RowRead, text: str, picture: Picture) -> None:
    everybody = picture.board.rows(Person).values()
    people = [person for person in everybody if _initials(person) == text.casefold()] or people_meant(
        picture.board, text
    )
    if len(people) != 1:
        names = ", ".join(one_line(person.handle, 20) for person in people[:6])
        raise BadInput(f"{one_line(text, 30)} may be {names}" if people else f"nobody is called {one_line(text, 30)}")
    read.who = people[0].handle


def _initials(person: Person) -> str:
    return "".join(part[0] for part in person.name.casefold().split())


def _steps(read: RowRead, text: str) -> tuple[Step, ...]:
    """The steps that are said to be ticked."""
    row = read.row
    if not text or Column.STEPS not in row.asked:
        return ()
    if ALL.startswith(text.lower()):
        return tuple(step for step in row.steps if _is_due(read, step))
    places: list[int] = []
    for word in text.replace(",", " ").split():
        if not _PLACES.fullmatch(word):
            read.faults[Column.STEPS] = f"{one_line(word, 20)} is no step: all, or numbers such as 1 2 or 1-3"
            return ()
        first, _, last = word.partition("-")
        places += range(int(first), int(last or first) + 1)
    by_place = {step.position: step for step in row.steps}
    if odd := next((place for place in places if place not in by_place), None):
        read.faults[Column.STEPS] = f"{row.task.ref}.{odd} is no open step: {_named(row.steps)}"
        return ()
    return tuple(by_place[place] for place in dict.fromkeys(places))


def _is_due(read: RowRead, step: Step) -> bool:
    """Whether all steps hold it: those of the verification only once that is written too."""
    return not _checks(read.row, step) or Column.VERIFIED in read.times


def _checks(row: SheetRow, step: Step) -> bool:
    return row.verifier is not None and step.kind_of_step is StepKind.VERIFICATION


def _named(steps: Sequence[Step]) -> str:
    return " ".join(str(step.position) for step in steps)


def _find_gaps(read: RowRead, text: Mapping[Column, str], steps: Sequence[Step], written: set[Column]) -> None:
    """What must be written too before anything of the row can be recorded."""
    row, verb = read.row, read.verb
    gaps: dict[Column, str] = {}
    if verb in _NEEDS_REASON and not text[Column.NOTE]:
        gaps[Column.NOTE] = "why? the reason goes here"
    if verb is not None and verb != "skip" and not text[Column.FINISHED]:
        gaps[Column.FINISHED] = "when? the time is missing"
    if verb not in (None, *_WITHOUT_START) and Column.STARTED not in read.times:
        gaps[Column.STARTED] = "when did it start?"
    left = [step for step in row.steps if step not in steps]
    if verb == "done" and (open_steps := [step for step in left if not _checks(row, step)]):
        gaps[Column.STEPS] = f"steps are open: {_named(open_steps)} (all, or their numbers)"
    if Column.VERIFIED in written:
        if not row.checks and Column.FINISHED not in read.times:
            gaps[Column.FINISHED] = "when was it done?"
        if open_checks := [step for step in left if _checks(row, step)]:
            gaps[Column.STEPS] = f"verification steps are open: {_named(open_checks)} (all, or their numbers)"
    elif any(_checks(row, step) for step in steps):
        gaps[Column.VERIFIED] = "when was it verified? steps of the verification are ticked"
    if written <= {Column.WHO}:
        gaps[Column.WHO] = "who did what? nothing else is written"
    if row.task.state is TaskState.BLOCKED and verb == "done":
        gaps[Column.FINISHED] = f"{row.task.ref} is blocked: first say that it is unblocked, and record that"
    for column, fault in gaps.items():
        read.faults.setdefault(column, fault)


def _planned(
    read: RowRead, text: Mapping[Column, str], steps: Sequence[Step], written: set[Column], picture: Picture
) -> Iterator[Planned]:
    """The lines of a row without faults. The note goes with the end of the task, else with its begin, else alone."""
    row = read.row
    seen = picture.board.last_entry(row.task.ref)
    note = text[Column.NOTE] or None

    def line(column: Column, verb: str, *, note: str | None = None, positions: Sequence[Step] = ()) -> Planned:
        checking = column is Column.VERIFIED
        return Planned(
            column if not positions else Column.STEPS,
            SheetLine(
                0,
                row.task.ref,
                verb,
                row.verifier if checking else read.who,
                read.times.get(column) if column is not Column.NOTE else None,
                note,
                tuple(step.position for step in positions),
                seen,
            ),
        )

    ends, verifies, begins = read.verb is not None, Column.VERIFIED in written, Column.STARTED in written
    if begins:
        yield line(Column.STARTED, "start", note=None if ends or verifies else note)
    if ticked := [step for step in steps if not _checks(row, step)]:
        yield line(Column.FINISHED if ends else Column.STEPS, "tick", positions=ticked)
    if read.verb is not None:
        yield line(Column.FINISHED, read.verb, note=note)
    if checked := [step for step in steps if _checks(row, step)]:
        yield line(Column.VERIFIED, "tick", positions=checked)
    if verifies:
        yield line(Column.VERIFIED, "verify", note=None if ends else note)
    if note is not None and not (ends or verifies or begins):
        yield line(Column.NOTE, "note", note=note)

"""Random networks for the schedule's property tests: small, dense, with every kind of progress."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from warroom.schedule.calendars import Calendar
from warroom.schedule.network import Activity, Link, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule
from warroom.vocabulary.words import LinkType

DATA_DATE = 100

INSTANTS = st.integers(-50, 250)

calendars = st.builds(
    Calendar,
    st.lists(
        st.tuples(st.integers(-120, 600), st.integers(1, 60)).map(lambda drawn: (drawn[0], sum(drawn))), max_size=12
    ),
    st.just((-100, 600)),
)


@dataclass(frozen=True)
class Case:
    """Everything that a schedule is made of."""

    activities: tuple[Activity, ...]
    links: tuple[Link, ...]
    plan_start: int
    data_date: int | None
    ends_with: str | None
    anchor: int | None
    progress_override: bool = False

    def network(self) -> Network:
        return Network(self.activities, self.links)

    def schedule(self) -> Schedule:
        return schedule(
            self.network(),
            plan_start=self.plan_start,
            data_date=self.data_date,
            ends_with=self.ends_with,
            anchor=self.anchor,
            progress_override=self.progress_override,
        )


@st.composite
def activities(
    draw: st.DrawFn, key: str, *, moved: bool, deadlines: bool, working: bool = False, waiting: bool = False
) -> Activity:
    """One activity.

    `moved`: with any progress. `deadlines`: with constraints on late dates too. `working`: maybe with a calendar.
    `waiting`: maybe as late as possible.
    """
    duration = draw(st.integers(0, 60))
    maybe = st.none() | st.none() | INSTANTS
    not_before = draw(st.none() | INSTANTS)
    deadline, must_start, must_finish = draw(
        st.tuples(st.none() | INSTANTS, maybe, maybe) if deadlines else st.just((None, None, None))
    )
    calendar = draw(st.none() | calendars) if working else None
    late = waiting and draw(st.booleans())
    progress = draw(st.sampled_from(Progress)) if moved else Progress.OPEN
    if progress is Progress.OPEN:
        return Activity(
            key,
            duration,
            not_before,
            deadline,
            must_start=must_start,
            must_finish=must_finish,
            as_late_as_possible=late,
            calendar=calendar,
        )
    start = draw(st.integers(-50, DATA_DATE))
    begun = progress in (Progress.RUNNING, Progress.FINISHED) or draw(st.booleans())
    ended = progress is Progress.FINISHED or (progress is Progress.SKIPPED and draw(st.booleans()))
    return Activity(
        key,
        duration,
        not_before,
        deadline,
        progress,
        actual_start=start if begun else None,
        actual_finish=draw(st.integers(start, DATA_DATE)) if ended else None,
        eta=draw(st.none() | INSTANTS),
        blocked_since=draw(st.none() | st.integers(start, DATA_DATE)) if progress is Progress.BLOCKED else None,
        must_start=must_start,
        must_finish=must_finish,
        as_late_as_possible=late,
        calendar=calendar,
    )


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    moved: bool = True,
    deadlines: bool = True,
    types: bool = True,
    working: bool = False,
    waiting: bool = False,
    override: bool = False,
) -> Case:
    """A case of one to eight activities; links run from earlier to later ones, so that none is a cycle."""
    keys = "ABCDEFGH"[: draw(st.integers(1, 8))]
    chosen = tuple(
        draw(activities(key, moved=moved, deadlines=deadlines, working=working, waiting=waiting)) for key in keys
    )
    pairs = [(before, after) for before in keys for after in keys if before < after]
    drawn = draw(st.lists(st.sampled_from(pairs), max_size=14)) if pairs else []
    link_types = st.just(LinkType.FINISH_START) | st.sampled_from(LinkType) if types else st.just(LinkType.FINISH_START)
    return Case(
        activities=chosen,
        links=tuple(
            Link(before, after, draw(st.just(0) | st.integers(-40, 60)), draw(link_types)) for before, after in drawn
        ),
        plan_start=draw(st.integers(-60, 120)),
        data_date=draw(st.sampled_from([None, DATA_DATE])) if moved else None,
        ends_with=draw(st.none() | st.sampled_from(keys)),
        anchor=draw(st.none() | st.integers(0, 500)),
        progress_override=override and draw(st.booleans()),
    )

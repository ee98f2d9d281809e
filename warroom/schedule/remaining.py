"""What is left to do of an activity that has moved on from merely being open."""

from __future__ import annotations

from typing import NamedTuple

from warroom.schedule.network import Activity, Progress


class Remaining(NamedTuple):
    """How the rest of an activity is expected to go.

    Attributes:
        finish: when it is expected to finish.
        work: seconds that must still pass between the moment its predecessors let it go on and its finish.
        guess: whether that rests on a guess of its own.
    """

    finish: int
    work: int
    guess: bool


def remaining(activity: Activity, *, now: int, resume: int) -> Remaining:
    """The rest of a running, blocked or failed activity (DESIGN sections 4 and 8, "Forecast rules").

    `now` is the data date, or the activity's own start where that is later; `resume` is when its predecessors
    let it go on, never before `now`.

    - Running: it needs what its duration leaves. Past its duration its forecast is only `now`, a guess.
    - Blocked: it is taken to go on at `resume` with what it had left when it stopped, a guess.
    - Failed: it is taken to be done again from `resume` on with its whole duration, a guess.
    - An ETA replaces the guess of the first two for as long as it lies ahead. It is a promise about the
      activity's own work: predecessors that are still open can hold the finish beyond it, and then what is
      left to do is the lesser of what the ETA and what the duration leave.
    """
    duration = activity.duration
    if activity.progress is Progress.FAILED:
        return Remaining(resume + duration, duration, guess=True)

    blocked = activity.progress is Progress.BLOCKED
    work = duration
    overrun = False
    if activity.actual_start is not None:
        stopped = activity.blocked_since if blocked and activity.blocked_since is not None else now
        worked = max(0, stopped - activity.actual_start)
        work = max(0, duration - worked)
        overrun = worked > duration
    if activity.eta is None:
        return Remaining(resume + work, work, guess=blocked or overrun)
    work = min(work, max(0, activity.eta - now))
    return Remaining(max(activity.eta, resume + work), work, guess=activity.eta < now)

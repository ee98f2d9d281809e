"""What is left to do of an activity that has moved on from merely being open."""

from __future__ import annotations

from typing import NamedTuple

from warroom.schedule.calendars import elapsed
from warroom.schedule.network import FAR, Activity, Progress


class Remaining(NamedTuple):
    """How the rest of an activity is expected to go.

    It goes on when its predecessors let it, takes `work`, and is not finished before `promise`.

    Attributes:
        work: seconds of its duration that are left, in its working time.
        promise: the finish that was promised; `-FAR` if none was, or if it no longer counts.
        guess: whether that rests on a guess of its own.
    """

    work: int
    promise: int
    guess: bool


def worked(activity: Activity, now: int) -> int:
    """Seconds, in its working time, for which an activity had been at work by `now`; 0 before it has begun.

    A blocked one was at work until it came to a stop. A failed one begins anew.
    """
    if activity.actual_start is None or activity.progress is Progress.FAILED:
        return 0
    until = now
    if activity.progress is Progress.BLOCKED and activity.blocked_since is not None:
        until = activity.blocked_since
    return max(0, elapsed(activity.calendar, activity.actual_start, until))


def remaining(activity: Activity, now: int) -> Remaining:
    """The rest of a running, blocked or failed activity (DESIGN sections 4 and 8, "Forecast rules").

    `now` is the data date, or the activity's own start where that is later.

    - Running: it needs what its duration leaves. Past its duration its forecast is only `now`, a guess.
    - Blocked: it is taken to go on at once, or when that was promised, with what it had left when it stopped, a guess.
    - Failed: it is taken to be done again at once with its whole duration, a guess.
    - An ETA replaces the guess of the first two for as long as it lies ahead. It is a promise about the
      activity's own work: predecessors that are still open can hold the finish beyond it, and then what is
      left to do is the lesser of what the ETA and what the duration leave.
    """
    duration = activity.duration
    if activity.progress is Progress.FAILED:
        return Remaining(duration, -FAR, guess=True)

    done = worked(activity, now)
    work = max(0, duration - done)
    if activity.eta is None:
        return Remaining(work, -FAR, guess=activity.progress is Progress.BLOCKED or done > duration)
    work = min(work, max(0, elapsed(activity.calendar, now, activity.eta)))
    return Remaining(work, activity.eta, guess=activity.eta < now)

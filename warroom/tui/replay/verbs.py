"""What the actions of a replay do. They move about in the past, and change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from difflib import get_close_matches

from warroom.clock.times import parse_time
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.text import one_line

Submit = Callable[[Answers], Awaitable[None]]


async def look_back(screen: Stand, _: str) -> None:
    try:
        await screen.console.look_back()
    except WarroomError as error:
        screen.console.complain(error)


def live(screen: Stand, _: str) -> None:
    screen.console.return_to_live()


def play(screen: Stand, _: str) -> None:
    _past(screen).toggle()
    screen.console.refresh_picture()


def earlier_entry(screen: Stand, _: str) -> None:
    _step(screen, -1)


def later_entry(screen: Stand, _: str) -> None:
    _step(screen, 1)


def earlier_mark(screen: Stand, _: str) -> None:
    _go_to_mark(screen, -1)


def later_mark(screen: Stand, _: str) -> None:
    _go_to_mark(screen, 1)


def faster(screen: Stand, _: str) -> None:
    _change_speed(screen, 1)


def slower(screen: Stand, _: str) -> None:
    _change_speed(screen, -1)


def begin(screen: Stand, _: str) -> None:
    screen.console.go_to_instant(_past(screen).replay.begin)


def end(screen: Stand, _: str) -> None:
    screen.console.go_to_instant(_past(screen).replay.end)


def ask_time(screen: Stand, _: str) -> None:
    """Ask for an instant; a bare clock time is the last one that the replay has."""

    def preview(text: str) -> str:
        try:
            instant = _instant(screen, text)
        except ValueError:
            return ""
        replay = _past(screen).replay
        shown = min(max(instant, replay.begin), replay.end)
        where = "" if shown == instant else ", where the run begins" if shown > instant else ", where the replay ends"
        return f"= {screen.picture.time(shown)}{where}"

    async def submit(answers: Answers) -> None:
        try:
            instant = _instant(screen, answers["time"])
        except ValueError as error:
            raise BadInput(str(error), hint='such as 02:40, "Sat 02:40" or T+5h') from None
        screen.console.go_to_instant(instant)

    field = Field("time", "02:40, Sat 02:40, T+5h", required=True, preview=preview)
    _ask(screen, "Jump to a time", field, submit)


def ask_task(screen: Stand, _: str) -> None:
    """Ask for a task, and go to the next entry about it; no answer means the one that is selected."""
    selected = screen.selected

    def preview(text: str) -> str:
        task = screen.picture.board.task(_ref(screen, text))
        return "" if task is None else f"= {one_line(task.ref, 20)} {one_line(task.title, 60)}"

    async def submit(answers: Answers) -> None:
        typed = answers["task"]
        if not typed and selected is None:
            raise BadInput("a task is wanted", hint="type its reference, such as one of the timeline")
        ref = _ref(screen, typed) if typed or selected is None else selected.ref
        past, board = _past(screen), screen.picture.board
        if board.task(ref) is None:
            near = get_close_matches(ref, [task.ref for task in board.tasks], n=1, cutoff=0.5)
            raise BadInput(f"there is no task {one_line(ref, 40)}", hint=f"did you mean {near[0]}?" if near else None)
        if not past.replay.seek_subject(ref):
            raise BadInput(f"nothing was written about {ref} in this run")
        past.playing = False
        screen.console.refresh_picture()
        _select(screen, ref)

    hint = "its reference" if selected is None else f"its reference; empty: {one_line(selected.ref, 20)}"
    _ask(screen, "Jump to what is next about a task", Field("task", hint, preview=preview), submit)


def _ask(screen: Stand, title: str, field: Field, submit: Submit) -> None:
    screen.app.push_screen(Prompt(title, [field], submit, screen.console.complain))


def _ref(screen: Stand, text: str) -> str:
    """The reference that was typed, in whichever case."""
    wanted = text.strip()
    if screen.picture.board.task(wanted) is not None:
        return wanted
    same = (task.ref for task in screen.picture.board.tasks if task.ref.lower() == wanted.lower())
    return next(same, wanted)


def _instant(screen: Stand, text: str) -> datetime:
    picture, replay = screen.picture, _past(screen).replay
    zone, origin = picture.zone.key, picture.forecast.origin
    return parse_time(text, zone=zone, window_start=origin, near=replay.end, prefer="past").astimezone(UTC)


def _step(screen: Stand, entries: int) -> None:
    _past(screen).step(entries)
    screen.console.refresh_picture()


def _go_to_mark(screen: Stand, by: int) -> None:
    mark = _past(screen).go_to_mark(by)
    if mark is None:
        screen.console.notify(f"there is none {'after' if by > 0 else 'before'} this instant", title="Marks")
        return
    screen.console.refresh_picture()
    _select(screen, mark.subject)


def _change_speed(screen: Stand, faster: int) -> None:
    _past(screen).change_speed(faster)
    screen.beat()


def _select(screen: Stand, ref: str) -> None:
    """Put the cursor of the timeline, if there is one, on a task."""
    timeline = screen.query(Timeline)
    if timeline and screen.picture.board.task(ref) is not None:
        timeline.first().go_to(ref)


def _past(screen: Stand) -> LookingBack:
    past = screen.console.past
    assert past is not None
    return past

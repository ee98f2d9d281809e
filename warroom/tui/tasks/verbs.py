"""What each action of the console does. Changes go through the host; where words are needed, a prompt asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from warroom.board.rows import Party
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import REASON, Asked, ask_reason, time_field
from warroom.tui.doing.leaving import Leaving
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import future, parse_progress
from warroom.tui.drawing.picked import OnPart
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Result, RunKind

# --- tasks -----------------------------------------------------------------------------------------------------------


async def start(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("task.start")


async def confirm(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("task.confirm")


async def done(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("task.done")


async def verify(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("task.verify")


def done_with_result(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("task.done", result=Result(answers["result"]), note=answers["note"] or None)

    choices = tuple(result.value for result in Result)
    asked.ask(
        "Done",
        [Field("result", "how did it end", choices=choices), Field("note", "for the record, may stay empty")],
        submit,
    )


def block(screen: Stand, _: str) -> None:
    """Ask why; for what it waits may stay empty, so that enter after the reason is enough."""
    asked, console = Asked(screen), screen.console

    def instant(text: str) -> datetime | None:
        return future(text, console.run_time(), screen.picture) if text else None

    async def submit(answers: Answers) -> None:
        said = {
            "on": answers["on"] or None,
            "ticket": answers["ticket"] or None,
            "promise": instant(answers["promised"]),
            "chase": instant(answers["chase"]),
        }
        known = {name: value for name, value in said.items() if value is not None}
        await asked.act("task.block", reason=answers["reason"], **known)

    parties = ", ".join(one_line(party.key, 20) for party in screen.picture.board.rows(Party).values())
    fields = [
        REASON,
        Field("on", f"a handle, the number of a problem{f', or {parties}' if parties else ''}; may stay empty"),
        Field("ticket", "by what name they know of it"),
        time_field("promised", "until when: 45m, 2:40", screen),
        time_field("chase", "ask again: 30m, 2:10", screen),
    ]
    asked.ask("Blocked", fields, submit)


def skip(screen: Stand, _: str) -> None:
    ask_reason(screen, "Skip", "task.skip")


def fail(screen: Stand, _: str) -> None:
    ask_reason(screen, "Failed", "task.fail")


async def unblock(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("task.unblock")


def eta(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        instant = future(answers["finished"], screen.console.run_time(), screen.picture)
        await asked.act("task.eta", eta=instant, reason=answers["reason"])

    fields = [time_field("finished", "+15, 45m, 2:40; the reason may follow", screen, required=True), REASON]
    asked.ask("New ETA", fields, submit)


def progress(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        done_units, total, unit = parse_progress(answers["done"])
        await asked.act("task.progress", done=done_units, total=total, unit=unit)

    asked.ask("Progress", [Field("done", "412000/1200000 rows", required=True)], submit)


def note(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("task.note", text=answers["note"])

    asked.ask("Note", [Field("note", "what should be known", required=True)], submit)


# --- steps -----------------------------------------------------------------------------------------------------------


async def tick(screen: Stand, _: str) -> None:
    step = when.step_in_turn(screen.context())
    if step is not None:
        verb = "step.tick" if step.ticked_at is None else "step.untick"
        await Asked(screen).act_or_complain(verb, positions=[step.position])


async def tick_number(screen: Stand, key: str) -> None:
    asked = Asked(screen)
    steps = screen.picture.board.steps(asked.task.id)
    step = next((step for step in steps if step.position == int(key)), None)
    if step is None:
        screen.console.complain(BadInput(f"{asked.task.ref} has no step {key}", hint=f"it has {len(steps)}"))
        return
    verb = "step.tick" if step.ticked_at is None else "step.untick"
    await asked.act_or_complain(verb, positions=[step.position])


def tick_with_evidence(screen: Stand, _: str) -> None:
    step = when.step_in_turn(screen.context())
    if step is None:
        return
    asked, position = Asked(screen), step.position

    async def submit(answers: Answers) -> None:
        await asked.act("step.tick", positions=[position], evidence=answers["evidence"])

    files = screen.picture.key("evidence.add")
    field = Field("evidence", f"number, text or link; outside of this, {files} attaches a file", required=True)
    asked.ask(f"Step {position}, {one_line(step.text, 40)}", [field], submit)


# --- shifts ----------------------------------------------------------------------------------------------------------


async def accept_shift(screen: Stand, _: str) -> None:
    try:
        await screen.console.act("handover.accept")
    except WarroomError as error:
        screen.console.complain(error)


# --- moving about ----------------------------------------------------------------------------------------------------


def details(screen: Stand, _: str) -> None:
    screen.open_selected()


def up(screen: Stand, _: str) -> None:
    screen.pane.move(-1)


def down(screen: Stand, _: str) -> None:
    screen.pane.move(1)


def page_up(screen: Stand, _: str) -> None:
    screen.pane.move_page(-1)


def page_down(screen: Stand, _: str) -> None:
    screen.pane.move_page(1)


def first(screen: Stand, _: str) -> None:
    screen.pane.move_to_edge(last=False)


def last(screen: Stand, _: str) -> None:
    screen.pane.move_to_edge(last=True)


def turn_before(screen: Stand, _: str) -> None:
    screen.turn(-1)


def turn_after(screen: Stand, _: str) -> None:
    screen.turn(1)


def pane_left(screen: Stand, _: str) -> None:
    screen.pane.move_aside(-1)


def pane_right(screen: Stand, _: str) -> None:
    screen.pane.move_aside(1)


def only_this(screen: Stand, _: str) -> None:
    screen.turn(1)


def turn_owners(screen: Stand, _: str) -> None:
    screen.turn(1)


def open_gate(screen: Stand, _: str) -> None:
    context = screen.context()
    ref = context.task.ref if context.task is not None and when.on_a_gate(context) else None
    screen.console.show_beside("gate", ref)


def open_controls(screen: Stand, _: str) -> None:
    picked = screen.context().picked
    screen.console.show_beside("controls", picked.key if isinstance(picked, OnPart) else None)


def open_backout(screen: Stand, _: str) -> None:
    screen.console.show_beside("back-out")


def open_alerts(screen: Stand, _: str) -> None:
    screen.console.show_beside("alerts")


def open_owners(screen: Stand, _: str) -> None:
    screen.console.show_beside("owners")


def open_network(screen: Stand, _: str) -> None:
    """Around the selected task."""
    task = screen.selected
    screen.console.show_beside("network", None if task is None else task.ref)


def open_people(screen: Stand, _: str) -> None:
    """On the owner of the selected task."""
    task = screen.selected
    owner = None if task is None else screen.picture.board.handle(task.owner_id)
    screen.console.show_beside("people", owner)


def open_log(screen: Stand, _: str) -> None:
    screen.console.show_beside("log")


def open_handover(screen: Stand, _: str) -> None:
    screen.console.show_beside("handover")


def open_search(screen: Stand, _: str) -> None:
    screen.console.show_beside("search")


def open_scribe(screen: Stand, _: str) -> None:
    screen.console.show_beside("scribe")


def open_journal(screen: Stand, _: str) -> None:
    """Of all tasks; from the screen of one task, its own."""
    task = screen.selected
    screen.console.show_beside("journal", task.ref if task is not None and screen.SCREEN_NAME == "task" else None)


def open_confidence(screen: Stand, _: str) -> None:
    screen.console.show_beside("confidence")


def open_plots(screen: Stand, _: str) -> None:
    screen.console.show_beside("plots")


def turn_density(screen: Stand, _: str) -> None:
    screen.console.turn_density()


def open_connected(screen: Stand, _: str) -> None:
    screen.console.show_beside("connected")


def open_what_if(screen: Stand, _: str) -> None:
    task = screen.selected
    screen.console.show_beside("what-if", None if task is None else task.ref)


def take_key(screen: Stand, key: str) -> None:
    screen.take_key(key)


def taking_key(key: str) -> Callable[[Stand, str], None]:
    """What does on a screen that takes keys what `key` does, whichever other key a person gave to it."""
    return lambda screen, _: screen.take_key(key)


def next_pane(screen: Stand, _: str) -> None:
    screen.focus_next()


def previous_pane(screen: Stand, _: str) -> None:
    screen.focus_previous()


def show_help(screen: Stand, _: str) -> None:
    screen.console.show_help()


def palette(screen: Stand, _: str) -> None:
    screen.app.action_command_palette()


def back(screen: Stand, _: str) -> None:
    if screen.leave_one_level():
        return
    if screen.can_go_back:
        screen.go_back()
    else:
        screen.console.return_to_live()


def leave(screen: Stand, key: str) -> None:
    """Leave at once; after a second key while a live run is open and this console takes part in it, or something that
    was typed would be lost."""
    console = screen.console
    run, count = console.live.board.run, console.sheets.unrecorded
    live = run is not None and run.closed_at is None and run.kind_of_run is RunKind.LIVE
    live = live and console.why_read_only is None
    if key == "ctrl+q" or not (live or count):
        screen.app.exit()
        return
    typed = f"{count} cell{'' if count == 1 else 's'}"
    said = [f"What is typed in {typed} of run sheets is not recorded, and is lost then."] if count else []
    if live and run is not None:
        name = "" if run.name == "live" else f" {one_line(run.name, 60)}"
        said.insert(0, f"The live run{name} goes on without this console, and so do its clocks.")
    title = "Leave while the cutover is live?" if live else "Leave with what is not recorded?"

    def chosen(leaves: bool | None) -> None:
        if leaves:
            screen.app.exit()

    screen.app.push_screen(Leaving(title, " ".join(said)), chosen)

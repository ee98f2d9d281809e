"""What each action of the console does. Changes go through the host; where words are needed, a prompt asks for them."""

from __future__ import annotations

from datetime import datetime

from warroom.board.rows import Entity, Party
from warroom.tui import context as when
from warroom.tui.asked import REASON, Asked, ask_reason
from warroom.tui.prompt import Answers, Field
from warroom.tui.stand import Stand
from warroom.tui.typed import parse_eta, parse_progress, preview_eta
from warroom.tui.widgets.timeline import Timeline
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AfterNoGo, Result, Verdict, VoteChoice

CHOOSE = "← → or its first letter"


# --- tasks -----------------------------------------------------------------------------------------------------------


async def start(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("task.start")


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
        return read_eta(text, screen) if text else None

    async def submit(answers: Answers) -> None:
        said = {
            "on": answers["on"] or None,
            "ticket": answers["ticket"] or None,
            "promise": instant(answers["promised"]),
            "chase": instant(answers["chase"]),
        }
        known = {name: value for name, value in said.items() if value is not None}
        await asked.act("task.block", reason=answers["reason"], **known)

    def preview(text: str) -> str:
        return preview_eta(text, console.run_time(), screen.picture)

    parties = ", ".join(one_line(party.key, 20) for party in screen.picture.board.rows(Party).values())
    fields = [
        REASON,
        Field("on", f"a handle, the number of a problem{f', or {parties}' if parties else ''}; may stay empty"),
        Field("ticket", "by what name they know of it"),
        Field("promised", "until when: 45m, 2:40", preview=preview),
        Field("chase", "ask again: 30m, 2:10", preview=preview),
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
    console = screen.console

    async def submit(answers: Answers) -> None:
        await asked.act("task.eta", eta=read_eta(answers["finished"], screen), reason=answers["reason"])

    fields = [
        Field(
            "finished",
            "+15, 45m, 2:40",
            required=True,
            preview=lambda text: preview_eta(text, console.run_time(), screen.picture),
        ),
        REASON,
    ]
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


def read_eta(text: str, screen: Stand) -> datetime:
    """The instant (UTC, run time) that was typed.

    Raises:
        BadInput: it is none.
    """
    try:
        return parse_eta(text, screen.console.run_time(), screen.picture)
    except ValueError as error:
        raise BadInput(str(error), hint="such as +15, 45m, 2:40 or Sat 02:40") from None


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

    field = Field("evidence", "number, text, link or path of a file", required=True)
    asked.ask(f"Step {position}, {one_line(step.text, 40)}", [field], submit)


# --- gates -----------------------------------------------------------------------------------------------------------


def vote(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("gate.vote", choice=VoteChoice(answers["vote"]), reason=answers["reason"] or None)

    choices = tuple(choice.value for choice in VoteChoice)
    asked.ask(
        "Vote",
        [
            Field("vote", CHOOSE, required=True, choices=choices, at_once=(VoteChoice.GO.value,)),
            Field("reason", "needed unless it is a go"),
        ],
        submit,
    )


def decide(screen: Stand, _: str) -> None:
    """A no-go also says what follows; where the programme has entities, a verdict may be about some of them."""
    asked, console = Asked(screen), screen.console
    entities = sorted(screen.picture.board.rows(Entity).values(), key=lambda entity: entity.position)

    async def submit(answers: Answers) -> None:
        verdict, known = Verdict(answers["verdict"]), console.odds.known
        then, retry_at = _after_no_go(answers, screen) if verdict is Verdict.NO_GO else (None, None)
        await asked.act(
            "gate.decide",
            verdict=verdict,
            reason=answers["reason"],
            entities=answers.get("entities", "").replace(",", " ").split(),
            then=then,
            retry_at=retry_at,
            confidence=None if known is None else known.per_cent,
        )

    fields = [
        Field("verdict", CHOOSE, required=True, choices=tuple(verdict.value for verdict in Verdict)),
        REASON,
        Field("then", "after a no-go", choices=tuple(then.value for then in AfterNoGo)),
        Field("retry", "45m, 2:40", preview=lambda text: preview_eta(text, console.run_time(), screen.picture)),
    ]
    if entities:
        fields.append(Field("entities", f"empty: all of {', '.join(one_line(one.key, 12) for one in entities)}"))
    asked.ask("Decide", fields, submit)


def _after_no_go(answers: Answers, screen: Stand) -> tuple[AfterNoGo, datetime | None]:
    """What follows a no-go, and when it is decided again (run time, UTC).

    Raises:
        BadInput: the time is none.
    """
    if not answers["retry"]:
        return AfterNoGo(answers["then"]), None
    return AfterNoGo.RETRY, read_eta(answers["retry"], screen)


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


def earlier(screen: Stand, _: str) -> None:
    _timeline(screen).pan(-1)


def later(screen: Stand, _: str) -> None:
    _timeline(screen).pan(1)


def nearer(screen: Stand, _: str) -> None:
    _timeline(screen).zoom(1)


def wider(screen: Stand, _: str) -> None:
    _timeline(screen).zoom(-1)


def follow(screen: Stand, _: str) -> None:
    _timeline(screen).follow()


def _timeline(screen: Stand) -> Timeline:
    return screen.query_one(Timeline)


def gate_before(screen: Stand, _: str) -> None:
    screen.turn(-1)


def gate_after(screen: Stand, _: str) -> None:
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


def open_alerts(screen: Stand, _: str) -> None:
    screen.console.show_beside("alerts")


def open_owners(screen: Stand, _: str) -> None:
    screen.console.show_beside("owners")


def open_scribe(screen: Stand, _: str) -> None:
    screen.console.show_beside("scribe")


def open_journal(screen: Stand, _: str) -> None:
    """Of all tasks; from the screen of one task, its own."""
    task = screen.selected
    screen.console.show_beside("journal", task.ref if task is not None and screen.SCREEN_NAME == "task" else None)


def open_confidence(screen: Stand, _: str) -> None:
    screen.console.show_beside("confidence")


def open_what_if(screen: Stand, _: str) -> None:
    task = screen.selected
    screen.console.show_beside("what-if", None if task is None else task.ref)


def take_key(screen: Stand, key: str) -> None:
    screen.take_key(key)


def next_pane(screen: Stand, _: str) -> None:
    screen.focus_next()


def previous_pane(screen: Stand, _: str) -> None:
    screen.focus_previous()


def show_help(screen: Stand, _: str) -> None:
    screen.console.show_help()


def palette(screen: Stand, _: str) -> None:
    screen.app.action_command_palette()


def back(screen: Stand, _: str) -> None:
    if screen.can_go_back:
        screen.go_back()
    else:
        screen.console.return_to_live()


def leave(screen: Stand, _: str) -> None:
    screen.app.exit()

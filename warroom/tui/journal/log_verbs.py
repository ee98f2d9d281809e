"""The log of the night: writing down problems, decisions and paper documents, and what becomes of them."""

from __future__ import annotations

from datetime import datetime

from warroom.board.rows import AdHocDecision, PaperDocument, Problem
from warroom.rules import permissions
from warroom.rules.problems import SEVERITIES
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import REASON, About, person_field, time_field
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import future
from warroom.tui.drawing.picked import OnLogged
from warroom.tui.journal.log_texts import logged
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ProblemStatus

_SEVERITIES = tuple(map(str, SEVERITIES))
SOLVED, ACCEPTED = "solved", "lived with"
KEEP = "as it is"


def can_log(context: Context) -> Reason:
    """Whether the person may write into the log."""
    return when.can_undo(context) or permissions.may_log(context.actor)


def on_paper(context: Context) -> bool:
    return isinstance(_logged(context), PaperDocument)


def can_change(context: Context) -> Reason:
    """Whether an open problem is selected that the person may change."""
    if (reason := can_log(context)) is not None:
        return reason
    found = _logged(context)
    if not isinstance(found, Problem):
        return "stand on a problem"
    return None if found.status is ProblemStatus.OPEN else f"problem {found.number} is {found.status.value}"


def can_reopen(context: Context) -> Reason:
    """Whether a closed problem is selected that the person may reopen."""
    if (reason := can_log(context)) is not None:
        return reason
    found = _logged(context)
    if not isinstance(found, Problem):
        return "stand on a problem"
    return f"problem {found.number} is open" if found.status is ProblemStatus.OPEN else None


def can_enter(context: Context) -> Reason:
    """Whether a paper document is selected that is still to be entered."""
    if (reason := can_log(context)) is not None:
        return reason
    found = _logged(context)
    if not isinstance(found, PaperDocument):
        return "stand on a paper document"
    return None if found.entered_as is None else f"it was entered as {found.entered_as}"


def raise_problem(screen: Stand, _: str) -> None:
    about = About(screen, "problem", "what is wrong?")

    async def submit(answers: Answers) -> None:
        await screen.console.act(
            "problem.raise",
            title=answers["title"],
            severity=int(answers["severity"]),
            owner=answers["owner"] or None,
            workaround=answers["workaround"] or None,
            due_at=_until(screen, answers["due"]),
            tasks=_refs(answers["tasks"]),
        )

    fields = [
        Field("title", "in a few words", required=True),
        Field("severity", "1 is the worst", required=True, choices=_SEVERITIES),
        person_field("owner", "handle of who takes care of it", screen),
        Field("workaround", "how work goes on meanwhile"),
        time_field("due", "+45, 2h, 06:00", screen),
        Field("tasks", "refs that it is about"),
    ]
    about.ask("Problem", fields, submit)


def decide(screen: Stand, _: str) -> None:
    about = About(screen, "decision", "what was decided on the spot?")

    async def submit(answers: Answers) -> None:
        await screen.console.act(
            "log.decision",
            text=answers["decision"],
            reason=answers["reason"],
            decided_by=answers["by"] or None,
            tasks=_refs(answers["tasks"]),
        )

    fields = [
        Field("decision", "in a few words", required=True),
        REASON,
        person_field("by", "handle of who decided; empty: you", screen),
        Field("tasks", "refs that it is about"),
    ]
    about.ask("Decision", fields, submit)


def write_paper(screen: Stand, _: str) -> None:
    about = About(screen, "paper", "what was made by hand?")

    async def submit(answers: Answers) -> None:
        await screen.console.act(
            "log.paper",
            text=answers["document"],
            owner=answers["owner"] or None,
            due_at=_until(screen, answers["due"]),
        )

    fields = [
        Field("document", "delivery note 4711", required=True),
        person_field("owner", "handle of who enters it", screen),
        time_field("due", "+45, 2h, 06:00", screen),
    ]
    about.ask("Paper document", fields, submit)


def change(screen: Stand, _: str) -> None:
    about = _problem(screen)

    async def submit(answers: Answers) -> None:
        fields: dict[str, object] = {name: answers[name] for name in ("title", "owner", "workaround") if answers[name]}
        if answers["severity"] != KEEP:
            fields["severity"] = int(answers["severity"])
        if answers["due"]:
            fields["due_at"] = _until(screen, answers["due"])
        await about.act("problem.update", fields=fields)

    fields = [
        Field("severity", "1 is the worst", choices=(KEEP, *_SEVERITIES)),
        Field("workaround", "how work goes on meanwhile"),
        person_field("owner", "handle of who takes care of it", screen),
        time_field("due", "+45, 2h, 06:00", screen),
        Field("title", "what is empty stays as it is"),
    ]
    about.ask("Change", fields, submit)


def solve(screen: Stand, _: str) -> None:
    about = _problem(screen)

    async def submit(answers: Answers) -> None:
        await about.act("problem.solve", outcome=answers["outcome"], accepted=answers["end"] == ACCEPTED)

    fields = [
        Field("outcome", "how, or why it is lived with", required=True),
        Field("end", "is it gone?", choices=(SOLVED, ACCEPTED)),
    ]
    about.ask("Close", fields, submit)


def reopen(screen: Stand, _: str) -> None:
    about = _problem(screen)

    async def submit(answers: Answers) -> None:
        await about.act("problem.reopen", reason=answers["reason"])

    about.ask("Open again", [REASON], submit)


def enter(screen: Stand, _: str) -> None:
    found = _logged(screen.context())
    assert isinstance(found, PaperDocument)
    about = About(
        screen, f"paper {found.number}", f"paper {found.number} {one_line(found.text, 60)}", number=found.number
    )

    async def submit(answers: Answers) -> None:
        await about.act("log.entered", entered_as=answers["number"])

    about.ask("Entered", [Field("number", "what it is in the new system", required=True)], submit)


def _problem(screen: Stand) -> About:
    """The problem under the cursor, as something that somebody decides about."""
    found = _logged(screen.context())
    assert isinstance(found, Problem)
    subject = f"problem {found.number}"
    return About(screen, subject, f"{subject} {one_line(found.title, 60)}", number=found.number)


def _until(screen: Stand, text: str) -> datetime | None:
    """The instant that somebody typed, UTC; None where they typed none."""
    return future(text, screen.console.run_time(), screen.picture) if text else None


def _logged(context: Context) -> Problem | AdHocDecision | PaperDocument | None:
    picked = context.picked
    return logged(context.picture, picked.subject) if isinstance(picked, OnLogged) else None


def _refs(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())

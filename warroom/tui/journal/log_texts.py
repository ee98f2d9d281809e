"""The log of the night as items: problems, decisions taken on the spot, documents made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from warroom.board.night import decisions_of_the_night, paper_documents
from warroom.board.rows import AdHocDecision, PaperDocument, Problem
from warroom.rules.problems import open_problems
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import GATE, LATE, STATES, Mark
from warroom.tui.drawing.picked import OnLogged
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ProblemStatus, ShownState

OPEN = Mark("■", "open", "status-blocked")
WORST = Mark(LATE.glyph, "open", LATE.ink)
CLOSED = STATES[ShownState.DONE]
TO_ENTER = Mark("◌", "to enter", "status-ready")

_SEVERE = 1
"""Problems of this severity and worse stand out."""


def problem_subject(problem: Problem) -> str:
    """How the journal names a problem."""
    return f"problem {problem.number}"


def logged(picture: Picture, subject: str) -> Problem | AdHocDecision | PaperDocument | None:
    """What the journal names so; None: there is none."""
    kind, _, number = subject.rpartition(" ")
    rows: dict[str, Iterable[Problem | AdHocDecision | PaperDocument]] = {
        "problem": picture.board.problems,
        "decision": decisions_of_the_night(picture.board),
        "paper": paper_documents(picture.board),
    }
    return next((one for one in rows.get(kind, ()) if str(one.number) == number), None)


def title_spans(picture: Picture) -> Spans:
    """How many problems and papers are open, and how many decisions were taken."""
    board = picture.board
    problems = open_problems(board.problems)
    severe = sum(one.severity <= _SEVERE for one in problems)
    papers = sum(one.entered_as is None for one in paper_documents(board))
    spans: list[Span] = [
        (" Log of the night ", "bold reverse"),
        (f"  {OPEN.glyph} {len(problems)} open problem{'' if len(problems) == 1 else 's'}", OPEN.ink),
    ]
    if severe:
        spans.append((f", {severe} of severity {_SEVERE}", f"{LATE.ink} bold"))
    spans.append((f"   {GATE.glyph} {len(decisions_of_the_night(board))} decided", GATE.ink))
    spans.append((f"   {TO_ENTER.glyph} {papers} to enter", TO_ENTER.ink if papers else "muted"))
    return tuple(spans)


def log_items(picture: Picture, width: int) -> tuple[Item, ...]:
    """Problems, the open ones first and the worst of them on top; then decisions and papers, the newest first."""
    board = picture.board
    open_ones = open_problems(board.problems)
    closed = [one for one in reversed(board.problems) if one.status is not ProblemStatus.OPEN]
    decided = tuple(reversed(decisions_of_the_night(board)))
    papers = sorted(paper_documents(board), key=lambda one: (one.entered_as is not None, one.due_at or one.made_at))
    return (
        heading("Problems", f"{len(open_ones)} open, {len(closed)} closed"),
        *(_problem(picture, one, width) for one in (*open_ones, *closed)),
        heading("Decided on the spot", "" if decided else "nothing"),
        *(_decision(picture, one, width) for one in decided),
        heading("Made by hand, to be entered", "" if papers else "nothing"),
        *(_paper(picture, one, width) for one in papers),
    )


def _problem(picture: Picture, one: Problem, width: int) -> Item:
    board = picture.board
    is_open = one.status is ProblemStatus.OPEN
    mark = CLOSED if not is_open else WORST if one.severity <= _SEVERE else OPEN
    owner = one_line(board.handle(one.owner_id) or ("no owner" if is_open else ""), 20)
    head: list[Span] = [(f" {mark.glyph} #{one.number} severity {one.severity} ", f"{mark.ink} bold")]
    if owner:
        head.append((f"{owner} ", "bold" if is_open else "muted"))
    if is_open:
        head.extend(_due(picture, one.due_at))
        said = [(one.title, ""), (one.workaround and f"workaround: {one.workaround}", "status-ready")]
    else:
        head.append((one.status.value, mark.ink))
        said = [(one.title, "muted"), (one.outcome, "muted")]
    raised = f"raised {picture.time(one.raised_at)} by {board.handle(one.raised_by_id) or 'somebody'}"
    about = f", about {', '.join(one.tasks)}" if one.tasks else ""
    said.append((raised + about, "muted"))
    return Item((tuple(head), *_lines(said, width)), picked=OnLogged(problem_subject(one)))


def _decision(picture: Picture, one: AdHocDecision, width: int) -> Item:
    who = one_line(picture.board.handle(one.decided_by_id) or "somebody", 20)
    head: Spans = (
        (f" {GATE.glyph} #{one.number} ", f"{GATE.ink} bold"),
        (f"{picture.time(one.at)} ", "muted"),
        (f"{who} decided", "bold"),
        (f" about {one_line(', '.join(one.tasks), 60)}" if one.tasks else "", "muted"),
    )
    said = [(one.text, ""), (f"because: {one.because}", "muted")]
    return Item((head, *_lines(said, width)), picked=OnLogged(f"decision {one.number}"))


def _paper(picture: Picture, one: PaperDocument, width: int) -> Item:
    board = picture.board
    mark = TO_ENTER if one.entered_as is None else CLOSED
    head: list[Span] = [(f" {mark.glyph} #{one.number} ", f"{mark.ink} bold")]
    if one.entered_as is None:
        head.append((f"{one_line(board.handle(one.owner_id) or 'nobody', 20)} enters it ", "bold"))
        head.extend(_due(picture, one.due_at))
    else:
        by = one_line(board.handle(one.entered_by_id) or "somebody", 20)
        head.append((f"entered as {one_line(one.entered_as, 40)} by {by}", mark.ink))
        if one.entered_at is not None:
            head.append((f" {picture.time(one.entered_at)}", "muted"))
    made = f"made {picture.time(one.made_at)} by {board.handle(one.made_by_id) or 'somebody'}"
    said = [(one.text, "" if one.entered_as is None else "muted"), (made, "muted")]
    return Item((tuple(head), *_lines(said, width)), picked=OnLogged(f"paper {one.number}"))


def _due(picture: Picture, due: datetime | None) -> Spans:
    if due is None:
        return ()
    if due < picture.now:
        return ((f" due {picture.time(due)} HAS PASSED", f"{LATE.ink} bold"),)
    return ((f" due {picture.time(due)}", "status-ready"),)


def _lines(said: Iterable[tuple[str | None, str]], width: int) -> Iterable[Spans]:
    for text, ink in said:
        if text:
            for line in wrapped(one_line(text, 2_000), width - 6, most=4):
                yield ((f"     {line}", ink),)

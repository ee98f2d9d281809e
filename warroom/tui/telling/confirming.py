"""Tasks that require so many of several people, as lines: how many have confirmed, and who is waited for."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.board.board import Board
from warroom.board.rows import Person, Task
from warroom.rules.required import required_on, still_required
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.marks import STATES
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Confirmed, ShownState, StepKind


def wants_confirmation(board: Board, task: Task, person: Person) -> bool:
    """Whether the task waits for the person's confirmation now: it is ready to start, or all its own steps are
    ticked."""
    if person.handle not in task.requires_of:
        return False
    wanted = still_required(board, task)
    if wanted is None or person.handle not in wanted.missing:
        return False
    if wanted.what is Confirmed.START:
        return board.shown_state(task) is ShownState.READY
    own = [step for step in board.steps(task.id) if task.verifier_id is None or step.kind_of_step is StepKind.STEP]
    return board.shown_state(task) is ShownState.RUNNING and all(step.ticked_at is not None for step in own)


def requirement_lines(picture: Picture, task: Task) -> Iterator[str]:
    """Of each end that somebody must confirm: how many have, who and when."""
    board = picture.board
    for what in Confirmed:
        if (wanted := required_on(board, task, what)) is None:
            continue
        given = [
            f"{one_line(board.handle(one.person_id) or 'somebody', 16)} {picture.time(one.at)}"
            for one in board.confirmations(task.id)
            if (one.attempt, one.confirmed) == (task.attempt, what)
        ]
        yield f"to {what:<9}{len(wanted.confirmed)} of {wanted.count}" + (f": {', '.join(given)}" if given else "")


def confirmation_lines(picture: Picture, task: Task, person: Person, width: int) -> Iterator[Spans]:
    """What somebody reads below one of their tasks while confirmations are missing."""
    wanted = still_required(picture.board, task)
    if wanted is None or wanted.denied is None:
        return
    mine = wants_confirmation(picture.board, task, person)
    confirms = f" - {picture.key('task.confirm')} confirms" if mine else ""
    said = f"{wanted.denied}{confirms}"
    for line in wrapped(one_line(said, 400), width - 4, most=2):
        yield ((f"   {line}", STATES[ShownState.READY].ink if mine else "muted"),)

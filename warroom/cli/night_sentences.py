"""What an action on the log of the night or a roll-call did, in one line for whoever typed it."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.night import answers_to, decisions_of_the_night, last_roll_call, paper_documents
from warroom.board.rows import Person
from warroom.vocabulary.journal import Entry


def of_night(board: Board, entry: Entry) -> str:
    """What `entry` did, as seen on a Board that has it."""
    number = entry.subject.rpartition(" ")[2]
    match entry.action:
        case "log.decision":
            found = next((one for one in decisions_of_the_night(board) if str(one.number) == number), None)
            return entry.subject if found is None else f"{entry.subject}: {found.text} ({found.because})"
        case "log.paper" | "log.entered":
            paper = next((one for one in paper_documents(board) if str(one.number) == number), None)
            if paper is None:
                return entry.subject
            entered = "to be entered" if paper.entered_as is None else f"entered as {paper.entered_as}"
            return f"{entry.subject}: {paper.text} ({entered})"
        case "roll.call":
            return f"{entry.subject} is called: warroom roll answer HANDLE ticks who answers"
        case _:
            call = last_roll_call(board)
            if call is None:
                return f"{entry.action}: {entry.subject}"
            there = "is there" if entry.action == "roll.answer" else "is not there"
            return f"{number} {there}; {len(answers_to(board, call))} of {len(board.rows(Person))} have answered"

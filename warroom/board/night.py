"""The log of the night and the roll-calls of a Board, and their JSON documents. Instants are UTC text with Z."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.rows import AdHocDecision, PaperDocument, Person, RollAnswer, RollCall
from warroom.clock.times import iso_whole
from warroom.vocabulary.documents import Document


def decisions_of_the_night(board: Board) -> tuple[AdHocDecision, ...]:
    """What was decided on the spot, oldest first."""
    return tuple(board.rows(AdHocDecision).values())


def paper_documents(board: Board) -> tuple[PaperDocument, ...]:
    """The documents made by hand, oldest first."""
    return tuple(board.rows(PaperDocument).values())


def last_roll_call(board: Board) -> RollCall | None:
    """The roll-call that counts; None: none was called in this run."""
    return max(board.rows(RollCall).values(), key=lambda one: one.number, default=None)


def answers_to(board: Board, roll_call: RollCall) -> dict[int, RollAnswer]:
    """Who has answered a roll-call, by the key of the person."""
    return {one.person_id: one for one in board.rows(RollAnswer).values() if one.roll_call_id == roll_call.id}


def decision_document(board: Board, one: AdHocDecision) -> Document:
    """A decision that was taken on the spot."""
    return {
        "number": one.number,
        "text": one.text,
        "because": one.because,
        "decided_by": board.handle(one.decided_by_id),
        "tasks": list(one.tasks),
        "at": iso_whole(one.at),
    }


def paper_document(board: Board, one: PaperDocument) -> Document:
    """A document made by hand; `entered_as` is null until it was entered."""
    return {
        "number": one.number,
        "text": one.text,
        "owner": board.handle(one.owner_id),
        "due": iso_whole(one.due_at),
        "made_at": iso_whole(one.made_at),
        "made_by": board.handle(one.made_by_id),
        "entered_as": one.entered_as,
        "entered_at": iso_whole(one.entered_at),
        "entered_by": board.handle(one.entered_by_id),
    }


def roll_document(board: Board, one: RollCall) -> Document:
    """A roll-call with everybody, and when they answered."""
    given = answers_to(board, one)

    def told(person: Person) -> Document:
        answer = given.get(person.id)
        return {
            "handle": person.handle,
            "name": person.name,
            "phone": person.phone,
            "answered_at": None if answer is None else iso_whole(answer.at),
            "taken_by": None if answer is None else board.handle(answer.taken_by_id),
        }

    return {
        "number": one.number,
        "title": one.title,
        "called_at": iso_whole(one.called_at),
        "called_by": board.handle(one.called_by_id),
        "people": [told(person) for person in board.rows(Person).values()],
    }

"""Telling what a change of the plan does to the forecast."""

from __future__ import annotations

from warroom.board.documents import entry_document
from warroom.board.effect import effect_document, effect_of, effect_sentence
from warroom.board.forecast import forecast
from warroom.board.load import load_board
from warroom.cli.desk import ActingDesk, run_names
from warroom.cli.output import narrate, write_json
from warroom.cli.sentences import happened
from warroom.vocabulary.journal import Entry


def tell_change(desk: ActingDesk, entry: Entry) -> None:
    """Say what was changed and what moves by it; with --json, write the entry with the effect beside it."""
    board = load_board(desk.state_file)
    effect = effect_of(desk.forecast(), forecast(board, desk.now))
    if desk.invocation.as_json:
        write_json({**entry_document(entry, run_names(board)), "effect": effect_document(board, effect)})
        return
    narrate(happened(board, entry))
    narrate(effect_sentence(effect, desk.zone))

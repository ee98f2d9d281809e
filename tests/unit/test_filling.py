"""Every placeholder, and what it becomes; and that words can be told from other words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.communicating import NOTICE, telling
from tests.cutover import Cutover, minute, task
from warroom.board.forecast import forecast
from warroom.board.load import board_at
from warroom.board.rows import Communication
from warroom.rules.filling import MOST_LISTED, VALUES, filled, fits
from warroom.runbook.document import Phase, RunbookDocument
from warroom.runbook.placeholders import PLACEHOLDERS, placeholder_fault
from warroom.vocabulary.words import Verdict, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]


def test_every_placeholder_has_a_meaning_and_a_value() -> None:
    assert VALUES.keys() == PLACEHOLDERS.keys()


def said(cutover: Cutover, name: str) -> str:
    board = cutover.board()
    text = Communication(id=1, key="x", position=1, title="X", text=f"{{{name}}}")
    return filled(board, cutover.forecast(), text, board.task("SEND")).text


EARLY = {
    "programme": "Small cutover",
    "run": "mock 1",
    "window_start": "Fri 27 Nov 19:00 CET",
    "window_end": "Fri 27 Nov 23:00 CET",
    "window": "from Fri 27 Nov 19:00 CET to Fri 27 Nov 23:00 CET",
    "window_float": "3h05 left",
    "now": "Fri 27 Nov 19:00 CET",
    "lead": "Lena Lead",
    "bridge_url": "https://example.org/bridge",
    "bridge_phone": "+44 20 7946 0111",
    "bridge_pin": "4711",
    "planned_finish": "Fri 27 Nov 19:55 CET",
    "forecast_finish": "Fri 27 Nov 19:55 CET",
    "latest_backout_decision": "no way back is left",
    "tasks_done": "0",
    "tasks_total": "3",
    "percent_done": "0",
    "tasks_late": "0",
    "late_tasks": "none",
    "phase": "Loading",
    "entity": "Acme Germany",
    "entities": "Acme Germany, Acme France",
    "next_gate": "Title of GO, expected Fri 27 Nov 19:45 CET",
    "last_gate": "none",
    "last_verdict": "none",
    "verdicts": "none",
    "known_problems": "none",
}
LATER = {
    "now": "Fri 27 Nov 20:00 CET",
    "window_float": "2h50 left",
    "planned_finish": "Fri 27 Nov 19:55 CET",
    "forecast_finish": "Fri 27 Nov 20:10 CET",
    "tasks_done": "2",
    "percent_done": "66",
    "tasks_late": "1",
    "late_tasks": "\n- SEND Title of SEND: +15m",
    "phase": "Telling",
    "next_gate": "none",
    "last_gate": "Title of GO",
    "last_verdict": "go",
    "verdicts": "\n- Title of GO: go",
    "known_problems": "\n- Printer is dumb (use the other)",
}


@pytest.fixture
def cutover(rehearse: Rehearse) -> Cutover:
    return rehearse(replace(telling(), phases=(Phase("load", "Loading"), Phase("tell", "Telling"))))


def test_at_the_begin(cutover: Cutover) -> None:
    assert {name: said(cutover, name) for name in PLACEHOLDERS} == EARLY


def test_an_hour_later_and_again_in_a_replay_of_the_begin(cutover: Cutover) -> None:
    cutover.to(30)
    cutover.finish("A")
    cutover.do("gate.vote", "GO", by="vera", choice=VoteChoice.GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="all is well")
    cutover.do("problem.raise", title="Printer is dumb", severity=3, workaround="use the other")
    cutover.to(60)
    assert {name: said(cutover, name) for name in LATER} == LATER
    board = board_at(cutover.state_file, minute(0))
    text = Communication(id=1, key="x", position=1, title="X", text="{now} {tasks_done} {last_gate}")
    assert filled(board, forecast(board, minute(0)), text).text == "Fri 27 Nov 19:00 CET 0 none"


def test_before_any_run_it_is_filled_from_the_plan(planned: Cutover) -> None:
    text = Communication(id=1, key="x", position=1, title="X", text="{run}: {planned_finish}, {lead}")
    words = filled(planned.board(), planned.forecast(), text)
    assert words.text.startswith("none: Fri 27 Nov")
    assert words.text.endswith("Lena Lead")


def test_a_long_list_is_counted(rehearse: Rehearse) -> None:
    cutover = rehearse(telling())
    for number in range(MOST_LISTED + 2):
        cutover.do("problem.raise", title=f"Problem {number}", severity=2)
    lines = said(cutover, "known_problems").split("\n")
    assert lines[-1] == "- and 2 more"
    assert len(lines) == MOST_LISTED + 2  # the first is empty


def test_what_people_typed_is_no_placeholder_and_has_one_line(rehearse: Rehearse) -> None:
    plain = telling()
    evil = task("A", 30, phase="load")
    cutover = rehearse(replace(plain, tasks=(replace(evil, title="{now}\u202e\nBcc: x"), plain.tasks[1])))
    cutover.to(90)
    assert "- A {now}· Bcc: x: +" in said(cutover, "late_tasks")


@pytest.mark.parametrize("text", ["{nope}", "{", "a } b", "{ now}", "{NOW}"])
def test_other_placeholders_are_refused(text: str) -> None:
    assert placeholder_fault(text) is not None


@pytest.mark.parametrize(
    ("template", "text", "fit"),
    [
        ("At {now} we go.", "At 12:00 we go.", True),
        ("At {now} we go.", "At  we go.", True),
        ("At {now} we go.", "At 12:00 we stop.", False),
        ("At {now} we go.", "At 12:00 we go. Not.", False),
        ("{now}", "anything\nat all", True),
        ("plain", "plain", True),
        ("plain", "plain ", False),
        ("{{now}}", "{now}", True),
        ("{{now}}", "12:00", False),
        ("{now} and {run} and {lead}", "a and b and c", True),
        ("{now} and {run} and {lead}", "a and c", False),
        ("ab{now}ba", "aba", False),
        (None, None, True),
        (None, "subject", False),
        ("subject", None, False),
    ],
)
def test_words_that_a_template_can_give(template: str | None, text: str | None, fit: bool) -> None:
    assert fits(template, text) is fit


def test_its_own_words_fit(rehearse: Rehearse) -> None:
    cutover = rehearse(telling())
    board = cutover.board()
    words = filled(board, cutover.forecast(), next(iter(board.rows(Communication).values())))
    assert fits(NOTICE.text, words.text)
    assert fits(NOTICE.subject, words.subject)

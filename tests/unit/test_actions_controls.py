"""Entering, disposing of, signing and reopening controls: what stands afterwards, and every refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cutover import Cutover, document, minute, task
from warroom.board.rows import Control, Document
from warroom.cli.control_text import control_lines
from warroom.rules.control_documents import control_document
from warroom.rules.controls import Standing, control_standing
from warroom.runbook.document import PlannedControl, RunbookDocument
from warroom.runbook.surroundings import PlannedEntity, Surroundings
from warroom.store.content import content_of
from warroom.store.verify import verify
from warroom.vocabulary.comparison import ComparedPart, ComparedRows, Comparison, RowDifference, Source
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.words import Assurance, ControlKind, ControlStanding, Disposition, Side, SignConvention

LEGACY, NEW = Side.LEGACY, Side.NEW


def controlled() -> RunbookDocument:
    """LOAD (omar) > CHECK. Vera signs tb; the lead signs clearing; gil signs parts, which is of no entity."""
    return replace(
        document(task("LOAD", 30), task("CHECK", 30, "LOAD", owner="bea", backup="vera")),
        surroundings=Surroundings(entities=(PlannedEntity("DE", "Germany"), PlannedEntity("FR", "France"))),
        controls=(
            PlannedControl("tb", "Trial balance", "vera", "EUR", Decimal("0.50"), loads=("LOAD",), as_of_s=0),
            PlannedControl("clearing", "Clearing account", "lena", "EUR", expected=Decimal(0), currency="EUR"),
            PlannedControl("parts", "Receivables", "gil", tolerance_percent=Decimal(10)),
            PlannedControl("vat", "VAT", "gil", entity="DE", sign=SignConvention.OPPOSITE),
            PlannedControl("ids", "Hash total", "gil", tolerance_absolute=Decimal(5), kind=ControlKind.HASH),
        ),
    )


@pytest.fixture
def loaded(rehearse: Callable[[RunbookDocument], Cutover]) -> Cutover:
    """LOAD was executed by omar at minute 10; it is minute 20, and nothing was recorded."""
    cutover = rehearse(controlled())
    cutover.to(5)
    cutover.do("task.start", "LOAD", by="omar")
    cutover.to(10)
    cutover.do("task.done", "LOAD", by="omar")
    cutover.to(20)
    return cutover


def put(cutover: Cutover, key: str, side: Side, value: str, by: str = "gil", **more: Any) -> None:
    cutover.do("control.record", key, by=by, side=side, value=Decimal(value), **more)


def both(cutover: Cutover, key: str, legacy: str, new: str, **more: Any) -> None:
    put(cutover, key, LEGACY, legacy, by="sam", **more)
    put(cutover, key, NEW, new, by="bea", **more)


def control(cutover: Cutover, key: str) -> Control:
    return next(one for one in cutover.board().controls if one.key == key)


def standing(cutover: Cutover, key: str) -> Standing:
    return control_standing(cutover.board(), control(cutover, key))


def word(cutover: Cutover, key: str) -> str:
    return standing(cutover, key).standing.value


def refused(cutover: Cutover, action: str, key: str, by: str = "vera", **arguments: Any) -> str:
    head = cutover.head()
    with pytest.raises((Refused, BadInput)) as caught:
        cutover.do(action, key, by=by, **arguments)
    assert cutover.head() == head
    return caught.value.message


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_from_nothing_to_a_signature(loaded: Cutover) -> None:
    assert word(loaded, "tb") == "missing-legacy"
    put(loaded, "tb", LEGACY, "1000.00", by="sam", evidence="print of 18:00")
    assert word(loaded, "tb") == "missing-new"
    loaded.to(30)
    put(loaded, "tb", NEW, "1000.50", by="bea")
    assert word(loaded, "tb") == "within"
    loaded.to(40)
    loaded.do("control.sign", "tb", by="vera", note="seen")
    found = standing(loaded, "tb")
    part = found.worst
    assert (found.standing, found.ties_out, found.signed) == (ControlStanding.SIGNED, True, True)
    assert (part.legacy_value, part.new_value, part.difference, part.allowed) == (
        Decimal("1000.00"),
        Decimal("1000.50"),
        Decimal("0.50"),
        Decimal("0.50"),
    )
    assert part.round is not None
    assert part.legacy is not None
    assert part.new is not None
    assert (part.round.signed_at, part.round.signed_assurance) == (minute(40), Assurance.CLAIMED)
    assert (part.legacy.at, part.legacy.as_of, part.legacy.evidence) == (minute(20), minute(0), "print of 18:00")
    board = loaded.board()
    assert [board.handle(key) for key in (part.legacy.by_id, part.new.by_id)] == ["sam", "bea"]
    assert [entry.action for entry in loaded.entries()[-3:]] == ["control.record", "control.record", "control.sign"]
    assert verify(loaded.state_file).sound


def test_a_side_is_frozen_once_it_was_entered(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1000")
    assert refused(loaded, "control.record", "tb", by="sam", side=LEGACY, value=Decimal(999)) == (
        "the legacy side of tb was entered already: 1,000 by Sam Bystander"
    )
    assert refused(loaded, "control.record", "tb", by="sam", side=NEW, value=Decimal(999)) == (
        "the new side of tb was entered already: 1,000 by Bea Backup"
    )


def test_a_correction_needs_a_reason_and_keeps_when_it_was_taken(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1008")
    loaded.do("control.dispose", "tb", by="vera", disposition=Disposition.ACCEPT, reason="known")
    loaded.to(30)
    arguments: dict[str, Any] = {"side": NEW, "value": Decimal(1000), "correct": True}
    assert refused(loaded, "control.record", "tb", by="bea", **arguments) == "the reason is missing"
    assert "may correct it" in refused(loaded, "control.record", "tb", by="sam", reason="x", **arguments)
    loaded.do("control.record", "tb", by="bea", reason="typed 8 for 0", **arguments)
    part = standing(loaded, "tb").worst
    assert part.new is not None
    assert part.round is not None
    assert (part.standing, part.round.disposition) == (ControlStanding.WITHIN, None)
    assert (part.new.at, part.new.corrected_because) == (minute(20), "typed 8 for 0")
    change = next(one for one in loaded.entries()[-1].changes if one.table == "control_figure")
    assert change.before is not None
    assert change.before["value"] == "1008"
    loaded.do("control.sign", "tb", by="vera")
    signed = refused(loaded, "control.record", "tb", by="bea", reason="x", **arguments)
    assert signed == "tb is signed by Vera Verifier"
    arguments["side"] = LEGACY
    nothing = refused(loaded, "control.record", "parts", by="gil", reason="x", **arguments)
    assert nothing == "the legacy side of parts was not entered yet"


def test_who_corrects_the_new_side_has_entered_it(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1008")
    loaded.do("control.record", "tb", by="vera", side=NEW, value=Decimal(1000), correct=True, reason="as I see it")
    assert refused(loaded, "control.sign", "tb", by="vera") == "nobody judges what they entered themselves"


def test_the_signature_needs_a_signer_who_is_independent(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1000")
    assert refused(loaded, "control.sign", "tb", by="gil") == "only the one who signs it or the lead may do that"
    assert refused(loaded, "control.sign", "tb", by="omar") == "only the one who signs it or the lead may do that"
    head = loaded.head()
    with pytest.raises(Refused, match="for somebody else"):
        loaded.do("control.sign", "tb", by="lena", done_by="vera")
    assert loaded.head() == head
    loaded.do("control.sign", "tb", by="lena")
    assert refused(loaded, "control.sign", "tb", by="vera") == "tb is signed already, by Lena Lead"


def test_who_loaded_the_data_does_not_judge_it(loaded: Cutover) -> None:
    loaded.do("task.rerun", "LOAD", reason="wrong extract")
    loaded.do("task.start", "LOAD", by="lena")
    loaded.do("task.done", "LOAD", by="lena")
    both(loaded, "tb", "1000", "1010")
    denied = "nobody judges what they loaded themselves"
    assert refused(loaded, "control.sign", "tb", by="lena") == denied
    accept: dict[str, Any] = {"disposition": Disposition.ACCEPT, "reason": "small"}
    assert refused(loaded, "control.dispose", "tb", by="lena", **accept) == denied
    loaded.do("control.dispose", "tb", by="lena", disposition=Disposition.RELOAD, reason="again")
    loaded.do("control.dispose", "tb", by="vera", **accept)
    loaded.do("control.sign", "tb", by="vera")
    assert word(loaded, "tb") == "signed"


def test_who_wrote_the_new_side_down_for_somebody_does_not_sign_it(loaded: Cutover) -> None:
    put(loaded, "tb", LEGACY, "5", by="sam")
    loaded.do("control.record", "tb", by="lena", done_by="bea", side=NEW, value=Decimal(5))
    assert refused(loaded, "control.sign", "tb", by="lena") == "nobody judges what they entered themselves"
    loaded.do("control.sign", "tb", by="vera")


def test_what_does_not_tie_out_is_not_signed(loaded: Cutover) -> None:
    assert refused(loaded, "control.sign", "tb") == "nothing was recorded of tb"
    put(loaded, "tb", LEGACY, "1000", by="sam")
    assert refused(loaded, "control.sign", "tb") == "tb cannot be signed: it is missing-new"
    put(loaded, "tb", NEW, "1000.51", by="bea")
    assert refused(loaded, "control.sign", "tb") == "tb cannot be signed: it is outside"
    loaded.do("control.dispose", "tb", by="vera", disposition=Disposition.FIX, reason="open item 4711")
    assert refused(loaded, "control.sign", "tb") == "tb cannot be signed: it is outside, to fix: open item 4711"
    assert not standing(loaded, "tb").ties_out


def test_a_difference_is_accepted_or_put_right_in_the_next_round(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "990")
    fix: dict[str, Any] = {"disposition": Disposition.FIX, "reason": "one journal is missing"}
    assert "may do that" in refused(loaded, "control.dispose", "tb", by="bea", **fix)
    assert refused(loaded, "control.dispose", "tb", disposition=Disposition.FIX, reason=" ") == "the reason is missing"
    loaded.do("control.dispose", "tb", by="vera", **fix)
    loaded.to(30)
    put(loaded, "tb", NEW, "1000", by="bea")
    part = standing(loaded, "tb").worst
    assert part.round is not None
    assert part.legacy is not None
    assert (part.standing, part.round.number) == (ControlStanding.WITHIN, 2)
    assert part.round.opened_because == "to fix: one journal is missing"
    assert (part.legacy.value, part.legacy.at) == (Decimal(1000), minute(20))
    told = control_document(loaded.board(), control(loaded, "tb"))
    assert [(one["number"], one["new"]["value"], one["disposition"]) for one in told["rounds"]] == [
        (1, "990", "fix"),
        (2, "1000", None),
    ]
    assert refused(loaded, "control.dispose", "tb", **fix) == "tb is within: there is no difference to dispose of"


def test_an_accepted_difference_ties_out_and_can_be_signed(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "990")
    loaded.do("control.dispose", "tb", by="vera", disposition=Disposition.ACCEPT, reason="rounding, booked")
    found = standing(loaded, "tb")
    assert (found.standing, found.ties_out, found.worst.because) == (
        ControlStanding.DISPOSED,
        True,
        "accepted: rounding, booked",
    )
    loaded.do("control.dispose", "tb", by="vera", disposition=Disposition.RELOAD, reason="after all")
    assert word(loaded, "tb") == "outside"
    loaded.do("control.dispose", "tb", by="vera", disposition=Disposition.ACCEPT, reason="no, it is")
    loaded.do("control.sign", "tb", by="vera")
    assert word(loaded, "tb") == "signed"


# --- stale and reopened ----------------------------------------------------------------------------------------------


def test_figures_are_stale_once_the_load_is_done_again(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1000")
    loaded.do("control.sign", "tb", by="vera")
    loaded.to(30)
    again = loaded.do("task.rerun", "LOAD", reason="wrong extract")
    assert again.reason == "wrong extract (controls now stale: tb)"
    found = standing(loaded, "tb")
    assert (found.standing, found.ties_out) == (ControlStanding.STALE, False)
    assert found.worst.because == "LOAD is not finished, attempt 2"
    assert refused(loaded, "control.sign", "tb").startswith("tb cannot be signed: it is stale")
    loaded.do("task.start", "LOAD", by="omar")
    loaded.to(40)
    loaded.do("task.done", "LOAD", by="omar")
    assert standing(loaded, "tb").worst.because == "LOAD was finished after it was taken"
    loaded.to(50)
    put(loaded, "tb", NEW, "1000", by="bea")
    part = standing(loaded, "tb").worst
    assert part.round is not None
    assert (part.standing, part.round.number, part.round.signed_at) == (ControlStanding.WITHIN, 2, None)


def test_a_figure_from_before_the_end_of_the_load_does_not_count(loaded: Cutover) -> None:
    put(loaded, "tb", LEGACY, "1", by="sam")
    put(loaded, "tb", NEW, "1", by="bea", at=minute(9))
    assert word(loaded, "tb") == "stale"
    loaded.do("control.record", "tb", by="bea", side=NEW, value=Decimal(1), at=minute(10))
    assert word(loaded, "tb") == "within"


def test_what_is_signed_is_reopened_with_a_reason(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1000")
    loaded.do("control.sign", "tb", by="vera")
    entered = refused(loaded, "control.record", "tb", by="bea", side=NEW, value=Decimal(1))
    assert entered == "the new side of tb was entered already: 1,000 by Bea Backup, and signed by Vera Verifier"
    assert "may do that" in refused(loaded, "control.reopen", "tb", by="bea", reason="x")
    loaded.do("control.reopen", "tb", by="vera", reason="late posting")
    assert word(loaded, "tb") == "missing-new"
    assert refused(loaded, "control.reopen", "tb", reason="x") == (
        "the new side of tb has not been entered: its round is open"
    )
    loaded.do("control.reopen", "tb", by="vera", reason="the baseline was wrong", legacy=True)
    assert word(loaded, "tb") == "missing-legacy"
    both(loaded, "tb", "1001", "1001")
    told = control_document(loaded.board(), control(loaded, "tb"))
    assert [(one["number"], one["signed_by"]) for one in told["rounds"]] == [(1, "vera"), (2, None), (3, None)]


def test_recording_is_taken_back_and_a_signature_is_not(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "1000")
    loaded.do("undo", by="bea")
    assert word(loaded, "tb") == "missing-new"
    put(loaded, "tb", NEW, "1000", by="bea")
    loaded.do("control.sign", "tb", by="vera")
    with pytest.raises(Refused, match="never taken back: what is signed stands"):
        loaded.do("undo", by="vera")
    with pytest.raises(Refused, match=r"has been built on: control\.sign of control tb by vera"):
        loaded.do("undo", by="bea")
    assert verify(loaded.state_file).sound


def test_what_was_decided_on_something_else_is_stale(loaded: Cutover) -> None:
    both(loaded, "tb", "1000", "990")
    seen = loaded.board().last_entry("control tb")
    loaded.do("control.dispose", "tb", by="vera", disposition=Disposition.FIX, reason="gap")
    with pytest.raises(Stale, match=r"control tb has changed since you looked: control\.dispose by vera: gap"):
        loaded.do("control.dispose", "tb", by="lena", disposition=Disposition.ACCEPT, reason="small", seen=seen)


# --- parts, kinds, signs ---------------------------------------------------------------------------------------------


def test_entities_and_currencies_stand_each_for_itself(loaded: Cutover) -> None:
    both(loaded, "parts", "100", "110", entity="DE", currency="EUR")
    both(loaded, "parts", "100", "89.99", entity="FR", currency="EUR")
    found = standing(loaded, "parts")
    assert [(part.entity, part.currency, part.standing.value) for part in found.parts] == [
        ("DE", "EUR", "within"),
        ("FR", "EUR", "outside"),
    ]
    assert found.standing is ControlStanding.OUTSIDE
    board = loaded.board()
    assert control_standing(board, control(loaded, "parts"), "DE").ties_out
    loaded.do("control.dispose", "parts", by="gil", disposition=Disposition.FIX, reason="FR")
    assert refused(loaded, "control.sign", "parts", by="gil").startswith("parts (FR EUR) cannot be signed")
    loaded.do("control.sign", "parts", by="gil", entity="DE")
    assert [part.standing.value for part in standing(loaded, "parts").parts] == ["signed", "outside"]
    several = refused(loaded, "control.reopen", "parts", by="gil", reason="x")
    assert several == "parts has several parts: DE EUR, FR EUR"
    loaded.do("control.reopen", "parts", by="gil", reason="x", entity="FR")
    unknown = refused(loaded, "control.sign", "parts", by="gil", entity="DE", currency="USD")
    assert unknown == "nothing was recorded of parts for DE USD"


def test_which_of_several_differences_is_meant_must_be_said(loaded: Cutover) -> None:
    for entity in ("DE", "FR"):
        both(loaded, "parts", "100", "50", entity=entity)
    fix: dict[str, Any] = {"disposition": Disposition.FIX, "reason": "x"}
    assert refused(loaded, "control.dispose", "parts", by="gil", **fix) == "parts has several parts: DE, FR"
    loaded.do("control.dispose", "parts", by="gil", entity="FR", **fix)


@pytest.mark.parametrize(
    ("key", "value", "more", "told"),
    [
        ("no", "1", {}, "there is no control no in this run"),
        ("parts", "1", {"entity": "US"}, "there is no entity US"),
        ("vat", "1", {"entity": "FR"}, "the control vat is of DE only"),
        ("parts", "1", {"currency": "eur"}, "'eur' is not a currency"),
        ("clearing", "1", {"currency": "USD"}, "the control clearing is in EUR only"),
        ("ids", "1.5", {}, "1.5 is not a whole number, as a hash is"),
        ("tb", "1E30", {}, "that number has too many digits for a control"),
        ("tb", "NaN", {}, "that number has too many digits for a control"),
        ("tb", "1", {"note": "a\x07"}, "the note holds the control character U+0007 at position 2"),
    ],
)
def test_what_cannot_be_a_figure(key: str, value: str, more: dict[str, Any], told: str, loaded: Cutover) -> None:
    assert refused(loaded, "control.record", key, by="gil", side=NEW, value=Decimal(value), **more) == told


def test_what_the_plan_expects_is_not_entered(loaded: Cutover) -> None:
    assert word(loaded, "clearing") == "missing-new"
    expected = refused(loaded, "control.record", "clearing", by="gil", side=LEGACY, value=Decimal(0))
    assert expected == "the plan says what clearing must be: 0"
    put(loaded, "clearing", NEW, "0.01", by="bea")
    assert word(loaded, "clearing") == "outside"


def test_signs_and_kinds(loaded: Cutover) -> None:
    both(loaded, "vat", "19.00", "-19.00")
    assert word(loaded, "vat") == "within"
    both(loaded, "ids", "100", "101")
    assert word(loaded, "ids") == "outside"


# --- from files ------------------------------------------------------------------------------------------------------


def comparison(legacy: str | None, new: str | None, *, sha256: str = "a" * 64, outside: int = 0) -> Comparison:
    """Of a file, or two, of one part, with a row that differs where `outside`."""
    rows = None
    if legacy is not None and new is not None:
        worst = RowDifference(("1200", "\x1b[31m"), Decimal(7), None, Decimal(-7), True)
        rows = ComparedRows(outside, 0, outside, outside, (worst,) * outside)
    part = ComparedPart(
        None, None, None if legacy is None else Decimal(legacy), None if new is None else Decimal(new), 3, 3, rows
    )
    return Comparison(
        None if legacy is None else Source("old.csv", sha256, 3, 0, 0),
        None if new is None else Source("new.csv", "b" * 64, 3, 0, 0),
        ("Account", "Dimension"),
        (part,),
    )


def test_rows_that_differ_count_though_the_total_agrees(loaded: Cutover) -> None:
    loaded.do("control.import", "tb", by="bea", comparison=comparison("1000", "1000", outside=1))
    part = standing(loaded, "tb").worst
    assert part.round is not None
    assert part.new is not None
    assert (part.standing, part.because) == (ControlStanding.OUTSIDE, "1 row differs by more")
    assert (part.new.source, part.new.source_sha256) == ("new.csv", "b" * 64)
    kept = loaded.board().rows(Document)[part.round.rows_document_id or 0]
    told = json.loads(content_of(loaded.state_file, kept.sha256))
    assert told["differences"] == [
        {"key": ["1200", "\x1b[31m"], "legacy": "7", "new": None, "difference": "-7", "outside": True}
    ]
    assert told["tolerance"] == {"abs": "0.50", "percent": None, "sign": "same"}
    total = {"side": NEW, "value": Decimal(1), "correct": True, "reason": "x"}
    denied = refused(loaded, "control.record", "tb", by="bea", **total)
    assert denied == "tb was compared row by row: a total alone is not corrected"
    assert verify(loaded.state_file).sound


def test_the_legacy_file_is_the_one_that_was_frozen(loaded: Cutover) -> None:
    loaded.do("control.import", "tb", by="sam", comparison=comparison("1000", None))
    assert word(loaded, "tb") == "missing-new"
    again = refused(loaded, "control.import", "tb", by="sam", comparison=comparison("1000", None))
    assert again.startswith("the legacy side of tb was entered already")
    other = refused(loaded, "control.import", "tb", by="bea", comparison=comparison("1000", "1000", sha256="c" * 64))
    assert other.startswith("the legacy side of tb was frozen from another file: old.csv")
    loaded.do("control.import", "tb", by="bea", comparison=comparison("1000", "1000"))
    part = standing(loaded, "tb").worst
    assert part.legacy is not None
    assert part.new is not None
    board = loaded.board()
    assert [board.handle(figure.by_id) for figure in (part.legacy, part.new)] == ["sam", "bea"]


def test_a_total_frozen_by_hand_is_what_the_file_adds_up_to(loaded: Cutover) -> None:
    put(loaded, "tb", LEGACY, "1000.00", by="sam")
    differing = refused(loaded, "control.import", "tb", by="bea", comparison=comparison("999", "1000"))
    assert differing == "the legacy side of tb was frozen at 1,000.00, and this file adds up to 999"
    loaded.do("control.import", "tb", by="bea", comparison=comparison("1000", "1000"))
    assert word(loaded, "tb") == "within"
    again = refused(loaded, "control.import", "tb", by="bea", comparison=comparison("1000", "1000"))
    assert again.startswith("the new side of tb was entered already")


def test_what_is_expected_is_not_imported(loaded: Cutover) -> None:
    denied = refused(loaded, "control.import", "clearing", by="bea", comparison=comparison("0", "0"))
    assert denied == "the plan says what clearing must be: 0"
    loaded.do("control.import", "clearing", by="bea", comparison=comparison(None, "0"))
    assert word(loaded, "clearing") == "within"


def test_an_import_is_one_entry_and_is_taken_back_whole(loaded: Cutover, tmp_path: Path) -> None:
    before = len(loaded.entries())
    loaded.do("control.import", "tb", by="bea", comparison=comparison("1000", "990", outside=1))
    assert len(loaded.entries()) == before + 1
    loaded.do("undo", by="bea")
    assert word(loaded, "tb") == "missing-legacy"
    assert verify(loaded.state_file).sound


def test_nothing_is_entered_without_a_run(planned: Cutover) -> None:
    for action, more in (
        ("control.record", {"side": NEW, "value": Decimal(1)}),
        ("control.dispose", {"disposition": Disposition.FIX, "reason": "x"}),
        ("control.sign", {}),
        ("control.reopen", {"reason": "x"}),
        ("control.import", {"comparison": comparison("1", "1")}),
    ):
        assert refused(planned, action, "gl", by="lena", **more) == "no run is open"


# --- two people, and headlines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [(LEGACY, NEW), (NEW, LEGACY)])
def test_what_is_typed_for_the_two_sides_comes_from_two_people(first: Side, second: Side, loaded: Cutover) -> None:
    if first is NEW:
        put(loaded, "parts", LEGACY, "7", by="sam")
        put(loaded, "parts", NEW, "7", by="bea")
        loaded.do("control.reopen", "parts", by="gil", reason="counted again", legacy=True)
    put(loaded, "parts", first, "7", by="sam")
    why = refused(loaded, "control.record", "parts", by="sam", side=second, value=Decimal(7))
    assert why == f"sam entered the {first} side of parts: somebody else enters the {second} side"
    put(loaded, "parts", second, "7", by="bea")
    assert word(loaded, "parts") == "within"


def test_a_headline_knows_its_sub_ledgers(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    plain = controlled()
    of_tb = tuple(replace(one, part_of="tb") if one.key in ("parts", "vat") else one for one in plain.controls)
    cutover = rehearse(replace(plain, controls=of_tb))
    both(cutover, "parts", "100", "150")
    found = control_document(cutover.board(), control(cutover, "tb"))
    assert [(one["key"], one["standing"]) for one in found["sub_ledgers"]] == [
        ("parts", "outside"),
        ("vat", "missing-legacy"),
    ]
    assert control_document(cutover.board(), control(cutover, "parts"))["part_of"] == "tb"
    shown = "\n".join(control_lines(cutover.board(), control(cutover, "tb")))
    assert "sub-ledgers\n  parts  ✗ outside" in shown
    assert "part of" in "\n".join(control_lines(cutover.board(), control(cutover, "vat")))

"""Texts are edited, approved by somebody else, sent or recorded; on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.communicating import NOTICE, STATUS, standing, telling, words
from tests.cutover import Cutover, caller, minute
from warroom.actions import plan_file, runs
from warroom.board.rows import Announcement
from warroom.runbook.document import RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.words import AnnouncementStage, RunKind, SendingMode, TaskState, Verdict, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]


@pytest.fixture
def cutover(rehearse: Rehearse) -> Cutover:
    """At 45, everything before the notice is done."""
    own = rehearse(telling())
    own.finish("A")
    own.do("gate.vote", "GO", by="vera", choice=VoteChoice.GO)
    own.do("gate.decide", "GO", verdict=Verdict.GO, reason="all is well")
    own.to(45)
    return own


def approved(cutover: Cutover, ref: str = "SEND", by: str = "vera", **more: Any) -> Cutover:
    cutover.do("communication.approve", ref, by=by, **words(cutover, ref), **more)
    return cutover


def last(cutover: Cutover) -> Announcement:
    return list(cutover.board().rows(Announcement).values())[-1]


def test_approved_words_are_sent_to_the_letter_and_the_task_is_done(cutover: Cutover) -> None:
    seen = standing(approved(cutover), "SEND").words
    assert seen.subject == "Small cutover is live"
    assert seen.text == "We are live since Fri 27 Nov 19:45 CET. Help: +44 20 7946 0111. Not {braces}."
    cutover.to(50)
    assert standing(cutover, "SEND").outdated
    cutover.do("communication.send", "SEND", by="omar", **words(cutover, "SEND"))
    one = last(cutover)
    assert (one.stage, one.subject, one.text) == (AnnouncementStage.SENT, seen.subject, seen.text)
    assert (one.sent_at, one.mode, one.addresses) == (minute(50), SendingMode.OFF, ("all@example.org", "room"))
    assert (cutover.task("SEND").state, cutover.task("SEND").actual_finish) == (TaskState.DONE, minute(50))
    assert standing(cutover, "SEND").over
    assert not verify(cutover.state_file).findings
    with pytest.raises(Refused, match="sent already by Omar"):
        cutover.do("communication.send", "SEND", by="omar", text="Again.")


def test_nothing_is_sent_that_nobody_approved(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="is not approved"):
        cutover.do("communication.send", "SEND", by="omar", **words(cutover, "SEND"))
    with pytest.raises(Refused, match="other words were approved"):
        approved(cutover).do(
            "communication.send", "SEND", by="omar", text="We are live.", subject="Small cutover is live"
        )
    with pytest.raises(Refused, match="not the words"):
        cutover.do("communication.approve", "SEND", by="vera", text="Anything else", subject="Small cutover is live")


def test_whom_the_runbook_names_approves_and_a_lead_says_why(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="only its approver, the lead or a deputy"):
        approved(cutover, by="omar")
    with pytest.raises(Refused, match="Vera Verifier approves this text"):
        approved(cutover, by="lena")
    approved(cutover, by="lena", reason="vera is on a train")
    assert cutover.board().handle(last(cutover).approved_by_id) == "lena"
    with pytest.raises(Refused, match="approved already"):
        approved(cutover)


def test_nobody_approves_what_they_edited(cutover: Cutover) -> None:
    cutover.do("communication.draft", "SEND", by="vera", text="We are live, all of us.")
    for by, done_by in (("vera", None), ("lena", "vera")):
        with pytest.raises(Refused, match="edited themselves"):
            cutover.do("communication.approve", "SEND", by=by, done_by=done_by, text="We are live, all of us.")
    cutover.do("communication.draft", "SEND", by="omar", text="We are live, at last.")
    with pytest.raises(Refused, match="not the words"):
        cutover.do("communication.approve", "SEND", by="vera", text="We are live, all of us.")
    approved(cutover)
    assert last(cutover).text == "We are live, at last."
    cutover.do("communication.draft", "SEND", by="omar", text="We are live, at long last.")
    assert (last(cutover).stage, last(cutover).approved_at) == (AnnouncementStage.DRAFT, None)


def test_an_approval_is_taken_back(cutover: Cutover) -> None:
    approved(cutover).do("communication.withdraw", "SEND", by="vera", reason="one word is wrong")
    assert not cutover.board().rows(Announcement)
    cutover.do("communication.draft", "SEND", by="omar", text="Better.")
    approved(cutover).do("communication.withdraw", "SEND", by="vera", reason="still wrong")
    assert (last(cutover).stage, last(cutover).text) == (AnnouncementStage.DRAFT, "Better.")
    with pytest.raises(Refused, match="nothing is approved"):
        cutover.do("communication.withdraw", "SEND", by="vera", reason="once more")
    assert not verify(cutover.state_file).findings


def test_a_communication_is_done_once_it_was_sent(cutover: Cutover) -> None:
    cutover.do("task.start", "SEND", by="omar")
    for by, reason in (("omar", None), ("omar", "read out"), ("lena", None)):
        with pytest.raises(Refused, match="was not sent"):
            cutover.do("task.done", "SEND", by=by, reason=reason)
    cutover.do("task.done", "SEND", reason="told on the bridge")
    assert cutover.task("SEND").state is TaskState.DONE
    assert cutover.entries()[-1].reason == "told on the bridge"


def test_what_was_sent_by_hand_is_recorded(cutover: Cutover) -> None:
    told: dict[str, Any] = {"how": "posted in the room", **words(cutover, "SEND")}
    for by, reason in (("omar", "no time"), ("lena", None)):
        with pytest.raises(Refused, match="not approved"):
            cutover.do("communication.record", "SEND", by=by, reason=reason, **told)
    approved(cutover).do("communication.record", "SEND", done_by="omar", at=minute(45), **told)
    one = last(cutover)
    assert (one.by_hand, one.sent_at, one.mode, one.addresses) == ("posted in the room", minute(45), None, ())
    assert cutover.board().handle(one.sent_by_id) == "omar"


def test_a_lead_records_what_nobody_approved_and_says_why(cutover: Cutover) -> None:
    told: dict[str, Any] = {"how": "posted in the room", "text": "We are live!"}
    cutover.do("communication.record", "SEND", reason="it was out already", **told)
    assert (last(cutover).approved_by_id, last(cutover).text) == (None, "We are live!")


def test_open_steps_and_open_predecessors_are_not_passed_over(rehearse: Rehearse) -> None:
    plain = telling()
    with_steps = replace(plain.tasks[1], steps=("Ring the shop",), verifier="gil")
    cutover = rehearse(replace(plain, tasks=(plain.tasks[0], with_steps)))
    approved(cutover)
    with pytest.raises(Refused, match="waits for GO"):
        cutover.do("communication.send", "SEND", by="omar", **words(cutover, "SEND"))
    cutover.do("communication.send", "SEND", **words(cutover, "SEND"))
    assert (cutover.task("SEND").state, cutover.task("SEND").out_of_sequence) == (TaskState.RUNNING, True)
    cutover.do("step.tick", "SEND", positions=[1])
    cutover.do("task.done", "SEND", by="omar")
    assert cutover.task("SEND").state is TaskState.VERIFYING


def test_what_is_done_again_is_sent_again(cutover: Cutover) -> None:
    approved(cutover).do("communication.send", "SEND", by="omar", **words(cutover, "SEND"))
    cutover.do("task.rerun", "SEND", reason="it went to the wrong list")
    approved(cutover).do("communication.send", "SEND", by="omar", **words(cutover, "SEND"))
    assert [one.occurrence for one in cutover.board().rows(Announcement).values()] == [1, 2]


def test_a_standing_approval_covers_each_time_and_no_other_words(cutover: Cutover) -> None:
    with pytest.raises(BadInput, match="sent once"):
        cutover.do("communication.approve", "SEND", by="vera", standing=True)
    cutover.do("communication.approve", "status", standing=True)
    assert standing(cutover, "status").approved
    for number, at in enumerate((60, 121), start=1):
        cutover.to(at)
        cutover.do("communication.send", "status", **words(cutover, "status"))
        one = last(cutover)
        assert (one.occurrence, one.standing, one.sent_at) == (number, True, minute(at))
    with pytest.raises(Refused, match="29 minutes too early"):
        cutover.do("communication.send", "status", **words(cutover, "status"))
    cutover.do("communication.draft", "status", text="Nothing new.")
    cutover.to(180)
    with pytest.raises(Refused, match="is not approved"):
        cutover.do("communication.send", "status", **words(cutover, "status"))
    cutover.do("communication.withdraw", "status", reason="it is over")
    assert standing(cutover, "status").standing is None


def test_a_time_that_was_missed_gives_way_to_the_next(cutover: Cutover) -> None:
    cutover.to(115)
    assert (standing(cutover, "status").occurrence, standing(cutover, "status").due_s) == (1, 60 * 60)
    cutover.to(120)
    assert standing(cutover, "status").occurrence == 2
    cutover.to(600)
    assert standing(cutover, "status").occurrence == 3
    approved(cutover, "status", by="lena").do("communication.send", "status", **words(cutover, "status"))
    assert standing(cutover, "status").over


def test_only_those_who_send_it_send_it(cutover: Cutover) -> None:
    for ref in ("SEND", "status"):
        with pytest.raises(Refused, match="only its owner"):
            cutover.do("communication.draft", ref, by="gil", text="Hello.")


def test_what_changed_meanwhile_is_looked_at_first(cutover: Cutover) -> None:
    seen = cutover.board().last_entry("SEND")
    cutover.do("communication.draft", "SEND", by="omar", text="We are live.")
    with pytest.raises(Stale):
        cutover.do("communication.approve", "SEND", by="vera", seen=seen, text="We are live.")


def test_without_an_address_it_is_sent_by_hand(rehearse: Rehearse) -> None:
    cutover = rehearse(telling(status=replace(STATUS, to=())))
    cutover.to(60)
    approved(cutover, "status", by="lena")
    with pytest.raises(Refused, match="status has no address"):
        cutover.do("communication.send", "status", **words(cutover, "status"))
    with pytest.raises(BadInput, match="the address"):
        cutover.do("communication.send", "status", to=["mailto://user:secret@host"], **words(cutover, "status"))
    cutover.do("communication.send", "status", to=["mailto:x@example.org"], **words(cutover, "status"))
    assert last(cutover).addresses == ("x@example.org",)


def test_the_live_run_does_not_count_as_sent_what_nobody_gets(planned: Cutover) -> None:
    plan_file.apply(planned.state_file, caller("lena"), document=telling(), name="telling.yaml", reason="with texts")
    runs.start(planned.state_file, caller("lena"), kind=RunKind.LIVE)
    planned.do("alert.sending", SendingMode.OFF)
    planned.to(60)
    approved(planned, "status", by="lena")
    with pytest.raises(Refused, match="nobody would be told"):
        planned.do("communication.send", "status", **words(planned, "status"))
    planned.do("alert.sending", SendingMode.TEST, to="test@example.org")
    planned.do("communication.send", "status", **words(planned, "status"))
    assert (last(planned).mode, last(planned).test_to) == (SendingMode.TEST, "test@example.org")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"text": " "}, "the text is missing"),
        ({"text": "x" * 20_001}, "longer than 20,000"),
        ({"text": "a\x1b[2Jb"}, "control character"),
        ({"text": "a", "subject": "a\nBcc: all"}, "one line"),
    ],
)
def test_words_that_cannot_be_sent_are_refused(cutover: Cutover, arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        cutover.do("communication.draft", "SEND", by="omar", **arguments)


def test_what_sends_nothing_is_said(cutover: Cutover) -> None:
    for ref, why in (("A", "A sends no text"), ("NOPE", "there is no task NOPE")):
        with pytest.raises(BadInput, match=why):
            cutover.do("communication.draft", ref, text="Hello.")
    cutover.do("communication.draft", "notice", by="omar", text="By its key.")
    assert cutover.entries()[-1].subject == "SEND"
    assert NOTICE.key == last(cutover).communication

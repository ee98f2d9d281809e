"""A communication really sent: by mail to everybody it is for, in a test to one address, in a rehearsal marked so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.communicating import standing, telling, words
from tests.cutover import Cutover
from tests.sinks import Sink, text_of
from tests.unit.test_delivery import Post, channels
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.words import DeliveryState, SendingMode

Rehearse = Callable[[RunbookDocument], Cutover]


def sent(cutover: Cutover, mode: SendingMode | None, to: str | None = None) -> Cutover:
    """The notice is approved and sent, out of sequence, while messages go as `mode` says."""
    if mode is not None:
        cutover.do("alert.sending", mode, to=to)
    cutover.do("communication.approve", "SEND", by="vera", **words(cutover, "SEND"))
    cutover.do("communication.send", "SEND", **words(cutover, "SEND"))
    return cutover


def states(post: Post) -> dict[str, DeliveryState]:
    return {row.channel: row.state for row in post.rows() if row.announcement_id is not None}


def test_its_audience_is_sent_the_very_words_once(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = sent(rehearse(telling()), SendingMode.ON)
    post = Post(cutover, channels(tmp_path, mail, web))
    post.board = cutover.board()
    post.go()
    post.until_ended(2)
    assert states(post) == {"all@example.org": DeliveryState.SENT, "room": DeliveryState.SENT}
    (letter,) = mail.arrived
    assert (letter["X-To"], letter["Subject"]) == ("all@example.org", "(rehearsal) Small cutover is live")
    rehearsal, _, told = text_of(letter).replace("\r\n", "\n").strip().partition("\n\n")
    assert rehearsal.startswith("REHEARSAL")
    assert told == standing(cutover, "SEND").words.text
    post.board = cutover.board()
    post.go()
    assert len(post.rows()) == 2


def test_in_a_test_all_goes_to_one_address(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = sent(rehearse(telling()), SendingMode.TEST, "test@example.org")
    post = Post(cutover, channels(tmp_path, mail, web))
    post.board = cutover.board()
    post.go()
    post.until_ended(1)
    assert states(post) == {"test@example.org": DeliveryState.SENT}
    assert "TEST: meant for all@example.org, room, sent to test@example.org" in text_of(mail.arrived[0])
    cutover.do("alert.sending", SendingMode.ON)
    post.board = cutover.board()
    post.go()
    assert states(post) == {"test@example.org": DeliveryState.SENT}, "what was tested is not sent out later"


def test_in_a_rehearsal_nothing_leaves_by_itself(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = sent(rehearse(telling()), None)
    post = Post(cutover, channels(tmp_path, mail, web))
    post.board = cutover.board()
    post.go()
    assert set(states(post).values()) == {DeliveryState.SUPPRESSED}
    assert (mail.arrived, web.arrived) == ([], [])


def test_what_was_sent_leaves_also_when_the_run_is_closed_at_once(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink
) -> None:
    cutover = sent(rehearse(telling()), SendingMode.ON)
    cutover.do("run.close", reason="all is done")
    post = Post(cutover, channels(tmp_path, mail, web))
    post.board = cutover.board()
    post.go()
    post.until_ended(2)
    assert set(states(post).values()) == {DeliveryState.SENT}

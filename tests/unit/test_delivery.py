"""Messages of alerts really sent: to a mail server and a web server, also to such that hang, refuse and fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cutover import Cutover, document, minute, opened, task
from tests.sinks import Sink, text_of
from warroom.actions import deliveries, lease
from warroom.actions.lease import Holder, Superseded
from warroom.alerts.channels import Channels, read_channels
from warroom.alerts.courier import Courier
from warroom.alerts.outbox import BACK_OFF, BATCH
from warroom.alerts.sending import KEY_HEADER, SIGNATURE_HEADER, TIME_HEADER, signature
from warroom.board.board import Board
from warroom.board.rows import Delivery
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.words import DeliveryState, SendingMode

Rehearse = Callable[[RunbookDocument], Cutover]
SECRET = "planted-secret-4711"
ME = Holder("here:1", "me", can_send=True)


def late(*refs: str) -> RunbookDocument:
    """Tasks of omar's that nobody starts, and on which the end waits; omar has a mail address, lena a channel."""
    plain = document(*(task(ref, 30, backup=None) for ref in refs), task("END", 10, *refs, owner="bea"))
    ways = {"omar": ("omar@example.org",), "lena": ("room",)}
    people = tuple(replace(person, notify=ways.get(person.handle, ())) for person in plain.people)
    return replace(plain, people=people)


class Post:
    """A courier that is driven by hand, in the name of a lease that it holds."""

    def __init__(self, cutover: Cutover, channels: Channels | None, holder: Holder = ME) -> None:
        self.cutover = cutover
        self.board: Board | None = None  # one that stands still, so that no alert becomes another one
        self._told = threading.Condition()
        self._ended = 0
        self.courier = Courier(cutover.state_file, channels, self._one_ended)
        fence = lease.hold(cutover.state_file, holder)
        assert fence is not None
        self.fence = fence

    def _one_ended(self) -> None:
        with self._told:
            self._ended += 1
            self._told.notify_all()

    def go(self) -> None:
        self.courier.go(self.board or self.cutover.sweep(), self.fence)

    def until_ended(self, count: int) -> None:
        """Until so many sendings have come to an end, well or not; then their outcome is written down."""
        with self._told:
            assert self._told.wait_for(lambda: self._ended >= count, 60)
        self.go()

    def go_round(self, count: int = 1) -> None:
        """Owed, collected, sent and written down."""
        self.go()
        self.cutover.clock.move_to(self.cutover.clock.now() + BATCH)
        before = self._ended
        self.go()
        self.until_ended(before + count)

    def rows(self) -> list[Delivery]:
        return deliveries.of_run(self.cutover.state_file, self.cutover.board().run_id)

    def states(self) -> dict[tuple[str, str, str], DeliveryState]:
        return {(row.message_kind.value, row.person, row.channel): row.state for row in self.rows()}


def channels(tmp_path: Path, mail: Sink, web: Sink, **more: str) -> Channels:
    """A channels file with the mail server, a room and a webhook; `more` adds lines to a table."""
    path = tmp_path / "channels.toml"
    path.write_text(
        f"""
        [mail]
        server = "127.0.0.1"
        port = {mail.port}
        security = "none"
        from = "warroom@example.org"
        {more.get("mail", "")}
        [channels.room]
        url = "json://127.0.0.1:{web.port}/room/${{TOKEN}}"
        {more.get("room", "")}
        [webhooks.ops]
        url = "http://127.0.0.1:{web.port}/ops"
        secret = "${{TOKEN}}"
        {more.get("ops", "")}
        """
    )
    return read_channels(path, {"TOKEN": SECRET})


def ways(sink: Sink, path: str) -> list[Any]:
    return [request for request in sink.arrived if request.path.startswith(path)]


def switched_on(cutover: Cutover) -> Cutover:
    cutover.do("alert.sending", SendingMode.ON)
    return cutover


def test_everybody_told_is_sent_it_and_that_it_is_over(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink
) -> None:
    cutover = switched_on(rehearse(late("A")))
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go_round(3)
    assert post.states() == {
        ("alert", "omar", "omar@example.org"): DeliveryState.SENT,
        ("alert", "lena", "room"): DeliveryState.SENT,
        ("alert", "", "ops"): DeliveryState.SENT,
    }
    (letter,) = mail.arrived
    (alert,) = cutover.board().open_alerts
    rows = {row.person: row for row in post.rows()}
    assert letter["X-To"] == "omar@example.org"
    assert letter["Subject"].startswith(f"(rehearsal) [{alert.severity.value.upper()}] A Title of A")
    assert letter[KEY_HEADER] == rows["omar"].key == rows["omar"].message
    said = text_of(letter)
    assert "must act: Omar Owner" in said
    assert f"warroom alert ack {alert.id}" in said
    assert f"message {rows['omar'].key}" in said
    (hook,) = ways(web, "/ops")
    assert hook.headers[KEY_HEADER] == rows[""].key
    wanted = signature(SECRET, hook.headers[TIME_HEADER], hook.body)
    assert hook.headers[SIGNATURE_HEADER] == f"sha256={wanted}"
    assert (hook.document["event"], hook.document["alert"]["subject"]) == ("alert.raised", "A")

    post.go_round(0)
    assert len(mail.arrived) == 1
    cutover.finish("A")
    post.go_round(3)
    assert text_of(mail.arrived[1]).startswith("[over] A Title of A")
    assert [hook.document["event"] for hook in ways(web, "/ops")] == ["alert.raised", "alert.closed"]
    assert {state for (kind, _, _), state in post.states().items() if kind == "over"} == {DeliveryState.SENT}


def test_alerts_that_come_together_are_one_message(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = switched_on(rehearse(late("A", "B", "C")))
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go()
    assert mail.arrived == []
    cutover.clock.move_to(cutover.clock.now() + BATCH)
    post.go()
    mail.wait_for(1)
    count = len(cutover.board().open_alerts)
    assert count > 1
    post.until_ended(2 + count)
    assert f"{count} alerts" in mail.arrived[0]["Subject"]
    assert len(mail.arrived) == 1
    assert len({row.message for row in post.rows() if row.person == "omar"}) == 1
    assert len(ways(web, "/ops")) == count


def test_a_channel_that_hangs_delays_no_other(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = switched_on(rehearse(late("A")))
    mail.manner = "hang"
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go_round(2)
    assert post.states()["alert", "omar", "omar@example.org"] is DeliveryState.SENDING
    assert post.states()["alert", "lena", "room"] is DeliveryState.SENT
    mail.go_on.set()
    post.until_ended(3)
    assert post.states()["alert", "omar", "omar@example.org"] is DeliveryState.SENT


def test_what_fails_is_tried_again_later_and_given_up(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink
) -> None:
    cutover = switched_on(rehearse(late("A")))
    mail.manner, web.status = "refuse", 500
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go_round(3)
    rows = {row.person: row for row in post.rows()}
    assert {row.state for row in rows.values()} == {DeliveryState.FAILED}
    assert rows[""].error == "it answered 500 Internal Server Error"
    assert {row.attempts for row in rows.values()} == {1}
    assert {row.next_at for row in rows.values()} == {cutover.clock.now() + BACK_OFF[0]}
    post.board = cutover.board()
    post.go()
    assert len(mail.arrived) == 1, "not before it is time"

    mail.manner = "take"
    ended = 3
    for wait in BACK_OFF:
        cutover.clock.move_to(cutover.clock.now() + wait)
        post.go()
        ended += 3 if ended == 3 else 2
        post.until_ended(ended)
    rows = {row.person: row for row in post.rows()}
    assert rows["omar"].state is DeliveryState.SENT
    assert (rows["lena"].state, rows[""].state) == (DeliveryState.GIVEN_UP, DeliveryState.GIVEN_UP)
    assert rows[""].attempts == len(BACK_OFF) + 1
    assert len({letter[KEY_HEADER] for letter in mail.arrived}) == 1
    assert len({hook.headers[KEY_HEADER] for hook in ways(web, "/ops")}) == 1


def test_nobody_there_is_a_reason_without_secrets(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    cutover = switched_on(rehearse(late("A")))
    caplog.set_level("DEBUG", logger="warroom")
    known = channels(tmp_path, mail, Sink(port=9))
    post = Post(cutover, known)
    cutover.to(12)
    post.go_round(3)
    rows = {row.person: row for row in post.rows()}
    assert rows["omar"].state is DeliveryState.SENT
    for person in ("lena", ""):
        assert rows[person].state is DeliveryState.FAILED
        assert "Errno" in str(rows[person].error)
        assert SECRET not in str(rows[person].error)
    assert "was not sent" in caplog.text
    assert SECRET not in caplog.text
    for kept in tmp_path.rglob("own.db*"):
        assert SECRET.encode() not in kept.read_bytes()


def test_one_who_stood_still_writes_nothing_any_more(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    """Another has taken over while the first one was sending: that one finds the message again, under the same key."""
    cutover = switched_on(rehearse(late("A")))
    mail.manner = "hang"
    known = channels(tmp_path, mail, web)
    first = Post(cutover, known)
    cutover.to(12)
    first.go_round(2)
    with opened(cutover.path) as other:
        other.to(14)
        second = Post(other, known, Holder("there:2", "other", can_send=True))
        assert second.fence == first.fence + 1
        mail.manner = "take"
        second.go_round(1)
        assert second.states()["alert", "omar", "omar@example.org"] is DeliveryState.SENT
        mail.go_on.set()
        with pytest.raises(Superseded):
            first.until_ended(3)
        cutover.clock.move_to(other.clock.now())
        assert lease.hold(cutover.state_file, ME) is None
        rows = {row.person: row for row in second.rows()}
    assert (rows["omar"].fence, rows["omar"].attempts) == (second.fence, 2)
    assert len(mail.arrived) == 2
    assert len({letter[KEY_HEADER] for letter in mail.arrived}) == 1


def test_in_a_rehearsal_nothing_leaves_unless_somebody_says_so(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink
) -> None:
    cutover = rehearse(late("A", "B"))
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go_round(0)
    assert {row.state for row in post.rows()} == {DeliveryState.SUPPRESSED}
    assert all("rehearsal" in str(row.error) for row in post.rows())
    cutover.do("alert.sending", SendingMode.TEST, to="tester@example.org")
    cutover.finish("A")
    cutover.to(60)
    cutover.do("task.start", "B")
    cutover.to(120)
    post.go_round(1)
    assert {letter["X-To"] for letter in mail.arrived} == {"tester@example.org"}
    assert text_of(mail.arrived[0]).startswith("TEST: meant for")
    assert web.arrived == []


def test_switched_off_while_it_waits(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = switched_on(rehearse(late("A")))
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go()
    cutover.do("alert.sending", SendingMode.OFF)
    post.go_round(0)
    assert {row.state for row in post.rows() if row.person} == {DeliveryState.SUPPRESSED}
    assert mail.arrived == ways(web, "/room") == []


def test_what_is_over_before_it_leaves_is_not_sent(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = switched_on(rehearse(late("A")))
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go()
    cutover.finish("A")
    post.go_round(0)
    assert {row.error for row in post.rows() if row.person} == {"it was over before it was sent"}
    assert mail.arrived == ways(web, "/room") == []


def test_without_channels_it_waits_for_one_who_has_some(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink
) -> None:
    cutover = switched_on(rehearse(late("A")))
    known = channels(tmp_path, mail, web)
    poor = Post(cutover, None, Holder("poor:1", "poor", can_send=False))
    cutover.to(12)
    poor.go()
    assert {row.state for row in poor.rows()} == {DeliveryState.QUEUED}
    rich = Post(cutover, known)
    assert rich.fence == poor.fence + 1, "who can send takes over from who cannot"
    rich.go_round(3)
    assert {row.state for row in rich.rows()} == {DeliveryState.SENT}


def test_quiet_hours_and_severities(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    """19:00 to 21:00 in Berlin; the tests begin at 19:00 there. What is only a warning waits; the room wants more."""
    cutover = switched_on(rehearse(late("A")))
    cutover.do("person.edit", "omar", fields={"quiet": "19:00-21:00", "timezone": "Europe/Berlin"})
    post = Post(cutover, channels(tmp_path, mail, web, room='severity = "critical"'))
    cutover.to(12)
    post.go_round(1)
    (alert,) = cutover.board().open_alerts
    assert alert.severity.value == "warning"
    rows = {row.person: row for row in post.rows()}
    assert set(rows) == {"omar", ""}
    assert (rows["omar"].state, rows["omar"].next_at) == (DeliveryState.HELD, minute(120))
    post.board = cutover.board()
    cutover.clock.move_to(minute(120))
    post.go()
    mail.wait_for(1)


def test_a_channel_that_the_file_does_not_have(rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink) -> None:
    cutover = switched_on(rehearse(late("A")))
    cutover.do("person.edit", "lena", fields={"notify": ["rome"]})
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go_round(2)
    rows = {row.person: row for row in post.rows()}
    assert (rows["lena"].state, rows["lena"].error) == (DeliveryState.GIVEN_UP, "the channels file has no rome")


def test_a_clock_that_is_set_back_does_not_stop_messages(
    rehearse: Rehearse, tmp_path: Path, mail: Sink, web: Sink
) -> None:
    cutover = switched_on(rehearse(late("A")))
    web.status = 500
    post = Post(cutover, channels(tmp_path, mail, web))
    cutover.to(12)
    post.go_round(3)
    with cutover.state_file.write() as transaction:
        for row in transaction.rows.find(Delivery, state=DeliveryState.FAILED):
            transaction.rows.update(row, next_at=cutover.clock.now() + timedelta(hours=2))
    web.status = 200
    post.go()
    post.until_ended(5)
    assert {row.state for row in post.rows()} == {DeliveryState.SENT}

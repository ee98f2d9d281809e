"""The channels file: what it may say, where secrets come from, and that no message shows one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import START, minute
from tests.sinks import http_sink, mail_sink
from warroom.alerts.channels import Channel, Channels, Webhook, channels_path, read_channels
from warroom.alerts.lanes import Lane, Outcome
from warroom.alerts.sending import Message, NotSent, send
from warroom.rules.quiet import quiet_until
from warroom.vocabulary.addresses import fault_of_address, mail_address
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import Severity

SECRET = "planted-secret-4711"


def read(tmp_path: Path, text: str, **environment: str) -> Channels:
    path = tmp_path / "channels.toml"
    path.write_text(text)
    return read_channels(path, environment)


def test_everything_that_it_may_say(tmp_path: Path) -> None:
    known = read(
        tmp_path,
        """
        [mail]
        server = "smtp.example.org"
        user = "warroom@example.org"
        password = "${PASSWORD}"
        from = "warroom@example.org"
        severity = "warning"
        [channels.leads]
        url = "slack://${TOKEN}/x"
        timeout = 5
        [webhooks.ops]
        url = "https://ops.example.org/hook"
        secret = "${TOKEN}"
        severity = "critical"
        """,
        PASSWORD="p/w d:" + SECRET,
        TOKEN=SECRET,
    )
    mail, leads, ops = known.named["mail"], known.named["leads"], known.named["ops"]
    assert isinstance(mail, Channel)
    assert isinstance(ops, Webhook)
    assert mail.url.startswith("mailtos://warroom%40example.org:p%2Fw%20d%3Aplanted-secret-4711@smtp.example.org:587/?")
    assert leads.timeout_s == 5
    assert known.routes.floors == {
        "mail": Severity.WARNING,
        "leads": Severity.NOTICE,
        "ops": Severity.CRITICAL,
    }
    assert set(known.routes.webhooks) == {"ops"}
    assert SECRET not in repr(known)
    for text in (f"at {leads.url}", f"p/w d:{SECRET}", f"p%2Fw%20d%3A{SECRET}", mail.url):
        assert SECRET not in known.scrub(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[mail", "no TOML"),
        ("[male]", "did you mean mail?"),
        ('[mail]\nserver = "a"', "needs server, and from"),
        ('[mail]\nserver = "a"\nfrom = "b@example.org"\nsecurity = "ssl"', "security is one of"),
        ('[mail]\nserver = "a"\nfrom = "b@example.org"\nport = 0', "port is a number"),
        ('[channels.a]\nurl = "${GONE}"', "the environment variable GONE is not set"),
        ('[channels.a]\nurll = "x://y"', "did you mean url?"),
        ('[channels.a]\nurl = "nothing"', "a url is missing"),
        ('[channels.a]\nurl = "json://h"\nseverity = "high"', "severity is one of"),
        ('[channels.a]\nurl = "json://h"\ntimeout = 0', "timeout is a number"),
        ('[channels."a b"]\nurl = "json://h"', "cannot be the name of a channel"),
        ('[channels.mail]\nurl = "json://h"', "two channels called mail"),
        ('[webhooks.a]\nurl = "http://h"', "a secret is missing"),
        ('[webhooks.a]\nurl = "ftp://h"\nsecret = "abcd"', "neither http:// nor https://"),
        ("channels = 1", "[channels] is a table"),
    ],
)
def test_what_makes_no_sense_is_told_without_secrets(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text, PLANTED=SECRET)
    assert says in f"{refused.value.message}; {refused.value.hint}"
    assert str(refused.value.where).startswith(str(tmp_path / "channels.toml"))


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_channels(tmp_path / "none.toml", {})
    assert channels_path(None, {}) is None
    assert channels_path(None, {"WARROOM_CHANNELS": "a"}) == Path("a")
    assert channels_path("b", {"WARROOM_CHANNELS": "a"}) == Path("b")


@pytest.mark.parametrize("text", ["ana@example.org", "mailto:ana@example.org", "mailto://ana@example.org"])
def test_mail_addresses(text: str) -> None:
    assert mail_address(text) == "ana@example.org"
    assert fault_of_address(text) is None


@pytest.mark.parametrize(
    "text", ["mailto://u:secret@host", "slack://token/x", "two words", "a,b@example.org", "https://example.org", ""]
)
def test_what_is_no_address_belongs_elsewhere(text: str) -> None:
    assert mail_address(text) is None
    assert fault_of_address(text) is not None


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        ("22:00-06:00", 3 * 60 - 1, None),  # the tests begin at 19:00 in Berlin
        ("22:00-06:00", 3 * 60, 11 * 60),
        ("22:00-06:00", 11 * 60 - 1, 11 * 60),
        ("22:00-06:00", 11 * 60, None),
        ("18:00-20:00, 21:00-21:30", 0, 60),
        ("18:00-20:00, 21:00-21:30", 125, 150),
        (None, 0, None),
    ],
)
def test_quiet_hours(hours: str | None, at: int, until: int | None) -> None:
    found = quiet_until(hours, "Europe/Berlin", minute(at), Severity.WARNING)
    assert found == (None if until is None else minute(until))
    assert quiet_until(hours, "Europe/Berlin", minute(at), Severity.CRITICAL) is None


def test_a_channel_that_never_answers_is_given_up(tmp_path: Path) -> None:
    """The next message gets a thread of its own; when three hang, nothing more is tried until one comes back."""
    with http_sink() as sink:
        sink.manner = "hang"
        outcomes: list[Outcome] = []
        hook = Webhook("ops", f"http://127.0.0.1:{sink.port}/", SECRET, timeout_s=60)
        known = Channels({"ops": hook})
        lane = Lane("ops", lambda message: send(known, hook, message, START), -5.0, outcomes.append)
        for number in range(5):
            lane.put(Message(str(number), "ops", "", "", Severity.NOTICE, {}))
            sink.wait_for(min(number + 1, 3))
            lane.look()
        assert [(outcome.message.key, outcome.error is None) for outcome in outcomes] == [
            (str(number), False) for number in range(5)
        ]
        assert "no answer" in str(outcomes[0].error)
        assert "the channel hangs" in str(outcomes[4].error)


def test_redirects_are_not_followed() -> None:
    with http_sink() as sink:
        sink.status = 302
        hook = Webhook("ops", f"http://127.0.0.1:{sink.port}/", SECRET)
        with pytest.raises(NotSent, match="it answered 302"):
            send(Channels({"ops": hook}), hook, Message("1", "ops", "", "", Severity.NOTICE, {}), START)
        assert len(sink.arrived) == 1


# --- the commands ----------------------------------------------------------------------------------------------------


def test_a_test_message_and_what_happened(rehearsal: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    with mail_sink() as mail, http_sink() as web:
        path = tmp_path / "channels.toml"
        path.write_text(
            f'[mail]\nserver = "127.0.0.1"\nport = {mail.port}\nsecurity = "none"\nfrom = "warroom@example.org"\n'
            f'[channels.room]\nurl = "json://127.0.0.1:{web.port}/${{TOKEN}}"\n'
        )
        assert rehearsal("alert", "test", "--as", "lena").code == 2
        monkeypatch.setenv("WARROOM_CHANNELS", str(path))
        refused = rehearsal("alert", "test", "--as", "lena")
        assert (refused.code, "lena has no channel" in refused.err) == (1, True)
        answer = rehearsal("alert", "test", "--as", "lena", "--to", "omar")
        assert (answer.code, answer.err) == (0, "omar@example.org: sent\n")
        assert mail.arrived[0]["X-To"] == "omar@example.org"
        web.status = 500
        answer = rehearsal("alert", "test", "--as", "lena", "--channel", "room")
        assert answer.code == 1
        assert "room: not sent: " in answer.err
        assert rehearsal("alert", "test", "--as", "lena", "--channel", "nowhere").code == 1
        found = rehearsal.json("alert", "deliveries")
    assert [(one["channel"], one["state"]) for one in found] == [
        ("omar@example.org", "sent"),
        ("room", "given-up"),
        ("nowhere", "given-up"),
    ]
    assert "nowhere" in rehearsal("alert", "deliveries", "--state", "given-up").out
    assert SECRET not in answer.err + answer.out
    for kept in tmp_path.rglob("*"):
        if kept.is_file() and kept != path:
            assert SECRET.encode() not in kept.read_bytes(), kept


def test_sending_is_switched(rehearsal: Commands) -> None:
    document = rehearsal.json("alert", "sending")
    assert (document["mode"], document["said"], document["watch"]["holder"]) == ("off", False, None)
    assert "nobody watches" in rehearsal("alert", "sending").out
    assert rehearsal("alert", "sending", "on", "--as", "omar").code == 1
    assert rehearsal("alert", "sending", "test", "--as", "lena").code == 2
    assert rehearsal("alert", "sending", "test", "--to", "slack://x/y", "--as", "lena").code == 2
    rehearsal.good("alert", "sending", "test", "--to", "mailto:lena@example.org", "--as", "lena")
    assert rehearsal.json("alert", "sending")["to"] == "lena@example.org"
    rehearsal.good("alert", "sending", "on", "--as", "lena")
    document = rehearsal.json("alert", "sending")
    assert (document["mode"], document["to"], document["said"]) == ("on", None, True)


def test_a_clock_is_confirmed_by_command(rehearsal: Commands) -> None:
    refused = rehearsal("run", "clock", "--confirm", "--as", "lena")
    assert (refused.code, "nothing waits" in refused.err) == (1, True)


def test_people_say_where_and_when(rehearsal: Commands) -> None:
    rehearsal.good("person", "edit", "omar", "--notify", "room", "--quiet", "22:00-6:00", "--as", "omar")
    document = rehearsal.json("person", "show", "omar")
    assert (document["notify"], document["quiet"]) == (["room"], "22:00-06:00")
    assert rehearsal("person", "edit", "omar", "--quiet", "late", "--as", "omar").code == 2
    refused = rehearsal("person", "edit", "omar", "--notify", f"slack://{SECRET}/x", "--as", "omar")
    assert refused.code == 2
    assert SECRET not in refused.err
    rehearsal.good("person", "edit", "omar", "--quiet", "off", "--as", "omar")
    assert rehearsal.json("person", "show", "omar")["quiet"] is None

"""`warroom communication`, as people and programs call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Commands
from tests.communicating import telling
from tests.cutover import created


@pytest.fixture
def telling_rehearsal(commands: Commands) -> Commands:
    """A rehearsal that has just started; lena acts unless somebody else is named."""
    created(commands.path, telling())
    commands.good("run", "start", "--rehearsal", "mock 1")
    return commands


def test_what_is_to_be_sent_is_listed_and_previewed_at_any_time(telling_rehearsal: Commands) -> None:
    call = telling_rehearsal
    notice, status = call.json("communication", "list")
    assert (notice["ref"], notice["task"], notice["state"], notice["approver"]) == (
        "SEND",
        "SEND",
        "to-be-approved",
        "vera",
    )
    assert (status["ref"], status["task"], status["due"], status["every_s"]) == (
        "status",
        None,
        "2026-11-27T19:00:00Z",
        3600,
    )
    call.to(90)
    assert "We are live since Fri 27 Nov 20:30 CET." in call.good("communication", "preview", "SEND").out
    then = call.json("communication", "preview", "notice", "--at", "T+20m")
    assert then["text"].startswith("We are live since Fri 27 Nov 19:20 CET.")
    assert "SEND" in call.good("communication", "list").out


def test_a_notice_from_draft_to_sent(telling_rehearsal: Commands, tmp_path: Path) -> None:
    call, ref = telling_rehearsal, "SEND"
    file = tmp_path / "notice.txt"
    file.write_text(call.good("communication", "preview", ref).out.replace("We are live", "At last we are live"))
    edited = call.good("communication", "draft", ref, str(file), "--as", "lena")
    assert edited.err == "the text of SEND was edited by lena; somebody else approves it\n"
    assert "Small cutover is live" in call.good("communication", "show", ref).out
    refused = call("communication", "approve", ref, "--as", "lena", "--reason", "nobody else is up")
    assert (refused.code, "edited themselves" in refused.err) == (1, True)
    approved = call.good("communication", "approve", ref, "--as", "vera")
    assert "At last we are live" in approved.out
    assert approved.err == "the text of SEND is approved by vera\n"
    sent = call.good("communication", "send", ref, "--as", "lena")
    assert "counts as sent to all@example.org, room; in this rehearsal no message leaves" in sent.err
    document = call.json("communication", "show", ref)
    assert document["state"] == "sent"
    (time,) = document["times"]
    assert (time["edited_by"], time["approved_by"], time["sent_by"]) == ("lena", "vera", "lena")
    assert time["text"].startswith("At last we are live since")
    assert time["mode"] == "off"


def test_status_with_a_standing_approval_and_one_by_hand(telling_rehearsal: Commands) -> None:
    call = telling_rehearsal
    call.good("communication", "approve", "status", "--standing")
    call.to(60)
    call.good("communication", "send", "status", "--to", "board@example.org")
    call.to(125)
    recorded = call.good("communication", "record", "status", "--how", "read out on the bridge", "--at", "20:02")
    assert recorded.err == "status was sent by hand: read out on the bridge\n"
    call.good("communication", "withdraw", "status", "--reason", "the board is asleep")
    call.to(180)
    assert call("communication", "send", "status").code == 1
    assert [one["by_hand"] for one in call.json("communication", "show", "status")["times"]] == [
        None,
        "read out on the bridge",
    ]


def test_task_done_wants_it_sent_or_a_reason_of_the_lead(telling_rehearsal: Commands) -> None:
    call = telling_rehearsal
    call.good("task", "start", "SEND")
    refused = call("task", "done", "SEND", "--json")
    assert (refused.code, refused.error["message"]) == (1, "the text of SEND was not sent")
    call.good("task", "done", "SEND", "--reason", "told on the bridge")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("preview", "SEN"), "did you mean SEND?"),
        (("preview", "A"), "A sends no text"),
        (("draft", "SEND", "no-such-file"), "cannot be read"),
        (("record", "SEND"), "--how"),
    ],
)
def test_what_makes_no_sense_is_bad_input(telling_rehearsal: Commands, arguments: tuple[str, ...], said: str) -> None:
    answer = telling_rehearsal("communication", *arguments)
    assert answer.code == 2
    assert said in answer.err

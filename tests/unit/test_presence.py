"""Who is connected: within a process, across processes, and when a process dies."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from tests.commands import PATIENCE_S, Commands, environment
from tests.cutover import Cutover, caller, opened
from tests.following import until
from warroom.host.interface import Connected
from warroom.host.local import LocalHost
from warroom.host.presence import GONE, REPEAT, Attendance, connected_in
from warroom.host.shared import SharedHost
from warroom.model.presence import Presence


def whom(connected: tuple[Connected, ...]) -> list[tuple[str, str]]:
    return [(one.handle, one.screen) for one in connected]


def rows(cutover: Cutover) -> list[Presence]:
    with cutover.state_file.read() as reader:
        return reader.find(Presence)


def test_who_enters_is_seen_by_other_processes_until_they_leave(cutover: Cutover) -> None:
    here, there = Attendance(cutover.state_file), Attendance(cutover.state_file)
    place = here.enter(caller("omar"))
    place.stand("owner", cutover.clock.now())
    here.exchange()
    there.exchange()
    assert whom(there.connected()) == whom(here.connected()) == [("omar", "owner")]
    place.leave()
    here.exchange()
    there.exchange()
    assert there.connected() == here.connected() == connected_in(cutover.state_file) == ()


def test_what_does_not_change_is_told_seldom(cutover: Cutover) -> None:
    attendance = Attendance(cutover.state_file)
    place = attendance.enter(caller("omar"))
    attendance.exchange()
    (first,) = rows(cutover)
    cutover.clock.move_to(cutover.clock.now() + REPEAT / 2)
    attendance.exchange()
    assert rows(cutover) == [first]
    place.stand("gate", cutover.clock.now())
    attendance.exchange()
    (second,) = rows(cutover)
    assert (second.id, second.screen, second.seen_at) == (first.id, "gate", cutover.clock.now())
    cutover.clock.move_to(cutover.clock.now() + REPEAT)
    attendance.exchange()
    assert rows(cutover)[0].seen_at == cutover.clock.now()


def test_a_process_that_died_is_forgotten(cutover: Cutover) -> None:
    dead, alive = Attendance(cutover.state_file), Attendance(cutover.state_file)
    dead.enter(caller("omar"))
    dead.exchange()
    cutover.clock.move_to(cutover.clock.now() + GONE - timedelta(seconds=1))
    assert whom(connected_in(cutover.state_file)) == [("omar", "")]
    cutover.clock.move_to(cutover.clock.now() + timedelta(seconds=1))
    assert connected_in(cutover.state_file) == ()
    alive.enter(caller("bea"))
    alive.exchange()
    assert [row.handle for row in rows(cutover)] == ["bea"], "whoever writes next takes its rows away"


def test_whoever_may_only_read_tells_nothing(cutover: Cutover) -> None:
    telling, silent = Attendance(cutover.state_file), Attendance(cutover.state_file, telling=False)
    telling.enter(caller("omar"))
    silent.enter(caller("bea"))
    telling.exchange()
    silent.exchange()
    assert whom(silent.connected()) == [("bea", ""), ("omar", "")]
    assert [row.handle for row in rows(cutover)] == ["omar"]


def test_presence_is_never_in_the_journal(cutover: Cutover) -> None:
    before = cutover.state_file.head()
    attendance = Attendance(cutover.state_file)
    attendance.enter(caller("omar"))
    attendance.exchange()
    assert cutover.state_file.head() == before


async def test_consoles_of_a_shared_host_are_there_while_they_are_subscribed(cutover: Cutover) -> None:
    async with SharedHost(cutover.state_file, watching=False) as host:
        omar, bea = host.console(caller("omar")), host.console(caller("bea"))
        room = host.console(caller("lena"), read_only=True, counted=False)
        ends = [console.subscribe(lambda: None) for console in (omar, bea, room)]
        omar.stand("owner", cutover.clock.now())
        room.stand("wall", cutover.clock.now())
        assert whom(bea.connected()) == [("bea", ""), ("omar", "owner")]
        for end in ends:
            end()
        assert bea.connected() == ()
    assert connected_in(cutover.state_file) == (), "the server has taken its rows away"


PROGRAM = """
import sys
from pathlib import Path
from warroom.host.local import LocalHost
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Via

with StateFile.open(Path(sys.argv[1])) as state_file:
    with LocalHost(state_file, Caller("omar", Assurance.CLAIMED, Via.CONSOLE), watching=False) as host:
        leave = host.subscribe(lambda: None)
        host.stand("owner", host.wall_time())
        print("there", flush=True)
        sys.stdin.read()
        leave()
"""


def test_a_console_in_another_process_is_seen_and_gone_when_it_closes(cutover: Cutover) -> None:
    path = str(cutover.path)
    with (
        opened(cutover.path) as here,
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as other,
    ):
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "there\n"
        until(lambda: [row.handle for row in rows(here)] == ["omar"])
        other.stdin.close()
        assert other.wait(PATIENCE_S) == 0
        assert rows(here) == []


def test_the_list_of_people_tells_who_is_connected(rehearsal: Commands) -> None:
    assert rehearsal.json("person", "list", "--connected") == []
    with opened(rehearsal.path) as cutover, LocalHost(cutover.state_file, caller("omar"), watching=False) as host:
        leave = host.subscribe(lambda: None)
        host.stand("owner", cutover.clock.now())
        until(lambda: bool(rows(cutover)))
        rehearsal.to(1)
        (one,) = rehearsal.json("person", "list", "--connected")
        assert (one["handle"], one["name"], one["via"]) == ("omar", "Omar Owner", "cli")
        assert one["idle_s"] == 60
        assert "omar" in rehearsal.good("person", "list", "--connected").out
        leave()
    assert rehearsal.json("person", "list", "--connected") == []

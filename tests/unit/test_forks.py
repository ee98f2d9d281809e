"""Commands are forks of a preloaded process: each for itself, ended once nobody wants it, and nothing of it stays."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands import environment
from tests.preloading import ENVIRONMENT, children, ended, forks, line_of, lives, open_files, wait_until
from warroom.serve import forks as forks_of
from warroom.serve.forks import Fork, Forks
from warroom.serve.preloaded import FAULT
from warroom.vocabulary.errors import Busy

MANY = 50

SLEEPS = """
import os, subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), inner.pid, flush=True)
time.sleep(600)
"""

STATE = """
import json, locale, logging, os, random, signal, sys, threading, warnings
mask = os.umask(0)
os.umask(mask)
print(json.dumps({
    "environment": dict(os.environ), "folder": os.getcwd(), "arguments": sys.argv, "left": LEFT, "mask": mask,
    "files": [number for number in range(1000) if os.path.exists(f"/proc/self/fd/{number}")],
    "streams": [(one.encoding, one.errors, one.line_buffering) for one in (sys.stdin, sys.stdout, sys.stderr)],
    "signals": {number.name: str(signal.getsignal(number)) for number in sorted(signal.valid_signals())
                if isinstance(number, signal.Signals)},
    "threads": threading.active_count(), "filters": len(warnings.filters), "logging": len(logging.root.handlers),
    "locale": locale.setlocale(locale.LC_ALL), "leads": os.getpid() == os.getsid(0) == os.getpgid(0),
}))
"""

SPOILS = """
import locale, logging, os, random, signal, sys, threading, warnings
os.environ["LOUD"] = "yes"
os.environ["MORE"] = "yes"
os.chdir("/")
os.umask(0)
sys.argv[:] = ["spoilt"]
LEFT.append("behind")
random.seed(1)
warnings.simplefilter("ignore")
logging.basicConfig()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
threading.Thread(target=threading.Event().wait, daemon=True).start()
"""


@pytest.fixture
async def ready() -> AsyncIterator[Forks]:
    async with forks() as made:
        yield made


async def done(ready: Forks, source: str, data: bytes = b"") -> tuple[int, str, str]:
    return await ended(await ready.begin(source.encode()), data)


async def number_of(ready: Forks) -> int:
    """The preloaded process."""
    code, out, _ = await done(ready, "import os; print(os.getppid())")
    assert code == 0
    return int(out)


# --- one command ------------------------------------------------------------------------------------------------------


async def test_it_reads_what_follows_and_writes_to_two_streams(ready: Forks) -> None:
    source = "import sys; data = sys.stdin.buffer.read(); print(len(data)); print('told', file=sys.stderr); code = 3"
    assert await done(ready, source, b"x" * 3_000_000) == (3, "3000000\n", "told\n")
    assert await done(ready, source) == (3, "0\n", "told\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP], ids=lambda number: number.name)
async def test_a_signal_that_ends_it_is_told(ready: Forks, number: signal.Signals) -> None:
    code, _, _ = await done(ready, f"import os; os.kill(os.getpid(), {number:d})")
    assert code == -number


async def test_a_fault_of_its_own_is_told_on_its_own_stream(ready: Forks) -> None:
    code, out, err = await done(ready, "1 / 0")
    assert (code, out) == (FAULT, "")
    assert "ZeroDivisionError" in err
    assert (await done(ready, "print('before')\n1 / 0"))[1] == "before\n"
    code, _, _ = await done(ready, "import sys; sys.stdout.write('kept')\nraise BrokenPipeError")
    assert code == 0


async def test_what_one_wrote_before_it_ended_arrives(ready: Forks) -> None:
    _, out, _ = await done(ready, "print('y' * 2_000_000)")
    assert len(out) == 2_000_001


# --- one and the next -------------------------------------------------------------------------------------------------


async def test_one_sees_nothing_of_another(ready: Forks) -> None:
    _, before, _ = await done(ready, STATE)
    assert (await done(ready, SPOILS))[0] == 0
    busy = await ready.begin(f"{SPOILS}\nprint('spoilt', flush=True)\nsys.stdin.read()".encode())
    assert await line_of(busy) == "spoilt"
    _, after, _ = await done(ready, STATE)
    assert (await ended(busy))[0] == 0
    assert json.loads(after) == json.loads(before)
    found = json.loads(after)
    assert (found["left"], found["files"], found["threads"], found["leads"]) == ([], [0, 1, 2], 1, True)
    assert found["environment"]["LOUD"] == "no"


async def test_it_begins_as_a_program_of_its_own_would(ready: Forks) -> None:
    _, out, _ = await done(ready, STATE)
    alone = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", f"LEFT = []\n{STATE}"],
        input=b"",
        capture_output=True,
        start_new_session=True,
        check=True,
        env=dict(ENVIRONMENT),
    )
    found, expected = json.loads(out), json.loads(alone.stdout)
    for one in (found, expected):
        one["environment"].pop("PYTEST_CURRENT_TEST", None)  # pytest's own, which says at what it is
    for name in ("environment", "folder", "mask", "streams", "signals", "threads", "locale", "files"):
        assert found[name] == expected[name], name


async def test_they_draw_different_numbers(ready: Forks) -> None:
    source = "import random, uuid; print(random.getrandbits(64), uuid.uuid4())"
    drawn = [(await done(ready, source))[1].split() for _ in range(3)]
    assert len({first for first, _ in drawn}) == len({second for _, second in drawn}) == 3


async def test_nothing_stays_of_many(ready: Forks) -> None:
    process = await number_of(ready)
    wait_until(lambda: not children(process))
    files, own = open_files(process), open_files(os.getpid())
    for first in range(0, MANY, 5):
        answers = await asyncio.gather(*(done(ready, f"print({first + more})") for more in range(5)))
        assert [out for _, out, _ in answers] == [f"{first + more}\n" for more in range(5)]
    assert await number_of(ready) == process
    wait_until(lambda: not children(process) and open_files(process) <= files)
    assert open_files(os.getpid()) == own


# --- commands that are ended ------------------------------------------------------------------------------------------


async def sleeping(ready: Forks) -> tuple[Fork, int, int]:
    """A command that sleeps, its process, and one that it has begun."""
    fork = await ready.begin(SLEEPS.encode())
    process, inner = map(int, (await line_of(fork)).split())
    assert process == fork.process
    return fork, process, inner


async def test_one_that_is_killed_leaves_nothing_behind(ready: Forks) -> None:
    other, other_process, _ = await sleeping(ready)
    fork, process, inner = await sleeping(ready)
    fork.kill()
    assert await fork.wait() == -signal.SIGKILL
    await fork.end()
    wait_until(lambda: not lives(process) and not lives(inner))
    assert lives(other_process)
    await other.end()
    assert not lives(other_process)


async def test_one_that_listens_to_nothing_is_killed_all_the_same(ready: Forks) -> None:
    deaf = "import signal\nfor one in (1, 2, 15): signal.signal(one, signal.SIG_IGN)\n"
    fork = await ready.begin(f"{deaf}print('deaf', flush=True)\nwhile True: pass".encode())
    assert await line_of(fork) == "deaf"
    os.kill(fork.process, signal.SIGTERM)
    await fork.end()
    assert not lives(fork.process)


async def test_one_that_is_wanted_no_more_before_it_began_does_nothing(ready: Forks, tmp_path: Path) -> None:
    process = await number_of(ready)
    made = tmp_path / "made"
    wanted = asyncio.create_task(ready.begin(f"import pathlib; pathlib.Path({str(made)!r}).touch()".encode()))
    await asyncio.sleep(0)
    wanted.cancel()
    await asyncio.gather(wanted, return_exceptions=True)
    assert await number_of(ready) == process
    wait_until(lambda: not children(process))
    assert not made.exists()


# --- a process that dies ----------------------------------------------------------------------------------------------


async def test_when_it_is_killed_what_runs_is_cut_off_and_the_next_one_works(ready: Forks) -> None:
    fork, process, inner = await sleeping(ready)
    preloaded = await number_of(ready)
    os.kill(preloaded, signal.SIGKILL)
    with pytest.raises(Busy, match="cut off, and may be done or not"):
        await fork.wait()
    await fork.end()
    wait_until(lambda: not lives(process) and not lives(inner))
    answers = await asyncio.gather(*(done(ready, "import os; print(os.getppid())") for _ in range(3)))
    (other,) = {int(out) for _, out, _ in answers}
    assert other != preloaded


async def test_signals_to_all_that_the_server_started_do_not_end_it(ready: Forks) -> None:
    preloaded = await number_of(ready)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(preloaded, number)
    assert await number_of(ready) == preloaded


async def test_one_that_no_longer_answers_is_replaced(ready: Forks, monkeypatch: pytest.MonkeyPatch) -> None:
    preloaded = await number_of(ready)
    os.kill(preloaded, signal.SIGSTOP)
    monkeypatch.setattr(forks_of, "BEGINS_WITHIN_S", 0.5)
    with contextlib.suppress(Busy):  # so soon the other one may not have begun it either
        await (await ready.begin(b"")).end()
    monkeypatch.undo()
    assert not lives(preloaded)
    assert (await done(ready, "code = 7"))[0] == 7


async def test_what_one_that_no_longer_answers_began_is_ended(ready: Forks, monkeypatch: pytest.MonkeyPatch) -> None:
    fork, process, inner = await sleeping(ready)
    preloaded = await number_of(ready)
    os.kill(preloaded, signal.SIGSTOP)
    monkeypatch.setattr(forks_of, "ENDS_WITHIN_S", 0.5)
    await fork.end()
    wait_until(lambda: not lives(process) and not lives(inner))
    monkeypatch.undo()
    os.kill(preloaded, signal.SIGCONT)
    assert await number_of(ready) == preloaded


@pytest.mark.parametrize(
    "arguments", [("/no/such/program",), (sys.executable, "-c", "raise SystemExit(1)")], ids=("missing", "ends at once")
)
async def test_one_that_cannot_be_started_is_one_plain_message(arguments: tuple[str, ...]) -> None:
    async with Forks(arguments, environment()) as broken:
        for _ in range(2):
            with pytest.raises(Busy, match="no command can be run just now"):
                await broken.begin(b"")


async def test_a_system_without_room_is_told_and_costs_no_other_command() -> None:
    source = (
        "import os, socket, sys\n"
        "from tests import preloading\n"
        "from warroom.serve import preloaded\n"
        "begun = []\n"
        "def fork(real=os.fork):\n"
        "    begun.append(1)\n"
        "    if len(begun) == 2:\n"
        "        raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
        "    return real()\n"
        "os.fork = fork\n"
        "preloaded.answer(socket.socket(fileno=int(sys.argv[1])), preloading.run)\n"
    )
    async with Forks((sys.executable, "-c", source), environment()) as ready:
        fork, process, _ = await sleeping(ready)
        with pytest.raises(Busy, match="no command can be run just now"):
            await ready.begin(b"")
        assert lives(process)
        assert (await done(ready, "code = 5"))[0] == 5
        await fork.end()


# --- a server that goes -----------------------------------------------------------------------------------------------


async def test_when_it_is_left_everything_ends() -> None:
    async with forks() as ready:
        preloaded = await number_of(ready)
        fork, process, inner = await sleeping(ready)
    assert not lives(preloaded)
    assert not lives(process)
    wait_until(lambda: not lives(inner))
    await fork.end()


SERVER = """
import asyncio, sys
from tests.preloading import forks, line_of
SOURCE = '''
import os, sys
print(os.getpid(), os.getppid(), flush=True)
sys.stdin.read()
open({path!r}, "w").close()
'''
async def main():
    async with forks() as ready:
        fork = await ready.begin(SOURCE.encode())
        fork.input.write(b"half a file")
        await fork.input.drain()
        print(await line_of(fork), flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""


def test_when_the_server_is_killed_no_process_stays_and_half_an_input_counts_for_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    with subprocess.Popen(
        [sys.executable, "-c", SERVER.replace("{path!r}", repr(str(taken)))],
        stdout=subprocess.PIPE,
        env=dict(environment()),
    ) as server:
        assert server.stdout is not None
        process, preloaded = map(int, server.stdout.readline().split())
        assert lives(process)
        assert lives(preloaded)
        server.kill()
        server.wait()
        wait_until(lambda: not lives(process) and not lives(preloaded))
    assert not taken.exists()

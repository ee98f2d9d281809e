"""Runbooks as large as they may be, and far larger, made to be as slow as can be: read or refused within ten seconds of
a processor and a gigabyte of memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soaking import LONG
from warroom.runbook.tree import LARGEST_FILE, MOST_LINES, MOST_VALUES

SECONDS = 20
PATIENCE_S = 110  # while others want the processor too
MEMORY = 1024**3
HEAD = (
    "warroom: 1\nprogramme: {key: p, name: P, timezone: UTC}\nwindow: {start: 2026-11-27, end: T+9h}\n"
    "people: [{handle: a, name: A}]\ntasks:\n"
)
FEW = 100  # values to spare

pytestmark = LONG

PROGRAM = """
import json, sys
from warroom.runbook.reader import read_runbook
from warroom.vocabulary.errors import BadRunbook
try:
    said = f"{len(read_runbook(sys.argv[1]).tasks)} tasks"
except BadRunbook as error:
    first = error.faults[0]
    said = f"{first.line}:{first.column} {first.message}"
print(json.dumps(said))
"""

SHAPES: dict[str, tuple[str, str]] = {
    "keys": ("".join(f"k{n}: 1\n" for n in range(MOST_VALUES // 2 - FEW)), "unknown key 'k0'"),
    "too many lines": ("# x\n" * (MOST_LINES + 1), "more than 200,000 lines"),
    "too many values": ("- a\n" * (MOST_VALUES + FEW), "more than 150,000 values"),
    "a long text": ('a: "' + "\\u0041" * (LARGEST_FILE // 6 - FEW) + '"', "unknown key 'a'"),
    "aliases": (
        "".join(f"- &a{n} x\n- *a{n}\n" for n in range(MOST_VALUES // 2 - FEW)),
        "a runbook is a mapping",
    ),
    "brackets": ("[" * (LARGEST_FILE - FEW), "nested deeper than 50 levels"),
    "names that nobody has": (
        HEAD
        + "".join(
            f"- {{ref: A{n}, title: t, owner: b, duration: 1h, after: [Q{n}]}}\n" for n in range(MOST_VALUES // 13)
        ),
        "the owner 'b' is not one of the people",
    ),
    "a chain of tasks": (
        HEAD
        + "- {ref: A0, title: t, owner: a, duration: 1h}\n"
        + "".join(
            f"- {{ref: A{n}, title: t, owner: a, duration: 1h, after: [A{n - 1}]}}\n"
            for n in range(1, MOST_VALUES // 13)
        ),
        f"{MOST_VALUES // 13} tasks",
    ),
}


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def read(path: Path) -> str:
    """What reading the file gives, in a process of its own that the system ends where it takes too much."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        preexec_fn=bounded,
    )
    assert ended.returncode == 0, ended.stderr[-500:]
    said: str = json.loads(ended.stdout)
    return said


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_the_shape_it_is_read_or_refused_in_time(shape: str, tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    text, said = SHAPES[shape]
    path.write_text(text, encoding="utf-8")
    assert path.stat().st_size <= LARGEST_FILE
    assert said in read(path)


@pytest.mark.parametrize("size", [LARGEST_FILE + 1, 100 * 1024**2, 8 * 1024**3])
def test_a_file_that_is_too_large_is_refused_without_being_read(size: int, tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(size)
    assert read(path) == "1:1 the file is larger than 5 MB"

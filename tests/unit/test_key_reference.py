"""The keys that README lists are those that the console knows."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tests.reference import BEGIN, END, with_keys
from warroom.cli.command import Invocation
from warroom.cli.doctor import doctor
from warroom.tui.keys.registry import ACTIONS

README = Path(__file__).parents[2] / "README.md"


def test_the_table_in_readme_is_that_of_the_registry() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert with_keys(text) == text, "run: python -m tests.reference README.md"


def test_doctor_prints_it_without_a_state_file() -> None:
    answer = CliRunner().invoke(doctor, ["--keys"], obj=Invocation())
    assert answer.exit_code == 0
    for action in ACTIONS:
        assert f"| {action.name} |" in answer.output

"""Reading a runbook of real size, against what the YAML library needs merely to parse it."""

from __future__ import annotations

from collections.abc import Callable

from ruamel.yaml import YAML

from tests.bench.measure import held, medians
from warroom.lint.lint import lint
from warroom.runbook.reader import read_text

TASKS = 1_200


def runbook(count: int) -> str:
    """A plan of `count` tasks in chains of ten, each with what a real task has."""
    head = (
        "warroom: 1\nprogramme: {key: p, name: P, timezone: Europe/Berlin}\n"
        "window: {start: 2026-11-27T18:00, end: T+900h}\n"
        "people:\n" + "".join(f"- {{handle: p{n}, name: Person {n}}}\n" for n in range(40)) + "tasks:\n"
    )
    tasks = []
    for n in range(count):
        after = f"    after: [T-{n - 1}]\n" if n % 10 else ""
        tasks.append(
            f"  - ref: T-{n}\n    title: Task number {n}\n    owner: p{n % 40}\n    backup: p{(n + 1) % 40}\n"
            f"    verifier: p{(n + 2) % 40}\n    duration: {{low: 20m, likely: 45m, high: 2h}}\n{after}"
            "    instructions: |\n      Open the list, filter it, and post what is left.\n      Note the number.\n"
            "    steps:\n      - Open the list\n      - Post it\n    verify:\n      - Nothing is left\n"
            "    undo: Reverse it.\n"
        )
    return head + "".join(tasks)


def test_reading_a_runbook(record_property: Callable[[str, object], None]) -> None:
    """Target: no more than three times what ruamel.yaml needs to compose the same text into nodes."""
    text = runbook(TASKS)

    def measured() -> float:
        parsed, read = medians(lambda: YAML(typ="rt").compose(text), lambda: read_text(text, "plan.yaml"), rounds=1)
        record_property("parse_ms", round(parsed * 1e3))
        record_property("read_ms", round(read * 1e3))
        return read / parsed

    figure = held(measured, lambda ratio: ratio <= 3)
    record_property("ratio", round(figure, 2))
    assert figure <= 3


def test_judging_a_runbook(record_property: Callable[[str, object], None]) -> None:
    """The lint of the same plan takes less time than reading it."""
    text = runbook(TASKS)
    document = read_text(text, "plan.yaml")

    def measured() -> float:
        read, judged = medians(lambda: read_text(text, "plan.yaml"), lambda: lint(document), rounds=1)
        record_property("read_ms", round(read * 1e3))
        record_property("lint_ms", round(judged * 1e3))
        return judged / read

    assert held(measured, lambda ratio: ratio <= 1) <= 1

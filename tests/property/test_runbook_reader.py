"""Whatever a file holds, reading it gives a plan that can be forecast, or faults in words, never another error."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.soaking import times
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.lint.lint import lint
from warroom.resources import folder
from warroom.runbook.reader import read_runbook, read_text
from warroom.vocabulary.errors import BadRunbook, Fault

MORE = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27, end: T+9h}
calendars:
  office: {days: mon-fri, hours: ["08:00-12:00", "13:00-18:00"], except: {2026-12-24: off}}
  nights: {timezone: Asia/Kolkata, hours: {mon-thu: "22:00-06:00", fri: ["20:00-24:00"]}}
schedule: {progress: progress-override}
people:
- {handle: ana, name: Ana, calendar: office, away: [{from: T+1h, to: T+5h}]}
entities: [DE, {key: FR, name: France}]
environments: [{key: prod, production: true}]
bridge: {url: "https://meet.example.org", pin: "1"}
calls: [{title: Status, at: T+1h, every: 2h, until: T+9h, who: [ana]}]
rota: {desk: [{from: T-1d, to: T+4h, who: ana}, {from: T+4h, to: T+2d, who: ana}]}
communications: [{key: c, title: C, notice: freeze, audience: [All], channel: mail, text: "{now} {{}}", when: T-10d}]
gates:
- {ref: G, title: G, owner: role:desk, after: [M-3], rule: chair, stage: go-live,
   seats: [{title: S, person: ana, chair: true}],
   criteria: [x, {automatic: confidence, at_least: 80}, {automatic: window}]}
rollback: {triggers: [{text: t, clock: 1h, decides: ana}], recovery: [{key: r, title: R, plan: P, decides: ana}]}
controls: [{key: k, name: K, kind: count, currency: EUR, tolerance: {abs: 1, percent: 2}, sign: opposite, signs: ana}]
lint: {silence: [{rule: no-backup, where: M-1, reason: x}]}
tasks:
- {ref: M-0, title: Tell, kind: communication, communication: c, owner: role:desk,
   duration: {likely: 5m, placeholder: true}}
- {ref: M-1, title: One, owner: ana, duration: {low: 5m, likely: 10m, high: 1h}, calendar: nights, must_start: T+1h,
   requires: {of: [ana], start: 1}, on_failure: x, facts: [y], releases: on_execution, opens: [mail], entity: DE}
- {ref: M-2, title: Two, owner: ana, duration: 1h, after: [M-1 SS+10m, M-1 FF], must_finish: T+9h}
- {ref: M-3, title: Three, owner: ana, duration: 30m, after: [M-2 SF-5m], as_late_as_possible: true}
"""
SAMPLES = ((folder("sample_runbooks") / "first-cutover.yaml").read_text(encoding="utf-8"), MORE)

# Pieces that mean something in YAML or in the runbook format.
PIECES = st.sampled_from(
    [
        *("- ", ": ", "[", "]", "{", "}", ",", "|", ">", "&a ", "*a", "!x ", "!!set ", "<<: ", "? ", "#", "~",
          "''", '"'),
        *("%YAML 1.1\n", "---\n", "...\n", "\n", "\n  ", "\t", "\\x", '"\\ud800"', "\r", "\x85", "\u2028", "\ufeff"),
        *("ref", "tasks:", "after: [", "DM-01", "DM-15 FS+", "T+15h", "2026-11-27", "duration: ", "owner: jana",
          "1e999"),
        *("automatic: ", "role:desk", "{now", "kind: smoke-test", "at_most: 5", "every: 1h", "rule: veto"),
        *("M-1 SS+", "calendar: office", "mon-", "22:00-06:00", "off", "low: ", "2026-12-24: ", "true"),
    ]
)  # fmt: skip
YAML_LIKE = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)


def faults_of(text: str) -> tuple[Fault, ...]:
    """The faults of a text; none if it is a runbook."""
    try:
        document = read_text(text, "plan.yaml")
    except BadRunbook as error:
        return error.faults
    assert document.tasks
    board = bare_board(document)
    assert len(forecast(board, board.plan.window_start).delays) <= len(board.tasks)
    for finding in lint(document).findings:
        assert finding.message
        assert finding.place is not None
    return ()


def assert_read_or_refused(text: str) -> None:
    lines = text.count("\n") + 2
    for fault in faults_of(text):
        assert 1 <= fault.line <= lines
        assert fault.column >= 1
        assert fault.message


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_damaged_below_is_sound(sample: str) -> None:
    assert faults_of(sample) == ()


@given(st.text() | YAML_LIKE)
@settings(max_examples=times(short=80, whole=300))
def test_any_text(text: str) -> None:
    assert_read_or_refused(text)


@given(st.binary(max_size=200))
@settings(max_examples=times(short=35, whole=100))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with suppress(BadRunbook):
        assert read_runbook(path).tasks


@given(st.data())
@settings(max_examples=times(short=35, whole=100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_sample(data: st.DataObject) -> None:
    """A few lines are cut, doubled, moved to another depth, or have something written into them."""
    lines = data.draw(st.sampled_from(SAMPLES)).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["cut", "double", "indent", "write", "replace"])):
            case "cut":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "indent":
                lines[at] = "  " + lines[at]
            case "write":
                column = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + data.draw(PIECES | st.text(max_size=3)) + lines[at][column:]
            case _:
                key, colon, _ = lines[at].partition(": ")
                lines[at] = key + colon + data.draw(PIECES | st.text(max_size=10))
    assert_read_or_refused("\n".join(lines))

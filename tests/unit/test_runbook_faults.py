"""Every fault of a runbook is told at its line and column, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import Case, assert_told, faults_of
from warroom.runbook.reader import read_runbook, read_text
from warroom.vocabulary.errors import BadInput, BadRunbook

GOOD = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T17:00, end: T+9h}
people:
- {handle: ana, name: Ana}
- {handle: mei, name: Mei}
streams: [money]
phases: [load]
tasks:
- {ref: A-1, title: First, owner: ana, duration: 45m}
- {ref: A-2, title: Second, owner: mei, duration: 1h, after: [A-1]}
gates:
- {ref: G-1, title: Decide, owner: ana, after: [A-2], seats: [{title: Owner, person: ana}]}
rollback: {tasks: [{ref: B-1, title: Back, owner: ana, duration: 5m}]}
controls: [{key: tb, name: Trial balance, signs: mei}]
"""


TASK = "{ref: A-2, title: Second, owner: mei, duration: 1h, after: [A-1]}"


def task(change: str) -> str:
    return TASK.removesuffix("}") + f", {change}}}"


CASES = [
    Case("unknown key", TASK, task("onwer: x"), "onwer", "unknown key 'onwer' in a task", "did you mean 'owner'?"),
    Case("key of no kind", TASK, task("zzz: x"), "zzz", "unknown key 'zzz' in a task", "known are ref, title"),
    Case("misspelt key", "duration: 1h", "duratoin: 1h", "duratoin", "unknown key 'duratoin'", "'duration'"),
    Case("missing key", "title: Second, ", "", "{ref: A-2", "a task needs the key 'title'"),
    Case("missing duration", ", duration: 1h", "", "{ref: A-2", "a task needs the key 'duration'", "milestone"),
    Case("no value", "title: Second", "title: ", "title", "the key 'title' has no value"),
    Case("empty text", "title: Second", "title: ''", "''", "a text is expected here, and the text is empty"),
    Case("duplicate key", TASK, task("ref: A-3"), "ref: A-3", "the key 'ref' was already given in line 11"),
    Case("key that is a list", TASK, task("[a]: b"), "[a]", "a key of a task must be a text, not a list"),
    Case("list for a text", "title: Second", "title: [x]", "[x]", "a text is expected here, not a list"),
    Case("mapping for a text", "title: Second", "title: {a: b}", "{a: b}", "not a mapping"),
    Case("text for a list", "after: [A-1]", "after: A-1", "A-1}", "a list is expected here, not a text"),
    Case("text for a mapping", TASK, "A-2", "A-2", "a task must be a mapping, not a text", None, ("'A-2' does",)),
    Case("text for a list of seats", "seats: [{title: Owner, person: ana}]", "seats: x", "x}",
         "a list is expected here"),
    Case("two lines in a title", "title: Second", 'title: "a\\nb"', '"a', "must fit on one line"),
    Case("tag", "title: Second", "title: !x y", "!x", "tags are not read here: !x"),
    Case("tag of a mapping", TASK, f"!!set {TASK}", "!!set", "tags are not read here: set"),
    Case("merge key", TASK, task("<<: {a: b}"), "<<", "unknown key '<<' in a task"),
    Case("control character", "title: Second", 'title: "a\\e"', '"a', "holds the control character U+001B"),
    Case("lone surrogate", "title: Second", 'title: "\\ud800"', '"', "holds the control character U+D800"),
    Case("duplicate ref", "ref: A-2", "ref: A-1", "A-1, title: Second",
         "the ref 'A-1' is already used in line 10", None,
         ("'A-1' comes after itself", "'A-2' does not exist")),
    Case("ref of a gate", "ref: G-1", "ref: A-1", "A-1", "the ref 'A-1' is already used in line 10"),
    Case("ref of a back-out task", "ref: B-1", "ref: A-1", "A-1", "the ref 'A-1' is already used in line 10"),
    Case("ref with a space", "ref: A-2", "ref: A 2", "A 2", "the ref 'A 2' may not", None, ("'A-2' does not",)),
    Case("ref with a plus", "ref: A-2", "ref: A+2", "A+2", "the ref 'A+2' may not", None, ("'A-2' does not",)),
    Case("ref like a step", "ref: A-2", "ref: A.2", "A.2", "may not end in '.' and digits", None, ("'A-2' does not",)),
    Case("duplicate handle", "handle: mei", "handle: ana", "ana, name: Mei",
         "the handle 'ana' is already used in line 5",
         None, ("the owner 'mei'", "signs a control 'mei'")),
    Case("handle with a space", "handle: mei", "handle: m i", "m i", "'m i' cannot be the handle", None,
         ("the owner 'mei'", "signs a control 'mei'")),
    Case("duplicate phase", "[load]", "[load, load]", "load]", "the phase 'load' is already used in line 8"),
    Case("duplicate stream", "[money]", "[money, money]", "money]", "the stream 'money' is already used in line 7"),
    Case("duplicate control", "signs: mei}]", "signs: mei}, {key: tb, name: x, signs: mei}]", "tb, name: x",
         "the control 'tb' is already used in line 15"),
    Case("self reference", "[A-1]", "[A-2]", "A-2]", "'A-2' comes after itself"),
    Case("dangling predecessor", "[A-1]", "[A-1, A-7]", "A-7", "the predecessor 'A-7' does not exist",
         "did you mean 'A-"),
    Case("same link twice", "[A-1]", "[A-1 SS+5m, A-1, A-1 FS]", "A-1 FS",
         "this link from 'A-1' is already in this list"),
    Case("predecessor in the other network", "[A-1]", "[A-1, B-1]", "B-1", "'B-1' is not in the main network"),
    Case("cycle", "duration: 45m", "duration: 45m, after: [G-1]", "A-2], seats",
         "wait for each other: G-1 -> A-1 -> A-2 -> G-1"),
    Case("no link type", "[A-1]", "[A-1 XX]", "A-1 XX", "'XX' is not a type of link", "one of FS, SS, FF, SF"),
    Case("cycle of other links", "duration: 45m", "duration: 45m, after: [G-1 SF]", "A-2], seats",
         "wait for each other: G-1 -> A-1 -> A-2 -> G-1"),
    Case("lag without a type", "[A-1]", "[A-1+15m]", "A-1+15m", "is not a predecessor", "FS+15m"),
    Case("bad lag", "[A-1]", "[A-1 FS+x]", "A-1 FS", "'x' is not a duration"),
    Case("unknown owner", "owner: mei", "owner: meii", "meii", "the owner 'meii' is not one of the people",
         "did you mean 'mei'?"),
    Case("unknown backup", TASK, task("backup: x"), "x}", "the backup 'x' is not one of the people"),
    Case("unknown verifier", TASK, task("verifier: x"), "x}", "the verifier 'x' is not one of the people"),
    Case("unknown seat", "person: ana", "person: anna", "anna", "the holder of a seat 'anna' is not",
         "did you mean 'ana'?"),
    Case("unknown signer", "signs: mei", "signs: x", "x}", "the one who signs a control 'x' is not"),
    Case("unknown authority", "rollback: {", "rollback: {authority: [x], ", "x]", "the back-out authority 'x' is not"),
    Case("unknown lead", "[money]", "[{key: money, lead: x}]", "x}", "the lead of a stream 'x' is not"),
    Case("role as owner", "owner: mei", "owner: 'role:cfo'", "'role",
         "the role 'cfo' is not in the rota", "add it to rota:"),
    Case("role where only a person stands", "signs: mei", "signs: 'role:cfo'", "'role",
         "a role ('role:cfo') cannot stand here", "name a person"),
    Case("unknown phase", TASK, task("phase: laod"), "laod", "the phase 'laod' is not one of the phases",
         "did you mean 'load'?"),
    Case("unknown stream", TASK, task("stream: x"), "x}", "the stream 'x' is not one of the streams",
         "add it to streams:"),
    Case("verifier is owner", TASK, task("verifier: mei"), "mei}", "'mei' is the owner, and nobody verifies"),
    Case("bad duration", "duration: 1h", "duration: 1x", "1x", "'1x' is not a duration", None),
    Case("estimate without all its points", "duration: 1h", "duration: {low: 1h, high: 2h}", "{low",
         "an estimate needs the key 'likely'"),
    Case("estimate with one end", "duration: 1h", "duration: {likely: 1h, high: 2h}", "{likely",
         "an estimate with 'high' needs the key 'low'"),
    Case("estimate with a bad point", "duration: 1h", "duration: {low: 1h, likely: 1x, high: 2h}", "1x",
         "'1x' is not a duration"),
    Case("low above likely", "duration: 1h", "duration: {low: 61m, likely: 1h, high: 2h}", "61m",
         "the shortest duration is longer than the likely one"),
    Case("high below likely", "duration: 1h", "duration: {low: 10m, likely: 1h, high: 59m}", "59m",
         "the longest duration is shorter than the likely one"),
    Case("milestone that may take time", TASK,
         TASK.replace("1h", "{low: 0m, likely: 0m, high: 1h}, kind: milestone"), "{low", "a milestone takes no time"),
    Case("no flag", TASK, task("as_late_as_possible: later"), "later", "'later' is neither true nor false"),
    Case("bad must_start", TASK, task("must_start: soon"), "soon", "'soon' is not a time"),
    Case("bad must_finish", TASK, task("must_finish: 9"), "9}", "'9' is not a time"),
    Case("progress", "warroom: 1", "warroom: 1\nschedule: {progress: override}", "override",
         "'override' is none of retained-logic, progress-override", "did you mean 'progress-override'?"),
    Case("bad time", TASK, task("not_before: soon"), "soon", "'soon' is not a time"),
    Case("time without a day", TASK, task("not_before: 02:40"), "02:40", "names no date"),
    Case("time that does not exist", TASK, task("deadline: 2027-03-28T02:30"), "2027",
         "does not exist in Europe/Berlin"),
    Case("bad zone", "Europe/Berlin", "Europe/Berln", "Europe/Berln", "unknown time zone",
         "did you mean 'Europe/Berlin'?"),
    Case("bad zone of a person", "name: Mei", "name: Mei, timezone: X", "X}", "unknown time zone 'X'",
         "use an IANA name"),
    Case("window from T", "2026-11-27T17:00", "T+1h", "T+1h", "counts from the window start"),
    Case("window start unreadable", "2026-11-27T17:00", "Friday", "Friday", "'Friday' is not a time"),
    Case("window ends early", "T+9h", "T-1h", "T-1h", "the window ends before the window starts"),
    Case("restored early", "end: T+9h", "end: T+9h, restore_by: T", "T}", "must be restored before the window starts"),
    Case("ends_with", "end: T+9h", "end: T+9h, ends_with: A-9", "A-9", "ends_with 'A-9' does not exist",
         "did you mean"),
    Case("ends_with of the back-out", "end: T+9h", "end: T+9h, ends_with: B-1", "B-1",
         "'B-1' is not in the main network"),
    Case("point of no return", "rollback: {", "rollback: {point_of_no_return: X, ", "X,",
         "point_of_no_return 'X' does not exist"),
    Case("undoes nothing", "duration: 5m", "duration: 5m, undoes: [X]", "X]", "the undone task 'X' does not exist"),
    Case("undoes in the main network", TASK, task("undoes: [A-1]"), "undoes", "unknown key 'undoes' in a task"),
    Case("quorum", "seats:", "quorum: 2, seats:", "2,", "a quorum of 2 cannot be reached with 1 seats"),
    Case("quorum of no number", "seats:", "quorum: all, seats:", "all,", "'all' must be a whole number from 1 to 999"),
    Case("two seats for one", "person: ana}]", "person: ana}, {title: X, person: ana}]", "ana}]}",
         "already used in line 13"),
    Case("runs", TASK, task("runs: liv"), "liv", "'liv' is none of both, rehearsal, live", "did you mean 'live'?"),
    Case("kind", TASK, task("kind: gate"), "gate}", "'gate' is not written here", "write it under gates:"),
    Case("milestone that takes time", TASK, task("kind: milestone"), "1h,", "a milestone takes no time"),
    Case("version", "warroom: 1", "warroom: 2", "2", "'2' must be 1"),
    Case("tolerance", "signs: mei", "signs: mei, tolerance: {abs: -1}", "-1", "'-1' is not a number of zero or more"),
    Case("automatic check", TASK, task("verify: [{check: sql}]"), "{check", "automatic checks are not supported yet"),
    Case("checks of a task", TASK, task("checks: x"), "checks:", "the key 'checks' is not supported yet"),
    *(
        Case(f"{key} in the runbook",
         "warroom: 1", f"warroom: 1\n{key}: x", f"{key}:", f"the key {key!r} is not supported yet")
        for key in ("readiness", "hypercare")
    ),
]  # fmt: skip


def test_the_runbook_that_the_cases_change_is_good() -> None:
    document = read_text(GOOD, "plan.yaml")
    assert [row.ref for row in document.tasks] == ["A-1", "A-2"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_at_its_place(case: Case) -> None:
    assert_told(GOOD, case)


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        GOOD.replace("Europe/Berlin", "Europe/Berln")
        .replace("owner: mei", "owner: may")
        .replace("duration: 45m", "duration: 1x, zzz: 1")
        .replace("[A-2]", "[A-7]")
        .replace("signs: mei", "signs: x")
    )
    assert [(fault.line, fault.column) for fault in faults_of(text)] == [
        (2, 40), (10, 50), (10, 54), (11, 36), (13, 49), (15, 50),
    ]  # fmt: skip


def test_two_cycles_are_both_told() -> None:
    text = GOOD.replace("duration: 45m", "duration: 45m, after: [A-2]").replace("after: [A-2],", "after: [G-2],")
    text = text.replace("rollback:", "- {ref: G-2, title: x, owner: ana, after: [G-1]}\nrollback:")
    assert [fault.message.partition(": ")[2] for fault in faults_of(text)] == [
        "A-2 -> A-1 -> A-2",
        "G-2 -> G-1 -> G-2",
    ]


def test_faults_behind_an_alias_are_told_once() -> None:
    text = GOOD.replace("after: [A-1]", "after: [A-1], steps: &s ['']").replace(
        "duration: 45m", "duration: 45m, steps: &t ['']"
    )
    aliased = text.replace("steps: &s ['']", "steps: *t")
    assert len(faults_of(text)) == 2
    assert len(faults_of(aliased)) == 1


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "the file is empty"),
        ("# only a comment\n", "1:1", "the file is empty"),
        ("- a\n", "1:1", "a runbook is a mapping"),
        ("a: b: c\n", "1:5", "not YAML: mapping values are not allowed here"),
        ("a: [1,\nb: 2\n", "3:1", "not YAML"),
        ("a: 'x\n", "2:1", "not YAML"),
        ("a: *b\n", "1:4", "not YAML: found undefined alias 'b'"),
        ("--- a\n--- b\n", "2:1", "not YAML: expected a single document"),
        ("\tx: 1\n", "1:1", "not YAML"),
        ("a: 1\nb: x\x1b[2J\n", "2:5", "the file holds the control character U+001B"),
        ("a: \ud800\n", "1:4", "the file holds the control character U+D800"),
        ("a: &x [*x]\n", "1:4", "this value contains itself"),
        ("a: " + "[" * 60 + "]" * 60, "1:53", "nested deeper than 50 levels"),
        ("[" * 20_000, "1:51", "nested deeper than 50 levels"),
        ("a: " * 1 + "\n" + "".join(f"b{n}: &n{n} [*n{n - 1}]\n" if n else "b0: &n0 x\n" for n in range(60)), "52:6",
         "nested deeper than 50 levels"),
        ("x" * (5 * 1024 * 1024 + 1), "1:1", "larger than 5 MB"),
        ("# no\n" * 200_001, "200001:1", "more than 200,000 lines"),
        ("[" + "a," * 150_001 + "]", "1:300000", "more than 150,000 values"),
        ("- " * 60, "1:101", "nested deeper than 50 levels"),
        ("a:\n\t- b\n", "2:1", "found character '\\t'"),
        ("{a: b, a: c", "1:12", "not YAML"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)  # fmt: skip
def test_what_cannot_be_read_on_is_told_alone(text: str, where: str, message: str) -> None:
    (fault,) = faults_of(text)
    assert message in fault.message
    assert f"{fault.line}:{fault.column}" == where


def test_aliases_that_expand_beyond_measure_are_refused() -> None:
    lines = ["a: &a0 [lol]"] + [f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (fault,) = faults_of("\n".join(lines))
    assert "aliases in this value expand" in fault.message
    big = "a: &a '" + "x" * 1_000_000 + "'\nb: [" + ", ".join(["*a"] * 30) + "]\n"
    (fault,) = faults_of(big)
    assert "aliases in this value expand" in fault.message


def test_a_text_above_one_megabyte_is_refused() -> None:
    text = GOOD.replace("title: Second", "title: Second, undo: '" + "x" * 1_048_577 + "'")
    (fault,) = faults_of(text)
    assert (fault.line, fault.message) == (11, "this text is longer than 1 MB")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes("a: b\nü: ".encode() + b"\xff\n")
    with pytest.raises(BadRunbook) as caught:
        read_runbook(path)
    assert caught.value.where == f"{path}:2:4"
    assert caught.value.message == "the file is not UTF-8 text"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(BadRunbook, match="not UTF-8"):
        read_runbook(path)


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_runbook(path).source == GOOD
    path.write_bytes(GOOD.replace("owner: mei", "owner: may").replace("\n", "\r\n").encode())
    with pytest.raises(BadRunbook) as caught:
        read_runbook(str(path))
    assert caught.value.where == f"{path}:11:36"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path, Path("a\0b")):
        with pytest.raises(BadInput, match="cannot be opened") as caught:
            read_runbook(path)
        assert caught.value.where == str(path)


def test_a_runbook_needs_people_and_tasks() -> None:
    text = "warroom: 1\nprogramme: {key: p, name: P, timezone: UTC}\nwindow: {start: 2026-11-27, end: T+1h}\n"
    assert [(fault.where, fault.message) for fault in faults_of(text)] == [
        ("plan.yaml:1:1", "the runbook needs the key 'people'"),
        ("plan.yaml:1:1", "the runbook needs the key 'tasks'"),
    ]
    assert [(fault.where, fault.message) for fault in faults_of(text + "people: []\ntasks: []\n")] == [
        ("plan.yaml:4:9", "this list may not be empty"),
        ("plan.yaml:5:8", "this list may not be empty"),
    ]


def test_long_words_are_cut_in_messages() -> None:
    long = "x" * 5_000
    for old in ("Europe/Berlin", "45m", "T+9h", "[A-1]", "owner: mei", "warroom: 1"):
        key, colon, _ = old.rpartition(": ")
        for fault in faults_of(GOOD.replace(old, f"{key}{colon}{long}", 1)):
            assert len(fault.message) < 300

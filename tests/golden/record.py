"""Records the golden journal of today's schema: `python -m tests.golden.record FOLDER` writes it into FOLDER.

A golden journal of a released schema is never recorded again; a new schema gets a new one beside it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cutover import Cutover, caller, created, minute, numbered_ids, opened, set_clock, small_document, task
from tests.public_keys import a_key
from warroom.actions import keys
from warroom.actions.evidence import attachment
from warroom.actions.plan_tasks import Part
from warroom.runbook.document import PlannedTask, Requirement
from warroom.store import journal
from warroom.store.codec import journalled_tables
from warroom.store.migration import CURRENT
from warroom.vocabulary.comparison import ComparedPart, ComparedRows, Comparison, RowDifference, Source
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.public_key import read_public_key
from warroom.vocabulary.words import Disposition, Medium, Result, SendingMode, Side, Verdict, VoteChoice

STOCK = Comparison(
    Source("old.csv", "a" * 64, 2, 0, 0),
    Source("new.xlsx", "b" * 64, 1, 0, 0),
    ("Item",),
    (
        ComparedPart(
            None,
            None,
            Decimal("7.5"),
            Decimal(5),
            2,
            1,
            ComparedRows(1, 0, 1, 1, (RowDifference(("B-2",), Decimal("2.5"), None, Decimal("-2.5"), True),)),
        ),
    ),
)
"""Two counts of stock, of which the new one lacks an item."""


def play(cutover: Cutover) -> None:
    """A short cutover in which every action is used."""
    cutover.rehearse(tier=2)
    cutover.to(4)
    cutover.do("task.start", "A", by="omar", note="Begun, über \U0001f600.")
    cutover.away("omar")
    cutover.do("step.tick", "A", by="bea", positions=[1], evidence="screenshot 1")
    cutover.do("person.back", "omar", by="omar")
    cutover.do("step.tick", "A", by="lena", done_by="omar", medium=Medium.PHONE, positions=[2])
    cutover.do("step.untick", "A", by="omar", positions=[2])
    cutover.do("evidence.add", "A", by="omar", attached=attachment("a.txt", "text/plain", b"412 rows"), position=1)
    cutover.to(20)
    cutover.do("task.progress", "A", by="omar", done=10, total=40, unit="files")
    cutover.do(
        "task.block", "A", by="omar", reason="no access\nto the share", on="sam", ticket="INC-7", promise=minute(60)
    )
    cutover.to(40)
    cutover.sweep()
    cutover.do("alert.acknowledge", 1, done_by="omar", medium=Medium.PHONE, reason="he looks into it")
    cutover.do("alert.snooze", 1, by="omar", until=minute(60))
    cutover.do("alert.threshold", "late-start", after_s=1800, reason="a long evening")
    cutover.do("task.eta", "A", by="omar", eta=cutover.clock.now(), reason="any moment")
    cutover.do("task.unblock", "A", by="omar")
    cutover.do("step.tick", "A", by="omar", positions=[2])
    cutover.do("task.done", "A", by="omar", result=Result.PASS, documents=["SO-1001"])
    cutover.sweep()
    cutover.do("run.hold", reason="dinner")
    cutover.to(50)
    cutover.do("run.resume")
    cutover.finish("B")
    cutover.do("task.start", "C", by="bea")
    cutover.do("task.fail", "C", by="bea", reason="broken")
    cutover.do("task.skip", "C", reason="by hand on Monday")
    cutover.do("task.note", "TRY", by="sam", text="seen")
    cutover.do("task.add", "X", task=task("X", 10, steps=("Look",)), before=["AFTER SS+5m"], reason="forgotten")
    cutover.do("task.link", "X", after=["END"], reason="in order")
    cutover.do("task.unlink", "AFTER", after=["X SS"], reason="not needed")
    cutover.do("task.retime", "AFTER", times={"duration_s": 900, "deadline_s": 18000}, reason="longer")
    cutover.do("task.assign", "AFTER", by="omar", people={"owner": "bea"}, reason="asleep")
    cutover.do("task.split", "AFTER", parts=[Part("AFTER-a", 300), Part("AFTER-b", 600)], reason="two shifts")
    cutover.do("task.remove", "X", reason="done elsewhere")
    cutover.do("run.rebaseline", reason="agreed at 19:00")
    cutover.do("plan.apply", document=replace(small_document(), tasks=tuple(changed())), name="new.yaml", reason="new")
    cutover.do("task.confirm", "AFTER", by="bea")
    cutover.do("task.start", "TRY", by="omar")
    cutover.do("undo", by="omar", reason="the wrong one")
    cutover.do("person.add", "nora", fields={"name": "Nora", "roles": ["scribe"], "timezone": "Europe/Oslo"})
    cutover.do("person.edit", "nora", by="nora", fields={"phone": "+47 22 555 010"})
    cutover.do("person.key-add", "nora", lines=[a_key(1, "laptop")])
    cutover.do("person.key-add", "omar", lines=[a_key(2)])
    cutover.do("person.key-remove", "omar", fingerprint=read_public_key(a_key(2)).fingerprint)
    keys.session_opened(cutover.state_file, caller("nora"), told="from 192.0.2.1 with a key")
    keys.session_ended(cutover.state_file, caller("nora"), told="from 192.0.2.1, after 3 min")
    keys.sessions_refused(cutover.state_file, told="2 log-ins refused, from 192.0.2.2 (2)")
    cutover.do("party.add", "vendor", name="Vendor", contact="nora")
    cutover.do("person.substitute", "omar", by="omar", substitute="nora", to_at=minute(90), reason="sleeps")
    cutover.do("handover.give", "bea", by="bea", to="sam", note="C by hand")
    cutover.do("shout", "The bank file is here", by="omar", to="nora", bridge=True)
    cutover.do("handover.accept", by="sam")
    cutover.do("task.start", "TRY", by="nora")
    cutover.do("undo", by="nora", reason="the wrong one")
    cutover.do("task.reopen", "B", by="vera", reason="two files are missing")
    cutover.do("task.done", "B", by="omar")
    cutover.do("task.verify", "B", by="vera")
    cutover.do("task.rerun", "A", reason="the wrong extract")
    cutover.finish("A")
    cutover.do("task.correct", "A", by="omar", start=minute(39), reason="by the log")
    cutover.do("task.settle", "B", by="vera", reason="not touched by it")
    cutover.do("control.record", "gl", by="sam", side=Side.LEGACY, value=Decimal("1000.00"), evidence="print of 18:00")
    cutover.do("control.record", "gl", by="bea", side=Side.NEW, value=Decimal("990.00"))
    cutover.do("control.dispose", "gl", disposition=Disposition.FIX, reason="one journal is missing")
    cutover.do("control.record", "gl", by="bea", side=Side.NEW, value=Decimal("1000.10"))
    cutover.do("control.sign", "gl", note="seen")
    cutover.do("control.import", "stock", by="bea", comparison=STOCK)
    cutover.do("control.reopen", "stock", reason="counted again")
    told = {"choice": VoteChoice.CONDITIONAL, "reason": "as agreed", "witness": "sam"}
    cutover.do("gate.voice", "GO", done_by="gil", medium=Medium.VOICE, **told)
    cutover.do("gate.countersign", "GO", by="gil")
    for handle, choice in (("lena", VoteChoice.GO), ("vera", VoteChoice.NO_GO)):
        cutover.do("gate.vote", "GO", by=handle, choice=choice, reason="as agreed")
    cutover.do(
        "problem.raise", by="omar", title="Totals differ", severity=1, owner="bea", tasks=["A"], due_at=minute(90)
    )
    cutover.do("problem.update", 1, by="bea", fields={"severity": 2, "workaround": "by hand"})
    cutover.do("problem.solve", 1, by="bea", outcome="posted again")
    cutover.do("problem.reopen", 1, by="vera", reason="differs again")
    cutover.do("log.decision", by="sam", text="Load by hand", reason="it is only ten", decided_by="lena", tasks=["A"])
    cutover.do("log.paper", by="omar", text="Delivery note 4711", owner="bea", due_at=minute(200))
    cutover.do("log.entered", 1, by="bea", entered_as="SH-1001")
    cutover.do("roll.call", title="Before the gate")
    cutover.do("roll.answer", "omar")
    cutover.do("roll.answer", "bea", by="bea")
    cutover.do("roll.missing", "omar")
    cutover.do("gate.assess", "GO", by="vera", number=1, met=False, evidence="10 EUR apart")
    cutover.do("gate.decide", "GO", verdict=Verdict.NO_GO, reason="totals differ", retry_at=minute(70))
    cutover.do("gate.vote", "GO", by="vera", choice=VoteChoice.GO)
    cutover.do("gate.waive", "GO", number=1, reason="the cause is known", expires_at=minute(300))
    condition = Condition("Post the 10 EUR", "bea", minute(200))
    cutover.do("gate.decide", "GO", verdict=Verdict.CONDITIONAL, reason="C by hand", conditions=[condition])
    set_clock(cutover.state_file, 7)
    cutover.do("clock.confirm", reason="the time server says so")
    cutover.do("alert.sending", SendingMode.TEST, to="lena@example.org")
    cutover.do("run.close", reason="enough")


def changed() -> Iterator[PlannedTask]:
    """The tasks of the small cutover, the last one longer and not to be started alone."""
    two = Requirement(("bea", "sam"), start=2)
    for planned in small_document().tasks:
        last = planned.ref == "AFTER"
        yield replace(planned, duration_s=planned.duration_s * 2, requires=two) if last else planned


def record(folder: Path) -> None:
    with (
        TemporaryDirectory() as temporary,
        opened(created(Path(temporary) / "g.db"), new_id=numbered_ids(100)) as cutover,
    ):
        play(cutover)
        with cutover.state_file.read() as reader:
            lines = [json.dumps(asdict(each), ensure_ascii=False) for each in journal.all_records(reader.connection)]
            rows = {
                name: [table.plain(row.__dict__) for row in reader.find(table.row_class)]
                for name, table in journalled_tables().items()
            }
        genesis = cutover.state_file.genesis
    stem = f"schema-{CURRENT.version}"
    (folder / f"{stem}.journal.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = {"genesis": genesis, "rows": rows}
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{stem}.rows.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(Path(sys.argv[1]))

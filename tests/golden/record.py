"""Records the golden journal of today's schema: `python -m tests.golden.record FOLDER` writes it into FOLDER.

A golden journal of a released schema is never recorded again; a new schema gets a new one beside it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cutover import Cutover, created, minute, numbered_ids, opened
from warroom.actions.evidence import attachment
from warroom.store import journal
from warroom.store.codec import journalled_tables
from warroom.store.migration import CURRENT
from warroom.vocabulary.words import Result, Verdict, VoteChoice


def play(cutover: Cutover) -> None:
    """A short cutover in which every action is used."""
    cutover.rehearse(tier=2)
    cutover.to(4)
    cutover.do("task.start", "A", by="omar", note="Begun, über \U0001f600.")
    cutover.do("step.tick", "A", by="bea", positions=[1], evidence="screenshot 1")
    cutover.do("step.tick", "A", by="lena", done_by="omar", positions=[2])
    cutover.do("step.untick", "A", by="omar", positions=[2])
    cutover.do("evidence.add", "A", by="omar", attached=attachment("a.txt", "text/plain", b"412 rows"), position=1)
    cutover.to(20)
    cutover.do("task.progress", "A", by="omar", done=10, total=40, unit="files")
    cutover.do("task.block", "A", by="omar", reason="no access\nto the share")
    cutover.to(40)
    cutover.sweep()
    cutover.do("task.eta", "A", by="omar", eta=cutover.clock.now(), reason="any moment")
    cutover.do("task.unblock", "A", by="omar")
    cutover.do("step.tick", "A", by="omar", positions=[2])
    cutover.do("task.done", "A", by="omar", result=Result.PASS)
    cutover.sweep()
    cutover.do("run.hold", reason="dinner")
    cutover.to(50)
    cutover.do("run.resume")
    cutover.finish("B")
    cutover.do("task.start", "C", by="bea")
    cutover.do("task.fail", "C", by="bea", reason="broken")
    cutover.do("task.skip", "C", reason="by hand on Monday")
    cutover.do("task.note", "TRY", by="sam", text="seen")
    cutover.do("task.start", "TRY", by="omar")
    cutover.do("undo", by="omar", reason="the wrong one")
    cutover.do("task.reopen", "B", by="vera", reason="two files are missing")
    cutover.do("task.done", "B", by="omar")
    cutover.do("task.verify", "B", by="vera")
    cutover.do("task.rerun", "A", reason="the wrong extract")
    cutover.finish("A")
    cutover.do("task.correct", "A", by="omar", start=minute(39), reason="by the log")
    cutover.do("task.settle", "B", by="vera", reason="not touched by it")
    for handle, choice in (("lena", VoteChoice.GO), ("gil", VoteChoice.CONDITIONAL), ("vera", VoteChoice.NO_GO)):
        cutover.do("gate.vote", "GO", by=handle, choice=choice, reason="as agreed")
    cutover.do("gate.decide", "GO", verdict=Verdict.NO_GO, reason="totals differ")
    cutover.do("gate.vote", "GO", by="vera", choice=VoteChoice.GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.CONDITIONAL, reason="C by hand")
    cutover.do("run.close", reason="enough")


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

"""A cutover in which everything has happened once."""

from __future__ import annotations

from decimal import Decimal

from tests.cutover import Cutover, caller, minute, set_clock, task, turn_back
from tests.public_keys import a_key
from warroom.actions.evidence import attachment
from warroom.model.communications import StandingApproval
from warroom.model.plan import Run
from warroom.runbook.document import Requirement
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.words import SendingMode, Side, Verdict, VoteChoice


def fill_every_table(cutover: Cutover) -> None:
    """Make a rehearsal of the small cutover put something into every journalled table."""
    cutover.do("task.start", "A", by="omar", note="Begun.")
    cutover.do("step.tick", "A", by="lena", positions=[1, 2], evidence="seen")
    cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.CONDITIONAL, reason="if the totals agree")
    cutover.do("control.record", "gl", by="sam", side=Side.LEGACY, value=Decimal("1000.00"))
    cutover.away("sam")
    cutover.do("handover.give", "bea", to="sam", note="all quiet")
    cutover.do("shout", "All quiet", to="sam")
    cutover.to(40)
    cutover.sweep()
    cutover.do("task.done", "A", by="omar")
    cutover.sweep()
    cutover.do("task.start", "C", by="bea")
    cutover.do("task.fail", "C", reason="disk full")
    cutover.do("task.rerun", "C", reason="new disk")
    cutover.do("task.note", "C", by="sam", text="seen")
    cutover.do("undo", by="sam")
    counted = task("COUNT", 5, "A", requires=Requirement(("vera", "gil"), start=1))
    cutover.do("task.add", "COUNT", task=counted, reason="forgotten")
    cutover.do("task.confirm", "COUNT", by="gil")
    cutover.do("evidence.add", "A", by="omar", attached=attachment("a.txt", "text/plain", b"seen"), position=2)
    for ref in ("B", "C"):
        cutover.do("task.skip", ref, reason="by hand")
    cutover.do("problem.raise", title="Totals differ", severity=2)
    cutover.do("gate.assess", "GO", by="vera", number=1, met=False, evidence="list 4")
    cutover.do("gate.waive", "GO", number=1, reason="the cause is known", expires_at=minute(300))
    for handle in ("lena", "vera"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    condition = Condition("Check ten invoices", "bea", minute(300))
    cutover.do("gate.decide", "GO", verdict=Verdict.CONDITIONAL, reason="with a list", conditions=[condition])
    cutover.do("person.key-add", "omar", lines=[a_key(1)])
    cutover.do("log.decision", text="Load by hand", reason="it is only ten")
    cutover.do("log.paper", text="Delivery note 4711", owner="bea")
    cutover.do("roll.call")
    cutover.do("roll.answer", "bea", by="bea")
    cutover.do("communication.draft", "notice", text="We begin at ten.")
    approve_whenever_it_is_sent(cutover)
    cutover.do("alert.sending", SendingMode.ON)
    set_clock(cutover.state_file, -3)
    turn_back(cutover)


def approve_whenever_it_is_sent(cutover: Cutover) -> None:
    """A standing approval: the small cutover repeats no text, so that no action gives one."""
    with cutover.state_file.write() as transaction:
        run = transaction.rows.find(Run)[-1]
        values = {"run_id": run.id, "communication": "notice", "text": "We begin at ten.", "approved_at": minute(40)}
        transaction.rows.insert(StandingApproval, **values)
        transaction.journal(
            caller("lena"), "communication.approve", "communication notice", run=run.id, run_time=minute(40)
        )

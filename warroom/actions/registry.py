"""All actions by the name that the journal gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from warroom.actions import (
    attempts,
    backout,
    baselines,
    evidence,
    gates,
    handovers,
    leaves,
    people,
    plan_fields,
    plan_file,
    plan_links,
    plan_tasks,
    runs,
    steps,
    tasks,
    undo,
)
from warroom.vocabulary.journal import Entry

ACTIONS: Mapping[str, Callable[..., Entry]] = MappingProxyType(
    {
        "task.start": tasks.start,
        "task.done": tasks.done,
        "task.verify": tasks.verify,
        "task.block": tasks.block,
        "task.unblock": tasks.unblock,
        "task.skip": tasks.skip,
        "task.fail": tasks.fail,
        "task.eta": tasks.eta,
        "task.progress": tasks.progress,
        "task.note": tasks.note,
        "task.add": plan_tasks.add,
        "task.remove": plan_tasks.remove,
        "task.split": plan_tasks.split,
        "task.assign": plan_fields.assign,
        "task.link": plan_links.link,
        "task.unlink": plan_links.unlink,
        "task.retime": plan_fields.retime,
        "evidence.add": evidence.add,
        "task.reopen": attempts.reopen,
        "task.rerun": attempts.rerun,
        "task.settle": attempts.settle,
        "task.correct": attempts.correct,
        "step.tick": steps.tick,
        "step.untick": steps.untick,
        "gate.vote": gates.vote,
        "gate.decide": gates.decide,
        "rollback.raise": backout.raise_trigger,
        "rollback.withdraw": backout.withdraw,
        "rollback.start-clock": backout.start_clock,
        "rollback.stop-clock": backout.stop_clock,
        "rollback.invoke": backout.invoke,
        "rollback.recover": backout.recover,
        "run.hold": runs.hold,
        "run.resume": runs.resume,
        "run.speed": runs.set_rate,
        "run.rebaseline": baselines.rebaseline,
        "plan.apply": plan_file.apply,
        "run.close": runs.close,
        "undo": undo.undo,
        "person.add": people.add,
        "person.edit": people.edit,
        "party.add": people.add_party,
        "person.away": leaves.away,
        "person.substitute": leaves.substitute,
        "person.back": leaves.back,
        "handover.give": handovers.give,
        "handover.accept": handovers.accept,
    }
)

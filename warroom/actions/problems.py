"""The log of the night: raising a problem, keeping it up to date, and closing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.subject import next_number, person_called, task_called
from warroom.model.problems import Problem
from warroom.rules import permissions
from warroom.rules.problems import fault_of_severity
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import ProblemStatus


def raise_problem(
    state_file: StateFile,
    caller: Caller,
    *,
    title: str,
    severity: int,
    owner: str | None = None,
    workaround: str | None = None,
    due_at: datetime | None = None,
    tasks: Sequence[str] = (),
    **known: Unpack[Known],
) -> Entry:
    """Log a problem of the open run.

    Args:
        severity: 1, the worst, to 4. owner: handle of who takes care of it. tasks: refs of those that it is about.
        due_at: until when it is to be solved, run time, UTC.

    Raises:
        Refused: not allowed, or no run is open. BadInput: there is no such person, task or severity.
    """
    required("the title", title, "say what is wrong, in a few words")

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_log(acting.doer))
        run = acting.open_run()
        fields = {"title": title, "severity": severity, "owner": owner, "workaround": workaround}
        values = _checked(acting, {**fields, "due_at": due_at, "tasks": tasks})
        number = next_number(acting, Problem)
        acting.rows.insert(
            Problem,
            run_id=run.id,
            number=number,
            raised_at=acting.effective_at,
            raised_by_id=acting.doer.person_id,
            **values,
        )
        return subject_of(number)

    return perform(state_file, caller, "problem.raise", "problem", work, reason=title, **known)


def update(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    fields: Mapping[str, Any],
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Change what is known of an open problem.

    Args:
        fields: any of those that `raise_problem` takes, as it takes them; None clears what may be missing.

    Raises:
        Refused: not allowed, or it is closed. BadInput: nothing is given, or something that is not there.
    """
    if not fields:
        raise BadInput("nothing is to be changed", hint="such as --severity 2 or --workaround TEXT")

    def work(acting: Acting) -> None:
        problem = _open(acting, number)
        acting.rows.update(problem, **_checked(acting, fields))

    return perform(state_file, caller, "problem.update", subject_of(number), work, reason=reason, **known)


def solve(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    outcome: str,
    accepted: bool = False,
    **known: Unpack[Known],
) -> Entry:
    """Close a problem: how it was solved or, with `accepted`, why it is lived with.

    Raises:
        Refused: not allowed, or closed already. BadInput: the outcome is missing.
    """
    required("the outcome", outcome, "say how, with --outcome TEXT")

    def work(acting: Acting) -> None:
        problem = _open(acting, number)
        acting.rows.update(
            problem,
            status=ProblemStatus.ACCEPTED if accepted else ProblemStatus.SOLVED,
            closed_at=acting.effective_at,
            closed_by_id=acting.doer.person_id,
            outcome=outcome,
        )

    return perform(state_file, caller, "problem.solve", subject_of(number), work, reason=outcome, **known)


def reopen(state_file: StateFile, caller: Caller, number: int, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Say that a closed problem is open after all.

    Raises:
        Refused: not allowed, or it is open.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        problem = _called(acting, number)
        if problem.status is ProblemStatus.OPEN:
            raise Refused(f"problem {number} is open", where=subject_of(number))
        acting.rows.update(problem, status=ProblemStatus.OPEN, closed_at=None, closed_by_id=None, outcome=None)

    return perform(state_file, caller, "problem.reopen", subject_of(number), work, reason=reason, **known)


def subject_of(number: int) -> str:
    """How the journal names a problem."""
    return f"problem {number}"


def _called(acting: Acting, number: int) -> Problem:
    acting.insist(permissions.may_log(acting.doer))
    problem = acting.rows.one(Problem, run_id=acting.open_run().id, number=number)
    if problem is None:
        raise BadInput(f"there is no problem {number}", hint="warroom problem list shows them all")
    return problem


def _open(acting: Acting, number: int) -> Problem:
    problem = _called(acting, number)
    if problem.status is not ProblemStatus.OPEN:
        raise Refused(
            f"problem {number} is {problem.status}: {problem.outcome}",
            where=subject_of(number),
            hint=f"if it is not: warroom problem reopen {number} --reason TEXT",
        )
    return problem


def _checked(acting: Acting, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the fields stand for.

    Raises:
        BadInput: something named is not there, or makes no sense.
    """
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, str):
            check_text(f"the {name}", value)
        match name:
            case "owner":
                values["owner_id"] = None if value is None else person_called(acting, value).id
            case "tasks":
                values[name] = tuple(dict.fromkeys(task_called(acting, ref).ref for ref in value))
            case "severity":
                if (fault := fault_of_severity(value)) is not None:
                    raise BadInput(fault, hint="--severity 1")
                values[name] = value
            case "title":
                values[name] = required("the title", value, "say what is wrong, in a few words")
            case "workaround" | "due_at":
                values[name] = value
            case _:
                raise BadInput(f"a problem has no {name} that could be changed")
    return values

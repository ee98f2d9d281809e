"""What `warroom runbook check` says about planning faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from warroom.board.board import Board
from warroom.board.load import load_board
from warroom.board.rows import Run
from warroom.cli.command import Invocation
from warroom.cli.desk import opened
from warroom.lint.lint import Verdict
from warroom.lint.registry import RULES
from warroom.lint.rule import Finding, Weight
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import RunKind


def rehearsals(invocation: Invocation) -> tuple[Board, ...] | None:
    """The rehearsals that the state file knows of, the earliest first; None if none was named with --db."""
    if invocation.db is None:
        return None
    with opened(invocation) as state_file:
        runs = load_board(state_file).rows(Run).values()
        return tuple(load_board(state_file, run.name) for run in runs if run.kind_of_run is RunKind.REHEARSAL)


def rules_document() -> list[dict[str, Any]]:
    """Every rule, as JSON."""
    return [
        {
            "rule": rule.name,
            "severity": rule.weight.value,
            "about": rule.about,
            "needs_rehearsals": rule.needs_rehearsals,
        }
        for rule in RULES
    ]


def counts(document: RunbookDocument) -> dict[str, int]:
    """How much there is in a runbook."""
    return {
        "tasks": len(document.tasks),
        "gates": len(document.gates),
        "backout_tasks": len(document.rollback.tasks),
        "controls": len(document.controls),
        "people": len(document.people),
    }


def verdict_document(file: str, document: RunbookDocument, verdict: Verdict) -> dict[str, Any]:
    """The whole verdict, as JSON; what is silenced carries the reason."""
    return {
        "file": file,
        "faults": [],
        "errors": verdict.count(Weight.ERROR),
        "warnings": verdict.count(Weight.WARNING),
        "findings": [_finding_document(file, finding) for finding in verdict.findings],
        "skipped": [{"rule": name, "why": "needs rehearsals: name a state file with --db"} for name in verdict.skipped],
        **counts(document),
    }


def verdict_lines(file: str, document: RunbookDocument, verdict: Verdict) -> Iterator[str]:
    """The verdict for people: one line for each finding that is not silenced, then a summary."""
    shown = one_line(file)
    for finding in verdict.findings:
        if finding.silenced is None:
            hint = f" ({finding.hint})" if finding.hint else ""
            said = f"{finding.weight}: {finding.message}{hint} [{finding.rule}]"
            yield f"{_where(shown, finding)}: {one_line(said, 2000)}"
    if verdict.skipped:
        yield f"{shown}: not judged without rehearsals (name a state file with --db): {', '.join(verdict.skipped)}"
    errors, warnings = verdict.count(Weight.ERROR), verdict.count(Weight.WARNING)
    silenced = len(verdict.findings) - errors - warnings
    said = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts(document).items())
    found = [_counted(errors, "error"), _counted(warnings, "warning"), f"{silenced} silenced" if silenced else ""]
    told = ", ".join(part for part in found if part) or "nothing is wrong"
    yield f"{shown}: {told} ({said})"


def _counted(count: int, what: str) -> str:
    return "" if not count else f"one {what}" if count == 1 else f"{count} {what}s"


def _where(file: str, finding: Finding) -> str:
    return file if finding.place is None else f"{file}:{finding.place.line}:{finding.place.column}"


def _finding_document(file: str, finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.weight.value,
        "where": _where(file, finding),
        "line": None if finding.place is None else finding.place.line,
        "column": None if finding.place is None else finding.place.column,
        "subject": finding.subject,
        "message": finding.message,
        "hint": finding.hint,
        "silenced": finding.silenced,
    }

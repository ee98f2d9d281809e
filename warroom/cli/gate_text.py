"""A gate as text: where it stands, its criteria, its seats and its decisions. Everything that was typed is harmless."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from warroom.board.board import Board
from warroom.board.flows import flows
from warroom.board.forecast import Forecast
from warroom.board.rows import Decision, Gate, Seat, Task, Vote
from warroom.cli.output import columns
from warroom.cli.sentences import listed, name_of
from warroom.cli.task_text import shown_state
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.rules.assurance import Matter, asked
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, asks_confidence, failing, judged
from warroom.rules.gate_entities import EntityStanding, differing, entity_standings
from warroom.rules.gates import closed, counts, dissent, panel_of, verdict_denied, votes_until
from warroom.tui.drawing.marks import LIGHTS
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Automatic, TaskState, Verdict

_SECOND = timedelta(seconds=1)

HEADS = ("REF", "STATE", "VERDICT", "VOTES", "QUORUM", "EXPECTED", "TITLE")


def gate_row(board: Board, forecast: Forecast, task: Task, gate: Gate) -> tuple[str, ...]:
    """A gate in the list of them, under `HEADS`."""
    expected = ""
    if task.ref in forecast.delays:
        expected = show_time(forecast.instant(forecast.finish_of(task)), board.programme.timezone)
    verdict = "" if gate.verdict is None else gate.verdict.value
    return (
        task.ref,
        shown_state(board, task),
        verdict + (f", {listed(gate.held)} held" if gate.held else ""),
        f"{len(board.votes(gate.id))} of {len(board.seats(gate.id))}",
        str(gate.quorum),
        expected,
        task.title,
    )


def gate_lines(basis: Basis, task: Task, gate: Gate) -> Iterator[str]:
    """Everything about one gate."""
    board, found = basis.board, judged(basis, gate)
    yield f"{one_line(task.ref)}  {one_line(task.title)}"
    yield ""
    yield columns(_facts(basis, task, gate, found), indent="  ")
    if found:
        yield ""
        yield "criteria"
        yield columns((_criterion(basis, one) for one in found), indent="  ")
    if standings := entity_standings(basis, task, gate):
        yield ""
        yield "of each entity"
        for standing in standings:
            yield from _entity(basis, standing, found)
    if any(one.criterion.automatic is Automatic.SMOKE_TESTS for one in found):
        yield ""
        yield "tests of each flow"
        heads = ("FLOW", "PASSED", "FAILED", "NOT TESTED", "OPEN")
        rows = [
            (one.name, *(str(len(tests)) for tests in (one.passed, one.failed, one.not_tested, one.open)))
            for one in flows(board)
        ]
        yield columns(rows, heads, indent="  ")
    if seats := board.seats(gate.id):
        votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
        yield ""
        yield "seats"
        yield columns((_seat(board, gate, seat, votes.get(seat.id)) for seat in seats), indent="  ")
    for decision in board.decisions(gate.id):
        yield ""
        yield from _decision(board, decision)


def _facts(basis: Basis, task: Task, gate: Gate, found: tuple[Judged, ...]) -> Iterator[tuple[str, str]]:
    board, forecast, zone = basis.board, basis.forecast, basis.board.programme.timezone
    yield "state", shown_state(board, task)
    yield "decider", name_of(board, task.owner_id)
    if gate.due_s is not None:
        yield "due", show_time(forecast.instant(gate.due_s), zone)
    if task.ref in forecast.delays:
        yield "expected", show_time(forecast.instant(forecast.finish_of(task)), zone)
    if (until := votes_until(board, task, gate)) is not None:
        yield "votes", f"count until {show_time(until, zone)}"
    yield "rule", f"{gate.rule}, quorum {gate.quorum}"
    finish = show_time(forecast.instant(forecast.finish), zone)
    spare = forecast.window_float
    yield "finish", f"{finish}, {show_duration(abs(spare))} {'inside' if spare >= 0 else 'BEYOND'} the window"
    if forecast.decide_backout_by is not None:
        yield "back-out", f"latest safe decision {show_time(forecast.instant(forecast.decide_backout_by), zone)}"
    if asks_confidence(board, gate):
        yield "confidence", "not computed" if basis.confidence is None else f"{basis.confidence.normalize():f} %"
    if gate.verdict is not None and gate.decided_at is not None:
        yield "verdict", f"{gate.verdict.value}: {gate.decision_reason}"
        yield "decided", f"{show_time(gate.decided_at, zone)} by {name_of(board, gate.decided_by_id)}"
    if gate.held:
        yield "held", listed(gate.held)
    if closed(task, gate) is None and task.state is not TaskState.SKIPPED:
        denied = verdict_denied(Verdict.GO, panel_of(board, task, gate, basis.now, failing(found)))
        yield "go", "can be given now" if denied is None else f"cannot be given yet: {denied}"


def _criterion(basis: Basis, one: Judged) -> tuple[str, ...]:
    zone, mark = basis.board.programme.timezone, LIGHTS[one.light]
    said = one.value
    if one.owes:
        said += f"; owed by {listed(one.owes)}"
    if one.waiver is not None:
        until = show_time(one.waiver.expires_at, zone)
        said += f"; waived by {name_of(basis.board, one.waiver.person_id)} until {until}: {one.waiver.reason}"
    age = one.age_s(basis.now)
    source = one.source if age is None else f"{one.source}, {show_duration(age)} ago"
    return (f"{one.number}", f"{mark.glyph} {mark.word}", one.criterion.text, said, source)


def _entity(basis: Basis, standing: EntityStanding, found: tuple[Judged, ...]) -> Iterator[str]:
    """What stands in the way of an entity, and the criteria that stand otherwise for it than for all."""
    denied = verdict_denied(Verdict.GO, standing.panel)
    said = f"decided {standing.verdict}; " if standing.verdict is not None else ""
    yield f"  {one_line(standing.entity)}  {said}" + ("a go can be given" if denied is None else f"no go yet: {denied}")
    if rows := [_criterion(basis, one) for one in differing(standing, found)]:
        yield columns(rows, indent="    ")


def _seat(board: Board, gate: Gate, seat: Seat, vote: Vote | None) -> tuple[str, ...]:
    marks = "".join((", chair" if seat.chair else "", ", veto" if seat.veto else ""))
    title = f"{seat.title}{marks}"
    if vote is None:
        return (title, name_of(board, seat.person_id), "–", "", "")
    said = [vote.reason or ""]
    if vote.person_id != seat.person_id:
        said.append(f"by {name_of(board, vote.person_id)} as substitute")
    if vote.recorded_by_id is not None:
        said.append(f"by voice, recorded by {name_of(board, vote.recorded_by_id)}")
        if vote.witness_id is not None:
            said.append(f"read back before {name_of(board, vote.witness_id)}")
        if vote.countersigned_at is not None:
            said.append("counter-signed")
        elif not counts(vote, asked(board.plan, Matter.VOTE)):
            said.append("counts once it is counter-signed")
    if gate.verdict is not None and dissent(gate.verdict, vote.choice):
        said.append("dissent")
    at = show_time(vote.at, board.programme.timezone)
    return (title, name_of(board, seat.person_id), vote.choice.value, at, "; ".join(filter(None, said)))


def _decision(board: Board, decision: Decision) -> Iterator[str]:
    zone = board.programme.timezone
    entities = f" for {listed(decision.entities)}" if decision.entities else ""
    then = "" if decision.afterwards is None else f"; then: {decision.afterwards}"
    if decision.retry_at is not None:
        then += f" at {show_time(decision.retry_at, zone)}"
    by = name_of(board, decision.decided_by_id)
    said = f"{decision.verdict}{entities}, {show_time(decision.at, zone)} by {by}: {decision.reason}{then}"
    yield f"decision {decision.number}  {one_line(said)}"
    rows = board.rows(Task)
    found = [rows[one.task_id] for one in board.conditions(decision.id) if one.task_id in rows]
    if found:
        yield columns(
            (
                (
                    task.ref,
                    shown_state(board, task),
                    name_of(board, task.owner_id),
                    "" if task.deadline_s is None else f"due {_from_start(board, task.deadline_s)}",
                    task.title,
                )
                for task in found
            ),
            indent="  ",
        )


def _from_start(board: Board, seconds: int) -> str:
    return show_time(board.plan.window_start + seconds * _SECOND, board.programme.timezone)

"""The printable record of a gate's decisions: what was decided, by whom, on what, exactly as it was frozen then."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from warroom.board.board import Board
from warroom.board.rows import Decision, Gate, Task
from warroom.clock.durations import show_duration
from warroom.clock.times import iso_whole, parse_iso_utc
from warroom.rules.gate_documents import decision_document
from warroom.store.statefile import StateFile
from warroom.vocabulary.documents import Document
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.text import many_lines, one_line

HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Recorded:
    """One decision as the journal has it.

    Attributes:
        seq, hash: of its entry. frozen: what was kept with it. now: the decision with its conditions as they stand.
        countersigned: title of the seat, who and when, of votes that were counter-signed after it.
    """

    seq: int
    hash: str
    frozen: Document
    now: Document
    countersigned: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """All decisions of a gate, the first first; `zone` is the programme's."""

    ref: str
    title: str
    zone: str
    decisions: tuple[Recorded, ...]

    def document(self) -> Document:
        """As JSON."""
        return {
            "ref": self.ref,
            "title": self.title,
            "decisions": [
                {**one.frozen, "seq": one.seq, "hash": one.hash, "conditions_now": one.now["conditions"]}
                for one in self.decisions
            ],
        }


def record_of(state_file: StateFile, board: Board, task: Task, gate: Gate) -> Record:
    """The record of a gate.

    Raises:
        Refused: nothing was decided yet.
    """
    decisions = board.decisions(gate.id)
    if not decisions:
        raise Refused(f"{task.ref} is not decided yet", where=task.ref, hint=f"see: warroom gate show {task.ref}")
    recorded = tuple(_recorded(state_file, board, gate, decision) for decision in decisions)
    return Record(task.ref, task.title, board.programme.timezone, recorded)


def _recorded(state_file: StateFile, board: Board, gate: Gate, decision: Decision) -> Recorded:
    frozen = json.loads(decision.frozen)
    entry = next(
        entry
        for entry in state_file.entries(frozen["after_seq"])
        if any(change.table == "decision" and change.key == decision.id for change in entry.changes)
    )
    titles = {seat.id: seat.title for seat in board.seats(gate.id)}
    since = tuple(
        (
            titles[vote.seat_id],
            board.handle(vote.person_id) or "",
            iso_whole(vote.countersigned_at),
        )
        for vote in board.votes(gate.id)
        if vote.countersigned_at is not None and vote.countersigned_at >= decision.at
    )
    return Recorded(entry.seq, entry.hash, frozen, decision_document(board, decision), since)


# --- what it says ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Table


def _blocks(record: Record) -> Iterator[Block]:
    yield Heading(1, f"Decision record {record.ref}: {record.title}")
    for one in record.decisions:
        yield from _decision(_Telling(one, ZoneInfo(record.zone)))


class _Telling:
    """One decision, with names and times as they are read."""

    def __init__(self, recorded: Recorded, zone: ZoneInfo) -> None:
        self.recorded = recorded
        self.frozen = recorded.frozen
        self.zone = zone

    def name(self, handle: str | None) -> str:
        if not handle:
            return ""
        name = self.frozen["people"].get(handle)
        return handle if name is None else f"{name} ({handle})"

    def time(self, instant: str | None) -> str:
        if instant is None:
            return ""
        return parse_iso_utc(instant).astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def _decision(told: _Telling) -> Iterator[Block]:
    frozen, decided = told.frozen, told.frozen["decision"]
    yield Heading(2, f"Decision {decided['number']}: {decided['verdict']}")
    yield Table(("", ""), tuple((key, value) for key, value in _facts(told) if value))
    if frozen["gate"]["agenda"]:
        yield Heading(3, "Agenda")
        yield Text(frozen["gate"]["agenda"])
    yield Heading(3, "Criteria, as they stood")
    yield from _criteria(told, frozen["criteria"])
    for one in frozen["entities"]:
        if one["entity"] in decided["entities"]:
            yield Heading(3, f"Criteria for {one['entity']}, as they stood")
            yield from _criteria(told, one["criteria"])
    yield Heading(3, "Votes")
    yield from _votes(told)
    yield from _dissent(told)
    yield from _lists(told)


def _facts(told: _Telling) -> Iterator[tuple[str, str]]:
    frozen, decided, forecast = told.frozen, told.frozen["decision"], told.frozen["forecast"]
    yield "Programme", frozen["programme"]
    yield "Run", frozen["run"] or ""
    yield "Decided", told.time(frozen["at"])
    by = told.name(decided["decided_by"])
    if decided["in_place_of"]:
        by += f" in place of {told.name(decided['in_place_of'])}"
    if decided["recorded_by"]:
        by += f", recorded by {told.name(decided['recorded_by'])}"
    yield "By", f"{by}, assurance: {decided['assurance']}"
    yield "Verdict", decided["verdict"] + (" (reverses an earlier one)" if decided["reverses"] else "")
    yield "Entities", ", ".join(decided["entities"]) or "all"
    yield "Reason", decided["reason"]
    if decided["then"]:
        again = f" at {told.time(decided['retry_at'])}" if decided["retry_at"] else ""
        yield "Then", decided["then"] + again
    yield "Rule", f"{frozen['gate']['rule']}, quorum {frozen['gate']['quorum']}"
    yield "Tally", ", ".join(f"{choice} {count}" for choice, count in frozen["tally"].items())
    spare = forecast["window_float_s"]
    where = f"{show_duration(abs(spare))} {'inside' if spare >= 0 else 'beyond'} the window"
    yield "Forecast finish", f"{told.time(forecast['finish'])}, {where}"
    yield "Latest safe back-out decision", told.time(forecast["latest_backout_decision"])
    yield "Confidence", "" if forecast["confidence"] is None else f"{forecast['confidence']} %"
    yield "Not settled", ", ".join(f"criterion {number}" for number in frozen["unsettled"])
    yield "Journal", f"entry {told.recorded.seq}, hash {told.recorded.hash[:HASH_DIGITS]}"


def _criteria(told: _Telling, found: Iterable[Document]) -> Iterator[Block]:
    rows = []
    for one in found:
        source = one["source"] if one["source"] not in told.frozen["people"] else told.name(one["source"])
        at = told.time(one["at"])
        standing = one["light"]
        if one["waiver"] is not None:
            waiver = one["waiver"]
            until = told.time(waiver["expires_at"])
            standing += f": waived by {told.name(waiver['by'])} until {until}: {waiver['reason']}"
        said = f"{source}, {at}" if at else source
        rows.append((str(one["number"]), one["text"], one["threshold"], one["value"], standing, said))
    if rows:
        yield Table(("No.", "Criterion", "Asked for", "Found", "Verdict", "Source"), tuple(rows))
    else:
        yield Text("None were agreed.")


def _votes(told: _Telling) -> Iterator[Block]:
    rows = []
    for seat in told.frozen["seats"]:
        marks = [mark for mark in ("chair", "veto") if seat[mark]]
        if seat["vote"] is None:
            rows.append((seat["title"], told.name(seat["person"]), ", ".join(marks), "no vote", "", "", ""))
            continue
        how = [seat["assurance"]]
        if seat["recorded_by"]:
            how.append(f"recorded by {told.name(seat['recorded_by'])}")
        if seat["witness"]:
            how.append(f"read back before {told.name(seat['witness'])}")
        if seat["countersigned_at"]:
            how.append(f"counter-signed {told.time(seat['countersigned_at'])}")
        if not seat["counts"]:
            how.append("did not count")
        who = told.name(seat["voted_by"])
        if seat["voted_by"] != seat["person"]:
            who += f" as substitute of {told.name(seat['person'])}"
        choice = seat["vote"] + (" (dissent)" if seat["dissents"] else "")
        reason = seat["reason"] or ""
        rows.append((seat["title"], who, ", ".join(marks), choice, told.time(seat["at"]), reason, ", ".join(how)))
    if rows:
        yield Table(("Seat", "Who", "Counts as", "Vote", "When", "Reason", "Assurance"), tuple(rows))
    else:
        yield Text("There are no seats: the decider decides alone.")


def _dissent(told: _Telling) -> Iterator[Block]:
    yield Heading(3, "Dissent")
    against = [seat for seat in told.frozen["seats"] if seat["dissents"]]
    if not against:
        yield Text("None.")
        return
    rows = ((seat["title"], told.name(seat["voted_by"]), seat["vote"], seat["reason"] or "") for seat in against)
    yield Table(("Seat", "Who", "Vote", "Reason"), tuple(rows))


def _lists(told: _Telling) -> Iterator[Block]:
    frozen = told.frozen
    if frozen["conditions"]:
        states = {one["ref"]: one["state"] for one in told.recorded.now["conditions"]}
        yield Heading(3, "Conditions")
        yield Table(
            ("Task", "Condition", "Owner", "Due", "Now"),
            tuple(
                (one["ref"], one["text"], told.name(one["owner"]), told.time(one["due"]), states.get(one["ref"], ""))
                for one in frozen["conditions"]
            ),
        )
    if frozen["flows"]:
        yield Heading(3, "Tests of each flow")
        yield Table(
            ("Flow", "Passed", "Failed", "Not tested", "Open"),
            tuple(
                (one["flow"], *(str(one[name]) for name in ("passed", "failed", "not_tested", "open")))
                for one in frozen["flows"]
            ),
        )
    if frozen["problems"]:
        yield Heading(3, "Open problems")
        yield Table(
            ("No.", "Severity", "Problem", "Owner", "Workaround", "Due"),
            tuple(
                (
                    str(one["number"]),
                    str(one["severity"]),
                    one["title"],
                    told.name(one["owner"]),
                    one["workaround"] or "",
                    told.time(one["due"]),
                )
                for one in frozen["problems"]
            ),
        )
    if told.recorded.countersigned:
        yield Heading(3, "Counter-signed since")
        yield Table(
            ("Seat", "Who", "When"),
            tuple((seat, told.name(who), told.time(at)) for seat, who, at in told.recorded.countersigned),
        )


# --- how it is printed -----------------------------------------------------------------------------------------------

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def markdown(record: Record) -> str:
    """The record as Markdown. Texts that somebody typed stay plain text."""
    return "\n\n".join(_markdown(block) for block in _blocks(record))


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_plain(text)}"
        case Text(text):
            return "\n".join(_plain(line) if line.strip() else "" for line in many_lines(text).splitlines())
        case Table(heads, rows):
            lines = [_cells(heads), _cells("---" for _ in heads)]
            return "\n".join([*lines, *(_cells(map(_plain, row)) for row in rows)])


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text, 20_000))


_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#111;background:#fff}"
    "table{border-collapse:collapse;width:100%;margin:.6em 0}"
    "td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#eee}h2{border-top:2px solid #111;padding-top:.6em}@media print{body{margin:0;max-width:none}}"
)


def html(record: Record) -> str:
    """The record as one HTML page that needs nothing else. Everything that somebody typed is escaped."""
    title = escape(one_line(f"{record.ref} {record.title}"))
    body = "\n".join(_html(block) for block in _blocks(record))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{escape(one_line(text, 20_000))}</h{level}>"
        case Text(text):
            return f"<p>{'<br>'.join(escape(line) for line in many_lines(text).splitlines())}</p>"
        case Table(heads, rows):
            head = _row(heads, "th") if any(heads) else ""
            return f"<table>{head}{''.join(_row(row, 'td') for row in rows)}</table>"


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(one_line(cell, 20_000))}</{tag}>' for cell in cells)}</tr>"


FORMATS: Mapping[str, Callable[[Record], str]] = MappingProxyType({"md": markdown, "html": html})

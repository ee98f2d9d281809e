"""No alert is missing and none is there twice: random cutovers, swept only when `next_change` or an entry says so,
against an oracle that looks at every minute and knows nothing of the product."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.alerting import only
from tests.cutover import START, Cutover, document, minute, opened, rehearsing, task
from tests.property.alert_oracle import RULES, Fact, Oracle
from tests.soaking import LONG, times
from warroom.actions import alerts
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.rules.alerting.deciding import next_change
from warroom.runbook.document import RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import Severity

pytestmark = LONG

RUNS, CHUNK = times(short=20, whole=200), 5
LASTS = 6 * 60  # minutes


def facts_of(chance: random.Random) -> list[Fact]:
    """Some tasks in order, each after up to two of the earlier ones."""
    facts: list[Fact] = []
    for number in range(chance.randrange(3, 9)):
        earlier = chance.sample(facts, min(len(facts), chance.randrange(3)))
        after = tuple((fact.ref, chance.choice((0, 0, 0, 10))) for fact in earlier)
        not_before = chance.choice((0, 0, 0, chance.randrange(120)))
        facts.append(Fact(f"T{number}", chance.randrange(5, 90), after, not_before, chance.random() < 0.3))
    return facts


def runbook_of(facts: list[Fact], rules: list[str]) -> RunbookDocument:
    rows = [
        task(
            fact.ref,
            fact.duration,
            *(f"{ref}+{lag}" if lag else ref for ref, lag in fact.after),
            not_before_s=fact.not_before * 60,
            verifier="vera" if fact.verified else None,
        )
        for fact in facts
    ]
    return only(document(*rows, hours=24), *rules, severity=Severity.WARNING)


class People:
    """They report at random: begin, block, give an ETA, finish, verify; the oracle is told the same."""

    def __init__(self, cutover: Cutover, oracle: Oracle, chance: random.Random) -> None:
        self._cutover = cutover
        self._oracle = oracle
        self._chance = chance

    def act(self, now: int) -> bool:
        """Whether somebody did something in this minute."""
        if self._chance.random() > 0.12:
            return False
        fact = self._chance.choice(list(self._oracle.facts.values()))
        do, draw = self._cutover.do, self._chance
        if fact.state == "open":
            free = self._oracle._free(fact)
            if free is None or free > now:
                return False
            do("task.start", fact.ref)
            fact.state, fact.started = "running", now
        elif fact.state == "verifying":
            do("task.verify", fact.ref, by="vera")
            fact.state, fact.finished = "done", now
        elif fact.state == "blocked":
            do("task.unblock", fact.ref)
            fact.state, fact.blocked_at = "running", None
        elif fact.state == "running":
            match draw.choice(("block", "eta", "eta", "done", "done")):
                case "block":
                    do("task.block", fact.ref, reason="no access")
                    fact.state, fact.blocked_at, fact.eta, fact.eta_at = "blocked", now, None, None
                case "eta":
                    fact.eta, fact.eta_at = now + draw.randrange(1, 150), now
                    do("task.eta", fact.ref, eta=minute(fact.eta), reason="so it seems")
                case _:
                    do("task.done", fact.ref)
                    fact.executed = now
                    fact.state, fact.finished = ("verifying", None) if fact.verified else ("done", now)
        return True


def swept(cutover: Cutover, others: list[Cutover], now: int, chance: random.Random) -> Board:
    """A sweep by anybody, and again by some of the others: also by one whose Board is hours old."""
    for sweeper in chance.sample([cutover, *others], chance.randrange(1, 3)):
        sweeper.to(now)
        sweeper.sweep()
    return cutover.board()


def due_minute(cutover: Cutover, board: Board) -> int | None:
    change = next_change(board, forecast(board, board.run_time(cutover.clock.now())))
    return None if change is None else (change - START) // timedelta(minutes=1)


def spans(entries: list[Entry]) -> dict[str, list[list[int | None]]]:
    """From when to when each alert was open, by its number."""
    found: dict[str, list[list[int | None]]] = {}
    for entry in entries:
        if entry.action in ("alert.raise", "alert.reopen", "alert.close"):
            assert entry.run_time is not None
            at = (entry.run_time - START) // timedelta(minutes=1)
            if entry.action == "alert.close":
                found[entry.subject][-1][1] = at
            else:
                found.setdefault(entry.subject, []).append([at, None])
    return found


@pytest.mark.parametrize("first", range(0, RUNS, CHUNK))
def test_none_is_missing_and_none_is_there_twice(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + CHUNK):
        chance = random.Random(seed)
        facts, rules = facts_of(chance), chance.sample(RULES, chance.choice((1, 2, 3, len(RULES))))
        path = tmp_path / f"{seed}.db"
        with rehearsing(path, runbook_of(facts, rules)) as cutover, opened(path) as second, opened(path) as third:
            oracle = Oracle(facts, rules)
            people = People(cutover, oracle, chance)
            due: int | None = 0
            for now in range(LASTS):
                cutover.to(now)
                acted = people.act(now)
                oracle.look(now)
                if acted or (due is not None and due <= now):
                    due = due_minute(cutover, swept(cutover, [second, third], now, chance))
            entries = cutover.entries()
            board = alerts.sweep(cutover.state_file)
            assert verify(cutover.state_file).sound
        opened_at = spans(entries)
        spoke = {e.subject: str((e.changes[0].after or {})["rule"]) for e in entries if e.action == "alert.raise"}
        ours = [
            (spoke[f"alert {alert.id}"], alert.subject, alert.episode, opened_at[f"alert {alert.id}"])
            for alert in board.alerts
        ]
        expected = [(alert.rule, alert.subject, alert.episode, alert.spans) for alert in oracle.alerts]
        assert sorted(ours, key=str) == sorted(expected, key=str), (seed, rules)
        assert all(alert.due_at <= alert.raised_at for alert in board.alerts), seed

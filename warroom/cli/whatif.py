"""`warroom whatif`: what a slip, an ETA, a skip, another owner or another link would do; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import click

from warroom.board.board import Board
from warroom.board.forecast import Forecast, forecast
from warroom.board.rows import Task
from warroom.board.whatif import Break, BreakKind, Outcome, Suppositions, open_tasks, ranked, suppose, sweep
from warroom.board.whatif_documents import outcome_document, sweep_document
from warroom.cli import typed
from warroom.cli.command import Command, Invocation
from warroom.cli.desk import task_called
from warroom.cli.identity import insist_on_person
from warroom.cli.looked_at import LookedAt, looking_at, with_source
from warroom.cli.output import columns, shown_progress, write, write_json
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.runbook.time_shapes import parse_link
from warroom.schedule.network import BadNetwork, Link
from warroom.schedule.whatif import BadChange, Change
from warroom.vocabulary.errors import BadInput, Refused

T = TypeVar("T")

_WORST = 15
"""How many tasks of a sweep are told as text; --json tells them all."""


@click.command(cls=Command)
@click.argument("slips", nargs=-1, metavar="[REF+30m]...")
@with_source
@click.option(
    "--eta", "etas", multiple=True, metavar="REF=TIME", help="It is finished then: 45m from now, 02:40, T+5h."
)
@click.option("--skip", "skips", multiple=True, metavar="REF", help="It is skipped.")
@click.option("--assign", "owners", multiple=True, metavar="REF=HANDLE", help="Somebody else does it, in their hours.")
@click.option("--link", "linked", multiple=True, metavar="REF=LINK", help='It also comes after "BC-22 SS+15m".')
@click.option("--unlink", "unlinked", multiple=True, metavar="REF=REF", help="It no longer comes after that one.")
@click.option("--sweep", "slip", metavar="SPAN", help="Let every open task slip by that much in turn; the worst first.")
@click.pass_obj
def whatif(
    invocation: Invocation,
    slips: tuple[str, ...],
    runbook: str | None,
    at: str | None,
    run: str | None,
    etas: tuple[str, ...],
    skips: tuple[str, ...],
    owners: tuple[str, ...],
    linked: tuple[str, ...],
    unlinked: tuple[str, ...],
    slip: str | None,
) -> None:
    """What would move, and what would break, if tasks slipped. Nothing is changed.

    \b
    warroom whatif BC-24+30m
    warroom whatif BC-24+30m BC-31-10m --assign BC-24=mei --json
    warroom whatif --sweep 30m --runbook cutover.yaml
    """
    supposed = (*slips, *etas, *skips, *owners, *linked, *unlinked)
    if (slip is None) == (not supposed):
        raise BadInput(
            "nothing is supposed" if slip is None else "--sweep supposes a slip of every task by itself",
            hint="write it like: warroom whatif BC-24+30m, or warroom whatif --sweep 30m",
        )
    with looking_at(invocation, runbook=runbook, at=at, run=run) as looked_at:
        board = looked_at.board
        base = forecast(board, looked_at.at, from_window=True)
        if slip is not None:
            _sweep(invocation, board, base, typed.span(slip, where="--sweep"))
            return
        reader = _Reader(looked_at, base)
        suppositions = Suppositions(
            changes=(*map(reader.slip, slips), *map(reader.eta, etas), *map(reader.skip, skips)),
            owners=dict(map(reader.owner, owners)),
            linked=tuple(map(reader.link, linked)),
            unlinked=tuple(map(reader.unlink, unlinked)),
        )
        try:
            outcome = suppose(board, base, suppositions)
        except BadChange as error:
            raise Refused(str(error), hint="only what is still open can be supposed to change") from None
        except BadNetwork as error:
            raise BadInput(str(error), where="--link") from None
    if invocation.as_json:
        write_json(outcome_document(board, base, outcome))
    else:
        write("\n".join(_lines(board, base, outcome)))


class _Reader:
    """Reads what is supposed, against the tasks of a Board."""

    def __init__(self, looked_at: LookedAt, base: Forecast) -> None:
        self.looked_at, self.board, self.base = looked_at, looked_at.board, base

    def slip(self, text: str) -> Change:
        """ "BC-24+30m" or "BC-24-10m"."""
        ref, plus, span = text.partition("+")
        sign = 1
        if not plus:
            ref, minus, span = text.rpartition("-")
            sign = -1
            if not minus:
                raise BadInput(f"{text!r} says no slip", hint="write it like BC-24+30m")
        return Change(self.task(ref).ref, slip=sign * typed.span(span, where=text))

    def eta(self, text: str) -> Change:
        def instant(value: str) -> int:
            start = self.board.plan.window_start
            found = typed.expected(value, zone=self.looked_at.zone, window_start=start, now=self.looked_at.at)
            return self.base.seconds(found)

        task, seconds = self.pair(text, "--eta", instant)
        return Change(task.ref, eta=seconds)

    def skip(self, text: str) -> Change:
        return Change(self.task(text).ref, skip=True)

    def owner(self, text: str) -> tuple[str, int]:
        def person(handle: str) -> int:
            insist_on_person(self.board, handle)
            found = self.board.person_called(handle)
            assert found is not None
            return found.id

        task, person_id = self.pair(text, "--assign", person)
        return task.ref, person_id

    def link(self, text: str) -> Link:
        def link(value: str) -> Link:
            try:
                ref, link_type, lag = parse_link(value)
            except ValueError as error:
                message, _, hint = str(error).partition("; ")
                raise BadInput(message, where="--link", hint=hint or None) from None
            return Link(self.task(ref).ref, "", lag, link_type)

        task, found = self.pair(text, "--link", link)
        return Link(found.predecessor, task.ref, found.lag, found.type)

    def unlink(self, text: str) -> tuple[str, str]:
        task, predecessor = self.pair(text, "--unlink", self.task)
        return predecessor.ref, task.ref

    def pair(self, text: str, option: str, value: Callable[[str], T]) -> tuple[Task, T]:
        """The two sides of REF=VALUE. A ref may hold "=" itself."""
        cut = next((place for place, sign in enumerate(text) if sign == "=" and self.board.task(text[:place])), -1)
        ref, sign, rest = (text[:cut], "=", text[cut + 1 :]) if cut >= 0 else text.partition("=")
        if not sign:
            raise BadInput(f"{text!r} has no '='", where=option, hint="write it like BC-24=VALUE")
        return self.task(ref), value(rest)

    def task(self, ref: str) -> Task:
        return task_called(self.board, ref.strip())


def _sweep(invocation: Invocation, board: Board, base: Forecast, slip: int) -> None:
    found = ranked(shown_progress(sweep(board, base, slip), len(open_tasks(board, base)), "tasks"))
    if invocation.as_json:
        write_json(sweep_document(board, base, slip, found))
        return
    rows = [
        (
            task.ref,
            show_duration(outcome.finish_moves, sign=True),
            show_duration(outcome.window_float),
            str(len(outcome.moves.keys() - {task.ref})),
            ", ".join(dict.fromkeys(f"{each.kind} {each.ref}" for each in outcome.breaks)),
            board.handle(task.owner_id) or "",
            task.title,
        )
        for task, outcome in found[:_WORST]
    ]
    breaking = sum(bool(outcome.breaks) for _, outcome in found)
    write(f"if it slips by {show_duration(slip)}: {breaking} of {len(found)} open tasks break something")
    if rows:
        write(columns(rows, ("REF", "FINISH", "FLOAT", "MOVES", "BREAKS", "OWNER", "TITLE")))


def _lines(board: Board, base: Forecast, outcome: Outcome) -> Iterator[str]:
    zone = board.programme.timezone

    def time(seconds: int) -> str:
        return show_time(base.instant(seconds), zone)

    left = outcome.window_float
    facts = [
        ("finish", f"{time(outcome.effect.finish)} ({show_duration(outcome.finish_moves, sign=True)})"),
        ("window", f"{show_duration(left)} inside" if left >= 0 else f"{show_duration(-left)} BEYOND"),
    ]
    if outcome.decide_backout_by is not None:
        moved = show_duration(outcome.backout_moves, sign=True)
        facts.append(("back-out", f"latest safe decision {time(outcome.decide_backout_by)} ({moved})"))
    yield columns(facts)
    yield ""
    yield "breaks" if outcome.breaks else "nothing breaks"
    if outcome.breaks:
        yield columns([_broken(board, found, time) for found in outcome.breaks], indent="  ")
    yield ""
    yield _moved(board, outcome, time)


def _broken(board: Board, found: Break, time: Callable[[int], str]) -> Sequence[str]:
    task = board.task(found.ref)
    why = found.why(time(found.limit))
    late = f"{show_duration(found.late)} {'in all' if found.kind is BreakKind.AVAILABILITY else 'late'}"
    return found.kind.value, found.ref, late, why, found.owner or "", "" if task is None else task.title


def _moved(board: Board, outcome: Outcome, time: Callable[[int], str]) -> str:
    rows = []
    for ref, moves in outcome.moves.items():
        task = board.task(ref)
        assert task is not None
        finish = time(outcome.effect.span(ref)[1])
        rows.append((ref, show_duration(moves, sign=True), finish, board.handle(task.owner_id) or "", task.title))
    return columns(rows, ("REF", "MOVES", "FINISH", "OWNER", "TITLE")) if rows else "nothing moves"

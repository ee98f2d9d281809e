"""One criterion whole: what is found and asked, who said what, what it rests on, and what waives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warroom.board.board import CLOSED_STATES
from warroom.board.flows import TESTS, flows
from warroom.board.rows import Criterion, Problem, Task, Waiver
from warroom.rules.controls import control_standing
from warroom.rules.criteria import Judged
from warroom.rules.problems import open_problems
from warroom.tui.controls.texts import control_line
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.items import Item, hanging, heading
from warroom.tui.drawing.marks import LIGHTS
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.gates.criterion_texts import owed_text, source_text
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.tasks import task_line
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Automatic, Light, Result

_RESULT_INKS = {
    Result.PASS: LIGHTS[Light.GREEN].ink,
    Result.FAIL: LIGHTS[Light.RED].ink,
    Result.NOT_TESTED: LIGHTS[Light.MISSING].ink,
}


def criterion_detail_items(picture: Picture, one: Judged, width: int) -> tuple[Item, ...]:
    """How a criterion stands, what shows it, and what it rests on; the cursor stands on tasks and controls."""
    return (
        *_standing_items(picture, one, width),
        *_evidence_items(picture, one.criterion, width),
        *_waiver_items(picture, one, width),
        *_basis_items(picture, one.criterion, width),
    )


def _standing_items(picture: Picture, one: Judged, width: int) -> Iterator[Item]:
    mark = LIGHTS[one.light]
    lines = wrapped(one_line(one.criterion.text), width - 4, most=6)
    yield Item(tuple(((f"   {line}", "bold"),) for line in lines))
    loud: Span = (f" {mark.glyph} {mark.word} ", f"{mark.ink} bold reverse")
    first, *rest = wrapped(one_line(one.value), width - len(loud[0]) - 4, most=4)
    indent = " " * (len(loud[0]) + 2)
    yield Item(((("  ", ""), loud, (f" {first}", "bold")), *(((f"{indent} {line}", "bold"),) for line in rest)))
    yield hanging(f"asked: {one_line(one.threshold)}", "", width, "muted")
    for said in source_text(picture, one):
        yield hanging(said, "", width, "muted")
    if one.owes and one.light not in (Light.GREEN, Light.WAIVED):
        yield hanging(owed_text(one), "", width, mark.ink)


def _evidence_items(picture: Picture, criterion: Criterion, width: int) -> Iterator[Item]:
    """What people found of it, the newest first."""
    if criterion.automatic not in (None, Automatic.METRIC):
        return
    found = picture.board.assessments(criterion.id)
    yield heading("Evidence", "" if found else f"nobody has said anything yet: {_says(picture, criterion)} does")
    for one in reversed(found):
        mark = LIGHTS[Light.GREEN if one.met else Light.RED if one.met is False else Light.AMBER]
        said = show_number(one.value) if one.value is not None else "met" if one.met else "not met"
        by = one_line(picture.board.handle(one.person_id) or "somebody", 16)
        glyph = mark.glyph if one.met is not None else "·"
        head: Spans = ((f"   {glyph} {said}", f"{mark.ink} bold"), (f"  {by}, {picture.time(one.at)}", "muted"))
        lines = wrapped(one_line(one.evidence or "no evidence was named"), width - 8, most=6)
        yield Item((head, *(((f"     {line}", ""),) for line in lines)))


def _says(picture: Picture, criterion: Criterion) -> str:
    """The key that says how it stands."""
    return picture.key("criterion.measure" if criterion.automatic is Automatic.METRIC else "criterion.assess")


def _controls_note(picture: Picture) -> str:
    works = ", ".join(picture.key(f"control.{verb}") for verb in ("record", "sign", "dispose"))
    return f"{picture.key('task.details')} shows it; {works} work on it"


def _waiver_items(picture: Picture, one: Judged, width: int) -> Iterator[Item]:
    waivers: tuple[Waiver, ...] = picture.board.waivers(one.criterion.id)
    if waivers:
        yield heading("Done without")
    for waiver in reversed(waivers):
        by = one_line(picture.board.handle(waiver.person_id) or "somebody", 16)
        over = "" if waiver.expires_at > picture.now else ", which is over"
        said = f"by {by}, until {picture.moment(waiver.expires_at)}{over}: {one_line(waiver.reason)}"
        yield hanging(said, "» ", width, LIGHTS[Light.WAIVED].ink if one.waiver is waiver else "muted")


def _basis_items(picture: Picture, criterion: Criterion, width: int) -> Iterator[Item]:
    """What an automatic one rests on."""
    board = picture.board
    match criterion.automatic:
        case Automatic.PHASE_DONE:
            yield from _task_items(picture, (task for task in board.tasks if task.phase in criterion.of), width)
        case Automatic.TASKS_DONE:
            named = (board.task(ref) for ref in criterion.of)
            yield from _task_items(picture, (task for task in named if task is not None), width)
        case Automatic.CONTROLS:
            yield heading("Controls", _controls_note(picture))
            for control in board.controls:
                if not criterion.of or control.key in criterion.of:
                    for part in control_standing(board, control).parts:
                        yield control_line(picture, control, part, width)
        case Automatic.PROBLEMS:
            found = open_problems(board.problems, criterion.severity or 1)
            yield heading("Problems", f"{len(found)} open")
            for problem in found:
                yield _problem_item(picture, problem, width)
        case Automatic.SMOKE_TESTS:
            yield from _flow_items(picture, criterion, width)
        case Automatic.CONFIDENCE:
            yield hanging(
                f"{picture.key('console.odds')} shows the odds and what drives the finish", "", width, "muted"
            )
        case Automatic.BACK_OUT:
            yield hanging(f"{picture.key('console.back-out')} shows the way back", "", width, "muted")


def _task_items(picture: Picture, tasks: Iterable[Task], width: int) -> Iterator[Item]:
    """Those that are open first."""
    found = sorted(tasks, key=lambda task: (task.state in CLOSED_STATES, task.position))
    left = sum(task.state not in CLOSED_STATES for task in found)
    yield heading("Tasks", f"{left} of {len(found)} are open")
    for task in found:
        yield Item((task_line(picture, task, width),), task.ref)


def _problem_item(picture: Picture, problem: Problem, width: int) -> Item:
    owner = one_line(picture.board.handle(problem.owner_id) or "nobody", 16)
    due = "" if problem.due_at is None else f", due {picture.time(problem.due_at)}"
    head: Spans = (
        (f"   ■ {problem.number}, severity {problem.severity}", "status-blocked bold"),
        (f"  {owner}{due}", "bold"),
    )
    said = [one_line(problem.title)]
    if problem.workaround:
        said.append(f"workaround: {one_line(problem.workaround)}")
    if problem.tasks:
        said.append(f"about {one_line(', '.join(problem.tasks), 80)}")
    lines = wrapped("; ".join(said), width - 8, most=5)
    first = next(iter(problem.tasks), None)
    return Item((head, *(((f"     {line}", ""),) for line in lines)), first)


def _flow_items(picture: Picture, criterion: Criterion, width: int) -> Iterator[Item]:
    for flow in flows(picture.board):
        if criterion.of and flow.name not in criterion.of:
            continue
        counts = [(len(flow.passed), "passed"), (len(flow.failed), "failed"), (len(flow.not_tested), "not tested")]
        said = ", ".join(f"{count} {word}" for count, word in [*counts, (len(flow.open), "open")] if count)
        yield heading(one_line(flow.name, 40), said)
        tests = [task for task in picture.board.tasks if task.kind_of_task in TESTS and task.flow == flow.name]
        for task in tests:
            lines = [task_line(picture, task, width)]
            if (result := _result(task)) is not None:
                lines.append(((f"     {result}", _RESULT_INKS[task.result or Result.NOT_TESTED]),))
            yield Item(tuple(lines), task.ref)


def _result(task: Task) -> str | None:
    """How a test ended, with its document numbers and what was said."""
    if task.state not in CLOSED_STATES:
        return None
    said = [(task.result or Result.NOT_TESTED).value.replace("-", " ")]
    if task.document_numbers:
        said.append(f"documents {one_line(', '.join(task.document_numbers), 60)}")
    return ", ".join(said)

"""The control under the cursor: entering and correcting its figures, its difference, its signature, its next round."""

from __future__ import annotations

from warroom.board.rows import Control, Entity, Task
from warroom.rules import controls as rules
from warroom.rules.controls import ControlPeople, PartStanding
from warroom.tui.controls.texts import part_name, part_under
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import REASON, About
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import CHOOSE, Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import figure, preview_figure
from warroom.tui.drawing.picked import OnPart
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ControlStanding, Disposition, Side

NEW_ONLY, BOTH = "the new side", "both sides"

_EVIDENCE = Field("evidence", "where the proof is, may stay empty")


def on_part(context: Context) -> bool:
    return isinstance(context.picked, OnPart)


def can_record(context: Context) -> Reason:
    """Whether a figure can be entered."""
    return _denied(context) or rules.may_record(context.actor)


def can_correct(context: Context) -> Reason:
    """Whether there is a figure that the person may correct."""
    if (reason := _denied(context)) is not None:
        return reason
    control, part = _found(context)
    figures = [one for one in (part.legacy, part.new) if one is not None]
    if not figures:
        return f"nothing of {control.key} was entered yet"
    if part.round is not None and part.round.signed_at is not None:
        return f"{control.key} is signed: {context.key('control.reopen')} opens its next round"
    if part.round is not None and part.round.rows_document_id is not None:
        return f"{control.key} was compared row by row: {context.key('control.reopen')} opens its next round"
    people = _people(context, control, part)
    reasons = [rules.may_amend(context.actor, people, one) for one in figures]
    return None if None in reasons else reasons[0]


def can_dispose(context: Context) -> Reason:
    """Whether there is a difference of which the person may dispose."""
    if (reason := _denied(context)) is not None:
        return reason
    control, part = _found(context)
    if part.standing not in (ControlStanding.OUTSIDE, ControlStanding.DISPOSED):
        return f"{control.key} is {part.standing.value}: there is no difference to dispose of"
    return rules.may_judge(context.actor, _people(context, control, part))


def can_sign(context: Context) -> Reason:
    """Whether the person may sign it as it stands."""
    if (reason := _denied(context)) is not None:
        return reason
    control, part = _found(context)
    if part.standing is ControlStanding.SIGNED:
        return f"{control.key} is signed already"
    if (denied := rules.may_sign(context.actor, _people(context, control, part))) is not None:
        return denied
    if part.standing not in rules.TIES_OUT:
        return f"{control.key} is {part.standing.value}" + ("" if part.because is None else f", {part.because}")
    return None


def can_reopen(context: Context) -> Reason:
    """Whether the person may open its next round."""
    if (reason := _denied(context)) is not None:
        return reason
    control, part = _found(context)
    if part.new is None and part.legacy is None:
        return f"nothing of {control.key} was entered yet"
    return rules.may_judge(context.actor, _people(context, control, part))


def record(screen: Stand, _: str) -> None:
    """What is missing is offered first. Where the control leaves entity or currency open, others can be named."""
    control, part = _found(screen.context())
    about = _about(screen, control, part)

    async def submit(answers: Answers) -> None:
        told = {name: answers.get(name) or about.told[name] for name in ("entity", "currency")}
        about.told.update(told)
        await about.act(
            "control.record",
            side=Side(answers["side"]),
            value=figure(answers["figure"]),
            evidence=answers["evidence"] or None,
            note=answers["note"] or None,
        )

    fields = [_side(control, part), _figure(control, part), _EVIDENCE, Field("note", "may stay empty")]
    if control.entity is None and screen.picture.board.rows(Entity):
        fields.append(Field("entity", f"empty: {one_line(part.entity or 'none', 12)}"))
    if control.currency is None and control.unit is not None:
        fields.append(Field("currency", f"empty: {one_line(part.currency or 'none', 12)}"))
    about.ask("Enter", fields, submit)


def correct(screen: Stand, _: str) -> None:
    control, part = _found(screen.context())
    about = _about(screen, control, part)

    async def submit(answers: Answers) -> None:
        await about.act(
            "control.record",
            side=Side(answers["side"]),
            value=figure(answers["figure"]),
            evidence=answers["evidence"] or None,
            correct=True,
            reason=answers["reason"],
        )

    sides = tuple(side.value for side, one in ((Side.NEW, part.new), (Side.LEGACY, part.legacy)) if one is not None)
    side = Field("side", CHOOSE, choices=sides)
    about.ask("Correct what was entered", [side, _figure(control, part), REASON, _EVIDENCE], submit)


def dispose(screen: Stand, _: str) -> None:
    control, part = _found(screen.context())
    about = _about(screen, control, part)

    async def submit(answers: Answers) -> None:
        await about.act("control.dispose", disposition=Disposition(answers["what"]), reason=answers["reason"])

    choices = tuple(disposition.value for disposition in Disposition)
    difference = "" if part.difference is None else f"{show_number(part.difference)}: "
    what = Field("what", f"{difference}accept it, fix it, or load again", required=True, choices=choices)
    about.ask("The difference", [what, REASON], submit)


def sign(screen: Stand, _: str) -> None:
    control, part = _found(screen.context())
    about = _about(screen, control, part)

    async def submit(answers: Answers) -> None:
        await about.act("control.sign", note=answers["note"] or None)

    stands = "–" if part.difference is None else show_number(part.difference)
    about.ask(f"Sign, difference {stands}", [Field("note", "enter signs; a note may stay empty")], submit)


def reopen(screen: Stand, _: str) -> None:
    control, part = _found(screen.context())
    about = _about(screen, control, part)

    async def submit(answers: Answers) -> None:
        await about.act("control.reopen", reason=answers["reason"], legacy=answers["what"] == BOTH)

    what = Field("what", "is taken again", choices=(NEW_ONLY, BOTH) if part.new is not None else (BOTH,))
    about.ask("The next round", [what, REASON], submit)


def _denied(context: Context) -> Reason:
    if (reason := when.can_undo(context)) is not None:
        return reason
    if not isinstance(context.picked, OnPart) or part_under(context.picture, context.picked) is None:
        return f"stand on a control ({context.key('console.controls')} shows them)"
    return None


def _found(context: Context) -> tuple[Control, PartStanding]:
    assert isinstance(context.picked, OnPart)
    found = part_under(context.picture, context.picked)
    assert found is not None
    return found


def _people(context: Context, control: Control, part: PartStanding) -> ControlPeople:
    loads: list[Task] = [task for ref in control.loads if (task := context.board.task(ref)) is not None]
    return rules.people_of(control, part.new, loads)


def _about(screen: Stand, control: Control, part: PartStanding) -> About:
    of = part_name(part)
    heading = f"{one_line(control.key, 20)} {f'{of} ' if of else ''}{one_line(control.name, 50)}"
    names = (None, None) if part.round is None else (part.round.entity, part.round.currency)
    return About(screen, f"control {control.key}", heading, key=control.key, entity=names[0], currency=names[1])


def _side(control: Control, part: PartStanding) -> Field:
    """What is missing comes first."""
    sides = [Side.LEGACY, Side.NEW] if part.legacy_value is None else [Side.NEW, Side.LEGACY]
    if control.expected is not None:
        sides = [Side.NEW]
    return Field("side", CHOOSE, choices=tuple(side.value for side in sides))


def _figure(control: Control, part: PartStanding) -> Field:
    unit = control.unit or part.currency or "a number"
    return Field("figure", one_line(unit, 20), required=True, preview=preview_figure)

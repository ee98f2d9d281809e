"""The one list of what the console can do. Keys, footer, help and palette all come from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.binding import Binding

from warroom.tui import alert_verbs as answer
from warroom.tui import backout_verbs as way_back
from warroom.tui import clock_verbs as hours
from warroom.tui import context as when
from warroom.tui import correction_verbs as mend
from warroom.tui import help_verbs as call
from warroom.tui import plan_verbs, verbs
from warroom.tui import replay_verbs as past
from warroom.tui.context import Condition, Context
from warroom.tui.stand import Stand

Run = Callable[[Stand, str], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does.

    Attributes:
        name: area and verb, such as "task.start".
        keys: as Textual names them; the first is the one that is shown. Two actions may share a key if `applies`
            tells them apart.
        label: for the footer; "" keeps it out of there.
        description: for help and palette, a verb first.
        why_disabled: why it cannot be done now, in words, or None.
        run: does it; the second argument is the key that was pressed.
        applies: whether the key means this action where the person is.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    description: str
    why_disabled: Condition
    run: Run
    applies: Callable[[Context], bool] = lambda _: True

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]


NUMBER_KEYS = tuple("123456789")


def _replay(name: str, key: str, label: str, description: str, run: Run, why: Condition = when.always) -> Action:
    return Action(f"replay.{name}", (key,), label, description, why, run, when.in_the_past)


_REPLAY: tuple[Action, ...] = (
    _replay("play", "space", "play", "Play, or pause", past.play),
    _replay("earlier-entry", "comma", "back", "One entry back", past.earlier_entry),
    _replay("later-entry", "full_stop", "on", "One entry on", past.later_entry),
    _replay("earlier-mark", "left_square_bracket", "", "To the decision, block or alert before", past.earlier_mark),
    _replay("later-mark", "right_square_bracket", "mark", "To the next decision, block or alert", past.later_mark),
    _replay("time", "at", "time", "Jump to a time", past.ask_time),
    _replay("task", "slash", "task", "Jump to what is next about a task", past.ask_task),
    _replay("slower", "less_than_sign", "", "Play slower", past.slower),
    _replay("faster", "greater_than_sign", "faster", "Play faster", past.faster),
    _replay("begin", "home", "", "To the begin of the run", past.begin),
    _replay("end", "end", "", "To the end", past.end),
    _replay("live", "r", "live", "Back to the live console", past.live, when.can_return),
)
"""What keys mean in a replay, before anything else: what they mean live cannot be done in the past."""

_ON_GATES, _ON_OWNERS, _ON_JOURNAL = (when.on_screen(name) for name in ("gate", "owners", "journal"))
_ON_WHAT_IF = when.on_screen("what-if")


def _what_if(name: str, keys: tuple[str, ...], label: str, description: str) -> Action:
    return Action(f"what-if.{name}", keys, label, description, when.always, verbs.take_key, _ON_WHAT_IF)


_WHAT_IF: tuple[Action, ...] = (
    _what_if("more", ("plus", "equals_sign"), "later", "A quarter of an hour more"),
    _what_if("less", ("minus",), "earlier", "A quarter of an hour less"),
    _what_if("type", (*"0123456789", "d", "h", "m"), "", "Type by how much: 45, 1h30"),
    _what_if("erase", ("backspace",), "", "Take back a digit"),
)
"""What keys mean while it is asked what follows from a slip; nothing can be written meanwhile."""

_ON_SCRIBE = when.on_screen("scribe")


def _scribe(name: str, key: str, label: str, description: str) -> Action:
    return Action(f"scribe.{name}", (key,), label, description, when.can_record, verbs.take_key, _ON_SCRIBE)


_SCRIBE: tuple[Action, ...] = (
    _scribe("record", "enter", "record", "Record the line"),
    _scribe("complete", "tab", "complete", "Complete the word"),
    _scribe("undo", "ctrl+z", "take back", "Take back what you recorded last"),
)
"""What keys mean while a line is typed; letters belong to the line."""

_PREVIOUS = ("left_square_bracket", "left", "h")
_NEXT = ("right_square_bracket", "right", "l")

ACTIONS: tuple[Action, ...] = (
    *_REPLAY,
    *_WHAT_IF,
    *_SCRIBE,
    Action("task.start", ("s",), "start", "Start the task", when.can_start, verbs.start, when.on_work),
    Action("task.done", ("d",), "done", "Finish the task", when.can_finish, verbs.done, when.on_work),
    Action("task.verify", ("v",), "verify", "Verify what was executed", when.can_verify, verbs.verify, when.on_work),
    Action("gate.vote", ("v",), "vote", "Vote on the gate", when.can_vote, verbs.vote, when.on_a_gate),
    Action("gate.decide", ("D",), "decide", "Decide the gate", when.can_decide, verbs.decide, when.on_a_gate),
    Action("step.tick", ("space",), "tick", "Tick the next step or the selected one", when.can_tick, verbs.tick),
    Action("step.number", NUMBER_KEYS, "", "Tick that step, or untick it", when.can_tick_some, verbs.tick_number),
    Action("step.evidence", ("i",), "", "Tick a step with evidence", when.can_tick, verbs.tick_with_evidence),
    Action("task.eta", ("e",), "ETA", "Say when the task will be finished, and why", when.can_give_eta, verbs.eta),
    Action("task.unblock", ("b",), "unblock", "Say it can go on", when.can_unblock, verbs.unblock, when.on_blocked),
    Action("task.block", ("b",), "blocked", "Say that the task cannot go on, and why", when.can_block, verbs.block),
    Action("task.progress", ("p",), "", "Say how much is done", when.can_give_progress, verbs.progress),
    Action("task.note", ("n",), "note", "Write a note", when.can_note, verbs.note),
    Action("task.result", ("D",), "", "Finish with a result", when.can_finish, verbs.done_with_result, when.on_work),
    Action("task.help", ("exclamation_mark",), "help me", "Call for help", call.can_call, call.for_help, when.at_work),
    Action("task.skip", ("x",), "", "Leave the task out, and say why", when.can_skip, verbs.skip),
    Action("task.fail", ("X",), "", "Say that it has failed, and why", when.can_fail, verbs.fail),
    Action("task.assign", ("A",), "", "Give the task to somebody else", when.can_reassign, plan_verbs.assign),
    Action("task.retime", ("T",), "", "Plan another duration", when.can_change_plan, plan_verbs.retime),
    Action("task.link", ("L",), "", "Let it come after another task", when.can_change_plan, plan_verbs.link),
    Action("task.settle", ("S",), "still good", "Say that a stale task still holds", when.can_settle, mend.settle),
    Action("task.rerun", ("R",), "do again", "Do the task again, and say why", when.can_rerun, mend.rerun),
    Action("task.reopen", ("O",), "reopen", "Say that it is not finished after all", when.can_reopen, mend.reopen),
    Action("console.clock", ("C",), "clock", "Confirm the clock", hours.can_confirm, hours.confirm, hours.is_doubted),
    Action("task.correct", ("C",), "", "Correct its actual times", when.can_correct, mend.correct, hours.is_trusted),
    Action("back-out.invoke", ("B",), "", "Back out of the cutover", way_back.can_invoke, way_back.invoke),
    Action("console.undo", ("u",), "", "Take back your own last action", when.can_undo, mend.undo),
    Action("shift.accept", ("H",), "", "Accept the shift offered to you", when.can_accept_shift, verbs.accept_shift),
    Action("task.details", ("enter", "t"), "details", "Show all of it, fold a group", when.has_details, verbs.details),
    Action("move.up", ("up", "k"), "", "Up", when.always, verbs.up),
    Action("move.down", ("down", "j"), "", "Down", when.always, verbs.down),
    Action("move.page-up", ("pageup", "ctrl+u"), "", "A page up", when.always, verbs.page_up),
    Action("move.page-down", ("pagedown", "ctrl+d"), "", "A page down", when.always, verbs.page_down),
    Action("move.first", ("home",), "", "To the first line", when.always, verbs.first),
    Action("move.last", ("end", "G"), "", "To the last line", when.always, verbs.last),
    Action("gate.previous", _PREVIOUS, "", "To the gate before", when.on_gates, verbs.gate_before, _ON_GATES),
    Action("gate.next", _NEXT, "", "To the next gate", when.on_gates, verbs.gate_after, _ON_GATES),
    Action("move.left", ("left", "h"), "", "A pane to the left", when.always, verbs.pane_left, _ON_OWNERS),
    Action("move.right", ("right", "l"), "", "A pane to the right", when.always, verbs.pane_right, _ON_OWNERS),
    Action("timeline.earlier", ("left", "h"), "", "Pan to earlier hours", when.on_timeline, verbs.earlier),
    Action("timeline.later", ("right", "l"), "", "Pan to later hours", when.on_timeline, verbs.later),
    Action("timeline.nearer", ("plus", "equals_sign"), "", "Zoom in", when.on_timeline, verbs.nearer),
    Action("timeline.wider", ("minus",), "", "Zoom out", when.on_timeline, verbs.wider),
    Action("move.only", ("f",), "only this", "Only its entries, or all", when.always, verbs.only_this, _ON_JOURNAL),
    Action("timeline.follow", ("f",), "", "Follow now", when.on_timeline, verbs.follow),
    Action("console.what-if", ("w",), "what-if", "What if the task slips?", when.can_suppose, verbs.open_what_if),
    Action("console.gate", ("g",), "go/no-go", "Open the go/no-go panel", when.opens("gate"), verbs.open_gate),
    Action("alert.acknowledge", ("y",), "I know", "Acknowledge the alert", answer.can_acknowledge, answer.acknowledge),
    Action("alert.snooze", ("z",), "wait", "Let the alert wait", answer.can_snooze, answer.snooze),
    Action("console.alerts", ("a",), "alerts", "Open all alerts", when.opens("alerts"), verbs.open_alerts),
    Action("console.streams", ("o",), "turn", "Owners or streams", when.always, verbs.turn_owners, _ON_OWNERS),
    Action("console.owners", ("o",), "", "Open the owners' panes", when.opens("owners"), verbs.open_owners),
    Action("console.odds", ("c",), "", "How sure the forecast is", when.opens("confidence"), verbs.open_confidence),
    Action("console.journal", ("J",), "", "Open the journal", when.opens("journal"), verbs.open_journal),
    Action("console.scribe", ("P",), "", "Record for those who phone in", when.can_open_scribe, verbs.open_scribe),
    Action("console.next-pane", ("tab",), "", "To the next pane", when.always, verbs.next_pane),
    Action("console.previous-pane", ("shift+tab",), "", "To the pane before", when.always, verbs.previous_pane),
    Action("console.back", ("escape",), "back", "Go back", when.can_go_back, verbs.back),
    Action("console.look-back", ("r",), "look back", "Look back at the run so far", when.can_look_back, past.look_back),
    Action("console.help", ("question_mark", "f1"), "help", "Show keys and signs", when.always, verbs.show_help),
    Action("console.palette", ("ctrl+p",), "", "Search all actions", when.always, verbs.palette),
    Action("console.quit", ("q", "ctrl+q"), "", "Leave; the run goes on", when.always, verbs.leave),
)  # fmt: skip

_KEY_NAMES = {
    "question_mark": "?",
    "comma": ",",
    "full_stop": ".",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "at": "@",
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "exclamation_mark": "!",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def bindings() -> list[Binding]:
    """A binding for every key of the list."""
    keys = dict.fromkeys(key for action in ACTIONS for key in action.keys)
    return [Binding(key, f"press('{key}')", show=False) for key in keys]


def action_called(name: str) -> Action:
    """The action of a name.

    Raises:
        KeyError: there is none.
    """
    for action in ACTIONS:
        if action.name == name:
            return action
    raise KeyError(name)


def meant_by(key: str, context: Context) -> Action | None:
    """The action that a key means where the person is."""
    return next((action for action in ACTIONS if key in action.keys and action.applies(context)), None)


def offered(context: Context) -> list[Action]:
    """What the footer offers: what can be done now and has a label."""
    return [
        action
        for action in ACTIONS
        if action.label and action.applies(context) and action.why_disabled(context) is None
    ]


def show_keys(action: Action, context: Context | None = None) -> str:
    """The keys of an action as people know them; given a context, without those that mean something of the replay."""
    if action.name == "step.number":
        return "1-9"
    if action.name == "what-if.type":
        return "0-9 d h m"
    taken = context is not None and action.group != "replay"
    keys = [key for key in action.keys if not (taken and _is_of_replay(key, context))]
    return " ".join(_KEY_NAMES.get(key, key) for key in keys)


def _is_of_replay(key: str, context: Context | None) -> bool:
    meant = None if context is None else meant_by(key, context)
    return meant is not None and meant.group == "replay"


def show_key(action: Action) -> str:
    """The first of them."""
    return _KEY_NAMES.get(action.keys[0], action.keys[0])

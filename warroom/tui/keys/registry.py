"""The one list of what the console can do. Keys, footer, help and palette all come from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from textual.binding import Binding
from textual.keys import _character_to_key

from warroom.tui.alerts import clock_verbs as hours
from warroom.tui.alerts import verbs as answer
from warroom.tui.backout import trigger_verbs as triggers
from warroom.tui.backout import verbs as way_back
from warroom.tui.communications import verbs as notice
from warroom.tui.controls import verbs as controls
from warroom.tui.doing import context as when
from warroom.tui.doing.context import Condition, Context
from warroom.tui.doing.stand import Stand
from warroom.tui.gates import criterion_verbs as judging
from warroom.tui.gates import verbs as gates
from warroom.tui.habits import verbs as habits
from warroom.tui.journal import log_verbs as log
from warroom.tui.network import verbs as net
from warroom.tui.people import help_verbs as call
from warroom.tui.people import shift_verbs as shift
from warroom.tui.people import shout_verbs
from warroom.tui.people import verbs as people
from warroom.tui.picture.groups import Grouping
from warroom.tui.replay import verbs as past
from warroom.tui.sheets import verbs as papers
from warroom.tui.tasks import correction_verbs as mend
from warroom.tui.tasks import evidence_verbs as proof
from warroom.tui.tasks import plan_verbs, verbs
from warroom.tui.timeline import verbs as timeline

Run = Callable[[Stand, str], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does.

    Attributes:
        name: area and verb, such as "task.start".
        keys: as Textual names them; the first is the one that is shown. Two actions may share a key if `applies`
            tells them apart. Without any it is found in the palette.
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
PANE_KEYS = tuple(f"alt+{number}" for number in NUMBER_KEYS)


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
_ON_PEOPLE, _ON_LOG, _ON_HANDOVER = (when.on_screen(name) for name in ("people", "log", "handover"))
_ON_A_GRID = when.on_screen("owners", "network")
_ON_PLOTS, _ON_ODDS = when.on_screen("plots"), when.on_screen("confidence")
_ON_WHAT_IF, _ON_CRITERION, _ON_BACK_OUT = (when.on_screen(name) for name in ("what-if", "criterion", "back-out"))
_ON_TEXT = when.on_screen("communication")


def _what_if(name: str, keys: tuple[str, ...], label: str, description: str, run: Run | None = None) -> Action:
    does = run or verbs.taking_key(keys[0])
    return Action(f"what-if.{name}", keys, label, description, when.always, does, _ON_WHAT_IF)


_WHAT_IF: tuple[Action, ...] = (
    _what_if("more", ("plus", "equals_sign"), "later", "A quarter of an hour more"),
    _what_if("less", ("minus",), "earlier", "A quarter of an hour less"),
    _what_if("type", (*"0123456789", "d", "h", "m"), "", "Type by how much: 45, 1h30", verbs.take_key),
    _what_if("erase", ("backspace",), "", "Take back a digit"),
)
"""What keys mean while it is asked what follows from a slip; nothing can be written meanwhile."""

_ON_SCRIBE = when.on_screen("scribe")


def _scribe(name: str, key: str, label: str, description: str) -> Action:
    return Action(f"scribe.{name}", (key,), label, description, when.can_record, verbs.taking_key(key), _ON_SCRIBE)


_ENTER_A_SHEET = "Enter a run sheet filled in on paper"

_SCRIBE: tuple[Action, ...] = (
    _scribe("record", "enter", "record", "Record the line"),
    _scribe("complete", "tab", "complete", "Complete the word"),
    _scribe("undo", "ctrl+z", "take back", "Take back what you recorded last"),
    Action("scribe.sheet", ("f5",), "run sheet", _ENTER_A_SHEET, papers.can_open, papers.open_sheet, _ON_SCRIBE),
)
"""What keys mean while a line is typed; letters belong to the line."""

_ON_SHEET = when.on_screen("sheet")


def _sheet(name: str, keys: tuple[str, ...], label: str, description: str) -> Action:
    def run(screen: Stand, _: str) -> None:
        screen.take_key(name)

    return Action(f"sheet.{name}", keys, label, description, when.can_record, run, _ON_SHEET)


_SHEET: tuple[Action, ...] = (
    _sheet("record", ("ctrl+s",), "record", "Record what is written on the sheet"),
    _sheet("next", ("enter", "tab"), "", "To the next cell"),
    _sheet("previous", ("shift+tab",), "", "To the cell before"),
    _sheet("up", ("up",), "", "To the row above"),
    _sheet("down", ("down",), "", "To the row below"),
    _sheet("printed", ("ctrl+t",), "printed", "Say when the sheet was printed"),
    Action(
        "sheet.whose",
        ("f5",),
        "whose",
        "Enter the sheet of somebody else",
        papers.can_open,
        papers.open_sheet,
        _ON_SHEET,
    ),
    _sheet("undo", ("ctrl+z",), "take back", "Take back what you recorded last"),
)
"""What keys mean while a run sheet is entered; letters belong to its cells."""

_ON_WHAT_IS_PICKED: tuple[Action, ...] = (
    Action("criterion.measure", ("m",), "measure", "Record the figure of the criterion",
           judging.can_measure, judging.measure, judging.on_metric),
    Action("criterion.assess", ("m",), "judge", "Judge the criterion, and say what shows it",
           judging.can_assess, judging.assess, when.on_other_than(*when.MARKING)),
    Action("criterion.waive", ("W",), "waive", "Do without the criterion for a time",
           judging.can_waive, judging.waive),
    Action("control.record", ("e",), "enter", "Enter what one system shows", controls.can_record, controls.record,
           controls.on_part),
    Action("control.sign", ("s",), "sign", "Sign the control", controls.can_sign, controls.sign, controls.on_part),
    Action("control.dispose", ("d",), "difference", "Say what is done about the difference",
           controls.can_dispose, controls.dispose, controls.on_part),
    Action("control.correct", ("C",), "correct", "Correct a figure that was entered",
           controls.can_correct, controls.correct, controls.on_part),
    Action("control.reopen", ("R",), "again", "Open the next round of the control",
           controls.can_reopen, controls.reopen, controls.on_part),
    Action("trigger.withdraw", ("exclamation_mark",), "not reached", "Say that the trigger is not reached after all",
           triggers.can_withdraw, triggers.withdraw, triggers.on_raised),
    Action("trigger.raise", ("exclamation_mark",), "reached", "Say that the trigger is reached",
           triggers.can_raise, triggers.raise_trigger,
           triggers.on_unraised),
    Action("trigger.stop-clock", ("s",), "stop clock", "Stop the clock of the trigger",
           triggers.can_stop_clock, triggers.stop_clock, triggers.on_running_clock),
    Action("trigger.start-clock", ("s",), "start clock", "Start the clock of the trigger",
           triggers.can_start_clock, triggers.start_clock, triggers.on_still_clock),
    Action("back-out.recover", ("D",), "recover", "Decide to recover in this way",
           way_back.can_recover, way_back.recover, way_back.on_recovery),
)  # fmt: skip
"""What keys mean on a criterion, a control, a trigger or a way to recover under the cursor, before anything else that
they mean for tasks."""

_MARKED: tuple[Action, ...] = (
    Action("marked.start", ("s",), "start marked", "Start all marked tasks",
           habits.can_change_marked, habits.start_marked, habits.on_marked),
    Action("marked.done", ("d",), "finish marked", "Finish all marked tasks",
           habits.can_change_marked, habits.finish_marked, habits.on_marked),
    Action("marked.note", ("n",), "note on marked", "Write a note on all marked tasks",
           habits.can_change_marked, habits.note_on_marked, habits.on_marked),
    Action("marked.assign", ("A",), "re-assign marked", "Give all marked tasks to somebody else",
           habits.can_change_marked, habits.assign_marked, habits.on_marked),
)  # fmt: skip
"""What keys mean while tasks are marked."""

_HABITS: tuple[Action, ...] = (
    Action("list.filter", ("slash",), "", "Narrow the list down: words, owner:me late: -state:done",
           habits.can_filter, habits.open_filter),
    Action("list.mark", ("m",), "", "Mark the task, or unmark it", habits.can_mark, habits.toggle_mark),
    Action("list.mark-all", ("ctrl+a",), "", "Mark all tasks of the list, or none", habits.can_mark, habits.mark_all),
    Action("pane.zoom", ("f2",), "", "This pane alone, or all of them", when.always, habits.zoom),
    Action("pane.number", PANE_KEYS, "", "To that pane", habits.has_panes, habits.go_to_pane),
    Action("console.copy", ("ctrl+y",), "", "Copy the task, or what else is selected", when.always, habits.copy),
    Action("console.pager", ("f3",), "", "Open the task in $PAGER", habits.has_task_here, habits.open_pager),
    Action("console.editor", ("f4",), "", "Open a copy of the task in $EDITOR",
           habits.has_task_here, habits.open_editor),
    Action("console.screenshot", ("f6",), "", "Write a picture of the screen", habits.is_here, habits.screenshot),
    Action("console.export", ("f7",), "", "Write the table in view to a file", habits.is_here, habits.export),
    Action("console.commands", ("Q",), "", "Open the log of commands", when.opens("commands"), habits.open_commands),
)  # fmt: skip
"""What is the same on every screen that has lists."""
_ON_OTHER_SCREENS: tuple[Action, ...] = (
    Action("network.find", ("slash",), "find", "Walk to a task", when.always, net.walk_to, when.on_screen("network")),
    Action("network.centre", ("N",), "centre", "Make it the centre of the network", when.always, verbs.open_network,
           when.on_screen("network")),
    Action("roll.answer", ("space",), "there", "Tick in the roll-call, or untick", people.can_tick, people.tick,
           people.on_person),
    Action("roll.call", ("R",), "call the roll", "Call the roll", people.can_call, people.call, _ON_PEOPLE),
    Action("log.problem", ("p",), "problem", "Write down a problem", log.can_log, log.raise_problem, _ON_LOG),
    Action("log.decision", ("d",), "decision", "Write down what was decided on the spot",
           log.can_log, log.decide, _ON_LOG),
    Action("log.paper", ("n",), "paper", "Write down a document made by hand", log.can_log, log.write_paper, _ON_LOG),
    Action("log.entered", ("s",), "entered", "Say that the paper document was entered",
           log.can_enter, log.enter, log.on_paper),
    Action("log.solve", ("s",), "close", "Close the problem, and say how", log.can_change, log.solve, _ON_LOG),
    Action("log.change", ("e",), "change", "Change what is known of the problem", log.can_change, log.change, _ON_LOG),
    Action("log.reopen", ("O",), "", "Open the problem again", log.can_reopen, log.reopen, _ON_LOG),
    Action("shift.offer", ("o",), "offer", "Offer the shift that is shown", shift.can_offer, shift.offer,
           shift.on_shift),
    Action("shift.take", ("H",), "accept", "Accept the shift that is shown", shift.can_accept, shift.accept,
           shift.on_shift),
)  # fmt: skip
"""What keys mean among people, in the log of the night and at a shift hand-over, before what they mean for tasks."""

_GROUPINGS = tuple(
    Action(
        f"timeline.by-{grouping.name.lower()}",
        (),
        "",
        f"Group {grouping.heading}" if grouping.heading.startswith("by") else f"Put the {grouping.heading}",
        when.on_timeline,
        timeline.group_by(grouping),
    )
    for grouping in Grouping
)
"""Every grouping by its name, in the palette only: the keys are few."""

_PREVIOUS = ("left_square_bracket", "left", "h")
_NEXT = ("right_square_bracket", "right", "l")

ACTIONS: tuple[Action, ...] = (
    *_REPLAY,
    *_WHAT_IF,
    *_SCRIBE,
    *_SHEET,
    Action("shout.heard", ("U",), "heard", "Put away what was shouted", shout_verbs.can_put_away, shout_verbs.put_away),
    Action("console.clock", ("C",), "clock", "Confirm the clock", hours.can_confirm, hours.confirm, hours.is_doubted),
    Action("task.help", ("exclamation_mark",), "help me", "Call for help", call.can_call, call.for_help, when.at_work),
    *_ON_WHAT_IS_PICKED,
    *_MARKED,
    Action("communication.send", ("s",), "send", "Send the approved text", notice.can_send, notice.send, _ON_TEXT),
    Action("communication.approve", ("y",), "approve", "Approve it", notice.can_approve, notice.approve, _ON_TEXT),
    Action("communication.previous", _PREVIOUS, "", "To the text before", when.always, notice.turn_back, _ON_TEXT),
    Action("communication.next", _NEXT, "", "To the next text", when.always, notice.turn_on, _ON_TEXT),
    Action("communication.open", ("quotation_mark",), "", "Show what is sent", notice.can_preview, notice.preview),
    *_ON_OTHER_SCREENS,
    Action("task.start", ("s",), "start", "Start the task", when.can_start, verbs.start, when.on_work),
    Action("task.confirm", ("Y",), "confirm", "Confirm as one of many", when.can_confirm, verbs.confirm, when.on_work),
    Action("task.done", ("d",), "done", "Finish the task", when.can_finish, verbs.done, when.on_work),
    Action("task.verify", ("v",), "verify", "Verify what was executed", when.can_verify, verbs.verify, when.on_work),
    Action("gate.vote", ("v",), "vote", "Vote on the gate", when.can_vote, gates.vote, when.on_a_gate),
    Action("gate.decide", ("D",), "decide", "Decide the gate", when.can_decide, gates.decide, when.on_a_gate),
    Action("gate.countersign", ("C",), "counter-sign", "Counter-sign the vote written down for you",
           gates.can_countersign, gates.countersign, when.on_a_gate),
    Action("gate.reverse", ("O",), "", "No-go after all: hold again what it let go",
           gates.can_reverse, gates.reverse, when.on_a_gate),
    Action("gate.voice", ("V",), "by voice", "Write down a vote given by voice",
           gates.can_record_voice, gates.record_voice, when.on_a_gate),
    Action("step.tick", ("space",), "tick", "Tick the next step or the selected one", when.can_tick, verbs.tick),
    Action("step.number", NUMBER_KEYS, "", "Tick that step, or untick it", when.can_tick_some, verbs.tick_number),
    Action("step.evidence", ("i",), "proof", "Tick a step with evidence", when.can_tick, verbs.tick_with_evidence),
    Action("task.eta", ("e",), "ETA", "Say when the task will be finished, and why", when.can_give_eta, verbs.eta),
    Action("task.unblock", ("b",), "unblock", "Say it can go on", when.can_unblock, verbs.unblock, when.on_blocked),
    Action("task.block", ("b",), "blocked", "Say that the task cannot go on, and why", when.can_block, verbs.block),
    Action("task.progress", ("p",), "progress", "Say how much is done", when.can_give_progress, verbs.progress),
    Action("task.note", ("n",), "note", "Write a note", when.can_note, verbs.note),
    Action("evidence.add", ("asterisk",), "attach", "Attach a file as evidence", proof.can_attach, proof.attach),
    Action("task.result", ("D",), "result", "Finish with a result", when.can_finish,
           verbs.done_with_result, when.on_work),
    Action("task.skip", ("x",), "", "Leave the task out, and say why", when.can_skip, verbs.skip),
    Action("task.fail", ("X",), "", "Say that it has failed, and why", when.can_fail, verbs.fail),
    Action("task.assign", ("A",), "re-assign", "Give the task to somebody else", when.can_reassign, plan_verbs.assign),
    Action("task.retime", ("T",), "", "Plan another duration", when.can_change_plan, plan_verbs.retime),
    Action("task.link", ("L",), "", "Let it come after another task", when.can_change_plan, plan_verbs.link),
    Action("task.settle", ("S",), "still good", "Say that a stale task still holds", when.can_settle, mend.settle),
    Action("task.rerun", ("R",), "do again", "Do the task again, and say why", when.can_rerun, mend.rerun),
    Action("task.reopen", ("O",), "reopen", "Say that it is not finished after all", when.can_reopen, mend.reopen),
    Action("task.correct", ("C",), "", "Correct its actual times", when.can_correct, mend.correct, hours.is_trusted),
    Action("back-out.invoke", ("B",), "BACK OUT", "Back out of the cutover",
           way_back.can_invoke, way_back.invoke, _ON_BACK_OUT),
    Action("console.undo", ("u",), "", "Take back your own last action", when.can_undo, mend.undo),
    Action("evidence.open", ("enter",), "read", "Read what was attached, in $PAGER", proof.can_read, proof.read,
           proof.on_evidence),
    Action("evidence.save", ("f8",), "save", "Write what was attached to a file", proof.can_save, proof.save,
           proof.on_evidence),
    Action("shift.accept", ("H",), "", "Accept the shift offered to you", when.can_accept_shift, verbs.accept_shift),
    Action("task.details", ("enter", "t"), "details", "Show all of it, fold a group", when.has_details, verbs.details),
    Action("move.up", ("up", "k"), "", "Up", when.always, verbs.up),
    Action("move.down", ("down", "j"), "", "Down", when.always, verbs.down),
    Action("move.page-up", ("pageup", "ctrl+u"), "", "A page up", when.always, verbs.page_up),
    Action("move.page-down", ("pagedown", "ctrl+d"), "", "A page down", when.always, verbs.page_down),
    Action("move.first", ("home",), "", "To the first line", when.always, verbs.first),
    Action("move.last", ("end", "G"), "", "To the last line", when.always, verbs.last),
    Action("criterion.previous", _PREVIOUS, "", "To the one before", when.always, verbs.turn_before, _ON_CRITERION),
    Action("criterion.next", _NEXT, "", "To the next one", when.always, verbs.turn_after, _ON_CRITERION),
    Action("gate.previous", _PREVIOUS, "", "To the gate before", when.on_gates, verbs.turn_before, _ON_GATES),
    Action("gate.next", _NEXT, "", "To the next gate", when.on_gates, verbs.turn_after, _ON_GATES),
    Action("shift.previous", _PREVIOUS, "", "To the shift before", when.always, verbs.turn_before, _ON_HANDOVER),
    Action("shift.next", _NEXT, "", "To the next shift", when.always, verbs.turn_after, _ON_HANDOVER),
    Action("move.left", ("left", "h"), "", "To the left", when.always, verbs.pane_left, _ON_A_GRID),
    Action("move.right", ("right", "l"), "", "To the right", when.always, verbs.pane_right, _ON_A_GRID),
    Action("timeline.earlier", ("left", "h"), "", "Pan to earlier hours", when.on_timeline, timeline.earlier),
    Action("timeline.later", ("right", "l"), "", "Pan to later hours", when.on_timeline, timeline.later),
    Action("timeline.nearer", ("plus", "equals_sign"), "", "Zoom in", when.on_timeline, timeline.nearer),
    Action("timeline.wider", ("minus",), "", "Zoom out", when.on_timeline, timeline.wider),
    Action("move.only", ("f",), "only this", "Only its entries, or all", when.always, verbs.only_this, _ON_JOURNAL),
    Action("timeline.follow", ("f",), "", "Follow now", when.on_timeline, timeline.follow),
    Action("timeline.view", ("V",), "", "Group by something else", when.on_timeline, timeline.next_grouping),
    *_GROUPINGS,
    Action("timeline.fold-all", ("F",), "", "Fold all groups, or none", when.on_timeline, timeline.fold_all),
    Action("timeline.second-axis", ("Z",), "", "Your zone, T+, from now", when.on_timeline, timeline.turn_second_axis),
    Action("timeline.legend", ("I",), "", "Show what the signs mean", when.on_timeline, timeline.toggle_legend),
    Action("console.what-if", ("w",), "what-if", "What if the task slips?", when.can_suppose, verbs.open_what_if),
    Action("console.gate", ("g",), "go/no-go", "Open the gates, go/no-go", when.opens("gate"), verbs.open_gate),
    Action("console.controls", ("K",), "", "Open the controls", when.opens("controls"), verbs.open_controls),
    Action("console.back-out", ("B",), "", "Open the way back", when.opens("back-out"), verbs.open_backout),
    Action("alert.acknowledge", ("y",), "I know", "Acknowledge the alert", answer.can_acknowledge, answer.acknowledge),
    Action("alert.snooze", ("z",), "wait", "Let the alert wait", answer.can_snooze, answer.snooze),
    Action("console.alerts", ("a",), "alerts", "Open all alerts", when.opens("alerts"), verbs.open_alerts),
    Action("console.streams", ("o",), "turn", "Owners or streams", when.always, verbs.turn_owners, _ON_OWNERS),
    Action("console.load-by", ("o",), "turn", "Owners or streams", when.always, verbs.turn_owners, _ON_PLOTS),
    Action("console.odds-plots", ("c",), "plots", "Load per hour, and what is done by when",
           when.always, verbs.open_plots, _ON_ODDS),
    Action("console.owners", ("o",), "", "Open the owners' panes", when.opens("owners"), verbs.open_owners),
    Action("console.odds", ("c",), "", "How sure the forecast is", when.opens("confidence"), verbs.open_confidence),
    Action("console.network", ("N",), "", "Open the network around it", when.opens("network"), verbs.open_network),
    Action("console.people", ("P",), "", "Open people and call sheet", when.opens("people"), verbs.open_people),
    Action("console.log", ("number_sign",), "", "Open the log of the night", when.opens("log"), verbs.open_log),
    Action("console.handover", ("E",), "", "Open the shift hand-over", when.opens("handover"), verbs.open_handover),
    Action("console.search", ("colon",), "", "Search over everything", when.opens("search"), verbs.open_search),
    Action("console.journal", ("J",), "", "Open the journal", when.opens("journal"), verbs.open_journal),
    *_HABITS,
    Action("console.scribe", ("ampersand",), "", "Record for who phones in", when.can_open_scribe, verbs.open_scribe),
    Action("console.sheet", ("f5",), "", _ENTER_A_SHEET, papers.can_open, papers.open_sheet),
    Action("console.plots", (), "", "Load per hour, and what is done by when", when.opens("plots"), verbs.open_plots),
    Action("console.density", (), "", "Denser, or as before", when.always, verbs.turn_density),
    Action("console.connected", (), "", "Who is on line", when.opens("connected"), verbs.open_connected),
    Action("shout.say", ("M",), "", "Shout a line to people", shout_verbs.can_shout, shout_verbs.shout),
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
    "asterisk": "*",
    "exclamation_mark": "!",
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "number_sign": "#",
    "colon": ":",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}

_SIGNS = {_character_to_key(chr(code)): chr(code) for code in range(33, 127)}
"""Signs by the names that Textual gives them."""


def bound_keys() -> frozenset[str]:
    """Every key of the list."""
    return frozenset(key for action in ACTIONS for key in action.keys)


def bindings() -> list[Binding]:
    """A binding for every key of the list."""
    keys = dict.fromkeys(key for action in ACTIONS for key in action.keys)
    return [Binding(key, f"press('{key}')", show=False) for key in keys]


def action_called(name: str) -> Action:
    """The action of a name.

    Raises:
        KeyError: there is none.
    """
    return _BY_NAME[name]


def keys_of(action: Action, keymap: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys of an action for somebody who has given other ones to those of `keymap`, by name."""
    return keymap.get(action.name, action.keys)


def meant_by(key: str, context: Context) -> Action | None:
    """The action that a key means where the person is."""
    bound = _by_key(tuple(context.keys.items())).get(key, ())
    return next((action for action in bound if action.applies(context)), None)


@lru_cache(maxsize=64)
def _by_key(keymap: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[Action, ...]]:
    """The actions that each key may mean, in the order of the list."""
    given = dict(keymap)
    found: defaultdict[str, list[Action]] = defaultdict(list)
    for action in ACTIONS:
        for key in dict.fromkeys(keys_of(action, given)):
            found[key].append(action)
    return {key: tuple(actions) for key, actions in found.items()}


_OFFERED_AT_WORK = frozenset({"step.evidence", "task.progress", "task.result", "task.assign"})
"""What the footer offers only to those who are at their own tasks, or at one task."""


def is_offered(action: Action, context: Context) -> bool:
    """Whether the footer offers an action where it has room: it can be done now, has a label, is what its key means,
    and people are where they need it."""
    if action.name in _OFFERED_AT_WORK and not when.at_work(context):
        return False
    keys = keys_of(action, context.keys) if action.label and action.applies(context) else ()
    return bool(keys) and meant_by(keys[0], context) is action and action.why_disabled(context) is None


def offered(context: Context) -> Iterator[Action]:
    """What the footer offers, as far as anybody asks."""
    return (action for action in _LABELLED if is_offered(action, context))


_BY_NAME = {action.name: action for action in ACTIONS}
_LABELLED = tuple(action for action in ACTIONS if action.label)


def show_keys(action: Action, context: Context | None = None) -> str:
    """The keys of an action as people know them; given a context, without those that mean something of the replay."""
    given = action.keys if context is None else keys_of(action, context.keys)
    if given == action.keys and action.name in RANGES:
        return RANGES[action.name]
    taken = context is not None and action.group != "replay"
    keys = [key for key in given if not (taken and _is_of_replay(key, context))]
    return " ".join(key_name(key) for key in keys)


RANGES = {"step.number": "1-9", "what-if.type": "0-9 d h m", "pane.number": "alt+1-9"}
"""Actions with many keys, each of which says what is meant; and the keys, in short."""


def key_name(key: str) -> str:
    """A key as people know it."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    return key if "+" in key else _SIGNS.get(key, key)


def _is_of_replay(key: str, context: Context | None) -> bool:
    meant = None if context is None else meant_by(key, context)
    return meant is not None and meant.group == "replay"


def show_key(action: Action, context: Context) -> str:
    """The first of them."""
    return key_name(keys_of(action, context.keys)[0])

"""Keys, footer, help and palette come from one list, and agree."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.tui.stage import Stage
from warroom.tui.keys import registry
from warroom.tui.palette import ActionProvider
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.help import help_items
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.painted import Lines


def test_names_are_unique_and_keys_are_shared_only_where_what_is_selected_tells_them_apart() -> None:
    assert len({action.name for action in registry.ACTIONS}) == len(registry.ACTIONS)
    live = [action for action in registry.ACTIONS if action.group not in ("replay", "scribe", "sheet")]
    keys = Counter(key for action in live for key in action.keys)
    shared = {key for key, times in keys.items() if times > 1}
    while_supposing = {*"123456789", "d", "plus", "equals_sign", "minus"}  # a slip is typed with them
    turning = {"left", "h", "right", "l", "left_square_bracket", "right_square_bracket"}
    while_marked = {"s", "d", "n", "A"}
    on_what_is_picked = {"m", "e", "s", "d", "y", "C", "R", "O", "B", "V", "exclamation_mark", "enter"}
    on_other_screens = {"space", "p", "n", "H", "N", "slash"}
    shared_by_state = {"v", "V", "D", "b", "o", "f", "c"}
    assert shared == shared_by_state | turning | on_what_is_picked | on_other_screens | while_supposing | while_marked


def test_every_key_of_the_list_is_bound_once_and_leaving_always_is() -> None:
    bound = Counter(binding.key for binding in registry.bindings())
    assert set(bound) == {key for action in registry.ACTIONS for key in action.keys}
    assert set(bound.values()) == {1}
    assert {"q", "ctrl+q"} <= set(bound)


def test_an_action_is_found_by_its_name() -> None:
    assert registry.action_called("task.eta").keys == ("e",)
    with pytest.raises(KeyError):
        registry.action_called("task.nothing")


@pytest.mark.parametrize("ref", ["DM-01", "DM-06", "DM-07", "DM-08", "DM-12"])
@pytest.mark.parametrize("handle", ["jana", "rahul", "helene", "callum"])
async def test_footer_help_and_palette_tell_the_same(at_evening: Stage, handle: str, ref: str) -> None:
    app = at_evening.app(handle)
    async with app.run_test(size=(160, 45)) as pilot:
        app.screen.query_one(Timeline).go_to(ref)
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        context = screen.context()
        footer = screen.query_one("#footer", Lines).render_line(0).text
        offered = list(registry.offered(context))
        for action in registry.ACTIONS:
            if action.label:
                shown = f" {registry.show_key(action, context)} {action.label} " in footer
                assert shown == (action in offered), action.name
        helpful = [
            action for action in registry.ACTIONS if action.group not in ("replay", "what-if", "scribe", "sheet")
        ]
        helped = {
            item.ref: " ".join(" ".join(text for line in item.lines for text, _ in line).replace("→", "").split())
            for item in help_items(context)
        }
        for action in helpful:
            reason = action.why_disabled(context) if action.applies(context) else "not for what is selected"
            assert action.description in helped[action.name]
            assert (reason or "") in helped[action.name]
        hits = [hit async for hit in ActionProvider(screen).discover()]
        enabled = {str(hit.prompt) for hit in hits if not hit.help}
        for action in offered:
            assert any(action.description in title for title in enabled), action.name


async def test_a_key_means_voting_on_a_gate_and_verifying_on_a_task(at_evening: Stage) -> None:
    app = at_evening.app("helene")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        meanings = {}
        for ref in ("DM-12", "DM-11"):
            screen.query_one(Timeline).go_to(ref)
            await pilot.pause()
            action = registry.meant_by("v", screen.context())
            assert action is not None
            meanings[ref] = action.name
        assert meanings == {"DM-12": "gate.vote", "DM-11": "task.verify"}

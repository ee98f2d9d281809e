"""The habits of the console: narrowing down, marking, zooming, panes by number, esc level by level, leaving."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.looking import console_screen, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.leaving import Leaving
from warroom.tui.doing.machine import Machine
from warroom.tui.habits.zoom import is_zoomed
from warroom.tui.keys.key_names import KeyNames
from warroom.tui.keys.keymap import read_keymap
from warroom.tui.keys.pane_help import help_on
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.filter_bar import FilterBar
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.words import TaskState

SIZE = (160, 45)


def timeline(app: ConsoleApp) -> Timeline:
    return app.screen.query_one(Timeline)


def state(stage: Stage, ref: str) -> TaskState:
    task = stage.board().task(ref)
    assert task is not None
    return task.state


def names(text: str) -> list[str]:
    known = {" ": "space", ":": "colon", "-": "minus"}
    return [known.get(letter, letter) for letter in text]


# --- narrowing down ------------------------------------------------------------------------------------------


async def test_the_timeline_shows_only_what_is_asked_for_while_it_is_typed(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        everything = timeline(app).refs
        await pilot.press("slash", *names("owner:rahul state:running"))
        await pilot.pause()
        assert timeline(app).refs == ["DM-07"]
        assert "/owner:rahul state:running" in str(timeline(app).border_title)
        await pilot.press("enter")
        assert not app.screen.query_one(FilterBar).display
        assert app.focused is timeline(app)
        assert timeline(app).refs == ["DM-07"]
        await pilot.press("escape")
        assert timeline(app).refs == everything
        assert "/" not in str(timeline(app).border_title)


async def test_nothing_that_is_typed_into_the_filter_is_a_command(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-07")
        before = at_evening.state_file.head().seq
        await pilot.press("slash", *names("xdsbq 1 2"))
        await pilot.pause()
        assert at_evening.state_file.head().seq == before
        assert app.is_running
        assert len(app.screen_stack) == 1
        assert app.screen.query_one(FilterBar).value == "xdsbq 1 2"


async def test_what_is_found_can_be_walked_while_it_is_typed(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *names("-state:done"), "home", "down", "down")
        await pilot.pause()
        pane = timeline(app)
        assert pane.cursor >= 1
        assert isinstance(app.focused, FilterBar)


async def test_a_list_keeps_the_headings_of_what_is_found(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=SIZE) as pilot:
        mine = app.screen.query_one(Listing)
        whole = mine.item_count
        await pilot.press("slash", *names("state:running"), "enter")
        await pilot.pause()
        assert mine.items[0].ref is None
        assert {item.ref for item in mine.items[1:]} == {"DM-07"}
        await pilot.press("slash", *["backspace"] * 20, *names("zzzz"), "enter")
        await pilot.pause()
        assert [item.ref for item in mine.items] == [None]
        await pilot.press("escape")
        assert mine.item_count == whole


async def test_a_filter_follows_the_board(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *names("state:blocked"), "enter")
        await pilot.pause()
        assert timeline(app).refs == ["DM-06"]
        at_evening.do("task.unblock", "DM-06", by="greta")
        app.live.catch_up()  # type: ignore[attr-defined]
        await pilot.pause()
        assert timeline(app).refs == []


async def test_help_is_narrowed_down_too(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        await pilot.press("slash", *names("screenshot"), *["backspace"] * 10, *names("countersign"), "enter")
        await pilot.pause()
        assert [item.ref for item in app.screen.query_one(Listing).items if item.ref] == ["gate.countersign"]
        await pilot.press("escape", "escape")
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize(("pane", "title"), [("timeline", "The timeline"), ("act", "Who must act")])
async def test_help_begins_with_the_focused_pane(at_evening: Stage, pane: str, title: str) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        app.screen.query_one(f"#{pane}").focus()
        await pilot.pause()
        await pilot.press("f1")
        await pilot.pause()
        shown = app.screen.query_one(Listing).items[0].lines
        assert shown[1][0][0] == f" {title}"


async def test_every_pane_of_every_screen_has_help(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        for key in ("", "a", "J", "o", "g", "K", "B", "c", "w", "t", "Q"):
            if key:
                await pilot.press(key)
                await pilot.pause()
            ids = {pane.id for pane in app.screen.query(Pane)}
            assert {one for one in ids if help_on(one, KeyNames()) is None} == set(), key
            if key:
                await pilot.press("escape")


# --- marks ------------------------------------------------------------------------------------------


async def test_marked_tasks_are_started_each_by_its_own_entry_and_refusals_are_told(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-08")
        await pilot.press("m")
        timeline(app).go_to("DM-05")
        await pilot.press("m")
        assert app.marked == {"DM-05", "DM-08"}
        before = at_evening.state_file.head().seq
        await pilot.press("s")
        await app.workers.wait_for_complete()
        written = [(entry.action, entry.subject) for entry in at_evening.state_file.entries(before)]
        assert written == [("task.start", "DM-08")]
        assert state(at_evening, "DM-08") is TaskState.RUNNING
        assert app.marked == {"DM-05"}
        said = [note.message for note in app._notifications]
        assert any("1 started, 1 refused" in one and "DM-05" in one for one in said)


async def test_a_note_on_all_marked_tasks(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *names("state:waiting"), "enter", "ctrl+a", "escape")
        await pilot.pause()
        marked = set(app.marked)
        assert len(marked) > 1
        before = at_evening.state_file.head().seq
        await pilot.press("n", *"call", "enter")
        await app.workers.wait_for_complete()
        written = list(at_evening.state_file.entries(before))
        assert {entry.subject for entry in written} == marked
        assert {entry.action for entry in written} == {"task.note"}
        assert app.marked == frozenset()


async def test_a_mark_is_drawn_and_esc_takes_all_away(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        pane = timeline(app)
        pane.go_to("DM-07")
        await pilot.press("m")
        await pilot.pause()
        place = pane.index_of("DM-07")
        assert place is not None
        line = pane.render_line(place - pane.scroll_offset.y + pane.head).text
        assert line.startswith("*")
        await pilot.press("escape")
        assert app.marked == frozenset()
        assert not pane.render_line(place - pane.scroll_offset.y + pane.head).text.startswith("*")


async def test_a_field_that_there_is_not_is_told(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "slash", *names("ownr:me"))
        assert "no field ownr" in str(timeline(app).border_title)
        await settled(pilot, "escape", "o", "slash", *names("ownr:me"))
        assert "nothing matches; there is no field ownr, but owner, stream," in shown(app)
        await settled(pilot, "escape", "escape", "J", "slash", *names("ownr:me 19:24"))
        assert "nothing matches; there is no field ownr, but owner, stream," in shown(app)


# --- panes ------------------------------------------------------------------------------------------


async def test_one_pane_for_the_whole_screen_and_back(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        before = {pane.id: pane.size for pane in app.screen.query(Pane)}
        await pilot.press("alt+3")
        await pilot.pause()
        assert app.focused is app.screen.query_one("#alerts")
        await pilot.press("f2")
        await pilot.pause()
        alerts = app.screen.query_one("#alerts", Listing)
        assert alerts.size.width > 150
        assert alerts.size.height > 30
        assert not timeline(app).display
        assert app.screen.query_one("#footer").display
        await pilot.press("escape")
        await pilot.pause()
        assert not is_zoomed(app.screen)
        assert {pane.id: pane.size for pane in app.screen.query(Pane)} == before


async def test_esc_leaves_one_level_at_a_time(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("g")
        await pilot.press("slash", "a", "enter", "f2")
        await pilot.pause()
        pane = console_screen(app).pane
        assert pane.sieve is not None
        assert is_zoomed(app.screen)
        await pilot.press("escape")
        assert pane.sieve is None
        assert is_zoomed(app.screen)
        await pilot.press("escape")
        assert not is_zoomed(app.screen)
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_there_is_nothing_to_zoom_where_there_is_one_pane(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "a", "f2")
        assert toasts(app)[-1] == "there is only one pane here"
        await settled(pilot, "escape")
        assert len(app.screen_stack) == 1, "no level was added"


# --- keys that mean something elsewhere -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("left_square_bracket",), "this key means nothing here"),  # it turns to another gate, text or shift elsewhere
        (("alt+9",), "there are 3 panes here"),
        (("s",), "DM-12 is a gate: v votes on it, D decides it"),
        (("Y",), "DM-12 requires nobody to confirm its start"),
        (("f8",), "nothing that was attached is selected"),
    ],
)
async def test_a_key_of_another_place_says_why_it_does_nothing_here(
    at_evening: Stage, keys: tuple[str, ...], said: str
) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-12")
        await settled(pilot, *keys)
        assert toasts(app) == [said]
        assert not host_of(app).calls


# --- leaving ------------------------------------------------------------------------------------------


async def test_leaving_a_live_run_takes_a_second_key(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, Leaving)
        await pilot.press("escape")
        assert app.is_running
        assert not isinstance(app.screen, Leaving)
        await pilot.press("q", "q")
    assert app.return_code == 0


async def test_who_only_looks_leaves_at_once(at_evening: Stage) -> None:
    app = at_evening.app(read_only=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("q")
    assert app.return_code == 0


# --- one's own machine ------------------------------------------------------------------------------------------


async def test_a_picture_and_a_table_are_written(at_evening: Stage, tmp_path: Path) -> None:
    app = at_evening.app(machine=Machine(tmp_path, ("true",), ("true",)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await pilot.press("slash", *names("state:running"), "enter")
        for choice in ("c", "j"):
            await pilot.press("f7", choice)
            await app.workers.wait_for_complete()
            await pilot.pause()
    pictures = list(tmp_path.glob("*.svg"))
    assert len(pictures) == 1
    assert "url(http" not in pictures[0].read_text().replace('"', "")
    table = next(tmp_path.glob("*.csv")).read_text().splitlines()
    assert table[0].startswith("ref,title,state,owner")
    assert [line.partition(",")[0] for line in table[1:]] == ["DM-07"]
    assert '"ref": "DM-07"' in next(tmp_path.glob("*.json")).read_text()


@pytest.mark.parametrize("key", ["f3", "f4", "f6", "f7"])
async def test_without_a_machine_no_file_and_no_program_is_touched(
    at_evening: Stage, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        before = sorted(tmp_path.iterdir())
        await pilot.press(key)
        await pilot.pause()
        assert len(app.screen_stack) == 1
        assert any("no file and no program" in note.message for note in app._notifications)
        assert sorted(tmp_path.iterdir()) == before


async def test_copying_tells_the_terminal(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-07")
        await pilot.press("ctrl+y")
        assert app.clipboard.startswith("DM-07 ")
        assert "running" in app.clipboard
        assert "@rahul" in app.clipboard


async def test_what_is_no_task_is_copied_in_its_words(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "P", "ctrl+y")
        assert "Rahul Deshmukh" in app.clipboard
        assert "+44 20 7946 0178 ext 1" in app.clipboard


@pytest.mark.parametrize(("key", "refs"), [("o", {"DM-07", "DM-06", "DM-12"}), ("N", {"DM-05", "DM-07", "DM-08"})])
async def test_grid_and_network_are_exported_with_their_tasks(
    at_evening: Stage, tmp_path: Path, key: str, refs: set[str]
) -> None:
    app = at_evening.app(machine=Machine(tmp_path, ("true",), ("true",)))
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-07")
        await settled(pilot, key, "f7", "c")
        (file,) = tmp_path.glob("*.csv")
        head, *rows = file.read_text().splitlines()
        assert head.startswith("ref,title,state")
        assert refs <= {row.partition(",")[0] for row in rows}


async def test_a_list_of_words_is_exported_and_an_empty_one_is_not(at_evening: Stage, tmp_path: Path) -> None:
    app = at_evening.app(machine=Machine(tmp_path, ("true",), ("true",)))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, "Q", "f7", "c")
        assert toasts(app)[-1] == "there is nothing to write here"
        assert not list(tmp_path.glob("*.csv"))
        await settled(pilot, "escape", "g", "escape", "c", "f7", "c")
        (file,) = tmp_path.glob("*.csv")
        assert "no odds" in file.read_text()


# --- one's own keys ------------------------------------------------------------------------------------------


async def test_keys_that_a_person_gave_to_actions(at_evening: Stage) -> None:
    keymap = read_keymap('[keys]\n"console.alerts" = ["f9", "a"]\n"console.journal" = "ctrl+j"\n"task.skip" = []\n')
    assert not keymap.faults
    app = at_evening.app(keymap=keymap)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f9")
        assert console_screen(app).SCREEN_NAME == "alerts"
        await pilot.press("escape", "J")
        assert len(app.screen_stack) == 1
        await pilot.press("ctrl+j")
        assert console_screen(app).SCREEN_NAME == "journal"
        await pilot.press("escape", "x")
        assert len(app.screen_stack) == 1
        footer = app.screen.query_one("#footer").render_line(0).text
        assert " f9 alerts " in footer


async def test_other_keys_do_the_same_where_keys_are_typed(at_evening: Stage) -> None:
    keymap = read_keymap('[keys]\n"scribe.record" = "f10"\n"scribe.undo" = "f8"\n"what-if.more" = "f9"\n')
    assert not keymap.faults
    app = at_evening.app(keymap=keymap, screen="scribe")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, *names("rahul dm-07 note it goes on"), "f10")
        assert [action for action, _ in host_of(app).calls] == ["task.note"]
        await settled(pilot, "f8")
        assert [action for action, _ in host_of(app).calls] == ["task.note", "undo"]
    app = at_evening.app(keymap=keymap)
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-07")
        await settled(pilot, "w")
        before = shown(app)
        await settled(pilot, "f9")
        assert "+45m" not in before
        assert "+45m" in shown(app)


async def test_the_log_of_commands_tells_what_keys_did(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        timeline(app).go_to("DM-08")
        await pilot.press("s")
        await app.workers.wait_for_complete()
        await pilot.press("c", "escape", "Q")
        await pilot.pause()
        shown = "\n".join(
            "".join(text for text, _ in line) for item in app.screen.query_one(Listing).items for line in item.lines
        )
        assert shown.index("warroom confidence") < shown.index("warroom task start DM-08")
        await pilot.press("down", "ctrl+y")
        assert app.clipboard == "warroom task start DM-08"
        await settled(pilot, "escape", "g", "escape")
        timeline(app).go_to("DM-12")
        await settled(pilot, "g", "escape")
        assert [one.line for one in app.commands.said][-2:] == ["warroom gate list", "warroom gate show DM-12"]

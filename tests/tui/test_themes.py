"""Themes are files; a bad one is told and harms nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from tests.tui.looking import toasts
from tests.tui.stage import Stage
from warroom.resources import folder
from warroom.tui.drawing.marks import LATE, PUSHED, STATES, VERDICTS
from warroom.tui.look.readable import hard_to_read
from warroom.tui.look.themes import (
    DEFAULT_THEME,
    DOMAIN_COLOURS,
    MONO_THEME,
    choose_theme,
    load_themes,
    theme_folders,
    theme_names,
)

GOOD = '[base]\nprimary = "#112233"\n'


def write(folder_path: Path, name: str, text: str) -> None:
    (folder_path / name).write_text(text, encoding="utf-8")


SHIPPED = tuple(theme_names([folder("themes")]))


def test_what_ships_loads_and_names_every_domain_colour() -> None:
    loaded, failed = load_themes([folder("themes")])
    assert failed == []
    assert sorted(theme.theme.name for theme in loaded) == list(SHIPPED)
    assert {"night-shift", "daylight", "projector", "deuteranopia", "tritanopia", "mono", "sixteen"} <= set(SHIPPED)
    for theme in (theme.theme for theme in loaded):
        text = (folder("themes") / f"{theme.name}.toml").read_text(encoding="utf-8")
        assert set(DOMAIN_COLOURS) <= set(theme.variables)
        assert [name for name in DOMAIN_COLOURS if f"\n{name} = " not in text] == []


def test_every_status_has_a_glyph_a_word_and_a_colour() -> None:
    marks = [*STATES.values(), LATE, PUSHED, *VERDICTS.values()]
    assert all(mark.glyph and mark.word and mark.ink in DOMAIN_COLOURS for mark in marks)
    assert len({mark.glyph for mark in STATES.values()}) == len(STATES)
    assert len({mark.word for mark in STATES.values()}) == len(STATES)


def test_where_themes_are(tmp_path: Path) -> None:
    shipped, own = theme_folders({"XDG_CONFIG_HOME": str(tmp_path), "HOME": "/home/somebody"})
    assert (shipped, own) == (folder("themes"), tmp_path / "warroom" / "themes")
    assert theme_folders({"HOME": "/home/ana"})[1] == Path("/home/ana/.config/warroom/themes")
    assert theme_folders({}) == (folder("themes"),)
    own.mkdir(parents=True)
    write(own, "mine.toml", GOOD)
    assert theme_names((shipped, own)) == sorted([*SHIPPED, "mine"])
    assert theme_names((shipped, tmp_path / "missing")) == list(SHIPPED)


@pytest.mark.parametrize(
    ("wanted", "no_color", "chosen"),
    [
        (None, False, "night-shift"),
        ("daylight", False, "daylight"),
        ("missing", False, "night-shift"),
        ("daylight", True, "mono"),
    ],
)
def test_which_theme_is_shown(wanted: str | None, no_color: bool, chosen: str) -> None:
    loaded, _ = load_themes([folder("themes")])
    assert choose_theme(wanted, loaded, no_color=no_color) == chosen
    assert choose_theme(wanted, [], no_color=no_color) is None


async def test_a_theme_that_is_wanted_but_missing_is_told(at_evening: Stage) -> None:
    app = at_evening.app(theme="sunset")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.theme == DEFAULT_THEME
        (toast,) = app._notifications
        assert toast.message == "sunset: there is no theme of that name"


async def test_no_color_is_mono_whatever_is_wanted(at_evening: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = at_evening.app(theme="daylight")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.theme == MONO_THEME
        for strip in app.screen._compositor.render_strips():
            for segment in strip.apply_filter(app.get_line_filters()[0], Color.parse("black")):
                colours = [segment.style.color, segment.style.bgcolor] if segment.style else []
                for colour in (one.get_truecolor() for one in colours if one is not None):
                    assert colour.red == colour.green == colour.blue


async def test_a_theme_is_chosen_in_the_palette(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p", *"theme daylight")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.press("down", "enter", "enter")
        await pilot.pause()
        assert app.theme == "daylight"


def test_a_theme_may_leave_domain_colours_out(tmp_path: Path) -> None:
    write(tmp_path, "plain.toml", GOOD + '[domain]\nmuted = "red"\n')
    (theme,), failed = load_themes([tmp_path])
    assert failed == []
    assert theme.theme.variables == {**DOMAIN_COLOURS, "muted": "red"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("base = ", "Invalid value"),
        ("dark = true\n", "base: it is missing"),
        ('[base]\nprimary = "reddish"\n', "base.primary: 'reddish' is not a colour"),
        (GOOD + "[colours]\n", "colours: a theme has nothing of that name"),
        (GOOD + '[domain]\nmutt = "red"\n', "domain: there is no domain colour mutt"),
        (GOOD + '[domain]\nmuted = "#12"\n', "domain: muted: '#12' is not a colour"),
        (GOOD + "[domain]\nmuted = 5\n", "domain.muted: Input should be a valid string"),
        (GOOD + '[variables]\nborder = "x"\n', "variables: border: 'x' is not a colour"),
        (GOOD + '[variables]\nborders = "red"\n', "variables: Textual has no variable borders"),
        (GOOD + '[variables]\nlink-style = "loud"\n', "variables: link-style: 'loud' is not a style"),
    ],
)
def test_a_bad_theme_is_told_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    write(tmp_path, "bad.toml", text)
    write(tmp_path, "good.toml", GOOD)
    loaded, (failed,) = load_themes([tmp_path])
    assert [theme.theme.name for theme in loaded] == ["good"]
    assert failed.file == "bad.toml"
    assert reason in failed.reason


def test_a_name_that_is_no_name_is_told(tmp_path: Path) -> None:
    write(tmp_path, "[b] x.toml", GOOD)
    loaded, (failed,) = load_themes([tmp_path])
    assert loaded == []
    assert "its name may hold only" in failed.reason


def test_a_bad_style_sheet_is_told(tmp_path: Path) -> None:
    write(tmp_path, "bad.toml", GOOD)
    write(tmp_path, "bad.tcss", "Header { colour ")
    loaded, (failed,) = load_themes([tmp_path])
    assert loaded == []
    assert "bad.tcss is not a style sheet" in failed.reason


async def test_themes_that_fail_are_one_toast_and_the_console_opens(at_evening: Stage, tmp_path: Path) -> None:
    write(tmp_path, "one.toml", "[base]\n")
    write(tmp_path, "two.toml", "nonsense")
    app = at_evening.app(theme_folders=(tmp_path,))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        (toast,) = app._notifications
        assert "one.toml" in toast.message
        assert "two.toml" in toast.message


def test_what_textual_itself_gives_its_variables_may_be_written(tmp_path: Path) -> None:
    own = Theme("any", primary="#3080ff").to_color_system().generate()
    told = {name: value for name, value in own.items() if value not in ("initial", "none")}
    lines = "".join(f'{name} = "{value}"\n' for name, value in told.items())
    write(tmp_path, "whole.toml", f"{GOOD}[variables]\n{lines}")
    loaded, failed = load_themes([tmp_path])
    assert failed == []
    assert loaded[0].theme.variables == {**DOMAIN_COLOURS, **told}


def test_a_file_of_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "marked.toml").write_text(GOOD, encoding="utf-8-sig")
    assert load_themes([tmp_path])[1] == []


async def test_colours_that_are_hard_to_read_are_told_when_they_are_shown(at_evening: Stage, tmp_path: Path) -> None:
    write(tmp_path, "faint.toml", GOOD + 'foreground = "#888888"\nbackground = "#808080"\n')
    app = at_evening.app(theme_folders=(folder("themes"), tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert toasts(app) == []
        app.theme = "faint"
        await pilot.pause()
        (said,) = toasts(app)
        assert said.startswith("primary on surface: 1.0, and 4.5 is wanted\n")
        assert said.endswith(" more")


async def test_a_theme_changes_what_is_drawn_by_code_and_brings_its_rules(at_evening: Stage, tmp_path: Path) -> None:
    write(tmp_path, "loud.toml", GOOD + '[domain]\nrun-live = "#00ff00"\n')
    write(tmp_path, "loud.tcss", "App.-theme-loud #gauge { height: 2; }")
    app = at_evening.app(theme_folders=(folder("themes"), tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()

        def band() -> str:
            style = next(iter(app.screen.query_one("#header").render_line(0))).style
            assert style is not None
            assert style.bgcolor is not None
            return style.bgcolor.get_truecolor().hex

        assert band() == DOMAIN_COLOURS["run-live"]
        assert app.screen.query_one("#gauge").size.height == 1
        app.theme = "loud"
        await pilot.pause()
        assert band() == "#00ff00"
        assert app.screen.query_one("#gauge").size.height == 2


def test_a_light_theme_of_few_words_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "noon.toml").write_text(
        'dark = false\n[base]\nprimary = "#0b4f9e"\nforeground = "#101418"\nbackground = "#fafafa"\n'
        'surface = "#f3f5f9"\npanel = "#e6eaf1"\n[domain]\nstatus-done = "#004d1f"\n'
    )
    (loaded,), failed = load_themes([tmp_path])
    assert failed == []
    assert hard_to_read(loaded.theme) == []
    assert loaded.theme.variables["status-done"] == "#004d1f"
    assert loaded.theme.variables["status-late"] == "#a80019"
    (tmp_path / "noon.toml").write_text('[base]\nprimary = "#5db3ff"\n')
    (dark,), _ = load_themes([tmp_path])
    assert dark.theme.variables["status-late"] == DOMAIN_COLOURS["status-late"]

"""Themes are files; a bad one is told and harms nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.stage import Stage
from warroom.resources import folder
from warroom.tui.themes import DEFAULT_THEME, DOMAIN_COLOURS, load_themes

GOOD = '[base]\nprimary = "#112233"\n'


def write(folder_path: Path, name: str, text: str) -> None:
    (folder_path / name).write_text(text, encoding="utf-8")


def test_what_ships_loads_and_names_every_domain_colour() -> None:
    loaded, failed = load_themes([folder("themes")])
    assert failed == []
    (theme,) = [theme.theme for theme in loaded if theme.theme.name == DEFAULT_THEME]
    text = (folder("themes") / f"{DEFAULT_THEME}.toml").read_text(encoding="utf-8")
    assert set(DOMAIN_COLOURS) <= set(theme.variables)
    assert all(f"\n{name} = " in text for name in DOMAIN_COLOURS)


def test_a_theme_may_leave_domain_colours_out(tmp_path: Path) -> None:
    write(tmp_path, "plain.toml", GOOD + '[domain]\nmuted = "red"\n')
    (theme,), failed = load_themes([tmp_path])
    assert failed == []
    assert theme.theme.variables == {**DOMAIN_COLOURS, "muted": "red"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("base = ", "Invalid value"),
        ("dark = true\n", "base: Field required"),
        ('[base]\nprimary = "reddish"\n', "base.primary: 'reddish' is not a colour"),
        (GOOD + "[colours]\n", "colours: Extra inputs are not permitted"),
        (GOOD + '[domain]\nmutt = "red"\n', "domain: there is no domain colour mutt"),
        (GOOD + '[domain]\nmuted = "#12"\n', "domain: '#12' is not a colour"),
    ],
)
def test_a_bad_theme_is_told_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    write(tmp_path, "bad.toml", text)
    write(tmp_path, "good.toml", GOOD)
    loaded, (failed,) = load_themes([tmp_path])
    assert [theme.theme.name for theme in loaded] == ["good"]
    assert failed.file == "bad.toml"
    assert reason in failed.reason


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

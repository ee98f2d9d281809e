"""Themes: each a TOML file of colours, with an optional .tcss file of rules beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.css.errors import StylesheetError
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError
from textual.theme import Theme

from warroom.resources import folder
from warroom.tui.look.glyphs import checked_glyphs

DEFAULT_THEME = "night-shift"
MONO_THEME = "mono"
"""What is shown where no colours are: by its greys it is known what stands out and what is muted."""

SIXTEEN_THEME = "sixteen"
"""What is shown unasked where the terminal has sixteen colours: those of another theme would fall on each other."""

_NAME = re.compile(r"[A-Za-z0-9_-]+")  # it becomes a class in style sheets, and a command in the palette

_AUTO = re.compile(r"auto \d{1,3}%")
"""What Textual writes for black or white, whichever can be read."""

DOMAIN_COLOURS: dict[str, str] = {
    "muted": "#8b95a7",
    "status-waiting": "#8b95a7",
    "status-ready": "#f0cf65",
    "status-running": "#5db3ff",
    "status-verifying": "#bfa3ff",
    "status-blocked": "#ff9a4d",
    "status-done": "#79c796",
    "status-skipped": "#8b95a7",
    "status-failed": "#ff6272",
    "status-late": "#ff6272",
    "status-pushed": "#d9a25f",
    "lane-plan": "#46536b",
    "lane-done": "#4f8a67",
    "lane-forecast": "#34699b",
    "group": "#aebad0",
    "now-line": "#ffffff",
    "window-end": "#ff6272",
    "backout-line": "#f0cf65",
    "no-return": "#d98ae8",
    "gate": "#ffffff",
    "inside": "#79c796",
    "beyond": "#ff6272",
    "cursor": "#222d41",
    "cursor-away": "#1e2736",
    "run-live": "#a3142e",
    "run-rehearsal": "#14618a",
    "run-plan": "#4a4f5c",
    "run-replay": "#6b3f9e",
    "on-run": "#ffffff",
}
"""The colours that the console needs beyond Textual's own, each with what stands in where a dark theme has none; a
light one takes those of `LIGHT_THEME`."""

LIGHT_THEME = "daylight"


@dataclass(frozen=True, slots=True)
class LoadedTheme:
    """A theme as Textual takes it, with its own rules (Textual CSS; "" if it has none) and where they stand, and with
    the signs that it draws in place of the console's own."""

    theme: Theme
    rules: str
    rules_file: str
    glyphs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailedTheme:
    """A theme file that cannot be used, and why, in words."""

    file: str
    reason: str


def choose_theme(wanted: str | None, loaded: list[LoadedTheme], *, no_color: bool) -> str | None:
    """The name of the theme to begin with: mono without colours, else the wanted one if it can be used, else the
    default; None if not even that is there."""
    names = {theme.theme.name for theme in loaded}
    order = (MONO_THEME,) if no_color else (wanted, DEFAULT_THEME)
    return next((name for name in (*order, DEFAULT_THEME) if name in names), None)


def theme_for(colours: str | None) -> str | None:
    """The theme for a terminal of which nobody said more than its colours; None: the default.

    Args:
        colours: Rich's word for them ("standard", "256", "truecolor"); None: none at all.
    """
    return {"standard": SIXTEEN_THEME, None: MONO_THEME}.get(colours)


class BaseColours(BaseModel):
    """Textual's base colours."""

    model_config = ConfigDict(extra="forbid")
    primary: str
    secondary: str | None = None
    accent: str | None = None
    warning: str | None = None
    error: str | None = None
    success: str | None = None
    foreground: str | None = None
    background: str | None = None
    surface: str | None = None
    panel: str | None = None

    @field_validator("*")
    @classmethod
    def _is_a_colour(cls, value: str | None) -> str | None:
        return None if value is None else colour(value)


class ThemeFile(BaseModel):
    """What a theme file may hold.

    Attributes:
        base: Textual's own colours. domain: those of `DOMAIN_COLOURS`. variables: Textual's other variables.
        glyphs: signs of the console, each with what is drawn instead.
    """

    model_config = ConfigDict(extra="forbid")
    dark: bool = True
    base: BaseColours
    domain: dict[str, str] = {}
    variables: dict[str, str] = {}
    glyphs: dict[str, str] = {}

    @field_validator("domain")
    @classmethod
    def _are_known_colours(cls, values: dict[str, str]) -> dict[str, str]:
        for name, value in values.items():
            if name not in DOMAIN_COLOURS:
                raise ValueError(f"there is no domain colour {name}")
            _colour_of(name, value)
        return values

    @field_validator("variables")
    @classmethod
    def _are_of_textual(cls, values: dict[str, str]) -> dict[str, str]:
        for name, value in values.items():
            if name not in _textuals_own():
                raise ValueError(f"Textual has no variable {name}")
            if "-style" in name:
                if not set(value.split()) <= VALID_STYLE_FLAGS:
                    raise ValueError(f"{name}: {value!r} is not a style, such as bold or underline")
            elif not _AUTO.fullmatch(value):
                _colour_of(name, value)
        return values

    @field_validator("glyphs")
    @classmethod
    def _can_stand_in(cls, values: dict[str, str]) -> dict[str, str]:
        return dict(checked_glyphs(values))


@cache
def _textuals_own() -> frozenset[str]:
    """The names of Textual's variables."""
    return frozenset(Theme("any", primary="#000000").to_color_system().generate())


@cache
def _light_colours() -> Mapping[str, str]:
    """Those of the light theme that ships with warroom."""
    file = folder("themes") / f"{LIGHT_THEME}.toml"
    return {**DOMAIN_COLOURS, **tomllib.loads(file.read_text(encoding="utf-8"))["domain"]}


def colour(text: str) -> str:
    """`text`, if it is a colour.

    Raises:
        ValueError: it is none.
    """
    try:
        Color.parse(text)
    except ColorParseError:
        raise ValueError(f"{text!r} is not a colour") from None
    return text


def _colour_of(name: str, value: str) -> None:
    try:
        colour(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def theme_folders(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Where themes are: those that ship with warroom, then the user's own, which win where names are the same.

    Args:
        environment: for `XDG_CONFIG_HOME`, and `HOME` where that is not set.
    """
    shipped = folder("themes")
    configured, home = environment.get("XDG_CONFIG_HOME"), environment.get("HOME")
    if configured:
        return shipped, Path(configured) / "warroom" / "themes"
    return (shipped, Path(home) / ".config" / "warroom" / "themes") if home else (shipped,)


def theme_names(folders: Iterable[Path]) -> list[str]:
    """The names of all themes of the folders, whether or not they can be used."""
    return sorted({file.stem for themes in folders for file in themes.glob("*.toml")})


def load_themes(folders: Iterable[Path]) -> tuple[list[LoadedTheme], list[FailedTheme]]:
    """Every theme of the folders; the name of its file is its name. A file that fails is told, never fatal."""
    loaded: list[LoadedTheme] = []
    failed: list[FailedTheme] = []
    for themes in folders:
        for file in sorted(themes.glob("*.toml")):
            try:
                loaded.append(_load(file))
            except (OSError, ValueError) as error:
                failed.append(FailedTheme(file.name, _reason(error)))
    return loaded, failed


def _load(file: Path) -> LoadedTheme:
    if not _NAME.fullmatch(file.stem):
        raise ValueError("its name may hold only letters, digits, - and _")
    read = ThemeFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    theme = Theme(
        name=file.stem,
        dark=read.dark,
        variables={**(DOMAIN_COLOURS if read.dark else _light_colours()), **read.domain, **read.variables},
        **read.base.model_dump(exclude_none=True),
    )
    rules_file = file.with_suffix(".tcss")
    rules = rules_file.read_text(encoding="utf-8") if rules_file.exists() else ""
    if rules:
        _check_rules(rules, rules_file, theme)
    return LoadedTheme(theme, rules, str(rules_file), read.glyphs)


def _check_rules(rules: str, file: Path, theme: Theme) -> None:
    sheet = Stylesheet(variables=theme.to_color_system().generate() | theme.variables)
    sheet.add_source(rules, read_from=(str(file), ""))
    try:
        sheet.parse()
    except (StylesheetParseError, StylesheetError, TokenError) as error:
        raise ValueError(f"{file.name} is not a style sheet: {type(error).__name__}") from None


_IN_WORDS = {"missing": "it is missing", "extra_forbidden": "a theme has nothing of that name"}
"""What pydantic finds, by its name for it, as people say it."""


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        more = "" if error.error_count() == 1 else f" (and {error.error_count() - 1} more)"
        said = _IN_WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
        return f"{place}: {said}{more}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error).splitlines()[0]

"""How a console looks: its themes, the signs that the terminal can show, and what stands for colours where none are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.filter import LineFilter, Monochrome

from warroom.resources import folder
from warroom.tui.doing.stand import Console
from warroom.tui.look.glyphs import GlyphFilter, GlyphSet, glyph_filter
from warroom.tui.look.plain import PlainFilter
from warroom.tui.look.stylesheets import SharedStylesheet
from warroom.tui.look.themes import DOMAIN_COLOURS, FailedTheme, choose_theme, load_themes
from warroom.vocabulary.text import one_line


class ThemedConsole(Console):
    """A console with the themes of warroom and of the person.

    Args:
        theme: name of the one to begin with; None: the default.
        theme_folders: where themes are; None: those that ship with warroom.
        glyphs: the signs that the terminal can show.
        compact: without frame and blank lines, so that more has room.
        no_color: whether the terminal shows no colours; None: as NO_COLOR says in this process.
    """

    failed_themes: list[FailedTheme]
    """What cannot be used of the themes that were found or asked for."""

    def __init__(
        self,
        *,
        theme: str | None,
        theme_folders: tuple[Path, ...] | None,
        glyphs: GlyphSet,
        compact: bool,
        no_color: bool | None,
    ) -> None:
        super().__init__()
        if no_color is not None:
            self.no_color = no_color
        self.stylesheet = SharedStylesheet(variables=self.get_css_variables())
        self.animation_level = "none"
        loaded, self.failed_themes = load_themes((folder("themes"),) if theme_folders is None else theme_folders)
        for one in loaded:
            self.register_theme(one.theme)
            if one.rules:
                self.stylesheet.add_source(one.rules, read_from=(one.rules_file, ""), is_default_css=False)
        self._glyphs_of: Mapping[str, GlyphFilter | None] = {
            one.theme.name: glyph_filter(glyphs, one.glyphs) for one in loaded
        }
        self._plain = PlainFilter()
        self._glyphs_elsewhere = glyph_filter(glyphs, {})
        self.compact = compact
        self.set_class(compact, "-compact")
        self.own_themes = tuple(dict.fromkeys(one.theme.name for one in loaded))
        if (chosen := choose_theme(theme, loaded, no_color=self.no_color)) is not None:
            self.theme = chosen
        if theme not in (None, *self.own_themes, *(failed.file.partition(".")[0] for failed in self.failed_themes)):
            self.failed_themes.append(FailedTheme(one_line(str(theme)), "there is no theme of that name"))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DOMAIN_COLOURS

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = [one for one in super().get_line_filters() if not isinstance(one, Monochrome)]
        if (glyphs := self._glyphs_of.get(self.theme, self._glyphs_elsewhere)) is not None:
            filters.append(glyphs)
        return [*filters, self._plain] if self.no_color else filters

"""Style sheets of consoles in one process: what one of them has parsed, none parses again."""

from __future__ import annotations

from functools import lru_cache

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation


class SharedStylesheet(Stylesheet):
    """A style sheet whose parsed rules, which nobody changes, are those of every other with the same text and the same
    variables. Of a console's first paint, parsing is a quarter; and each theme of the nine is parsed anew."""

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        variables = frozenset(self._variables.items())
        return list(_parsed(css, read_from, is_default_rules, tie_breaker, scope, variables))

    def reparse(self) -> None:
        """Parse all sources with the present variables; what cannot be parsed leaves everything as it was.

        Raises:
            StylesheetError, StylesheetParseError: as `Stylesheet.reparse`.
        """
        fresh = SharedStylesheet(variables=self._variables)
        fresh.source = dict(self.source)
        try:
            fresh.parse()
        except Exception:
            self._invalid_css.update(fresh._invalid_css)
            raise
        self._rules, self._rules_map, self._require_parse = fresh.rules, None, False


@lru_cache(maxsize=1_024)
def _parsed(
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool,
    tie_breaker: int,
    scope: str,
    variables: frozenset[tuple[str, str]],
) -> tuple[RuleSet, ...]:
    sheet = Stylesheet(variables=dict(variables))
    return tuple(sheet._parse_rules(css, read_from, is_default_rules, tie_breaker, scope))

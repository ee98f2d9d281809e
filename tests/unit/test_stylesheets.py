"""Style sheets that share what they have parsed."""

from __future__ import annotations

import pytest
from textual.css.stylesheet import StylesheetParseError

from warroom.tui.look.stylesheets import SharedStylesheet

RULES = "Label { color: $ink; }"
WHERE = ("rules.tcss", "")


def sheet(ink: str, rules: str = RULES) -> SharedStylesheet:
    made = SharedStylesheet(variables={"ink": ink})
    made.add_source(rules, read_from=WHERE)
    return made


def test_what_one_has_parsed_no_other_parses_again() -> None:
    assert sheet("red").rules[0] is sheet("red").rules[0]


def test_other_variables_give_other_rules() -> None:
    red, blue = sheet("red"), sheet("blue")
    assert red.rules[0].css != blue.rules[0].css
    red.set_variables({"ink": "blue"})
    red.reparse()
    assert red.rules[0] is blue.rules[0]


def test_what_cannot_be_parsed_leaves_the_rules_as_they_were() -> None:
    known = sheet("red")
    before = known.rules
    known.add_source("Label { colour: red; }", read_from=("other.tcss", ""))
    with pytest.raises(StylesheetParseError):
        known.reparse()
    assert known._rules == before

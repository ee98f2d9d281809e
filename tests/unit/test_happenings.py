"""What an entry of the journal is called where people read it."""

from __future__ import annotations

from warroom.actions.registry import ACTIONS
from warroom.tui.happenings import _ACTIONS


def test_every_action_is_told_in_words() -> None:
    assert sorted(ACTIONS.keys() - _ACTIONS.keys()) == []

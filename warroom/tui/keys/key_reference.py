"""The table of all keys, for README and for `warroom doctor --keys`."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.tui.keys.registry import ACTIONS, Action, show_keys


def key_documents() -> list[dict[str, object]]:
    """Every action with its id, its keys as Textual names them, and what it does."""
    return [{"id": one.name, "keys": list(one.keys), "about": one.description} for one in ACTIONS]


def key_lines() -> Iterator[str]:
    """A Markdown table: keys, id, what it does, in the order of the registry within each group."""
    yield "| keys | id | |"
    yield "|---|---|---|"
    groups = dict.fromkeys(action.group for action in ACTIONS)
    for group in groups:
        for action in ACTIONS:
            if action.group == group:
                yield f"| {_keys(action)} | {action.name} | {_escaped(action.description)} |"


def _keys(action: Action) -> str:
    return " ".join(f"`{_escaped(key)}`" for key in show_keys(action).split()) or "palette"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")

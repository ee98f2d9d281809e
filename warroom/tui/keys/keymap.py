"""Keys that a person gives to actions: `~/.config/warroom/keymap.toml`, by the ids that help and README name.

[keys]
"task.start" = "f5"
"console.alerts" = ["a", "ctrl+a"]
"task.skip" = []            # only in the palette then
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import combinations
from pathlib import Path

from textual.keys import Keys, _character_to_key

from warroom.tui.keys.registry import ACTIONS, RANGES, Action, key_name

ALWAYS_BOUND = "console.quit"

_MODIFIERS = ("ctrl+", "alt+", "shift+")
_NAMES = frozenset(key.value for key in Keys)


@dataclass(frozen=True, slots=True)
class Keymap:
    """What a file says.

    Attributes:
        keys: of the actions that have others now, by name, as Textual names keys.
        faults: the lines that do not count, in words.
    """

    keys: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...] = ()


def keymap_file(environment: Mapping[str, str]) -> Path | None:
    """Where it is.

    Args:
        environment: for `XDG_CONFIG_HOME`, and `HOME` where that is not set.
    """
    configured, home = environment.get("XDG_CONFIG_HOME"), environment.get("HOME")
    if configured:
        return Path(configured) / "warroom" / "keymap.toml"
    return Path(home) / ".config" / "warroom" / "keymap.toml" if home else None


def load_keymap(path: Path | None) -> Keymap:
    """The keymap of a file; none where there is no file. What cannot be used is told, never fatal."""
    if path is None:
        return Keymap({})
    try:
        return read_keymap(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Keymap({})
    except (OSError, UnicodeDecodeError) as error:
        return Keymap({}, (f"it cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}",))


def read_keymap(text: str) -> Keymap:
    """What `text` says, as far as it can be: every fault leaves its action with the keys that it had."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Keymap({}, (f"it is no TOML: {error}",))
    known = {action.name for action in ACTIONS}
    faults = [
        f"{name} belongs under [keys]" if name in known else f"there is nothing called {name}; keys stand under [keys]"
        for name in read
        if name != "keys"
    ]
    table = read.get("keys", {})
    if not isinstance(table, dict):
        return Keymap({}, (*faults, "[keys] is no table"))
    wanted: dict[str, tuple[str, ...]] = {}
    for name, value in _flat(table):
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.7)
            faults.append(f"{name}: there is no such action" + (f"; did you mean {near[0]}?" if near else ""))
        elif isinstance(keys := _keys(value), str):
            faults.append(f"{name}: {keys}")
        elif keys and name in RANGES:
            faults.append(f"{name}: its keys say what is meant; they can only be left out, by []")
        elif not keys and name == ALWAYS_BOUND:
            faults.append(f"{name}: it must keep a key")
        else:
            wanted[name] = keys
    while conflict := _conflict(wanted):
        name, fault = conflict
        del wanted[name]
        faults.append(fault)
    return Keymap(wanted, tuple(faults))


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """Every name with its value; without quotes around it, TOML takes the dot of a name for a table."""
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _keys(value: object) -> tuple[str, ...] | str:
    """Keys as Textual names them; or what is wrong, in words."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        return "its keys are a text, or a list of texts"
    keys: list[str] = []
    for one in listed:
        key = _named(one) if isinstance(one, str) else None
        if key is None or not _is_key(key):
            return f"{one!r} is no key; keys are such as s, S, f5, ctrl+k, alt+1, space, enter"
        keys.append(key)
    return tuple(dict.fromkeys(keys))


def _named(written: str) -> str:
    """A key as Textual names it. Only a letter that stands alone is another one when it is large."""
    return _character_to_key(written) if len(written) == 1 else written.lower()


def _is_key(key: str) -> bool:
    bare = key
    while bare.startswith(_MODIFIERS):
        bare = bare.partition("+")[2]
    return key in _NAMES or bare in _NAMES or (bool(bare) and _character_to_key(bare[:1]) == bare) or _is_sign(bare)


def _is_sign(name: str) -> bool:
    """Whether it is a sign by its name, such as full_stop."""
    return name in {_character_to_key(chr(code)) for code in range(33, 127)}


def _conflict(wanted: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The first action that was given a key which another one has, where nothing tells them apart."""
    for one, other in combinations(ACTIONS, 2):
        if one.name not in wanted and other.name not in wanted:
            continue
        shared = set(_of(one, wanted)) & set(_of(other, wanted)) - (set(one.keys) & set(other.keys))
        if shared and (one.applies, other.applies) not in _told_apart():
            given, has = (one, other) if one.name in wanted else (other, one)
            return given.name, f"{given.name}: {key_name(min(shared))} means {has.name} already"
    return None


@cache
def _told_apart() -> frozenset[tuple[object, object]]:
    """Pairs of conditions, in the order of the list, of which never both hold, or the first one goes before: as they
    come, some key means an action of each."""
    pairs = ((one, other) for one, other in combinations(ACTIONS, 2) if set(one.keys) & set(other.keys))
    return frozenset((one.applies, other.applies) for one, other in pairs if one.applies is not other.applies)


def _of(action: Action, wanted: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return wanted.get(action.name, action.keys)

"""How a text names an action: by the key that it has for whoever reads, else by its name in the palette."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from warroom.tui.keys import registry

PALETTE = "console.palette"


@dataclass(frozen=True, slots=True)
class KeyNames:
    """The keys of one person, by the names of the actions.

    Attributes:
        given: keys of the actions to which the person gave others, as Textual names them.
        replaying: whether some keys move about in a replay, whatever else they mean.
    """

    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replaying: bool = False

    def __call__(self, name: str) -> str:
        """The first key of the action called so, as people know it: "g"; without one: `ctrl+p "Open the gates"`.

        Raises:
            KeyError: there is no such action.
        """
        action = registry.action_called(name)
        if (keys := self._left(name)) and action.name in registry.RANGES and name not in self.given:
            return registry.RANGES[name]
        if keys:
            return registry.key_name(keys[0])
        palette = self._left(PALETTE)
        return f'{registry.key_name(palette[0]) if palette else "palette:"} "{action.description}"'

    def _left(self, name: str) -> tuple[str, ...]:
        """The keys of an action, without those of a replay."""
        action = registry.action_called(name)
        keys = registry.keys_of(action, self.given)
        if not self.replaying or action.group == "replay":
            return keys
        taken = {key for one in registry.ACTIONS if one.group == "replay" for key in registry.keys_of(one, self.given)}
        return tuple(key for key in keys if key not in taken)

"""The screens that can be opened by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from warroom.tui.screens.alerts import AlertsScreen
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.backout import BackoutScreen
from warroom.tui.screens.commands import CommandsScreen
from warroom.tui.screens.confidence import ConfidenceScreen
from warroom.tui.screens.connected import ConnectedScreen
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.controls import ControlsScreen
from warroom.tui.screens.gate import GateScreen
from warroom.tui.screens.journal import JournalScreen
from warroom.tui.screens.owner import OwnerView
from warroom.tui.screens.owners import OwnersScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.screens.whatif import WhatIfScreen

_BESIDE: Mapping[str, type[AsideScreen]] = MappingProxyType(
    {
        screen.SCREEN_NAME: screen
        for screen in (
            OwnersScreen,
            GateScreen,
            ControlsScreen,
            BackoutScreen,
            AlertsScreen,
            JournalScreen,
            ConfidenceScreen,
            CommandsScreen,
            ConnectedScreen,
        )
    }
)

ASIDE: Mapping[str, type[AsideScreen]] = MappingProxyType({**_BESIDE, WhatIfScreen.SCREEN_NAME: WhatIfScreen})
"""Those that are opened beside another."""

FIRST: Mapping[str, type[ConsoleScreen]] = MappingProxyType(
    {WarRoom.SCREEN_NAME: WarRoom, OwnerView.SCREEN_NAME: OwnerView, **_BESIDE}
)
"""Those with which a console can open."""

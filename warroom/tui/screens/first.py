"""The screens that can be opened by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from warroom.tui.screens.alerts import AlertsScreen
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.backout import BackoutScreen
from warroom.tui.screens.commands import CommandsScreen
from warroom.tui.screens.communication import CommunicationScreen
from warroom.tui.screens.confidence import ConfidenceScreen
from warroom.tui.screens.connected import ConnectedScreen
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.controls import ControlsScreen
from warroom.tui.screens.gate import GateScreen
from warroom.tui.screens.journal import JournalScreen
from warroom.tui.screens.log import LogScreen
from warroom.tui.screens.network import NetworkScreen
from warroom.tui.screens.owner import OwnerView
from warroom.tui.screens.owners import OwnersScreen
from warroom.tui.screens.people import PeopleScreen
from warroom.tui.screens.plots import PlotsScreen
from warroom.tui.screens.scribe import ScribeScreen
from warroom.tui.screens.search import SearchScreen
from warroom.tui.screens.sheet import SheetScreen
from warroom.tui.screens.shift import ShiftScreen
from warroom.tui.screens.task import TaskScreen
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
            NetworkScreen,
            PeopleScreen,
            LogScreen,
            ShiftScreen,
            SearchScreen,
            PlotsScreen,
            ConnectedScreen,
            ScribeScreen,
        )
    }
)

ASIDE: Mapping[str, type[AsideScreen]] = MappingProxyType(
    {**_BESIDE, **{screen.SCREEN_NAME: screen for screen in (WhatIfScreen, CommunicationScreen, SheetScreen)}}
)
"""Those that are opened beside another."""

FIRST: Mapping[str, type[ConsoleScreen]] = MappingProxyType(
    {
        WarRoom.SCREEN_NAME: WarRoom,
        OwnerView.SCREEN_NAME: OwnerView,
        TaskScreen.SCREEN_NAME: TaskScreen,
        **_BESIDE,
    }
)
"""Those with which a console can open."""

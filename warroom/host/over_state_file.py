"""What every host over a state file does in the same way. It waits for the disk, so hosts call it off their loop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from warroom.actions import lease
from warroom.actions.registry import ACTIONS, TOGETHER
from warroom.alerts.watch import Watch
from warroom.host.interface import WatchStatus
from warroom.store import automatic
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused, WarroomError
from warroom.vocabulary.journal import Caller, Entry

_log = logging.getLogger(__name__)

_CALLED = MappingProxyType({**ACTIONS, **TOGETHER})


def insist_on_action(action: str, *, read_only: bool) -> None:
    """`action` must be one that there is, and the console one that may act.

    Raises:
        Refused: it only looks.
        BadInput: there is no such action.
    """
    if read_only:
        raise Refused("this console only looks", hint="open one without --read-only")
    if action not in _CALLED:
        raise BadInput(f"there is no action called {action}")


def perform(state_file: StateFile, caller: Caller, action: str, arguments: Mapping[str, Any]) -> Entry:
    """Call an action by its name, with an id of ours: it is safe to call again if the outcome stays unknown.

    Args:
        arguments: `done_by` and `told_by` among them say for whom else it is recorded, and how they told it.

    The backup that may be due after it is made on a thread of its own: nobody waits for it.
    """
    own = dict(arguments)
    done_by, told_by = own.pop("done_by", None), own.pop("told_by", None)
    if done_by is not None and done_by != caller.handle:
        caller = replace(caller, done_by=done_by, by=told_by)
    entry = _CALLED[action](state_file, caller, **own, entry_id=str(uuid4()))
    if automatic.is_due_after(state_file, entry):
        threading.Thread(target=_back_up_after, args=(state_file, entry), name="backup").start()
    return entry


def _back_up_after(state_file: StateFile, entry: Entry) -> None:
    try:
        automatic.after(state_file, entry)
    except WarroomError as error:
        _log.warning("%s", automatic.told(error))


def latest_entries(state_file: StateFile, seq: int, last: int) -> tuple[Entry, ...]:
    """Up to `last` entries that end with `seq`, oldest first."""
    return tuple(entry for entry in state_file.entries(max(0, seq - last)) if entry.seq <= seq)


def watch_status(state_file: StateFile, own: Watch | None = None) -> WatchStatus:
    """Whether somebody watches for alerts. `own` is the watch of this process, which may know that it does not."""
    held, awake = lease.standing(state_file)
    if held is None:
        return WatchStatus(None, None, awake=False, can_send=False)
    awake = awake and not (own is not None and own.is_failing(held))
    return WatchStatus(held.holder, held.since, awake, held.can_send)

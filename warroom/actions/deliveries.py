"""Writing down what becomes of messages, in the name of the holder of the watch; and whether any are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, perform
from warroom.actions.lease import insist_on_fence
from warroom.model.deliveries import Delivery, Sending
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.addresses import fault_of_address, mail_address
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import DeliveryState, SendingMode

WAITING = (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.SENDING)
"""The states of messages with which something is still to be done."""


def write(
    state_file: StateFile,
    fence: int,
    new: Sequence[Mapping[str, Any]] = (),
    changes: Sequence[tuple[Delivery, Mapping[str, Any]]] = (),
) -> list[Delivery]:
    """Add messages and change others, all in one transaction.

    A message whose key is there already is not added; one that changed since it was read is left alone.

    Args:
        fence: that of the lease in whose name it is done.
        new: the columns of each.

    Returns those that were added or changed, as they are now.

    Raises:
        Superseded: there is a newer lease; nothing was written.
    """
    written = []
    with state_file.write() as transaction:
        rows = transaction.rows
        insist_on_fence(rows, fence)
        unknown = (columns for columns in new if rows.one(Delivery, key=columns["key"]) is None)
        written += [rows.insert(Delivery, **columns) for columns in unknown]
        for read, values in changes:
            now = rows.get(Delivery, read.id)
            if (now.state, now.attempts, now.fence) == (read.state, read.attempts, read.fence):
                written.append(rows.update(now, **values))
    return written


def note_test(state_file: StateFile, columns: Mapping[str, Any]) -> Delivery:
    """Write down what became of a test message, which anybody may send."""
    with state_file.write() as transaction:
        return transaction.rows.insert(Delivery, **columns)


def waiting(state_file: StateFile) -> list[Delivery]:
    """The messages with which something is still to be done, by key."""
    with state_file.read() as reader:
        found = [delivery for state in WAITING for delivery in reader.find(Delivery, state=state)]
    return sorted(found, key=lambda delivery: delivery.id)


def of_run(state_file: StateFile, run_id: int | None) -> list[Delivery]:
    """All messages of a run; with None, the test messages that belong to none."""
    with state_file.read() as reader:
        found = reader.find(Delivery) if run_id is None else reader.find(Delivery, run_id=run_id)
    return [delivery for delivery in found if delivery.run_id == run_id]


def switch(
    state_file: StateFile,
    caller: Caller,
    mode: SendingMode,
    *,
    to: str | None = None,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say whether the messages of the open run's alerts are sent, and where to.

    Args:
        to: in mode "test", the channel or mail address to which all go.

    Raises:
        Refused: not the lead, or no run is open.
        BadInput: no address for mode "test", one for another mode, or one that makes no sense.
    """
    if (to is None) == (mode is SendingMode.TEST):
        hint = "name the channel or the mail address with --to" if to is None else "--to belongs to test"
        raise BadInput("in test mode everything goes to one address", hint=hint)
    if to is not None and (fault := fault_of_address(to)) is not None:
        raise BadInput(f"the address {fault}", where=to, hint="channels are named in the channels file")
    address = None if to is None else mail_address(to) or to.strip()

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_lead)
        run = acting.open_run()
        kept = acting.rows.one(Sending, run_id=run.id)
        if kept is None:
            acting.rows.insert(Sending, run_id=run.id, mode=mode, test_to=address)
        else:
            acting.rows.update(kept, mode=mode, test_to=address)

    return perform(state_file, caller, "alert.sending", f"sending {mode.value}", work, reason=reason, **known)

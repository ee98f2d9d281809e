"""What people do about alerts: acknowledge one, have it wait, and change when a rule speaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, perform
from warroom.model.alerts import Alert, AlertSetting
from warroom.rules import permissions
from warroom.rules.alerting.registry import LIMITS, RULES, fault_of_limits
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import AcknowledgedHow, AlertState, Medium, Severity, Via


def acknowledge(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    how: AcknowledgedHow | None = None,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say that somebody knows of an alert: it calls no more until it gets worse.

    Args:
        number: key of the alert. how: how that is known; None: by the way in that was taken.
        reason: what is done about it.

    Raises:
        Refused: not allowed, closed, or acknowledged already. BadInput: there is no such alert.
    """

    def work(acting: Acting) -> None:
        alert = _open(acting, number)
        if alert.state is AlertState.ACKNOWLEDGED:
            raise Refused(f"alert {number} is acknowledged already", where=alert.subject)
        acting.rows.update(
            alert,
            state=AlertState.ACKNOWLEDGED,
            acknowledged_by_id=acting.doer.person_id,
            acknowledged_at=acting.effective_at,
            acknowledged_how=_way(caller) if how is None else how,
            snoozed_until=None,
        )

    return perform(state_file, caller, "alert.acknowledge", f"alert {number}", work, reason=reason, **known)


def snooze(
    state_file: StateFile,
    caller: Caller,
    number: int,
    *,
    until: datetime,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Let an alert wait until `until` (run time, UTC); then, or once it gets worse, it calls again.

    Raises:
        Refused: not allowed, or closed. BadInput: there is no such alert, or that time is over.
    """

    def work(acting: Acting) -> None:
        alert = _open(acting, number)
        if until <= acting.now:
            raise BadInput("that time is over", where=until.isoformat(), hint="say until when, such as 30m or 02:40")
        acting.rows.update(alert, state=AlertState.SNOOZED, snoozed_until=until)

    return perform(state_file, caller, "alert.snooze", f"alert {number}", work, reason=reason, **known)


def set_limits(
    state_file: StateFile,
    caller: Caller,
    rule: str,
    *,
    severity: Severity | None = None,
    after_s: int | None = None,
    before_s: int | None = None,
    percent: int | None = None,
    off: bool | None = None,
    reason: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Change from when on an alert rule speaks in the open run, and how loudly; what is None stays as it is.

    Raises:
        Refused: not allowed, or no run is open. BadInput: there is no such rule, or it has no such limit.
    """
    values = {"severity": severity, "after_s": after_s, "before_s": before_s, "percent": percent, "off": off}
    given = {name: value for name, value in values.items() if value is not None}
    if rule not in RULES:
        raise BadInput(f"there is no alert rule {rule}", hint="warroom alert rules lists them")
    if not given:
        raise BadInput("nothing is to be changed", hint="such as after=20m, severity=critical or off=true")
    fault = fault_of_limits(rule, [name for name in LIMITS if {name, f"{name}_s"} & given.keys()])
    if fault is not None:
        raise BadInput(fault, hint="warroom alert rules shows what each knows")

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_set_limits)
        run, kept = acting.open_run(), None
        for setting in acting.rows.find(AlertSetting, run_id=run.id, key=rule):
            kept = setting
        if kept is None:
            acting.rows.insert(AlertSetting, run_id=run.id, key=rule, **given)
        else:
            acting.rows.update(kept, **given)

    return perform(state_file, caller, "alert.threshold", f"alert rule {rule}", work, reason=reason, **known)


def _open(acting: Acting, number: int) -> Alert:
    """The open alert of that key, which the one who acts or the one who did it may answer."""
    run = acting.open_run()
    alerts: dict[str, Any] = {"run_id": run.id, "id": number}
    alert = next(iter(acting.rows.find(Alert, **alerts)), None)
    if alert is None:
        raise BadInput(f"there is no alert {number} in this run", hint="warroom alert list shows them all")
    told = alert.told
    acting.insist_either(lambda actor: permissions.may_answer_alert(actor, told))
    if alert.state is AlertState.CLOSED:
        raise Refused(f"alert {number} is closed", where=alert.subject, hint="what it was about is over")
    return alert


def _way(caller: Caller) -> AcknowledgedHow:
    if caller.for_another and caller.by is Medium.PHONE:
        return AcknowledgedHow.PHONE
    return AcknowledgedHow.CONSOLE if caller.via in (Via.CONSOLE, Via.SSH) else AcknowledgedHow.COMMAND

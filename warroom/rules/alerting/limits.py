"""The limits of a rule: its own, or what the runbook or the run says instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from warroom.board.board import Board
from warroom.board.rows import AlertSetting
from warroom.vocabulary.words import Severity


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a rule speaks, and how loudly.

    Attributes:
        severity: None: each case has its own.
        after_s: how long something may last, seconds. before_s: how long ahead it is told, seconds.
        percent: a share, in whole per cent.
        off: the rule says nothing.
    """

    severity: Severity | None = Severity.WARNING
    after_s: int | None = None
    before_s: int | None = None
    percent: int | None = None
    off: bool = False

    @property
    def after(self) -> int:
        return self.after_s or 0

    @property
    def before(self) -> int:
        return self.before_s or 0


def limits_on(board: Board, rule: str, default: Limits) -> Limits:
    """What counts on a Board for `rule`, whose own limits are `default`."""

    def build() -> dict[str, AlertSetting]:
        return {setting.key: setting for setting in board.rows(AlertSetting).values()}

    setting = board.view("alert settings by rule", [AlertSetting], build).get(rule)
    if setting is None:
        return default
    given = {name: getattr(setting, name) for name in ("severity", "after_s", "before_s", "percent", "off")}
    return replace(default, **{name: value for name, value in given.items() if value is not None})

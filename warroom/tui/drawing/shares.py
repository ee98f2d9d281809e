"""Shares of all trials, as people read them."""

from __future__ import annotations


def show_share(share: float) -> str:
    """ "87 %"; what is not certain is never shown as 0 or 100."""
    percent = round(share * 100)
    if percent == 0 and share > 0:
        return "<1 %"
    return ">99 %" if percent == 100 and share < 1 else f"{percent} %"


def share_ink(share: float) -> str:
    """The ink of a share that had better be high."""
    return "inside" if share >= 0.8 else "status-ready" if share >= 0.5 else "beyond"

"""How many lines this process may hold open at once."""

from __future__ import annotations

import resource

ENOUGH = 16_384


def allow_many() -> None:
    """Take as many as the system gives without being asked, up to `ENOUGH`: what processes begin with (1,024 under
    systemd) is for programs that wait for few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

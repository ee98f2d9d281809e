"""A systemd unit that keeps the server running."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

STUCK_S = 30
"""A server that has not said for so many seconds that it is alive is started again."""

_UNIT = """\
# /etc/systemd/system/warroom.service
# systemctl daemon-reload && systemctl enable --now warroom; what it says: journalctl -u warroom
[Unit]
Description=warroom: consoles of {name}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={user}
WorkingDirectory={folder}
ExecStart={command}
Restart=on-failure
RestartSec=2
WatchdogSec={stuck}
TimeoutStopSec=20
KillSignal=SIGTERM
UMask=0077

# It needs its folder and its ports, and nothing else of the machine.
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writes}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
PrivateMounts=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=

[Install]
WantedBy=multi-user.target
"""


def unit(*, python: str, state_file: Path, user: str, arguments: Sequence[str], writes: Sequence[Path]) -> str:
    """The unit's text.

    Args:
        python: the interpreter that has warroom. arguments: those of `warroom serve`, the state file aside.
        user: the account under which it runs. writes: folders that it writes besides the state file's.
    """
    folder = state_file.parent
    command = [python, "-m", "warroom", "serve", "--db", str(state_file), *arguments]
    return _UNIT.format(
        name=_plain(state_file.name),
        user=user,
        folder=_plain(str(folder)),
        command=" ".join(map(_quoted, command)),
        writes=" ".join(_quoted(str(one)) for one in (folder, *writes)),
        stuck=STUCK_S,
    )


def _plain(text: str) -> str:
    """Text of a setting that takes the rest of its line; percent signs mean something to systemd."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """A word of a setting that takes several."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if escaped and not any(mark in escaped for mark in " \t'\"\\;") else f'"{escaped}"'

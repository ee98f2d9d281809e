"""As which account of this machine the server runs."""

from __future__ import annotations

import grp
import os
import pwd
import sys

from warroom.vocabulary.errors import BadInput, Refused


def become(name: str) -> None:
    """Give up root for the account `name`, for good.

    Raises:
        BadInput: there is no such account. Refused: this process is not root, or the account could not run it.
    """
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        raise BadInput(f"there is no account {name!r} on this machine") from None
    if os.geteuid() == account.pw_uid != 0:
        return
    if os.geteuid() != 0:
        raise Refused("only root can become another account", hint="leave out --user")
    if account.pw_uid == 0:
        raise BadInput("that account is root", hint="name another, or say --allow-root")
    groups = [group.gr_gid for group in grp.getgrall() if name in group.gr_mem]
    os.setgroups([account.pw_gid, *groups])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ.update(HOME=account.pw_dir, LOGNAME=name, USER=name)
    # Else parts that are read later would be missing one by one.
    if not all(os.access(file, os.R_OK) for file in (sys.executable, os.__file__, __file__)):
        raise Refused(
            f"{name} cannot read the Python and the warroom that run here",
            where=sys.prefix,
            hint="install both where every account can read them, such as under /opt",
        )


def insist_on_account(*, allow_root: bool) -> None:
    """Refuse to serve the world as root.

    Raises:
        Refused: this process is root, and nobody said that it may be.
    """
    if os.geteuid() == 0 and not allow_root:
        raise Refused(
            "root should not serve others",
            hint="start it as an account of its own, or say --user NAME, or --allow-root",
        )

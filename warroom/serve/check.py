"""`warroom serve --check`: what would keep the server from serving well, and what to do about it."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from warroom.board.board import Board
from warroom.board.rows import Person
from warroom.serve.links import Secret
from warroom.serve.ssh import Address
from warroom.store.health import Check, Health
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.words import Role

LOWEST_FREE_PORT = 1024


def checks_of_server(
    state_file: Path,
    *,
    addresses: Mapping[str, Address],
    private: Mapping[str, Path],
    allow_root: bool = False,
) -> Iterator[Check]:
    """What can be told without starting it.

    Args:
        addresses: where it is to listen, by option (`--ssh`). private: files that are its own alone, by what they are.
        allow_root: it was told that it may run as root.
    """
    yield _account(allow_root=allow_root)
    for option, address in addresses.items():
        yield _address(option, address)
    if not addresses:
        yield Check(
            "addresses", Health.WARN, "none is named", "name what to serve: --ssh 0.0.0.0:2222, --web 127.0.0.1:8080"
        )
    for what, path in private.items():
        yield _private(what, path)
    yield _secret(Secret.beside(state_file))


def check_of_people(board: Board) -> Check:
    """Whether anybody leads: who leads lets others in."""
    people = board.rows(Person).values()
    if any(Role.LEAD in person.roles for person in people):
        return Check("people", Health.OK, f"{len(people)} people, of whom somebody leads")
    return Check("people", Health.FAIL, "nobody leads", "give somebody the role: warroom person edit --role lead")


def _account(*, allow_root: bool) -> Check:
    if os.geteuid() != 0:
        return Check("account", Health.OK, "not root")
    if allow_root:
        return Check("account", Health.WARN, "root, as it was told it may be", "give it an account of its own")
    return Check("account", Health.FAIL, "root", "run it under an account of its own (warroom serve --unit shows how)")


def _address(option: str, address: Address) -> Check:
    """Whether it can listen there just now."""
    where = str(address)
    try:
        found = socket.getaddrinfo(address.host or None, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        return Check(option, Health.FAIL, f"{where}: {error.strerror or error}", "name an address of this machine")
    for family, kind, protocol, _, place in found[:1]:
        with socket.socket(family, kind, protocol) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                line.bind(place)
                line.listen(1)
            except PermissionError:
                return Check(option, Health.FAIL, f"{where}: not allowed", f"take a port from {LOWEST_FREE_PORT} on")
            except OSError as error:
                advice = "another server listens there: stop it, or take another port"
                return Check(option, Health.FAIL, f"{where}: {error.strerror}", advice)
    return Check(option, Health.OK, f"{where} is free")


def _private(what: str, path: Path) -> Check:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return Check(what, Health.OK, "none yet; it is made at the first start")
    except OSError as error:
        return Check(what, Health.FAIL, f"{path}: {error.strerror}", "run it under the account that owns the file")
    if mode & 0o077:
        found = f"{path} has {mode:04o}: others can read it"
        return Check(what, Health.FAIL, found, f"chmod 600 {path}; better, make a new one")
    if not os.access(path, os.R_OK):
        return Check(what, Health.FAIL, f"{path} cannot be read", "run it under the account that owns the file")
    return Check(what, Health.OK, f"{mode:04o}, yours alone")


def _secret(secret: Secret) -> Check:
    name = "links"
    try:
        known = secret.read()
    except WarroomError as error:
        return Check(name, Health.FAIL, error.message, error.hint)
    if known is None:
        return Check(name, Health.OK, "no link was made yet: warroom serve link")
    return Check(name, Health.OK, "signed with a secret of yours alone")

"""Who may log in, read off the Board: public keys of people, and certificates of an authority that name a handle."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator

import asyncssh

from warroom.board.board import Board
from warroom.board.rows import Person, PersonKey
from warroom.serve.sessions import Known

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
"""Handles that a certificate may name. asyncssh reads the name as a pattern, so nothing else is let through."""

_KEPT = 16


class Keys:
    """Answers from the Board as it is at the moment, so a key that is added or taken away counts from then on.

    Args:
        authorities: lines of public keys whose certificates are accepted; the principal is the handle.
    """

    def __init__(self, authorities: tuple[str, ...] = ()) -> None:
        self._authorities = authorities
        self._stand: tuple[object, object] | None = None
        self._made: OrderedDict[str, asyncssh.SSHAuthorizedKeys | None] = OrderedDict()

    def authorized(self, board: Board, username: str) -> asyncssh.SSHAuthorizedKeys | None:
        """What asyncssh compares keys with; None while nobody has any. A certificate that names several people stands
        for `username`, if that is one of them."""
        stand = (board.rows(PersonKey), board.rows(Person))
        if self._stand is None or any(a is not b for a, b in zip(stand, self._stand, strict=True)):
            self._stand = stand
            self._made.clear()
        who = username if self._authorities and board.person_called(username) is not None else ""
        if who not in self._made:
            lines = "\n".join(self._lines(board, who))
            self._made[who] = asyncssh.import_authorized_keys(lines) if lines else None
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return self._made[who]

    def _lines(self, board: Board, first: str) -> Iterator[str]:
        for key in board.rows(PersonKey).values():
            if _readable(key.line):
                yield f'key="{key.id}" {key.line}'
        people = sorted(board.rows(Person).values(), key=lambda person: (person.handle != first, person.id))
        for person in people if self._authorities else ():
            if _PLAIN.fullmatch(person.handle):
                for authority in self._authorities:
                    yield f'cert-authority,principals="{person.handle}",person="{person.id}" {authority}'


def known_by(board: Board, options: dict[str, object], address: str) -> Known | None:
    """Who the options of the key that matched stand for; None: that person or key is there no more."""
    key_id, person_id = _number(options.get("key")), _number(options.get("person"))
    if key_id is not None:
        key = board.rows(PersonKey).get(key_id)
        person_id = None if key is None else key.person_id
    person = board.person(person_id)
    return None if person is None else Known(person.id, person.handle, address, key_id)


def still_known(board: Board, known: Known) -> bool:
    """Whether who came in with that key could do so again."""
    if board.person(known.person_id) is None:
        return False
    return known.key_id is None or known.key_id in board.rows(PersonKey)


def _readable(line: str) -> bool:
    try:
        asyncssh.import_public_key(line)
    except asyncssh.KeyImportError:
        return False
    return True


def _number(option: object) -> int | None:
    """An option that asyncssh does not know is a list of what was written."""
    return int(option[0]) if isinstance(option, list) and option else None

"""Links to the browser view: a token that says until when it holds, signed with a secret that lies beside the state
file. A new secret makes all links void."""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from warroom.store import files
from warroom.vocabulary.errors import StateFileError

SECRET_BYTES = 32

_TOKEN = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Secret:
    """The file with which links are signed, its owner's alone."""

    path: Path

    @classmethod
    def beside(cls, state_file: Path) -> Secret:
        """That of a state file: `NAME.web-secret` in the same folder."""
        return cls(state_file.with_name(state_file.name + ".web-secret"))

    def exists(self) -> bool:
        return self.path.exists()

    def read(self) -> bytes | None:
        """What is in it; None where there is no such file, or it is not one of ours.

        Raises:
            StateFileError: other accounts can read it, or we cannot.
        """
        try:
            with self.path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                data = file.read(SECRET_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateFileError(
                f"the secret of the links cannot be read: {error.strerror}",
                where=str(self.path),
                hint="the server and `warroom serve link` must run under one account",
            ) from error
        if mode & 0o077:
            raise StateFileError(
                "other accounts can read the secret of the links",
                where=str(self.path),
                hint="make a new one: warroom serve link --revoke",
            )
        return data if len(data) == SECRET_BYTES else None

    def renew(self) -> bytes:
        """Write a new one; every link that was made before is void from now on.

        Raises:
            StateFileError: the folder cannot be written.
        """
        secret = secrets.token_bytes(SECRET_BYTES)
        building = files.begin(self.path)
        try:
            with building.open("wb") as file:
                file.write(secret)
                file.flush()
                os.fsync(file.fileno())
            files.publish(building, self.path, replace=True)
        except OSError as error:
            raise files.unwritable(self.path.parent, error) from error
        finally:
            building.unlink(missing_ok=True)
        return secret

    def token(self, until: datetime) -> str:
        """A token that holds until then (wall clock, UTC); the secret is made where there is none.

        Raises:
            StateFileError: see `read` and `renew`.
        """
        secret = self.read() or self.renew()
        expiry = str(int(until.timestamp()))
        return f"{expiry}.{_signature(secret, expiry)}"

    def expiry(self, token: str, now: datetime) -> datetime | None:
        """Until when a token holds (UTC); None if it does not hold at `now` (wall clock, UTC), or never did.

        Raises:
            StateFileError: see `read`.
        """
        found = _TOKEN.fullmatch(token)
        secret = self.read() if found else None
        if found is None or secret is None or not hmac.compare_digest(_signature(secret, found[1]), found[2]):
            return None
        until = datetime.fromtimestamp(int(found[1]), UTC)
        return until if now < until else None


def _signature(secret: bytes, expiry: str) -> str:
    digest = hmac.new(secret, f"warroom wall {expiry}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

"""A public key as people write it down: one line of OpenSSH's, `ssh-ed25519 AAAA... comment` (RFC 4253, 6.6)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from warroom.vocabulary.errors import BadInput

ALGORITHMS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
)
"""What a key may be; those that are left out can be broken, or are no keys of people."""

SHORTEST_RSA = 2048
LONGEST_LINE = 16_384


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; its `comment` says whose, or of which machine, and proves nothing."""

    algorithm: str
    blob: str
    comment: str

    @property
    def line(self) -> str:
        """As OpenSSH writes it, without the comment."""
        return f"{self.algorithm} {self.blob}"

    @property
    def fingerprint(self) -> str:
        """As OpenSSH shows it: "SHA256:...", of what tells it from all others."""
        digest = hashlib.sha256(base64.b64decode(self.blob)).digest()
        return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")


def read_public_key(line: str) -> PublicKey:
    """A line of a `.pub` file, or of `authorized_keys`; options before the key are left out.

    Raises:
        BadInput: it is no public key, or one that is too weak.
    """
    if "PRIVATE KEY" in line:
        raise BadInput("that is a private key, which nobody else may see", hint="give the file that ends in .pub")
    if len(line) > LONGEST_LINE:
        raise BadInput("that is no public key: it is too long", hint="give one line of a .pub file")
    words = line.split()
    place = next((place for place, word in enumerate(words[:-1]) if word in ALGORITHMS), None)
    if place is None:
        if words[:1] == ["ssh-dss"]:
            raise BadInput("DSA keys can be broken", hint="make a new one: ssh-keygen -t ed25519")
        raise BadInput("that is no public key", hint="a line such as: ssh-ed25519 AAAAC3Nza... ana@laptop")
    algorithm, blob = words[place], words[place + 1]
    try:
        fields = _fields(base64.b64decode(blob, validate=True))
    except (binascii.Error, ValueError):
        fields = []
    if len(fields) < 2 or fields[0] != algorithm.encode():
        raise BadInput("that public key is not whole", hint="copy the line again, without a break in it")
    if algorithm == "ssh-rsa" and int.from_bytes(fields[-1], "big").bit_length() < SHORTEST_RSA:
        raise BadInput(f"an RSA key needs {SHORTEST_RSA} bits at least", hint="or take: ssh-keygen -t ed25519")
    return PublicKey(algorithm, base64.b64encode(base64.b64decode(blob)).decode("ascii"), " ".join(words[place + 2 :]))


def _fields(data: bytes) -> list[bytes]:
    """The byte strings of which a key consists.

    Raises:
        ValueError: it is cut off.
    """
    found = []
    while data:
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 + length:
            raise ValueError("cut off")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found

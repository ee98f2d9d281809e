"""Signatures over SSH with SHA-1, which are taken from nobody: of a log-in, or of an authority under a certificate."""

from __future__ import annotations

RSA_SHA1 = b"\0\0\0\x07ssh-rsa"
"""How a signature by RSA with SHA-1 begins (RFC 4253, 6.6); so do RSA keys, whatever they sign with."""


def is_sha1(signature: bytes) -> bool:
    """Whether a signature, as it is sent, is made with SHA-1."""
    return signature.startswith(RSA_SHA1)


def is_certified_with_sha1(key: bytes) -> bool:
    """Whether a public key, as it is sent, is a certificate whose signature, the last thing in it, is made with SHA-1.

    The key of the authority, which comes before, begins in the same way; but it is not followed by one string alone.
    """
    head, _, rest = key.rpartition(RSA_SHA1)
    return bool(head) and int.from_bytes(rest[:4], "big") == len(rest) - 4

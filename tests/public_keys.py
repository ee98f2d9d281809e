"""Public keys for tests: whole and well formed, though nobody has the private half."""

from __future__ import annotations

import base64


def a_key(number: int = 1, comment: str = "") -> str:
    """A line of a `.pub` file."""
    fields = [b"ssh-ed25519", bytes([number]) * 32]
    blob = base64.b64encode(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).decode()
    return f"ssh-ed25519 {blob} {comment}".strip()


def rsa(bits: int) -> str:
    fields = [b"ssh-rsa", b"\x01\x00\x01", b"\x00" + (1 << (bits - 1)).to_bytes(bits // 8, "big")]
    blob = base64.b64encode(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).decode()
    return f"ssh-rsa {blob}"

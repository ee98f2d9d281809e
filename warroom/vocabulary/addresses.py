"""What may be written under `notify`: names of channels and mail addresses, never anything secret."""

from __future__ import annotations

import re

_CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAIL = re.compile(r"[^\s@:/?&#,;<>\"'\\]+@[^\s@:/?&#,;<>\"'\\]+\.[A-Za-z0-9-]{2,}")


def mail_address(text: str) -> str | None:
    """The mail address that `text` is, with or without mailto: before it; None where it is none."""
    plain = re.sub(r"^mailto:(//)?", "", text.strip(), flags=re.IGNORECASE)
    return plain if _MAIL.fullmatch(plain) else None


def fault_of_address(text: str) -> str | None:
    """Why `text` cannot be an address for alerts, in words; None when it can."""
    if mail_address(text) is not None or _CHANNEL.fullmatch(text.strip()):
        return None
    if ":" in text:
        return "is neither a channel's name nor a plain mail address; what is secret belongs in the channels file"
    return "is neither a channel's name (letters, digits, '.', '_' and '-') nor a mail address"

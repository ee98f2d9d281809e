"""Ed25519 signatures of seals, by a key that is kept outside the state file, best outside its machine."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from warroom.store.seal import Seal, signed_bytes
from warroom.vocabulary.errors import BadInput

_OPENSSH = b"-----BEGIN OPENSSH PRIVATE KEY-----"


def sign(sealed: Seal, key_file: Path) -> Seal:
    """The seal with the signature of the Ed25519 key in `key_file` (OpenSSH or PEM).

    Raises:
        BadInput: it cannot be read, is another kind of key, is protected by a passphrase, or is readable by others.
    """
    key = _private_key(key_file)
    named = replace(sealed, public_key=_text_of(key.public_key()))
    return replace(named, signature=base64.b64encode(key.sign(signed_bytes(named))).decode())


def fault_of_signature(sealed: Seal, key_file: Path | None) -> str | None:
    """What is wrong with a seal's signature, in words; None if nothing is.

    Args:
        key_file: the public key (OpenSSH or PEM) of who must have signed it; None: the key that the seal itself names,
            which tells only that it was not changed since.

    Raises:
        BadInput: the key cannot be read.
    """
    if sealed.signature is None:
        return None if key_file is None else "the seal is not signed"
    key = _public_key(sealed.public_key) if key_file is None else _read_public_key(key_file)
    if key is None:
        return "the key that the seal names is none"
    if key_file is not None and sealed.public_key != _text_of(key):
        return "the seal was signed by another key"
    try:
        key.verify(base64.b64decode(sealed.signature, validate=True), signed_bytes(sealed))
    except (InvalidSignature, binascii.Error, ValueError):
        return "the seal was changed after it was signed"
    return None


def _private_key(path: Path) -> Ed25519PrivateKey:
    data = _read(path)
    if path.stat().st_mode & 0o077:
        raise BadInput("the key can be read by others", where=str(path), hint=f"chmod 600 {path}")
    load = serialization.load_ssh_private_key if data.startswith(_OPENSSH) else serialization.load_pem_private_key
    try:
        key = load(data, password=None)
    except TypeError:
        raise BadInput(
            "the key is protected by a passphrase", where=str(path), hint="seal with a key of its own that has none"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(path, "private") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, "private")
    return key


def _read_public_key(path: Path) -> Ed25519PublicKey:
    data = _read(path)
    try:
        if b"-----BEGIN" in data:
            key = serialization.load_pem_public_key(data)
        else:
            key = serialization.load_ssh_public_key(data.strip())
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(path, "public") from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "public")
    return key


def _public_key(text: str | None) -> Ed25519PublicKey | None:
    try:
        key = serialization.load_ssh_public_key((text or "").encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def _text_of(key: Ed25519PublicKey) -> str:
    return key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"the key cannot be read: {error.strerror}", where=str(path)) from error


def _no_key(path: Path, kind: str) -> BadInput:
    return BadInput(
        f"this is no {kind} Ed25519 key", where=str(path), hint="make one with: ssh-keygen -t ed25519 -N '' -f FILE"
    )

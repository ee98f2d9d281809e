"""Addresses to listen at."""

from __future__ import annotations

from warroom.vocabulary.errors import BadInput


def parse_address(text: str, option: str) -> tuple[str, int]:
    """HOST:PORT; an IPv6 address stands in brackets.

    Raises:
        BadInput: it is not.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or not int(port) < 65536:
        raise BadInput(f"{option} {text!r} is not HOST:PORT", hint=f"such as {option} 127.0.0.1:8080")
    return host.removeprefix("[").removesuffix("]"), int(port)


def base_of(address: tuple[str, int]) -> str:
    """What links to an address begin with."""
    host, port = address
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"

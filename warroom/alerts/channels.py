"""The channels file: how messages leave, and every secret that takes. It lies outside the state file.

TOML, read once when a process begins to watch. `${NAME}` in any text stands for the environment variable of that name.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from warroom.rules.owed import MAIL, Routes
from warroom.vocabulary.addresses import fault_of_address, mail_address
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Severity

VARIABLE = "WARROOM_CHANNELS"
TIMEOUT_S = 20
"""A channel that has not answered after so long is taken to hang."""

_MAIL_KEYS = ("server", "port", "security", "user", "password", "from", "severity", "timeout")
_CHANNEL_KEYS = ("url", "severity", "timeout")
_WEBHOOK_KEYS = ("url", "secret", "severity", "timeout")
# Apprise's words for how a mail server is spoken to.
_SECURITY = {"none": "insecure", "starttls": "starttls", "tls": "ssl"}
_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_IN_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# What is shorter is no secret, and would be struck out of every text.
_SHORTEST_SECRET = 4


@dataclass(frozen=True, slots=True)
class Channel:
    """A way for messages to people.

    Attributes:
        url: what Apprise is given; the mail channel's has no addressee yet.
        timeout_s: seconds after which it is taken to hang.
    """

    name: str
    url: str = field(repr=False)
    severity: Severity = Severity.NOTICE
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Webhook:
    """Another program that is told of every alert; `secret` signs what it is told."""

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    severity: Severity = Severity.NOTICE
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Channels:
    """What a channels file says.

    Attributes:
        named: by name; that of the mail server is "mail".
        secrets: every text that must not be seen, the longest first.
    """

    named: Mapping[str, Channel | Webhook]
    secrets: tuple[str, ...] = field(repr=False, default=())

    @property
    def routes(self) -> Routes:
        """What is to be known of them to say what is owed."""
        webhooks = {name: one.severity for name, one in self.named.items() if isinstance(one, Webhook)}
        return Routes({name: one.severity for name, one in self.named.items()}, webhooks)

    def scrub(self, text: str) -> str:
        """`text` on one line, without any secret."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return one_line(text, 300)


def channels_path(named: str | None, environment: Mapping[str, str]) -> Path | None:
    """Where the channels file is: as named, else `$WARROOM_CHANNELS`; None: there is none."""
    path = named or environment.get(VARIABLE)
    return Path(path) if path else None


def read_channels(path: Path, environment: Mapping[str, str]) -> Channels:
    """Read a channels file.

    Raises:
        BadInput: it cannot be read, or says something that makes no sense. No message shows a secret.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "it is no UTF-8"
        raise BadInput(f"the channels file cannot be read: {reason}", where=str(path)) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        at = f":{place[1]}:{place[2]}" if place else ""
        raise BadInput("the channels file is no TOML", where=f"{path}{at}", hint="put texts in quotes") from None
    return _Reader(path, environment).read(document)


class _Reader:
    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = environment
        self.secrets: set[str] = set()

    def read(self, document: Mapping[str, Any]) -> Channels:
        self.insist_on_keys(document, ("mail", "channels", "webhooks"), "the channels file")
        named: dict[str, Channel | Webhook] = {}
        if "mail" in document:
            named[MAIL] = self.mail(self.table(document["mail"], "mail"))
        for name, table in self.tables(document, "channels", named):
            self.insist_on_keys(table, _CHANNEL_KEYS, f"channel {name}")
            named[name] = Channel(name, self.url(table, name), *self.limits(table, name))
        for name, table in self.tables(document, "webhooks", named):
            self.insist_on_keys(table, _WEBHOOK_KEYS, f"webhook {name}")
            url, secret = self.url(table, name), self.secret(table, "secret", name)
            if urlsplit(url).scheme not in ("http", "https"):
                raise self.fault(f"webhook {name}: its url begins with neither http:// nor https://")
            if secret is None:
                raise self.fault(f"webhook {name}: a secret is missing", "the receiver knows by it that it is us")
            named[name] = Webhook(name, url, secret, *self.limits(table, name))
        return Channels(named, tuple(sorted(self.secrets, key=len, reverse=True)))

    def mail(self, table: Mapping[str, Any]) -> Channel:
        self.insist_on_keys(table, _MAIL_KEYS, "[mail]")
        server, sender = self.text(table, "server", "mail"), self.text(table, "from", "mail")
        if server is None or sender is None or mail_address(sender) is None:
            raise self.fault("[mail] needs server, and from with a mail address")
        security = self.text(table, "security", "mail") or "starttls"
        if security not in _SECURITY:
            raise self.fault(f"[mail]: security is one of {', '.join(_SECURITY)}")
        port = table.get("port", _PORTS[security])
        if not isinstance(port, int) or not 0 < port < 65536:
            raise self.fault("[mail]: port is a number from 1 to 65535")
        user, password = self.text(table, "user", "mail"), self.secret(table, "password", "mail")
        login = "" if user is None else quote(user, safe="") + ("" if password is None else f":{quote(password, '')}")
        scheme = "mailto" if security == "none" else "mailtos"
        # The server is named twice, so that Apprise does not look for one by the sender's domain.
        query = f"smtp={quote(server)}&mode={_SECURITY[security]}&from={quote(sender, safe='')}"
        url = f"{scheme}://{login}{'@' if login else ''}{server}:{port}/?{query}"
        return Channel(MAIL, url, *self.limits(table, "mail"))

    def tables(
        self, document: Mapping[str, Any], key: str, named: Mapping[str, object]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, table in self.table(document.get(key, {}), key).items():
            if fault_of_address(name) is not None or mail_address(name) is not None:
                raise self.fault(f"{name!r} cannot be the name of a channel", "letters, digits, '.', '_' and '-'")
            if name in named or name == MAIL:
                raise self.fault(f"there are two channels called {name}")
            yield name, self.table(table, f"{key}.{name}")

    def table(self, value: Any, name: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.fault(f"[{name}] is a table")
        return value

    def limits(self, table: Mapping[str, Any], name: str) -> tuple[Severity, float]:
        words = [severity.value for severity in Severity]
        severity = table.get("severity", Severity.NOTICE.value)
        if severity not in words:
            raise self.fault(f"{name}: severity is one of {', '.join(words)}")
        timeout = table.get("timeout", TIMEOUT_S)
        if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= 120:
            raise self.fault(f"{name}: timeout is a number of seconds, at most 120")
        return Severity(severity), float(timeout)

    def url(self, table: Mapping[str, Any], name: str) -> str:
        url = self.secret(table, "url", name)
        if url is None or "://" not in url:
            raise self.fault(f"{name}: a url is missing", "such as msteams://... or https://...")
        parts = urlsplit(url)
        self.keep(unquote(parts.password or ""), parts.password or "", *parts.path.split("/"), parts.query)
        return url

    def secret(self, table: Mapping[str, Any], key: str, name: str) -> str | None:
        text = self.text(table, key, name)
        if text is not None:
            self.keep(text, quote(text, safe=""))
        return text

    def text(self, table: Mapping[str, Any], key: str, name: str) -> str | None:
        value = table.get(key)
        if value is not None and (not isinstance(value, str) or not value.isprintable() or not value):
            raise self.fault(f"{name}: {key} is a text on one line")
        return None if value is None else _IN_ENVIRONMENT.sub(lambda found: self.variable(found[1], name), value)

    def variable(self, variable: str, name: str) -> str:
        value = self.environment.get(variable)
        if not value:
            raise self.fault(f"{name}: the environment variable {variable} is not set")
        self.keep(value)
        return value

    def keep(self, *secrets: str) -> None:
        self.secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)

    def insist_on_keys(self, table: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
                raise self.fault(f"{what} has no key {key!r}", hint)

    def fault(self, message: str, hint: str | None = None) -> BadInput:
        return BadInput(message, where=str(self.path), hint=hint)

"""Sending one message through one channel: Apprise for people, signed JSON over HTTP for other programs.

Both wait for the network, so they are called on the threads of `warroom.alerts.lanes`. What goes wrong is told in words
in which no secret is left.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from warroom.alerts.channels import Channel, Channels, Webhook
from warroom.rules.owed import MAIL
from warroom.vocabulary.addresses import mail_address
from warroom.vocabulary.words import Severity

KEY_HEADER = "Idempotency-Key"
SIGNATURE_HEADER = "X-Warroom-Signature"
TIME_HEADER = "X-Warroom-Time"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        key: the same each time it is tried.
        to: the name of a channel or a mail address.
        document: what a webhook is sent instead of subject and body.
    """

    key: str
    to: str
    subject: str
    body: str
    severity: Severity
    document: Mapping[str, Any] | None = None


class NotSent(Exception):
    """A message was not sent; the text says why, without secrets.

    Attributes:
        for_good: it is no use to try again.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


def send(channels: Channels, channel: Channel | Webhook, message: Message, now: datetime) -> None:
    """Send a message, and come back when the channel has taken it.

    Raises:
        NotSent: it has not, or it is not known whether it has.
    """
    try:
        if isinstance(channel, Webhook):
            _post(channel, message, now)
        else:
            _notify(channel, message)
    except NotSent as error:
        raise NotSent(channels.scrub(str(error)), for_good=error.for_good) from None
    except Exception as error:  # whatever a library could not foresee; its traceback might show secrets
        raise NotSent(channels.scrub(f"{type(error).__name__}: {error}")) from None


def _notify(channel: Channel, message: Message) -> None:
    import apprise  # a quarter of a second, and most processes never send

    # It says at its lowest level only why a channel could not be reached. That may name what is secret, so it goes
    # nowhere but to us.
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # else Python itself would write to the terminal
    url = channel.url
    if channel.name == MAIL and mail_address(message.to) is None:
        raise NotSent(f"{MAIL} needs an address, such as name@example.org", for_good=True)
    if (address := mail_address(message.to)) is not None:
        url += f"&to={quote(address, safe='')}&+{KEY_HEADER}={message.key}"
    url += f"{'&' if '?' in url else '?'}cto={channel.timeout_s:g}&rto={channel.timeout_s:g}"
    plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        raise NotSent("its url is none that Apprise understands", for_good=True)
    kind = {Severity.CRITICAL: apprise.NotifyType.FAILURE, Severity.WARNING: apprise.NotifyType.WARNING}
    sender = apprise.Apprise()
    sender.add(plugin)
    reasons: list[str] = []
    sent = sender.notify(
        title=message.subject,
        body=message.body,
        notify_type=kind.get(message.severity, apprise.NotifyType.INFO),
        body_format=apprise.NotifyFormat.TEXT,
        log_callback=lambda entry, _: reasons.append(entry.message),
        log_level=logging.DEBUG,
    )
    if not sent:
        raise NotSent(_reason(reasons))


def _reason(said: list[str]) -> str:
    """What of all that Apprise says about a failure tells why."""
    telling = [line for line in said if "xception" in line] or [
        line for line in said if "rror" in line or "ail" in line
    ]
    return telling[-1] if telling else "the channel refused it"


class _NoRedirect(HTTPRedirectHandler):
    """What is signed for one place goes to no other."""

    def redirect_request(self, *_: Any) -> None:
        """None means no."""


def _post(webhook: Webhook, message: Message, now: datetime) -> None:
    body = json.dumps(message.document, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "warroom",
        KEY_HEADER: message.key,
        TIME_HEADER: stamp,
        SIGNATURE_HEADER: f"sha256={signature(webhook.secret, stamp, body)}",
    }
    request = Request(webhook.url, data=body, headers=headers, method="POST")
    try:
        with build_opener(_NoRedirect).open(request, timeout=webhook.timeout_s):
            return
    except HTTPError as error:
        with error:
            raise NotSent(f"it answered {error.code} {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise NotSent(str(getattr(error, "reason", "") or str(error) or type(error).__name__)) from None


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA-256, in hex, of the time in the header, a full stop and the body."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()

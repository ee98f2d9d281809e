"""What belongs to the whole programme: its name, its people, and parties outside."""

from __future__ import annotations

from sqlmodel import Field

from warroom.model.row import Row, long_text, texts


class Programme(Row):
    """The one programme of a state file. `timezone` is the IANA zone in which times are shown and typed."""

    __tablename__ = "programme"
    key: str
    name: str
    platform: str | None = None
    variant: str | None = None
    timezone: str


class Person(Row):
    """Somebody who takes part.

    Attributes:
        login: the account name that is theirs.
        roles: words of `Role`, such as "lead".
        calendar: key of the calendar by which they work; None: round the clock.
        notify: names of channels and mail addresses for alerts.
        quiet: hours in their zone in which only critical alerts are sent, such as "22:00-06:00".
    """

    __tablename__ = "person"
    handle: str = Field(unique=True)
    name: str
    company: str | None = None
    phone: str | None = None
    timezone: str | None = None
    login: str | None = None
    title: str | None = None
    calendar: str | None = None
    roles: tuple[str, ...] = texts()
    notify: tuple[str, ...] = texts()
    quiet: str | None = None


class PersonKey(Row):
    """A public key by which the server knows a person (`warroom.vocabulary.public_key`).

    Attributes:
        fingerprint: as OpenSSH shows it, "SHA256:...".
        line: the key as OpenSSH writes it, without the comment.
        comment: what the key's own line said of it.
    """

    __tablename__ = "person_key"
    person_id: int = Field(foreign_key="person.id")
    fingerprint: str = Field(unique=True)
    line: str = long_text()
    comment: str | None = None


class Party(Row):
    """A company, a vendor or a desk that takes part without a log-in.

    Attributes:
        contact: whom to ask for there.
        contact_id: the one of the people through whom it owns tasks, if there is one.
    """

    __tablename__ = "party"
    key: str = Field(unique=True)
    name: str
    phone: str | None = None
    contact: str | None = None
    contact_id: int | None = Field(default=None, foreign_key="person.id")


class Document(Row):
    """A large document (a runbook, a file), kept once by its content in the table `content`.

    Attributes:
        sha256: of its bytes, in hex.
        size_bytes: how long it is, where that was noted.
        kept: False: only referred to; its bytes are elsewhere, and the hash tells whether they are still the same.
    """

    __tablename__ = "document"
    name: str
    media_type: str
    sha256: str
    size_bytes: int | None = None
    kept: bool = True
    note: str | None = long_text(default=None)

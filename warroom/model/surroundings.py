"""What surrounds the tasks of a plan: entities, environments, the rota, calls, communications, silenced rules."""

from __future__ import annotations

from sqlmodel import Field

from warroom.model.row import BookRow, long_text, texts, word
from warroom.vocabulary.words import Notice


class Entity(BookRow):
    """A company, a country or a site that tasks, gates and controls belong to."""

    __tablename__ = "entity"
    key: str
    name: str
    position: int


class Environment(BookRow):
    """Where tasks are done. Rehearsals may use a production one only if `rehearsal_approval` says who approved it."""

    __tablename__ = "environment"
    key: str
    name: str
    position: int
    url: str | None = long_text(default=None)
    production: bool = False
    rehearsal_approval: str | None = long_text(default=None)


class RotaShift(BookRow):
    """Who has a role from when to when, in seconds from the window start."""

    __tablename__ = "rota_shift"
    role: str
    position: int
    person_id: int = Field(foreign_key="person.id")
    from_s: int
    to_s: int


class Bridge(BookRow):
    """Where everybody meets during the cutover."""

    __tablename__ = "bridge"
    name: str
    url: str | None = long_text(default=None)
    phone: str | None = None
    pin: str | None = None


class Call(BookRow):
    """A call of the call sheet, at `at_s` from the window start, and every `every_s` until `until_s` if repeated.

    `who` are handles of people and keys of parties.
    """

    __tablename__ = "call_sheet"
    position: int
    title: str
    at_s: int
    every_s: int | None = None
    until_s: int | None = None
    duration_s: int | None = None
    who: tuple[str, ...] = texts()
    agenda: str | None = long_text(default=None)


class Communication(BookRow):
    """A text for an audience, with placeholders in braces; a task of kind communication sends it.

    Attributes:
        external: somebody outside the house is told.
        to: names of channels and mail addresses to which it is sent; none: it is sent by hand.
        when_s: when it is due, seconds from the window start; repeated every `every_s` until `until_s`.
    """

    __tablename__ = "communication"
    key: str
    position: int
    title: str
    notice: Notice = word(Notice, default=Notice.OTHER)
    audience: tuple[str, ...] = texts()
    external: bool = False
    channel: str | None = None
    to: tuple[str, ...] = texts()
    subject: str | None = None
    text: str = long_text()
    when_s: int | None = None
    every_s: int | None = None
    until_s: int | None = None
    approver_id: int | None = Field(default=None, foreign_key="person.id")


class Silence(BookRow):
    """A rule of the lint that says nothing about this plan, or about one ref or key in it, and why."""

    __tablename__ = "silence"
    position: int
    rule: str
    place: str | None = None
    reason: str = long_text()

"""Short notation for the hand-worked networks of the schedule tests."""

from __future__ import annotations

import re

from warroom.schedule.network import Activity, Link, Network
from warroom.vocabulary.words import LinkType


def links(text: str) -> list[Link]:
    """Links from text: `links("A>B B>C+10 B>D:SS-5")`, lags in seconds."""
    found = []
    for word in text.split():
        match = re.fullmatch(r"(\w+)>(\w+?)(?::(FS|SS|FF|SF))?([+-]\d+)?", word)
        assert match is not None, word
        found.append(Link(match[1], match[2], int(match[4] or 0), LinkType(match[3] or "FS")))
    return found


def network(text: str, *activities: Activity, **durations: int) -> Network:
    """A network from its links and from activities, or from the durations of merely open ones."""
    opened = [Activity(key, duration) for key, duration in durations.items()]
    return Network([*activities, *opened], links(text))

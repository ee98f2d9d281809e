"""Whether a text is meant by what somebody types: all its words must be found, whole, in part or letter by letter."""

from __future__ import annotations

FUZZY_LENGTH = 80
"""Only in texts up to so many characters are letters looked for one by one: in longer ones they are always found."""

APART = 2
"""Letters that stand for a word lie in so many times its length."""

_BEGIN, _INSIDE, _LETTERS = 3.0, 2.0, 1.0


def score(query: str, text: str) -> float | None:
    """How well `query` fits `text`, without regard to case: the more the better; None where a word is not found.

    A word counts most at the begin of a word of the text, less inside one, least where only its letters stand in this
    order, and then the less the farther they are apart. Among texts that fit alike the shorter one is better.
    """
    words, folded = query.casefold().split(), text.casefold()
    if not words:
        return None
    total = 0.0
    for word in words:
        found = _word(word, folded)
        if found is None:
            return None
        total += found
    return total / len(words) + 1 / (2 + len(folded))


def _word(word: str, text: str) -> float | None:
    at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        following = text.find(word, at + 1)
        if following < 0:
            return _INSIDE
        at = following
    if at >= 0:
        return _BEGIN
    return None if len(text) > FUZZY_LENGTH or len(word) < 2 else _letters(word, text)


def _letters(word: str, text: str) -> float | None:
    """The letters in their order: 1 where they stand side by side, less for every character between them."""
    best: float | None = None
    first = text.find(word[0])
    while first >= 0:
        at = first
        for letter in word[1:]:
            at = text.find(letter, at + 1)
            if at < 0:
                return best  # nor is it found from any later begin
        length = at - first + 1
        if length <= APART * len(word):
            best = max(best or 0.0, _LETTERS * len(word) / length)
        first = text.find(word[0], first + 1)
    return best

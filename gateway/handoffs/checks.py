"""What an agent may not write: templates, secret links, more than a channel carries, debts."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from channels.clean import clean
from channels.fit import fit
from domain.messages import LINK_MARK, LONGEST
from domain.values import ChannelKind, Money
from nlu.amounts import find_amounts
from nlu.normalise import plain
from nlu.numerals import figures

CLOSING = 200
"""Characters of a message that are left for the closing line."""
MOST_SEGMENTS = 10

_VARIABLE = re.compile(r"\{\{?[^{}\n]{0,80}\}|\{%|\$\{|<%|%\(\w+\)|\[\[")
_SPACES = re.compile(r"[^\S\n]")
_THOUSANDS = re.compile(r"(?<=\d)[,.'’\s](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"(?<!\d)(?:0|[1-9]\d*)(?:[.,]\d{1,2}(?!\d))?")


class Unwritable(Exception):
    """A text that must not go out; the message says why, and what to write instead."""


def written(text: str, channel: ChannelKind) -> str:
    """The text as it may go out on `channel`. Raises Unwritable."""
    words = _SPACES.sub(" ", clean(text).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise Unwritable("the text is empty")
    if LINK_MARK in words:
        raise Unwritable("the text holds the mark of a secret link; leave it out")
    if unseen := next((c for c in words if not c.isprintable() and c not in "\n\u200d"), None):
        raise Unwritable(f"the text holds U+{ord(unseen):04X}, which nobody can read; leave it out")
    if variable := _VARIABLE.search(words):
        raise Unwritable(f"{variable[0]} is not filled in; write what it stands for")
    room = LONGEST[channel] - CLOSING
    if len(words) > room:
        raise Unwritable(
            f"the text has {len(words)} characters; {channel.value} carries {room} and the closing"
            " line"
        )
    if channel is ChannelKind.SMS and (parts := fit(words, channel).segments) > MOST_SEGMENTS:
        raise Unwritable(f"it takes {parts} text messages; at most {MOST_SEGMENTS} may follow")
    return words


def names_debt(text: str, debts: Iterable[Money]) -> bool:
    """True where the text holds an amount of a debt, in figures of any spelling or in words."""
    amounts = {debt.decimal for debt in debts if debt.minor}
    return not amounts.isdisjoint(_amounts(text))


def _amounts(text: str) -> set[Decimal]:
    folded = unicodedata.normalize("NFKC", text)
    joined = _THOUSANDS.sub("", folded)
    numbers = {
        Decimal(found.replace(",", ".")) for whole in (folded, joined)
        for found in _NUMBER.findall(whole)
    }  # fmt: skip
    said = find_amounts(figures(plain(text)))
    return numbers | {mention.amount for mention in said}

"""What the classifier sees of a text: words, pairs of words, and the letters inside words.

A text is a bag of units (words and neighbouring pairs); every unit stands for a fixed set of hashed
features, so a unit's share of every class score can be computed once and kept. Training and
answering both go through `units` and `unit_features`: they cannot drift apart.
"""

import re
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from nlu.calendar_days import MONTHS, WEEKDAYS
from nlu.lexicon import CONCEPT_OF
from nlu.numerals import TENS, UNITS

SPACE = 1 << 17
"""Number of hashed features."""

_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:[.,:/-][0-9]+)*(?:st|nd|rd|th|k)?|[$£€?!]|[^\x00-\x7f]")
MOST_TOKENS = 400
"""Words of one text that are looked at."""

_DAY_WORDS = frozenset(WEEKDAYS) - {"sat", "sun", "mon"}
_MONTH_WORDS = frozenset(MONTHS) - {"may", "mar", "march"}
_NUMBER_WORDS = (frozenset(UNITS) | frozenset(TENS) | {"hundred", "thousand"}) - {"one", "zero"}


def words_of(plain_text: str) -> list[str]:
    """Words, numbers, money signs and the marks ? ! of a plain text; other scripts by character."""
    return _TOKEN.findall(plain_text)


def units(plain_text: str) -> list[str]:
    """As `units_of`, for a text that is not in words yet."""
    return units_of(words_of(plain_text))


def units_of(text_words: list[str]) -> list[str]:
    """Each word with days, months and numbers by kind, and each pair of neighbours, once."""
    words = [_kind(word) for word in text_words[:MOST_TOKENS]]
    kinds = [CONCEPT_OF.get(word, word) for word in words]
    found = dict.fromkeys(words)
    found.update(dict.fromkeys(kinds))
    found.update(dict.fromkeys(map(" ".join, pairwise(["<", *words, ">"]))))
    if words != kinds:
        found.update(dict.fromkeys(map(" ".join, pairwise(["<", *kinds, ">"]))))
    return list(found)


@lru_cache(maxsize=16384)
def _kind(word: str) -> str:
    first = word[0]
    if "0" <= first <= "9":
        return _NUMBERS.get(word[-2:], "0" * min(len(word), 4) if "/" not in word else "0/0")
    if word in _DAY_WORDS:
        return "<day>"
    if word in _MONTH_WORDS:
        return "<month>"
    return "00" if word in _NUMBER_WORDS else word


_NUMBERS = {"st": "0th", "nd": "0th", "rd": "0th", "th": "0th"}


def unit_features(unit: str) -> list[int]:
    """The hashed features of a unit: itself and, inside a word, its runs of 3 to 5 letters."""
    found = [_hash(f"w{unit}")]
    if " " not in unit and len(unit) > 2 and unit[0] not in "<0":
        padded = f" {unit[:20]} "
        for size in (3, 4, 5):
            found += [_hash(padded[at : at + size]) for at in range(len(padded) - size + 1)]
    return found


def _hash(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass")) % SPACE

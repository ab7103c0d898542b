"""Small questions about one line: is a date in it, an address, a verb of writing."""

import re
from collections.abc import Iterable

from channels.email.quoting import words


def any_of(choices: Iterable[str]) -> str:
    """A pattern of one of these texts, the longest first."""
    return "|".join(re.escape(each) for each in sorted(set(choices), key=len, reverse=True))


def entries(table: str) -> list[str]:
    """The texts of a table that stand between bars and line ends."""
    return [entry for row in table.strip().splitlines() for entry in row.split("|") if entry]


ADDRESS = re.compile(r"[\w.\-]@[\w\-]|<mailto:|\[mailto:")
TIME = re.compile(
    r"(?<!\d)\d{1,2}\s?[:.h時时시]\s?\d{2}(?!\d)|(?<!\d)\d{1,2} ?[ap]\.?m\b", re.IGNORECASE
)
DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}(?!\d)|\d{1,4}[./\-]\s?\d{1,2}[./\-]\s?\d{2,4}(?!\d)|\d{1,2}[월月])"
)
SHORT = [each for each in words.DAYS_AND_MONTHS if len(each) < 3]
LONG = [each for each in words.DAYS_AND_MONTHS if len(each) > 2]
STEM = rf"(?:(?:{any_of(SHORT)})(?!\w)|(?:{any_of(LONG)})\w{{0,9}})"
NAMED_DAY = re.compile(
    rf"(?<!\w){STEM}\.?,?\s+\d{{1,2}}|\d{{1,2}}\.?\s(?:de\s)?{STEM}", re.IGNORECASE
)
VERB = re.compile(
    rf"(?<![\w'’])(?:{any_of(words.WROTE)})(?![\w(])|{any_of(words.WROTE_WITHIN)}", re.IGNORECASE
)
OPENER = re.compile(
    rf"\W{{0,3}}(?:(?:{any_of(words.ON)})(?!\w)[\s,.]{{0,3}}(?:\w{{1,12}}[\s,.]{{1,3}}){{0,2}}?)?"
    rf"(?:\d{{1,4}}(?:st|nd|rd|th|[年월月日])?(?![\w@])|{STEM}\W)",
    re.IGNORECASE,
)
ENDS = re.compile(r"[:：][\s*_>\u200e\u200f\ufeff]*$")
BEFORE = r"(?:you|i|we|he|she|they|your|my|du|sie|ich|wir|usted|ustedes|yo|vous|je|nous|j['’]ai)"
AFTER = r"(?:i|you|we|he|she|they|ich|sie|wir|du|usted)"
PRONOUN = re.compile(rf"(?<!\w){BEFORE}(?!\w)", re.IGNORECASE)
SUBJECT = re.compile(
    rf"(?<!\w){BEFORE}\s(?:\w+\s){{0,2}}?(?:{any_of(words.WROTE)})(?!\w)"
    rf"|(?<!\w)(?:{any_of(words.WROTE)})\s{AFTER}(?!\w)|^\W{{0,3}}{BEFORE}(?!\w)",
    re.IGNORECASE,
)
"""A verb of writing with "I", "you" or "we": a person tells of a mail, no program does."""


def dated(text: str) -> bool:
    """A year, a date in digits, a day with its month, or a time of day."""
    return bool(DAY.search(text) or TIME.search(text) or NAMED_DAY.search(text))


def addressed(text: str) -> bool:
    """An email address is in it."""
    return ADDRESS.search(text) is not None

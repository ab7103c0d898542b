"""What only the right party may read, and how it is found in a text however it is written."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache

from msgspec import Struct

from compliance.figures import Amounts, amounts, days
from compliance.reading import Read, fold, read
from domain.values import Money

NEARLY_HALF_A_YEAR = 183
LONG_ENOUGH = 9
"""So many letters in a row are a name even without the spaces between its words."""
COMPANY = frozenset(
    "ag co company corp corporation gmbh inc incorporated limited llc llp lp ltd na plc sa".split()
)
"""What a company's name may end with, and people leave out."""
TITLES = "mr mrs ms miss mx dr sr sra srta senor senora senorita".split()


class SecretAmount(Struct, frozen=True):
    """Money of the account. `what` names it in a verdict, as in the other kinds."""

    what: str
    money: Money


class SecretDay(Struct, frozen=True):
    """A date. `dated`: it is only told by one that has its year."""

    what: str
    day: date
    dated: bool = False


class SecretWords(Struct, frozen=True):
    """A creditor's or a product's name, whole words in their order."""

    what: str
    words: str


class SecretName(Struct, frozen=True):
    what: str
    first: str
    last: str


class SecretCode(Struct, frozen=True):
    """Letters and figures, with or without spaces and hyphens: a postcode, an account's number."""

    what: str
    code: str


Secret = SecretAmount | SecretDay | SecretWords | SecretName | SecretCode


def named(text: Read, secrets: Sequence[Secret], today: date) -> list[Secret]:
    """Those that the text tells its reader. A date without its year is the one nearest `today`."""
    told = _Told(text, today)
    return [secret for secret in secrets if told.tells(secret)]


def released(secrets: Sequence[Secret], own: Read, days_own: frozenset[date],
             money_own: frozenset[Money], today: date) -> tuple[Secret, ...]:  # fmt: skip
    """The secrets that remain: amounts and days which the customer wrote, or which stand in what
    was agreed with them, may be repeated to them."""
    told = _Told(own, today)

    def is_theirs(secret: Secret) -> bool:
        match secret:
            case SecretAmount(money=money):
                return money in money_own or told.amounts(money.currency).tell_exactly(money)
            case SecretDay(day=day, dated=False):
                return day in days_own or told.tells(secret)
        return False

    return tuple(secret for secret in secrets if not is_theirs(secret))


def without_brand(secrets: Iterable[Secret], brand: str, today: date) -> tuple[Secret, ...]:
    """The sender must name itself, even where it is the creditor or its number has such figures.
    `brand` is its name, phone and website."""
    told = _brand(brand, today)
    return tuple(
        secret
        for secret in secrets
        if isinstance(secret, SecretName | SecretCode | SecretDay) or not told.tells(secret)
    )


@lru_cache(maxsize=256)
def _brand(brand: str, today: date) -> "_Told":
    return _Told(read(brand), today)


class _Told:
    """What a text tells, each part of it found when it is first asked about."""

    def __init__(self, text: Read, today: date) -> None:
        self._text = text
        self._today = today
        self._amounts: dict[str, Amounts] = {}

    def tells(self, secret: Secret) -> bool:
        match secret:
            case SecretAmount(money=money):
                return bool(self._text.figured) and self.amounts(money.currency).tell(money)
            case SecretDay(day=day, dated=dated):
                return self._day(day, dated)
            case SecretWords(words=words):
                return any(map(self._has, _spellings(words)))
            case SecretName(first=first, last=last):
                return self._holds(_plain(last)) and any(map(self._has, _names(first, last)))
            case SecretCode(code=code):
                return self._holds(_plain(code)) and self._code(code)

    def amounts(self, currency: str) -> Amounts:
        if currency not in self._amounts:
            self._amounts[currency] = amounts(self._text, currency)
        return self._amounts[currency]

    def _code(self, code: str) -> bool:
        pattern = _code(code)
        return pattern is not None and any(map(pattern.search, self._text.views))

    def _holds(self, squeezed: str) -> bool:
        return squeezed in self._text.squeezed

    @cached_property
    def _days(self) -> frozenset[tuple[int | None, int, int]]:
        return days(self._text)

    def _day(self, day: date, dated: bool) -> bool:
        if not self._text.figured:
            return False
        years: list[int | None] = [day.year, day.year % 100]
        if not dated and abs((day - self._today).days) <= NEARLY_HALF_A_YEAR:
            years.append(None)
        return any((year, day.month, day.day) in self._days for year in years)

    def _has(self, spelling: str) -> bool:
        squeezed = spelling.replace(" ", "")
        if not self._holds(squeezed):
            return False
        return len(squeezed) >= LONG_ENOUGH or any(
            f" {spelling} " in words for words in self._text.words
        )


_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16_384)
def _plain(name: str) -> str:
    return "".join(_WORD.findall(fold(name)))


@lru_cache(maxsize=16_384)
def _spellings(name: str) -> tuple[str, ...]:
    """A name as words, whole and without what companies end with; none for a single letter."""
    words = _WORD.findall(fold(name))
    found = [" ".join(words)]
    while len(words) > 1 and (words[-1] in COMPANY or len(words[-1]) == 1):
        words = words[:-1]
        found.append(" ".join(words))
    return tuple(dict.fromkeys(each for each in found if len(each) > 1))


@lru_cache(maxsize=16_384)
def _names(first: str, last: str) -> tuple[str, ...]:
    """Both names in either order, and the last one after a title.

    Either name alone is left: too many of them are common words, such as Will, Price or Day.
    """
    given, family = _WORD.findall(fold(first)), _WORD.findall(fold(last))
    if not family:
        return ()
    surname = " ".join(family)
    found = [f"{title} {surname}" for title in TITLES]
    for name in _forms(given):
        found += [f"{name} {surname}", f"{surname} {name}"]
    return tuple(dict.fromkeys(found))


def _forms(given: Sequence[str]) -> Iterator[str]:
    """All of them, the first alone, and the first with what the others begin with."""
    if given:
        yield " ".join(given)
        yield given[0]
        yield " ".join((given[0], *(each[0] for each in given[1:])))


@lru_cache(maxsize=16_384)
def _code(code: str) -> re.Pattern[str] | None:
    plain = _plain(code)
    if len(plain) < 4:
        return None
    spaced = r"[\s.\-]*".join(map(re.escape, plain))
    return re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])(?![.,]\d)")

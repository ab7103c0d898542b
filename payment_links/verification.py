"""Proof of who is there: two facts that the host placed, compared without saying which is wrong.

Five failures lock the account's pages for 24 hours. Everything is compared in full and in
constant time, so that neither the answer nor its delay tells a guesser which fact was right.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.values import Invalid
from payment_links.tokens import same_secret

FAILURES = 5
LOCK = 24 * 3_600_000_000  # microseconds


class Fact(StrEnum):
    DATE_OF_BIRTH = "date_of_birth"
    POSTCODE = "postcode"
    LAST_FOUR = "last_four"


ORDER = (Fact.DATE_OF_BIRTH, Fact.POSTCODE, Fact.LAST_FOUR)
"""Which facts are asked first where a client names no others."""

Known = Mapping[Fact, str]
"""Facts in their normal form, as `known` and the parsers below make them."""


def known(
    *, date_of_birth: str | None, postcode: str | None, account_ref: str | None
) -> dict[Fact, str]:
    """What is known of an account. A value that can't be a fact counts as unknown."""
    found: dict[Fact, str] = {}
    try:
        if date_of_birth:
            found[Fact.DATE_OF_BIRTH] = date.fromisoformat(date_of_birth).isoformat()
    except ValueError:
        pass  # fail closed: nobody can match a date that is none
    code = _alphanumeric(postcode or "")
    if _is_postcode(code):
        found[Fact.POSTCODE] = _zip5(code)
    ref = _alphanumeric(account_ref or "")
    if len(ref) >= 4:
        found[Fact.LAST_FOUR] = ref[-4:]
    return found


def asked(facts: Known, order: Sequence[Fact] = ORDER) -> tuple[Fact, Fact] | None:
    """The two facts to ask for; None where fewer are known, and then nobody gets in."""
    match [fact for fact in order if fact in facts]:
        case [first, second, *_]:
            return first, second
        case _:
            return None


def matches(facts: Known, given: Known, wanted: tuple[Fact, Fact]) -> bool:
    """Whether both facts are right; always compares both."""
    first, second = (
        same_secret(facts.get(fact, ""), given.get(fact, "")) and bool(facts.get(fact))
        for fact in wanted
    )
    return first & second


def parse_date(day: str, month: str, year: str) -> str:
    """A date from its three fields, in ISO form. Raises Invalid, which says: missing, unreal or
    short_year.

    Months may be named. A month above 12 beside a day that is none is taken for the day: people
    write in the order they are used to.
    """
    if not (day.strip() and month.strip() and year.strip()):
        raise Invalid("missing")
    days, months, years = _number(day), _month(month), _number(year)
    if days is None or months is None or years is None:
        raise Invalid("unreal")
    if years < 100:
        raise Invalid("short_year")
    if months > 12 >= days:
        days, months = months, days
    try:
        return date(years, months, days).isoformat()
    except (ValueError, OverflowError):
        raise Invalid("unreal") from None


def parse_postcode(typed: str) -> str:
    """Spaces, case and the four digits after a ZIP code make no difference.

    Raises Invalid, which says: missing or unreal.
    """
    code = _alphanumeric(typed)
    if not code:
        raise Invalid("missing")
    if not _is_postcode(code):
        raise Invalid("unreal")
    return _zip5(code)


def parse_last_four(typed: str) -> str:
    """Four letters or digits. Raises Invalid, which says: missing or length."""
    last = _alphanumeric(typed)
    if not last:
        raise Invalid("missing")
    if len(last) != 4:
        raise Invalid("length")
    return last


def _alphanumeric(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _is_postcode(code: str) -> bool:
    return 3 <= len(code) <= 10 and code.isascii()


def _zip5(code: str) -> str:
    return code[:5] if len(code) == 9 and code.isdecimal() else code


def _number(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    return int(plain) if plain.isdecimal() and len(plain) <= 4 else None


_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


def _month(text: str) -> int | None:
    word = unicodedata.normalize("NFKC", text).strip().lower().rstrip(".")
    if len(word) >= 3:
        named = [place for place, name in enumerate(_MONTHS, 1) if name.startswith(word)]
        if named or word == "sept":
            return named[0] if named else 9
    return _number(text)


@dataclass(frozen=True, slots=True)
class Tries:
    """Failures on one account since the last success; instants in microseconds."""

    failures: int = 0
    locked_until: int | None = None

    def locked(self, now: int) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def failed(self, now: int) -> "Tries":
        """After one more failure; a lock that has run out starts the count again."""
        count = 1 if self.locked_until is not None else self.failures + 1
        return Tries(count, now + LOCK if count >= FAILURES else None)

"""Facts found in texts: in whatever way they are written, and only where they are."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from babel.numbers import format_currency
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.reading import fold, read, visible
from compliance.secrets import (
    Secret,
    SecretAmount,
    SecretCode,
    SecretDay,
    SecretName,
    SecretWords,
    named,
    released,
    without_brand,
)
from domain.values import Money

TODAY = date(2026, 11, 24)
LOCALES = ("en_US", "en_GB", "es_US", "es", "de", "fr", "pl", "pt")


def tells(secret: Secret, *parts: str) -> bool:
    return named(read(*parts), [secret], TODAY) == [secret]


def owed(minor: int, currency: str = "USD") -> SecretAmount:
    return SecretAmount("the balance", Money(minor, currency))


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 99_999_999),
    st.sampled_from(["USD", "GBP", "EUR"]),
    st.sampled_from(LOCALES),
    st.sampled_from(["You owe {}.", "({})", "{} is due", "x{}y", "a\n{}\nb", "pay {} 3 times"]),
)
def test_an_amount_is_found_as_every_locale_writes_it(
    minor: int, currency: str, locale: str, around: str
) -> None:
    money = Money(minor, currency)
    written = format_currency(money.decimal, currency, locale=locale)
    assert tells(owed(minor, currency), around.format(written))
    assert tells(owed(minor, currency), "x", None, f"<i>{written[:2]}</i>{written[2:]}")


@settings(max_examples=60, deadline=None)
@given(st.integers(1_000, 9_999_999), st.lists(st.sampled_from(["", " ", "\u200b", "\u2009"])))
def test_figures_that_are_taken_apart_are_put_together(minor: int, gaps: list[str]) -> None:
    figures = str(Money(minor, "USD").decimal)
    between = [*gaps, *[""] * len(figures)]
    spread = "".join(char + gap for char, gap in zip(figures, between, strict=False))
    assert tells(owed(minor), f"You owe ${spread} now.")


@settings(max_examples=60, deadline=None)
@given(st.integers(10_000, 9_999_999), st.integers(10_000, 9_999_999))
def test_another_amount_is_not_it(minor: int, other: int) -> None:
    if minor // 100 in (other // 100, other // 100 + 1) or other // 100 == minor // 100 + 1:
        return
    written = format_currency(Money(other, "USD").decimal, "USD", locale="en_US")
    assert not tells(owed(minor), f"You named {written}.")


@pytest.mark.parametrize(
    "text",
    [
        "call 400-123-4567", "+1 800 400 0100", "ref #400", "4000", "https://x.example/p/a400b",
        "at 4:00", "14.000", "v4.00.1",
    ],
)  # fmt: skip
def test_figures_of_something_else_are_none(text: str) -> None:
    assert not tells(owed(40_000), text)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(-150, 150),
    st.sampled_from(LOCALES),
    st.sampled_from(["full", "long", "medium", "EEEE, MMMM d", "d MMM", "d MMMM", "MMM d y"]),
)
def test_a_date_is_found_as_every_locale_writes_it(days: int, locale: str, how: str) -> None:
    day = TODAY + timedelta(days)
    secret = SecretDay("the due date", day)
    assert tells(secret, f"It was due on {format_date(day, how, locale=locale)}.")
    for other in (day + timedelta(1), day - timedelta(40)):
        assert not tells(secret, f"It is {format_date(other, how, locale=locale)}.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11/27", True), ("27/11/2026", True), ("2026-11-27", True), ("11/27/26", True),
        ("27.11.2026", True), ("20261127", True), ("27th of November", True),
        ("the 27 N\u200bov", True), ("2\uff17 nov", True), ("November 2", False),
        ("Nov 27, 2025", False), ("november 270", False), ("1127", False),
    ],
)  # fmt: skip
def test_a_date_in_figures(text: str, found: bool) -> None:
    assert tells(SecretDay("the due date", date(2026, 11, 27)), text) is found


def test_a_birthday_needs_its_year() -> None:
    born = SecretDay("the date of birth", date(1980, 11, 27), dated=True)
    assert not tells(born, "You will pay on Friday, November 27.")
    for text in ("November 27, 1980", "11/27/80", "27.11.1980"):
        assert tells(born, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Sample", True), ("SAMPLE, ADA", True), ("Mr Sample", True), ("Ada M. Sample", True),
        ("\u0410da S\u0430mple", True), ("A d a S a m p l e", True), ("a\u0301da sample", True),
        ("adasample", True), ("a sample of Ada", False), ("Hello Ada", False), ("sample", False),
    ],
)  # fmt: skip
def test_a_full_name(text: str, found: bool) -> None:
    assert tells(SecretName("the name", "Ada María", "Sámple"), text) is found


@pytest.mark.parametrize("last", ["Day", "Price", "Best", "Will", "Now"])
def test_a_name_that_is_a_word_stops_no_usual_text(last: str) -> None:
    text = "What day can you pay the best price? We will reply now."
    assert not tells(SecretName("the name", "Will", last), text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Old Shop", True), ("OLD\u00a0SHOP", True), ("oldshop.example", False),
        ("old shops", False),
        ("an old, dear shop", False), ("https://x.example/?c=old%20shop", True),
    ],
)  # fmt: skip
def test_a_creditor(text: str, found: bool) -> None:
    assert tells(SecretWords("the creditor", "Old Shop Ltd."), text) is found


@pytest.mark.parametrize("text", ["SW1A 1AA", "sw1a1aa", "S W 1 A-1AA", "sw1a\u200b1aa"])
def test_a_postcode(text: str) -> None:
    assert tells(SecretCode("the postcode", "SW1A 1AA"), f"At {text}.")
    assert not tells(SecretCode("the postcode", "SW1A 1AB"), f"At {text}.")


def test_what_is_short_is_not_looked_for() -> None:
    assert not tells(SecretWords("the creditor", "3"), "3 Talk to a person")
    assert not tells(SecretCode("a number", "A-1"), "a1 a-1")
    assert not tells(owed(0), "0.00")


def test_the_customers_own_are_released_exactly() -> None:
    secrets = (
        owed(43_219),
        SecretDay("due", date(2026, 12, 4)),
        SecretDay("born", date(1980, 5, 3), dated=True),
        SecretWords("the creditor", "Zebra Bank"),
    )
    none: tuple[frozenset[date], frozenset[Money]] = (frozenset(), frozenset())
    wrote = read("I was born 5/3/1980, owe Zebra Bank 432,19 and pay on dec 4")
    assert released(secrets, wrote, *none, TODAY) == secrets[2:]
    rounded = read("about $432 then")
    assert released(secrets, rounded, *none, TODAY) == secrets
    agreed = frozenset({date(2026, 12, 4)}), frozenset({Money(43_219, "USD")})
    assert released(secrets, read(""), *agreed, TODAY) == secrets[2:]
    pounds = frozenset({Money(43_219, "GBP")})
    assert released(secrets, read(""), frozenset(), pounds, TODAY) == secrets


def test_the_brand_is_no_secret() -> None:
    secrets = (SecretWords("the creditor", "Harbor"), SecretWords("the creditor", "Harbor Bank"))
    assert without_brand(secrets, "Harbor Recovery", TODAY) == secrets[1:]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>a</p><p>b</p>", "a b"), ("4<b>3</b>2", "432"), ("<!-- x -->y", "y"),
        ("<style>x</style>y", "y"), ("a&nbsp;b &amp; c", "a b & c"), ("a<br/>b", "a b"), ("<", ""),
    ],
)  # fmt: skip
def test_html_as_it_is_shown(html: str, shown: str) -> None:
    assert visible(html) == shown


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read(text: str, subject: str, html: str) -> None:
    secrets = [owed(43_219), SecretDay("due", date(2026, 12, 4)), SecretName("n", "Ada", "Sample")]
    named(read(text, subject, html), secrets, TODAY)
    assert fold(fold(text)) == fold(text) or not text.isascii()


@pytest.mark.parametrize("text", ["1 " * 30_000, "<" * 60_000, "o" * 60_000 + "1", "l1 " * 20_000])
def test_a_text_made_to_take_long_is_not_looked_through(text: str) -> None:
    """Or is short work."""
    long = read(text, None, text)
    assert long.is_overlong or named(long, [owed(43_219)], TODAY) == []

"""What samples show, and what they hide."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.replay.masking import LONGEST, Mask, shown_in
from gateway.replay.rows import Record
from tests.pipeline.world import HARBOR


def record(**more: Any) -> Record:
    customer = {
        "id": "1", "ref": "CUST-7", "first_name": "Ada", "last_name": "O'Neil",
        "postcode": "M1 1AE", "date_of_birth": "1980-02-01",
        "details": '{"partner": "zebulon", "address": {"line": "Quay house"}}',
    } | more  # fmt: skip
    made = Record(SimpleNamespace(address="+12125550142"))
    made.customer = SimpleNamespace(**customer)
    made.accounts = [SimpleNamespace(ref="A-C-1")]
    made.addresses = ["ada@x.example", "+12125550142"]
    return made


def masked(text: str, *, by_customer: bool = True) -> str:
    return Mask(record()).over(HARBOR, frozenset()).text(text, by_customer=by_customer)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I can do $50 on Friday", "I can do $50 on Friday"),
        ("1,250.00 by 2026-11-27 or 11/27, 300 dollars", None),
        ("£12500 or 12.50 on 3/4/26", None),
        ("this is john smith, call 212-555-0199", "this is [name], call [phone]"),
        ("me llamo jose garcia", "me llamo [name]"),
        ("Ada owes, ada's, ADA", "[name] owes, [name], [name]"),
        ("My Husband Bob died", "My Husband [name] died"),
        ("m11ae or M1 1ae", "[postcode] or [postcode]"),
        ("SW1A 2AA and NY 10001", "[postcode] and NY [postcode]"),
        ("12 High Street, apt 4", "[address]"),
        ("flat 3, and P.O. Box 77", "[address], and [address]"),
        ("account 88271625, pin 90210", "account [phone], pin [number]"),
        ("ref AC-29388x1 or A-C-1 or cust-7", "ref [account] or [account] or [account]"),
        ("ADA@x.example bob@y.example", "[email] [email]"),
        ("see https://evil.example/?me=ada", "see [link]"),
        ("born 1980-02-01", "born [date of birth]"),
        ("Zebulon pays from quay house", "[address] pays from [address]"),
        ("card 4111 1111 1111 1111 ssn 078-05-1120", None),
        ("call +1 800 555 0100 or +44 7700 900123", "call +1 800 555 0100 or [phone]"),
        ("555.123.4567", "[phone]"),
        ("yes", "yes"),
        ("", ""),
    ],
)
def test_what_customers_write(text: str, shown: str | None) -> None:
    found = masked(text)
    if shown is None:  # nothing of it is hidden but cards and the like
        shown = text.replace("4111 1111 1111 1111", "[card number]")
        shown = shown.replace("078-05-1120", "[social security number]")
    assert found == shown


def test_our_own_words_stay_but_for_what_is_known() -> None:
    text = "Hi Ada, Harbor Recovery and Zebra Bank here. $50.00 on Friday, November 27?"
    assert masked(text, by_customer=False) == text.replace("Ada", "[name]")


def test_a_name_that_a_customer_gave_is_hidden_in_our_answer() -> None:
    mask = Mask(record()).over(HARBOR, frozenset())
    mask.text("my name is xanthippe", by_customer=True)
    assert mask.text("Thank you, Xanthippe", by_customer=False) == "Thank you, [name]"


def test_numbers_that_packs_publish_stay(shipped: Any) -> None:
    shown = shown_in(shipped)
    assert shown
    number = next(each for each in shown if each.isdigit())
    mask = Mask(record()).over(HARBOR, shown)
    assert mask.text(f"call {number}", by_customer=False) == f"call {number}"


@given(st.text(max_size=300), st.sampled_from(("Ada", "m1 1ae", "A-C-1", "ada@x.example")))
def test_what_is_known_never_shows(around: str, secret: str) -> None:
    found = masked(f"{around} {secret} {around}").lower()
    assert f" {secret.lower()} " not in f" {found} " or secret.lower() in around.lower()


@given(st.text(alphabet="0123456789 .-/()+", max_size=400))
def test_any_numbers_are_total(text: str) -> None:
    masked(text)


@pytest.mark.parametrize("char", ["a-", "1 ", "1.", "Ab ", "calle ", "1a/", "@.", "thanks "])
def test_long_hostile_texts_are_cut(char: str) -> None:
    assert len(masked(char * 200_000)) < 10 * LONGEST

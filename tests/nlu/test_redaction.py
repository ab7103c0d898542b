"""Numbers that must never be stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.redaction import CARD_MARK, NINO_MARK, SSN_MARK, luhn, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my card is 4242 4242 4242 4242 thanks", f"my card is {CARD_MARK} thanks"),
        ("4242424242424242", CARD_MARK),
        ("4242-4242-4242-4242 exp 04/27", f"{CARD_MARK} exp 04/27"),
        ("amex 3782 822463 10005", f"amex {CARD_MARK}"),
        ("ssn 123-45-6789", f"ssn {SSN_MARK}"),
        ("social is 123 45 6789", f"social is {SSN_MARK}"),
        ("my SSN: 123456789", f"my SSN: {SSN_MARK}"),
        ("NI AB 12 34 56 C", f"NI {NINO_MARK}"),
        ("ab123456c", NINO_MARK),
    ],
)
def test_hidden(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    ["call 07700 900123", "ref 1234567890123456", "$1,250.50 on 3/14/2026", "+1 415 555 0123",
     "000-12-3456", "0000 0000 0000 0000", "50 on friday", "", "account 123456789",
     "GB 12 34 56 A"],
)  # fmt: skip
def test_kept(text: str) -> None:
    assert redact(text) == text


@given(st.text())
def test_never_raises_and_is_idempotent(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(st.lists(st.integers(0, 9), min_size=14, max_size=15), st.sampled_from(["", " ", "-"]))
def test_any_number_that_passes_luhn_is_hidden(digits: list[int], gap: str) -> None:
    whole = next(([*digits, check] for check in range(10) if luhn([*digits, check])), None)
    if whole is not None:
        assert redact(f"pay {gap.join(map(str, whole))} now") == f"pay {CARD_MARK} now"

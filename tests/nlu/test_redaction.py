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
        ("4242 4242 4242 4242 04/27 123", f"{CARD_MARK} 04/27 123"),
        ("4242424242424242 0427 123", f"{CARD_MARK} 0427 123"),
        ("take 50 5555 5555 5555 4444 12 28", f"take 50 {CARD_MARK} 12 28"),
        ("card4242424242424242exp", f"card{CARD_MARK}exp"),
        ("4242.4242.4242.4242", CARD_MARK),
        ("4242 – 4242 – 4242 – 4242", CARD_MARK),
        ("4242\u00a04242\u200b4242\u20094242", CARD_MARK),
        ("4242 4242\n4242 4242", CARD_MARK),
        ("4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2", CARD_MARK),
        ("tarjeta ４２４２ ４２４２ ４２４２ ４２４２", f"tarjeta {CARD_MARK}"),
        ("𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐", CARD_MARK),
        ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", CARD_MARK),
        ("4242 4242 4242 4242 and 5555555555554444", f"{CARD_MARK} and {CARD_MARK}"),
        ("4242 4242 4242 4242 5555555555554444", f"{CARD_MARK} {CARD_MARK}"),
        ("amex 3782 822463 10005", f"amex {CARD_MARK}"),
        ("ssn 123-45-6789", f"ssn {SSN_MARK}"),
        ("social is 123 45 6789", f"social is {SSN_MARK}"),
        ("its 123.45.6789 ok", f"its {SSN_MARK} ok"),
        ("１２３－４５－６７８９", SSN_MARK),
        ("123 - 45 - 6789", SSN_MARK),
        ("my SSN: 123456789", f"my SSN: {SSN_MARK}"),
        ("social security number is 123 456 789", f"social security number is {SSN_MARK}"),
        ("mi seguro social es 123456789", f"mi seguro social es {SSN_MARK}"),
        ("NI AB 12 34 56 C", f"NI {NINO_MARK}"),
        ("ab123456c", NINO_MARK),
        ("AB-12-34-56-C", NINO_MARK),
        ("it's AB.12.34.56.C ok", f"it's {NINO_MARK} ok"),
        ("ＡＢ１２３４５６Ｃ", NINO_MARK),
        ("national insurance number is AB 12 34 56", f"national insurance number is {NINO_MARK}"),
    ],
)  # fmt: skip
def test_hidden(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    ["call 07700 900123", "ref 1234567890123456", "$1,250.50 on 3/14/2026", "+1 415 555 0123",
     "000-12-3456", "0000 0000 0000 0000", "50 on friday", "", "account 123456789",
     "GB 12 34 56 A", "4155550123 or 4155550199", "415 555 0123 415 555 0199",
     "07700 900123 / 07700 900456", "sort 12-34-56 acct 12345678", "0044 7700 900123",
     "i can do 100 200 300 400 500", "by 10 20 30 a month", "$150 20 2026", "2026-03-14 15:00:05",
     "+4915112345678", "20260314150005", "GB29 NWBK 6016 1331 9268 19", "zip 12345-6789",
     "１００ on ３/１４"],
)  # fmt: skip
def test_kept(text: str) -> None:
    assert redact(text) == text


def test_what_is_kept_stays_as_it_was_written() -> None:
    assert redact("Ｐａｙ ５０ – 4242424242424242 ✓") == f"Ｐａｙ ５０ – {CARD_MARK} ✓"


@given(st.text() | st.text(alphabet="0123456789 -.,abcAB４\u200b\n"))
def test_never_raises_and_is_idempotent(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(
    st.integers(3, 9),
    st.lists(st.integers(0, 9), min_size=13, max_size=14),
    st.sampled_from(["", " ", "-", ".", " - "]),
)
def test_any_number_that_passes_luhn_is_hidden(first: int, rest: list[int], gap: str) -> None:
    whole = next(
        ([first, *rest, check] for check in range(10) if luhn([first, *rest, check])), None
    )
    if whole is not None:
        assert redact(f"pay {gap.join(map(str, whole))} now") == f"pay {CARD_MARK} now"

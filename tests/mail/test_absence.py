"""Until when somebody is away, where an automatic reply says so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.absence import LONGEST, away_until

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("I am out of the office until 12 December 2026. For urgent matters call Bob.", (12, 12)),
        ("Away from December 1 to December 12, and return on Monday, December 14th.", (12, 14)),
        ("Estoy fuera de la oficina hasta el 15 de diciembre", (12, 15)),
        ("I am on annual leave, returning on the 9th of December", (12, 9)),
        ("Back tomorrow!", (12, 2)),
        ("Out of office, back 05/01/2027", None),  # May, or January
        ("I was away until 3 March 2020", None),
        ("We got your mail of 1 December (ticket 12) and look into it.", None),
        ("I will be back soon", None),
        ("", None),
    ],
)
def test_the_last_day_that_is_named(text: str, until: tuple[int, int] | None) -> None:
    found = away_until(text, TODAY, "US")
    assert found == (None if until is None else date(2026, *until))


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = away_until(f"until {text} friday", TODAY, "GB")
    assert found is None or timedelta() <= found - TODAY <= LONGEST

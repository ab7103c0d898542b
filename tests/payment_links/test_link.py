"""The life of a link, who looks at it, and how often one may try."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_links.link import LinkState, state_at
from payment_links.throttle import SlidingWindow
from payment_links.visitors import is_machine

STATES = [
    # now, expires, revoked, state
    (99, 100, None, LinkState.LIVE),
    (100, 100, None, LinkState.EXPIRED),
    (101, 100, None, LinkState.EXPIRED),
    (50, 100, 50, LinkState.REVOKED),
    (49, 100, 50, LinkState.LIVE),
    (200, 100, 50, LinkState.REVOKED),
]


@pytest.mark.parametrize(("now", "expires", "revoked", "state"), STATES)
def test_state(now: int, expires: int, revoked: int | None, state: LinkState) -> None:
    assert state_at(now, expires_at=expires, revoked_at=revoked) is state


PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
VISITORS = [
    ("GET", {"User-Agent": PHONE}, False),
    ("GET", {"User-Agent": ANDROID}, False),
    ("POST", {"User-Agent": ANDROID}, False),
    ("HEAD", {"User-Agent": PHONE}, True),
    ("GET", {}, True),
    ("GET", {"User-Agent": ""}, True),
    ("GET", {"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"}, True),
    ("GET", {"User-Agent": PHONE, "X-Moz": "prefetch"}, True),
    ("GET", {"User-Agent": "facebookexternalhit/1.1"}, True),
    ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, True),
    ("GET", {"User-Agent": "WhatsApp/2.24.1 A"}, True),
    ("GET", {"User-Agent": "python-requests/2.32"}, True),
    ("GET", {"User-Agent": "Mozilla/5.0 HeadlessChrome/131"}, True),
]


@pytest.mark.parametrize(("method", "headers", "machine"), VISITORS)
def test_visitors(method: str, headers: dict[str, str], machine: bool) -> None:
    assert is_machine(method, headers) is machine


def test_a_window_allows_its_limit_then_says_how_long_to_wait() -> None:
    window = SlidingWindow(limit=2, window=100)
    assert [window.take("a", now) for now in (0, 10, 20, 99)] == [0, 0, 80, 1]
    assert window.take("a", 100) == 0  # the first is forgotten, the second still counts
    assert window.take("a", 101) == 9
    assert window.take("b", 101) == 0


def test_what_is_refused_does_not_lengthen_the_wait() -> None:
    window = SlidingWindow(limit=1, window=100)
    window.take("a", 0)
    assert [window.take("a", 50) for _ in range(1_000)] == [50] * 1_000
    assert window.take("a", 100) == 0


@given(st.lists(st.integers(0, 50), max_size=200))
def test_never_more_than_the_limit_in_any_window(steps: list[int]) -> None:
    window, now, allowed = SlidingWindow(limit=3, window=100), 0, []
    for step in steps:
        now += step
        if window.take("k", now) == 0:
            allowed.append(now)
    for start in allowed:
        assert sum(start <= at < start + 100 for at in allowed) <= 3


def test_a_window_remembers_a_bounded_number_of_keys() -> None:
    window = SlidingWindow(limit=1, window=1_000, keys=10)
    for number in range(1_000):
        window.take(str(number), 0)
    assert window.take("999", 1) > 0  # the latest are still known
    assert window.take("0", 1) == 0  # the oldest are not

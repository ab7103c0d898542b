"""Caps: what counts, against which limit, and when exactly the next may go."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.checks import caps
from compliance.checks.case import Case
from compliance.facts import Send
from compliance.gate import judge
from compliance.rules import ContactRules
from compliance.verdict import Allowed, Deferred, Outcome, Suppressed
from domain.messages import Category
from domain.values import ChannelKind
from tests.compliance.given import NOON_NY, US, at, facts, message, minutes

SMS, EMAIL = ChannelKind.SMS, ChannelKind.EMAIL
DAY, WEEK = timedelta(days=1), timedelta(days=7)
HOUR = timedelta(hours=1)


def rules(**changes: Any) -> ContactRules:
    """Those of the US with other limits: daily_cap={"limit": 1}."""
    terms = {
        name: msgspec.structs.replace(getattr(US.terms, name), **each)
        for name, each in changes.items()
    }
    return msgspec.structs.replace(US, terms=msgspec.structs.replace(US.terms, **terms))


def sends(*hours: float, channel: ChannelKind = SMS, account: str | None = "A") -> tuple[Send, ...]:
    """So many hours ago each."""
    return tuple(Send(NOON_NY - each * HOUR, channel, account) for each in hours)


@pytest.mark.parametrize(
    ("sent", "rule", "until"),
    [
        ((), None, None),
        (sends(1), None, None),
        (sends(1, 2), "daily_cap", NOON_NY + 22 * HOUR),
        (sends(2, 1), "daily_cap", NOON_NY + 22 * HOUR),
        (sends(1, 24), None, None),  # at this very instant the older one counts no more
        (sends(1, 23.999), "daily_cap", NOON_NY + 0.001 * HOUR),
        (sends(1, 2, 3), "daily_cap", NOON_NY + 22 * HOUR),  # more than the limit, since lowered
        (sends(30, 40, 50, 60, 70, 80), None, None),
        (sends(30, 40, 50, 60, 70, 80, 90), "weekly_cap", NOON_NY + 78 * HOUR),
        (sends(30, 40, 50, 60, 70, 80, 168), None, None),
        (sends(1, 2, 50, 60, 70, 80, 90), "weekly_cap", NOON_NY + 78 * HOUR),
        (sends(-1, 1), "daily_cap", NOON_NY + 23 * HOUR),  # another process's clock is ahead
    ],
)
def test_of_a_customer(sent: tuple[Send, ...], rule: str | None, until: datetime | None) -> None:
    verdict = judge(message(), facts(sends=sent), rules(hours=ALL_HOURS), NOON_NY)
    if rule is None:
        assert isinstance(verdict, Allowed)
    else:
        assert isinstance(verdict, Deferred)
        assert (verdict.rule, verdict.until) == (rule, until)
    assert isinstance(judge(message(Category.REPLY), facts(sends=sent), US, NOON_NY), Allowed)


ALL_HOURS = {"opens": "00:00", "closes": "23:59", "shortest_validity_seconds": 2}


@pytest.mark.parametrize(
    ("account", "sent", "goes"),
    [
        ("A", sends(1), False),
        ("A", sends(1, account="B"), True),
        ("A", sends(1, account=None), False),  # it may have been about this account
        (None, sends(1, account="B"), False),  # this one may be about that account
        (None, (), True),
        ("A", sends(25), True),
    ],
)
def test_of_an_account(account: str | None, sent: tuple[Send, ...], *, goes: bool) -> None:
    strict = rules(daily_cap={"limit": 5, "per_account": 1})
    verdict = judge(message(account=account), facts(sends=sent), strict, NOON_NY)
    assert isinstance(verdict, Allowed) is goes
    if not goes:
        (why,) = (result.why for result in verdict.results if result.rule == "daily_cap")
        assert why == f"{len(sent)} sent of 1 about the account"


def test_of_a_channel() -> None:
    strict = rules(weekly_cap={"limit": 7, "per_channel": 1})
    for channel, other in ((SMS, EMAIL), (EMAIL, SMS)):
        sent = facts(sends=sends(30, channel=channel))
        assert isinstance(judge(message(channel=channel), sent, strict, NOON_NY), Deferred)
        assert isinstance(judge(message(channel=other), sent, strict, NOON_NY), Allowed)


def test_the_limit_that_frees_last_says_until_when() -> None:
    strict = rules(daily_cap={"limit": 2, "per_account": 1, "per_channel": 1})
    sent = (*sends(20, channel=EMAIL), *sends(3, account="B"))
    verdict = judge(message(account="A"), facts(sends=sent), strict, NOON_NY)
    assert isinstance(verdict, Deferred)
    assert verdict.until == NOON_NY + 21 * HOUR, "by the channel; the account frees in 4 hours"


def test_how_often_is_not_known() -> None:
    verdict = judge(message(), facts(sends=None), US, NOON_NY)
    assert isinstance(verdict, Suppressed)
    assert verdict.rule == "daily_cap"


def test_a_cap_that_ends_at_night_defers_to_the_morning() -> None:
    sent = (Send(at("2026-06-09 22:30"), SMS),) * 2
    verdict = judge(message(), facts(sends=sent), US, NOON_NY)
    assert isinstance(verdict, Deferred)
    assert (verdict.rule, verdict.until) == ("daily_cap", at("2026-06-11 08:00"))


@pytest.mark.parametrize("change", ["2026-03-08", "2026-11-01"])
def test_a_day_is_24_hours_whatever_the_clocks_do(change: str) -> None:
    once = rules(daily_cap={"limit": 1})
    sent = at(f"{change} 12:00") - DAY
    before, when = minutes(1), sent + DAY
    known = facts(sends=(Send(sent, SMS),))
    assert isinstance(judge(message(), known, once, when - before), Deferred)
    assert isinstance(judge(message(), known, once, when), Allowed)


ACCOUNTS = st.sampled_from(["A", "B", None])
SENT = st.lists(
    st.builds(
        Send,
        at=st.integers(0, 8 * 24 * 60).map(lambda ago: NOON_NY - minutes(ago)),
        channel=st.sampled_from(ChannelKind),
        account=ACCOUNTS,
    ),
    max_size=12,
).map(tuple)
LIMIT = st.integers(1, 4)


@pytest.mark.proves("daily_cap", "weekly_cap")
@given(SENT, LIMIT, st.none() | LIMIT, st.none() | LIMIT, ACCOUNTS)
def test_the_first_instant_at_which_it_frees(
    sent: tuple[Send, ...],
    limit: int,
    per_account: int | None,
    per_channel: int | None,
    account: str | None,
) -> None:
    """Counted once more by hand: at the deferral every limit has a place, just before one has
    none."""
    own = {"limit": limit, "per_account": per_account, "per_channel": per_channel}
    strict, proposed = rules(weekly_cap=own), message(account=account)

    def full(now: datetime) -> bool:
        recent = [send for send in sent if send.at > now - WEEK]
        on_it = [s for s in recent if account is None or s.account in (account, None)]
        by_it = [s for s in recent if s.channel is proposed.channel]
        counts = ((recent, limit), (on_it, per_account), (by_it, per_channel))
        return any(most is not None and len(found) >= most for found, most in counts)

    found = caps.weekly_cap(Case(proposed, facts(sends=sent), strict, NOON_NY))
    assert (found.outcome is Outcome.DEFERRED) is full(NOON_NY)
    if found.until is not None:
        assert found.until > NOON_NY
        assert full(found.until - timedelta.resolution)
        assert not full(found.until)

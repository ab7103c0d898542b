"""Holds: what each kind stops, until when it lasts, and what is not known."""

from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.facts import ActiveHold
from compliance.gate import judge
from compliance.holds import Kind, begun_again, ends, notice_period_ends, over, silences, stops
from compliance.loading import BadPack, parse_pack
from compliance.rules import ContactRules
from compliance.verdict import Allowed, Suppressed
from dialogs.effects import EFFECTS, RESTS
from domain.messages import Category
from tests.compliance.given import GB, LONDON, NOON_NY, US, facts, message, minutes

OUTREACH, REPLY, HELP, CRISIS = Category.OUTREACH, Category.REPLY, Category.HELP, Category.CRISIS
DEMAND = "demand"


def goes(rules: ContactRules, kind: str, what: str, until: datetime | None = None) -> bool:
    category = REPLY if what == DEMAND else Category(what)
    proposed = message(category, jurisdiction=rules.jurisdiction, demand=what == DEMAND)
    held = facts(holds=(ActiveHold(kind, until),), zones=(LONDON,))
    verdict = judge(proposed, held, rules, NOON_NY)
    if isinstance(verdict, Suppressed):
        assert verdict.rule == "holds"
    return isinstance(verdict, Allowed)


QUIET = {
    "dispute", "validation", "attorney", "representation", "bankruptcy", "insolvency", "deceased",
    "breathing_space", "mental_health_crisis", "debt_adviser", "fraud", "wrong_party",
    "vulnerability", "safety", "recalled",
}  # fmt: skip
PAUSED = {
    "validation_period", "complaint", "hardship", "payment_claimed", "promise", "broken_promise",
    "handoff", "paid",
}  # fmt: skip


@pytest.mark.proves("holds")
@pytest.mark.parametrize("rules", [US, GB], ids=["US", "GB"])
def test_what_goes_under_each_kind(rules: ContactRules) -> None:
    """An answer to the customer's own question may go, where a demand may not."""
    assert set(rules.terms.holds.kinds) == QUIET | PAUSED | {"cease"}
    for kind in rules.terms.holds.kinds:
        found = {what for what in ("outreach", DEMAND, "reply") if goes(rules, kind, what)}
        answers = {"reply", DEMAND} if kind in PAUSED else {"reply"} if kind in QUIET else set()
        assert found == answers, kind


@pytest.mark.parametrize("kind", ["dispute", "cease", "never heard of"])
def test_help_and_crisis_texts_go_under_any(kind: str) -> None:
    assert goes(US, kind, HELP)
    assert goes(US, kind, CRISIS)


@pytest.mark.parametrize("rules", [US, GB], ids=["US", "GB"])
def test_an_unknown_kind_stops_every_reply(rules: ContactRules) -> None:
    for what in ("outreach", DEMAND, "reply"):
        assert not goes(rules, "never heard of", what)
        assert goes(rules, "never heard of", what, until=NOON_NY - minutes(1)), "it is over"


@pytest.mark.parametrize(
    ("until", "over_"),
    [
        (NOON_NY - minutes(1), True),
        (NOON_NY, True),
        (NOON_NY + timedelta.resolution, False),
        (None, False),
    ],
)
def test_an_expired_hold_never_blocks(until: datetime | None, *, over_: bool) -> None:
    assert goes(US, "breathing_space", "outreach", until) is over_


def test_holds_that_were_not_read_allow_nothing() -> None:
    for category in (OUTREACH, REPLY):
        verdict = judge(message(category), facts(holds=None), US, NOON_NY)
        assert isinstance(verdict, Suppressed)
        assert verdict.rule == "holds"


def test_one_hold_among_expired_ones_is_enough() -> None:
    gone = ActiveHold("dispute", NOON_NY - minutes(1))
    verdict = judge(message(), facts(holds=(gone, ActiveHold("attorney"), gone)), US, NOON_NY)
    assert isinstance(verdict, Suppressed)
    assert "attorney" in next(r.why for r in verdict.results if r.rule == "holds")


@pytest.mark.parametrize("rules", [US, GB], ids=["US", "GB"])
def test_every_hold_that_a_conversation_can_make_is_known(rules: ContactRules) -> None:
    made = {effect.kind for effect in EFFECTS.values() if effect.kind} | {"wrong_party", *RESTS}
    assert made <= rules.terms.holds.kinds.keys()


@pytest.mark.parametrize("rules", [US, GB], ids=["US", "GB"])
def test_what_suspends_a_conversation_lets_no_demand_go_either(rules: ContactRules) -> None:
    kinds = rules.terms.holds.kinds
    for effect in EFFECTS.values():
        if effect.suspends and effect.kind:
            assert silences(kinds[effect.kind])
    assert silences(None)
    assert not silences(kinds["payment_claimed"])


@given(st.sampled_from(Category), st.booleans())
def test_whatever_a_stricter_kind_lets_go_a_laxer_one_does(
    category: Category, demand: bool
) -> None:
    lax = ("outreach",)
    strict = ("outreach", "demand")
    strictest = ("outreach", "demand", "reply")
    found = [stops(kind, category, demand=demand) for kind in (lax, strict, strictest, None)]
    assert found == sorted(found)


# How long

BREATHING = Kind.named("breathing_space", GB.terms.holds)
ADVISER = Kind.named("debt_adviser", GB.terms.holds)
NO_DAYS = Kind()


def local(text: str, zone: str = "Europe/London") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("kind", "started", "days", "until"),
    [
        (BREATHING, "2026-10-01T10:00", None, "2026-12-01T00:00"),  # over a change of clocks
        (BREATHING, "2026-10-01T23:59", 5, "2026-12-01T00:00"),  # the kind's own days count
        (ADVISER, "2027-01-31T09:00", None, "2027-03-03T00:00"),
        (NO_DAYS, "2026-10-01T10:00", 7, "2026-10-09T00:00"),
        (NO_DAYS, "2026-10-01T10:00", None, None),
    ],
)
def test_its_own_end(kind: Kind, started: str, days: int | None, until: str | None) -> None:
    assert ends(kind, local(started), days) == (until and local(until))


def test_days_need_a_zone() -> None:
    with pytest.raises(TypeError, match="zone"):
        ends(BREATHING, NOON_NY, None)


DAYS = st.none() | st.integers(1, 90)


@given(DAYS, DAYS, st.none() | st.integers(1, 100))
def test_begun_again_it_goes_on_to_the_later_end(
    first: int | None, second: int | None, longest: int | None
) -> None:
    kind = Kind(longest_days=longest)
    started = local("2026-03-20T10:00")
    end = None if first is None else started + timedelta(days=first)
    asked = None if second is None else started + timedelta(days=second)
    found = begun_again(kind, started, end, asked)
    most = None if longest is None else over(started.date(), longest, ZoneInfo("Europe/London"))
    if end is None:
        assert found is None, "no end is the latest"
    elif found is None:
        assert asked is None
        assert most is None
    else:
        assert found >= end, "it never gets shorter"
        assert found in (end, asked, most)
        assert most is None or found <= max(end, most)


def test_a_debt_adviser_gets_as_many_days_again_and_no_more() -> None:
    started = local("2026-06-01T10:00")
    first = ends(ADVISER, started, None)
    for day, until in (("20", "2026-07-21"), ("28", "2026-07-29")):
        asked = ends(ADVISER, local(f"2026-06-{day}T10:00"), None)
        first = begun_again(ADVISER, started, first, asked)
        assert first == local(f"{until}T00:00")
    late = ends(ADVISER, local("2026-07-28T10:00"), None)
    assert begun_again(ADVISER, started, first, late) == local("2026-08-01T00:00"), "60 days"


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        # Five business days for the post, none of them a Sunday, Saturday or federal holiday; 30.
        ("2026-06-01", "2026-07-08"),  # a Monday: received on Monday, 8 June
        ("2026-06-05", "2026-07-12"),  # a Friday: the 12th
        ("2026-06-13", "2026-07-22"),  # a Saturday before Juneteenth: the 22nd
        ("2026-11-20", "2026-12-30"),  # Thanksgiving lies between: the 30th
        ("2026-12-24", "2027-02-03"),  # Christmas and New Year: 4 January
    ],
)
def test_the_validation_period(sent: str, last: str) -> None:
    terms = US.terms.holds
    assert notice_period_ends(terms, "US", date.fromisoformat(sent)) == date.fromisoformat(last)


def test_there_is_no_such_period_elsewhere() -> None:
    assert notice_period_ends(GB.terms.holds, "GB", date(2026, 6, 1)) is None


BAD = [
    ("dispute: [outreach, demand]", "dispute: [all]", "all"),
    ("breathing_space: 60 #", "breathing_space: 0 #", "1"),
    ("mailing_days: 5", "mailing_days: few", "few|int"),
    ("longest_days:", "longest:", "longest"),
    ("      of_customer:", "      of_nobody:", "of_nobody"),
]


@pytest.mark.parametrize(("old", "new", "named"), BAD)
def test_terms_that_cannot_be_read_do_not_load(old: str, new: str, named: str) -> None:
    text = files("compliance.packs").joinpath("us.yml").read_text("utf-8")
    assert old in text
    with pytest.raises(BadPack, match=named):
        parse_pack(text.replace(old, new), "us.yml")

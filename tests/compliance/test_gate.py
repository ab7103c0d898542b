from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.checks import TABLE
from compliance.facts import ActiveHold, Consent, Facts, OptOuts, Party, Send
from compliance.gate import judge
from compliance.rules import ContactRules
from compliance.verdict import (
    Allowed,
    Deferred,
    Outcome,
    Suppressed,
    Verdict,
    decode,
    encode,
    facts_of,
    kept_version,
)
from domain.messages import Category
from domain.values import ChannelKind
from domain.windows import DAYS, Kind, windows
from tests.compliance.given import GB, LONDON, NOON_NY, US, at, facts, message, minutes

OUTREACH, REPLY = Category.OUTREACH, Category.REPLY
CONFIRMATION, HELP, CRISIS = Category.CONFIRMATION, Category.HELP, Category.CRISIS

JUST_NOW = NOON_NY - minutes(1)
DAY = timedelta(days=1)
TOO_MANY = (Send(JUST_NOW, ChannelKind.SMS),) * 9


def rule_of(verdict: Verdict) -> str | None:
    return None if isinstance(verdict, Allowed) else verdict.rule


def with_terms(rules: ContactRules, **changes: Any) -> ContactRules:
    """The same rules, with some terms of some rules changed: daily_cap={"limit": 1}."""
    terms = {
        name: msgspec.structs.replace(getattr(rules.terms, name), **each)
        for name, each in changes.items()
    }
    return msgspec.structs.replace(rules, terms=msgspec.structs.replace(rules.terms, **terms))


@pytest.mark.parametrize("category", [OUTREACH, REPLY, HELP, CRISIS])
@pytest.mark.parametrize("rules", [US, GB], ids=["US", "GB"])
def test_what_nothing_forbids_goes(category: Category, rules: ContactRules) -> None:
    zone = "America/New_York" if rules is US else LONDON
    proposed = message(category, jurisdiction=rules.jurisdiction)
    verdict = judge(proposed, facts(zones=(zone,)), rules, NOON_NY)
    assert isinstance(verdict, Allowed)
    assert [result.rule for result in verdict.results] == [name for name, _ in TABLE]
    assert {result.version for result in verdict.results} == {rules.version}


def test_each_result_says_whether_the_rule_concerned_the_message() -> None:
    outcomes = {
        result.rule: result.outcome
        for result in judge(message(REPLY), facts(), US, NOON_NY).results
    }
    assert outcomes["daily_cap"] is Outcome.EXEMPT
    assert outcomes["opt_out"] is Outcome.PASSED


# Opt-outs

SCOPES = [OptOuts(address=JUST_NOW), OptOuts(channel=JUST_NOW), OptOuts(everything=JUST_NOW)]
AFTER_AN_OPT_OUT = [
    (OUTREACH, "opt_out"),
    (REPLY, "opt_out"),
    (CONFIRMATION, None),
    (HELP, None),
    (CRISIS, None),
]


@pytest.mark.proves("opt_out")
@pytest.mark.parametrize("opt_outs", SCOPES, ids=["address", "channel", "everything"])
@pytest.mark.parametrize(("category", "refused_by"), AFTER_AN_OPT_OUT)
def test_what_may_follow_an_opt_out(
    category: Category, refused_by: str | None, opt_outs: OptOuts
) -> None:
    # The stop has just come in: a live exchange is no way around it.
    given_facts = facts(
        opt_outs=opt_outs, last_inbound_at=JUST_NOW, last_inbound_channel=ChannelKind.SMS
    )
    assert rule_of(judge(message(category), given_facts, US, NOON_NY)) == refused_by


CONFIRMATIONS = [
    ("within the five minutes", minutes(4.9), {}, None),
    ("at five minutes", minutes(5), {}, "opt_out"),
    ("a day late", minutes(1440), {}, "opt_out"),
    ("a second one", minutes(1), {"confirmation_sent": True}, "opt_out"),
    ("of nothing", None, {}, "opt_out"),
    ("in the night", minutes(1), {"zones": ()}, None),
    ("while the stop is unread", minutes(1), {"unread_inbound": True}, None),
    ("during a hold", minutes(1), {"holds": (ActiveHold("cease"),)}, None),
    ("beyond the caps", minutes(1), {"sends": TOO_MANY}, None),
    ("to an invalid address", minutes(1), {"address_valid": False}, "address"),
]


@pytest.mark.proves("opt_out")
@pytest.mark.parametrize(
    ("age", "changes", "refused_by"),
    [case[1:] for case in CONFIRMATIONS],
    ids=[case[0] for case in CONFIRMATIONS],
)
def test_the_one_confirmation(
    age: timedelta | None, changes: dict[str, Any], refused_by: str | None
) -> None:
    opt_outs = OptOuts(address=None if age is None else NOON_NY - age)
    verdict = judge(message(CONFIRMATION), facts(opt_outs=opt_outs, **changes), US, NOON_NY)
    assert rule_of(verdict) == refused_by


def test_a_confirmation_counts_from_the_latest_opt_out_and_expires_with_its_minutes() -> None:
    opt_outs = OptOuts(address=NOON_NY - minutes(9000), everything=NOON_NY - minutes(2))
    verdict = judge(message(CONFIRMATION), facts(opt_outs=opt_outs), US, NOON_NY)
    assert isinstance(verdict, Allowed)
    assert verdict.valid_for == 3 * 60 - 1


# Unread inbound


@pytest.mark.proves("unread_inbound")
@pytest.mark.parametrize("category", list(Category))
def test_only_the_unsolicited_waits_for_what_is_unread(category: Category) -> None:
    opt_outs = OptOuts(address=JUST_NOW if category is CONFIRMATION else None)
    given_facts = facts(unread_inbound=True, opt_outs=opt_outs)
    verdict = judge(message(category), given_facts, US, NOON_NY)
    if category is OUTREACH:
        assert isinstance(verdict, Deferred)
        assert (verdict.rule, verdict.until) == ("unread_inbound", NOON_NY + minutes(1))
    else:
        assert isinstance(verdict, Allowed)


# The opt-out line

LINES = [
    ("sms", "Please pay. Reply STOP to opt out", True),
    ("sms", "Text STOP2END", False),
    ("sms", "Please call us", False),
    ("sms", "We had to stop your plan", False),
    ("sms", "NONSTOP offers", False),
    ("sms", "", False),
    ("sms", "Responda STOP para no recibir más", True),
    ("email", "Click to unsubscribe.", True),
    ("email", "To opt out, reply to this mail", True),
    ("email", "Reply STOP", True),
    ("email", "Kind regards", False),
]


@pytest.mark.proves("opt_out_line")
@pytest.mark.parametrize(("channel", "text", "passes"), LINES)
def test_us_texts_carry_an_opt_out_line(channel: str, text: str, passes: bool) -> None:
    for category in (OUTREACH, REPLY):
        proposed = message(category, text=text, channel=ChannelKind(channel))
        verdict = judge(proposed, facts(), US, NOON_NY)
        assert rule_of(verdict) == (None if passes else "opt_out_line")


def test_a_channel_without_known_wording_is_refused() -> None:
    rules = with_terms(US, opt_out_line={"patterns": {}})
    assert rule_of(judge(message(), facts(), rules, NOON_NY)) == "opt_out_line"


def test_uk_texts_need_no_opt_out_line() -> None:
    proposed = message(text="Please call us", jurisdiction="GB")
    noon = at("2026-06-10 12:00", LONDON)
    assert isinstance(judge(proposed, facts(zones=(LONDON,)), GB, noon), Allowed)


# Sender, address, jurisdiction, consent

REFUSALS = [
    ({"sender_approved": False}, "sender"),
    ({"address_valid": False}, "address"),
    ({"sender_approved": False, "address_valid": False, "zones": ()}, "sender"),
    ({"zones": ()}, "hours"),
]


@pytest.mark.proves("sender", "address")
@pytest.mark.parametrize(("changes", "rule"), REFUSALS)
def test_the_first_refusal_in_the_table_names_the_verdict(
    changes: dict[str, Any], rule: str
) -> None:
    verdict = judge(message(), facts(**changes), US, NOON_NY)
    assert isinstance(verdict, Suppressed)
    assert verdict.rule == rule
    assert all(r.why for r in verdict.results if r.outcome is Outcome.SUPPRESSED)
    assert isinstance(judge(message(CRISIS), facts(**changes), US, NOON_NY), Allowed)


def test_a_refusal_outweighs_a_deferral() -> None:
    given_facts = facts(unread_inbound=True, holds=(ActiveHold("paid"),), sends=TOO_MANY)
    assert isinstance(judge(message(), given_facts, US, NOON_NY), Suppressed)


@pytest.mark.proves("jurisdiction")
def test_another_jurisdictions_rules_never_judge() -> None:
    verdict = judge(message(REPLY, jurisdiction="GB"), facts(), US, NOON_NY)
    assert rule_of(verdict) == "jurisdiction"


CONSENTS = [
    (None, True),
    (Consent(), False),
    (Consent(texted_at=NOON_NY - 60 * DAY), True),
    (Consent(texted_at=NOON_NY - 61 * DAY), False),
    (Consent(consented_at=NOON_NY - 400 * DAY), False),
    (Consent(consented_at=NOON_NY - 400 * DAY, checked_at=NOON_NY - 10 * DAY), True),
    (Consent(checked_at=NOON_NY), False),
]


@pytest.mark.proves("consent")
@pytest.mark.parametrize(("consent", "passes"), CONSENTS)
def test_consent_freshness(consent: Consent | None, passes: bool) -> None:
    verdict = judge(message(), facts(consent=consent), US, NOON_NY)
    assert rule_of(verdict) == (None if passes else "consent")
    by_mail = message(channel=ChannelKind.EMAIL)
    assert isinstance(judge(by_mail, facts(consent=consent), US, NOON_NY), Allowed)


def test_where_consent_is_required_its_absence_refuses() -> None:
    required = with_terms(US, consent={"required": True})
    assert rule_of(judge(message(), facts(), required, NOON_NY)) == "consent"


def test_a_naive_instant_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        judge(message(), facts(), US, NOON_NY.replace(tzinfo=None))


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    in_tokyo = NOON_NY.astimezone(ZoneInfo("Asia/Tokyo"))
    assert judge(message(), facts(), US, in_tokyo) == judge(message(), facts(), US, NOON_NY)


# Properties

WHEN = st.integers(-20 * 1440, 20 * 1440).map(lambda count: NOON_NY + minutes(count))
MAYBE = st.none() | WHEN
ACCOUNTS = st.sampled_from([None, "one", "two"])
KINDS = st.sampled_from([*US.terms.holds.kinds, "strange"])
FACTS = st.builds(
    Facts,
    opt_outs=st.builds(OptOuts, address=MAYBE, channel=MAYBE, everything=MAYBE),
    confirmation_sent=st.booleans(),
    address_valid=st.booleans(),
    unread_inbound=st.booleans(),
    holds=st.none()
    | st.lists(st.builds(ActiveHold, kind=KINDS, until=MAYBE), max_size=3).map(tuple),
    zones=st.lists(
        st.sampled_from([*US.territory.zones, LONDON, "nonsense"]), max_size=3, unique=True
    ).map(tuple),
    sends=st.none()
    | st.lists(
        st.builds(Send, at=WHEN, channel=st.sampled_from(ChannelKind), account=ACCOUNTS), max_size=9
    ).map(tuple),
    sender_approved=st.booleans(),
    last_inbound_at=MAYBE,
    last_inbound_channel=st.none() | st.sampled_from(ChannelKind),
    replies_since_inbound=st.integers(0, 3),
    regions=st.sampled_from([(), ("GB-SCT",), ("JE",), ("GB", "US-TX")]),
    own_windows=st.sampled_from([(), None, (windows(Kind.ONLY, DAYS[:5], 9 * 60, 12 * 60),)]),
    consent=st.none() | st.builds(Consent, texted_at=MAYBE, consented_at=MAYBE, checked_at=MAYBE),
    party=st.none()
    | st.builds(
        Party,
        proven_at=MAYBE,
        introduced=st.booleans(),
        nobody=st.booleans(),
        shared=st.booleans(),
        wrong_since=MAYBE,
        answers_wrong=st.booleans(),
        reassigned_at=MAYBE,
        employer=st.none() | st.booleans(),
        wrote_from=st.booleans(),
    ),
)
MESSAGES = st.builds(
    message,
    category=st.sampled_from(Category),
    channel=st.sampled_from(ChannelKind),
    text=st.sampled_from(["Reply STOP", "unsubscribe", "hello"]),
    jurisdiction=st.sampled_from(["US", "GB"]),
    demand=st.booleans(),
    account=ACCOUNTS,
)
RULES = st.sampled_from([US, GB])


@settings(max_examples=400, deadline=None)
@given(MESSAGES, FACTS, RULES, WHEN)
def test_whatever_the_facts(
    proposed: Any, given_facts: Facts, rules: ContactRules, now: datetime
) -> None:
    verdict = judge(proposed, given_facts, rules, now)

    assert decode(encode(verdict)) == verdict
    kept = encode(verdict, given_facts)
    assert decode(kept) == verdict
    assert facts_of(kept) == msgspec.json.decode(msgspec.json.encode(given_facts))
    assert facts_of(encode(verdict)) is None
    assert kept_version(kept) == rules.version
    assert len(kept) < 4_000

    outs = given_facts.opt_outs
    opted_out = any(scope is not None for scope in (outs.address, outs.channel, outs.everything))
    match verdict:
        case Allowed():
            assert proposed.category in (CONFIRMATION, HELP, CRISIS) or not opted_out
            assert verdict.valid_for is None or 0 < verdict.valid_for <= 14_400
            if proposed.category is not CRISIS:
                assert given_facts.sender_approved
                assert given_facts.address_valid
                assert proposed.jurisdiction == rules.jurisdiction
            if proposed.category is OUTREACH:
                assert given_facts.zones
                assert given_facts.own_windows is not None
                assert not given_facts.unread_inbound
                assert given_facts.holds is not None
                assert all(hold.until and hold.until <= now for hold in given_facts.holds)
                assert given_facts.sends is not None
                at = [send.at for send in given_facts.sends]
                day, week = now - DAY, now - 7 * DAY
                assert sum(each > day for each in at) < rules.terms.daily_cap.limit
                assert sum(each > week for each in at) < rules.terms.weekly_cap.limit
        case Deferred():
            assert verdict.until > now
            assert proposed.category in (OUTREACH, REPLY)
        case Suppressed():
            assert proposed.category is not CRISIS


SPOILERS = [
    {"opt_outs": OptOuts(address=JUST_NOW)},
    {"address_valid": False},
    {"unread_inbound": True},
    {"holds": (ActiveHold("strange"),)},
    {"zones": ()},
    {"zones": ("nonsense",)},
    {"own_windows": None},
    {"holds": None},
    {"sends": TOO_MANY},
    {"sends": None},
    {"sender_approved": False},
    {"consent": Consent()},
    {"party": None},
]
UNKNOWN: list[dict[str, Any]] = [
    {"zones": ()},
    {"regions": ()},
    {"own_windows": None},
    {"holds": None},
    {"sends": None},
    {"party": None},
    {"sender_approved": False},
    {"last_inbound_at": None},
]


@pytest.mark.parametrize("spoiler", SPOILERS, ids=lambda spoiler: next(iter(spoiler)))
def test_any_one_spoilt_fact_stops_outreach(spoiler: dict[str, Any]) -> None:
    assert not isinstance(judge(message(), facts(**spoiler), US, NOON_NY), Allowed)


@settings(max_examples=200, deadline=None)
@given(MESSAGES, FACTS, RULES, WHEN, st.sampled_from(UNKNOWN))
def test_to_know_less_never_allows_more(
    proposed: Any, known: Facts, rules: ContactRules, now: datetime, unknown: dict[str, Any]
) -> None:
    less = msgspec.structs.replace(known, **unknown)
    if isinstance(judge(proposed, less, rules, now), Allowed):
        assert isinstance(judge(proposed, known, rules, now), Allowed)

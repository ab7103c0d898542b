"""Whose rules a customer is under: the strictest of all that may apply."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.facts import Send
from compliance.gate import judge
from compliance.loading import SHIPPED, parse_pack, shipped_book
from compliance.pack import KINDS, Book, NoRules, is_in_force
from compliance.places import Where, countries, local_days
from compliance.resolving import Approval, Override, Own, rules_for
from compliance.rules import ContactRules
from compliance.strictness import Stricter, directions, looser
from compliance.verdict import Allowed, Deferred, Suppressed
from domain.messages import Category
from domain.values import ChannelKind
from tests.compliance.given import CHICAGO, LONDON, LOS_ANGELES, NEW_YORK, at, facts, message
from tests.compliance.test_loading import PACK, two_versions

BOOK = shipped_book()
NOW = datetime(2026, 11, 30, 17, tzinfo=UTC)


def rules(where: Where, jurisdiction: str = "US", now: datetime = NOW, **more: Any) -> ContactRules:
    return rules_for(more.pop("book", BOOK), jurisdiction, where, now, **more)


def in_us(zip_code: str | None, *zones: str, country: str | None = "US", phone: str = "") -> Where:
    return Where(country, zip_code, (phone,) if phone else (), zones)


# Overlays by place

CAPS = [
    ("Manhattan", in_us("10001", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("ZIP+4", in_us("10001-1234", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("Staten Island", in_us("10314", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("the Bronx", in_us("10451", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("Brooklyn", in_us("11201", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("Queens", in_us("11385", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("the Rockaways", in_us("11697", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("Glen Oaks", in_us("11004", NEW_YORK), "us.ny.nyc.weekly_cap", 3),
    ("Yonkers", in_us("10701", NEW_YORK), "us.weekly_cap", 7),
    ("Great Neck", in_us("11021", NEW_YORK), "us.weekly_cap", 7),
    ("Buffalo", in_us("14201", NEW_YORK), "us.weekly_cap", 7),
    ("Boston", in_us("02134", NEW_YORK), "us.ma.weekly_cap", 2),
    ("Chicago", in_us("60601", CHICAGO), "us.weekly_cap", 7),
    # an address decides, wherever a number is from
    ("a New York number in Chicago", in_us("60601", CHICAGO, NEW_YORK), "us.weekly_cap", 7),
    # unknown: all that it may be
    ("somewhere east", in_us(None, NEW_YORK), "us.ma.weekly_cap", 2),
    ("somewhere west", in_us(None, LOS_ANGELES), "us.weekly_cap", 7),
    ("nowhere known", in_us(None), "us.ma.weekly_cap", 2),
    ("no such ZIP, east", in_us("00000", NEW_YORK), "us.ma.weekly_cap", 2),
    ("no ZIP at all, west", in_us("somewhere", LOS_ANGELES), "us.weekly_cap", 7),
    ("nothing of the address", in_us(None, CHICAGO, NEW_YORK, country=None), "us.ma.weekly_cap", 2),
    ("a ZIP without country", in_us("10001", NEW_YORK, country=None), "us.ny.nyc.weekly_cap", 3),
    ("small letters", in_us("10001", NEW_YORK, country="us"), "us.ny.nyc.weekly_cap", 3),
    ("Puerto Rico", in_us("00901", "America/Puerto_Rico", country="PR"), "us.weekly_cap", 7),
]  # fmt: skip


@pytest.mark.proves("us.ny.nyc.weekly_cap", "us.ma.weekly_cap")
@pytest.mark.parametrize(
    ("where", "name", "limit"), [case[1:] for case in CAPS], ids=[case[0] for case in CAPS]
)
def test_states_and_cities(where: Where, name: str, limit: int) -> None:
    cap = rules(where).terms.weekly_cap
    assert (cap.id, cap.limit) == (name, limit)
    assert cap.source


@pytest.mark.proves("us.ny.nyc.weekly_cap")
def test_a_city_s_rule_stops_the_fourth_message() -> None:
    new_york = rules(in_us("10001", NEW_YORK))
    sent = facts(sends=tuple(Send(NOW - timedelta(days=n), ChannelKind.SMS) for n in (2, 3, 4)))
    verdict = judge(message(), sent, new_york, NOW)
    assert isinstance(verdict, Deferred)
    [result] = [each for each in verdict.results if each.rule == "weekly_cap"]
    assert (result.id, result.version) == ("us.ny.nyc.weekly_cap", new_york.version)
    assert isinstance(judge(message(), sent, rules(in_us("10701", NEW_YORK)), NOW), Allowed)


# Other countries

PLACES = [
    ("US", Where("FR", "75001", (), ("Europe/Paris",)), "us+default"),
    ("US", Where("GB", "SW1A 1AA", (), (LONDON,)), "us+uk"),
    ("US", Where(None, None, ("+442079460000",), (LONDON,)), "us+uk"),
    ("US", Where("US", None, ("+442079460000",), (LONDON, NEW_YORK)), "us"),
    ("US", Where(None, "10001", ("+442079460000",), (LONDON, NEW_YORK)), "us"),
    ("US", Where(None, None, ("+18005550100",), ()), "us"),
    ("US", Where(None, None, ("+80012345678", "nonsense"), ()), "us"),
    ("US", Where(None, None, ("+33612345678",), ("Europe/Paris",)), "us+default"),
    ("US", Where("PR", None, (), ("America/Puerto_Rico",)), "us"),
    ("GB", Where("JE", "JE2 3AB", (), ("Europe/Jersey",)), "uk"),
    ("GB", Where("US", "10001", (), (NEW_YORK,)), "uk+us"),
    ("GB", Where(None, None, ("+12125550100",), (NEW_YORK,)), "uk+us"),
    ("FR", Where(None, None, ("+33612345678",), ("Europe/Paris",)), "default"),
    ("FR", Where("BE", None, (), ("Europe/Brussels",)), "default"),
]


@pytest.mark.parametrize(("jurisdiction", "where", "packs"), PLACES)
def test_the_packs_of_all_countries_that_the_customer_may_be_in(
    jurisdiction: str, where: Where, packs: str
) -> None:
    found = rules(where, jurisdiction)
    assert "+".join(each.partition("-")[0] for each in found.version.split("+")) == packs
    assert found.jurisdiction == jurisdiction


def test_overlays_of_another_country_s_pack_count_too() -> None:
    found = rules(Where("US", "02134", (), (NEW_YORK,)), "GB")
    assert found.terms.weekly_cap.id == "us.ma.weekly_cap"
    assert found.terms.hours.id == "uk.hours"  # within those of the United States


def test_nothing_goes_to_a_country_without_pack_unless_consent_is_on_record() -> None:
    paris = Where("FR", "75001", (), ("Europe/Paris",))
    noon = at("2026-11-30 12:00", "Europe/Paris")
    verdict = judge(message(), facts(zones=paris.zones), rules(paris, now=noon), noon)
    assert isinstance(verdict, Suppressed)
    assert verdict.rule == "consent"


@pytest.mark.parametrize("country", ["ZZ", "XX", "Atlantis"])
def test_a_country_that_there_is_not_has_no_rules(country: str) -> None:
    with pytest.raises(NoRules):
        rules(Where(country))
    with pytest.raises(NoRules):
        rules(Where("US"), country)


# Days

MIDNIGHT = [
    ("2026-08-31 23:59", NEW_YORK, 7),
    ("2026-09-01 00:00", NEW_YORK, 3),
]


@pytest.mark.parametrize(("local", "zone", "limit"), MIDNIGHT)
def test_a_rule_begins_with_its_day_where_the_customer_is(
    local: str, zone: str, limit: int
) -> None:
    found = rules(in_us("10001", zone), now=at(local, zone))
    assert found.terms.weekly_cap.limit == limit


def test_while_it_is_two_days_at_once_the_stricter_rule_counts() -> None:
    where = in_us("10001", NEW_YORK, "Pacific/Honolulu")
    assert rules(where, now=at("2026-09-01 00:00")).terms.weekly_cap.limit == 3
    text = two_versions("2027-01-01", "2027-01-01").replace(
        "      limit: 2\n", "      limit: 5\n", 2
    )
    loosened = parse_pack(text.replace("limit: 5", "limit: 1", 1), "us.yml")
    book = Book(packs=(loosened,), default=BOOK.default)
    for local, limit in (("2026-12-31 23:00", 1), ("2027-01-01 01:00", 1), ("2027-01-01 09:00", 5)):
        assert rules(where, now=at(local), book=book).terms.daily_cap.limit == limit


def test_a_day_before_the_pack_begins_has_no_rules() -> None:
    with pytest.raises(NoRules, match="no rules for 2025-12-31"):
        rules(in_us("60601", CHICAGO), now=at("2025-12-31 12:00", CHICAGO))
    # Midnight in one of two zones: one of the days is not covered.
    with pytest.raises(NoRules):
        rules(in_us("60601", CHICAGO, NEW_YORK), now=at("2026-01-01 00:30", NEW_YORK))


def test_the_same_rules_are_the_same_object_until_something_changes() -> None:
    """By which windows and tables are cached, and so the gate is fast."""
    where = in_us("10001", NEW_YORK)
    assert rules(where) is rules(where, now=at("2027-01-30 12:00"))
    assert rules(where) is not rules(where, now=at("2026-08-05 12:00"))
    assert rules(where) is not rules(where, now=at("2027-01-31 00:00"))
    other = in_us("10002", NEW_YORK)
    assert rules(where) is rules(other)


def test_days_are_those_of_all_zones() -> None:
    quarter = int(at("2026-11-30 12:00", "UTC").timestamp()) // 900
    assert local_days(("Pacific/Auckland", "Pacific/Honolulu"), quarter) == (
        date(2026, 11, 30),
        date(2026, 12, 1),
    )
    assert local_days(("nonsense",), quarter) == (date(2026, 11, 30),)


# A client's own terms


def own(rule: str, approval: Approval | None = None, **changes: Any) -> Own:
    override = Override(rule=rule, changes=changes, source="contract", approval=approval)
    return Own(overrides=(override,), mark="own.1")


APPROVED = Approval("Jane Doe", date(2026, 6, 1), "trial in two states")


def test_own_terms_are_only_ever_stricter() -> None:
    west = in_us(None, LOS_ANGELES)
    stricter = rules(west, own=own("weekly_cap", limit=1)).terms.weekly_cap
    assert (stricter.limit, stricter.id, stricter.source) == (1, "own.weekly_cap", "contract")
    looser_one = rules(west, own=own("weekly_cap", limit=99)).terms.weekly_cap
    assert looser_one is rules(west).terms.weekly_cap
    hours = rules(west, own=own("hours", opens="10:00", closes="23:00")).terms.hours
    assert (hours.opens, hours.closes, hours.id) == ("10:00", "21:00", "us.hours+own.hours")
    assert rules(west, own=own("hours", opens="10:00")).version.endswith("+own.1")


def test_an_approved_term_stands_in_place_of_the_jurisdiction_s_from_its_day_on() -> None:
    mine = own("weekly_cap", APPROVED, limit=9)
    west, boston = in_us(None, LOS_ANGELES), in_us("02134", NEW_YORK)
    cap = rules(west, own=mine).terms.weekly_cap
    assert (cap.limit, cap.id) == (9, "approved.weekly_cap")
    assert "Jane Doe" in cap.source
    assert "trial in two states" in cap.source
    assert (
        rules(west, own=mine, now=at("2026-05-31 23:59", LOS_ANGELES)).terms.weekly_cap.limit == 7
    )
    # never in place of a state's or a city's, nor of another country's
    assert rules(boston, own=mine).terms.weekly_cap.limit == 2
    paris = Where("FR", "75001", (), ("Europe/Paris",))
    assert rules(paris, own=mine).terms.weekly_cap.limit == 3


def test_an_approval_may_change_what_has_no_direction() -> None:
    patterns = {"patterns": {"sms": "OPT OUT"}}
    west = in_us(None, LOS_ANGELES)
    assert rules(west, own=own("opt_out_line", **patterns)).terms.opt_out_line.id == (
        "us.opt_out_line"
    )
    changed = rules(west, own=own("opt_out_line", APPROVED, **patterns)).terms.opt_out_line
    assert changed.patterns == {"sms": "OPT OUT"}


# Whatever is laid over: nothing gets looser

ZONES = st.sampled_from([NEW_YORK, CHICAGO, LOS_ANGELES, LONDON, "Europe/Paris"])
WHERES = st.builds(
    Where,
    country=st.sampled_from([None, "US", "GB", "FR", "PR", "JE"]),
    postal_code=st.sampled_from([None, "10001", "02134", "60601", "SW1A 1AA", "x"]),
    phones=st.lists(
        st.sampled_from(["+12125550100", "+442079460000", "+33612345678"]), max_size=2
    ).map(tuple),
    zones=st.lists(ZONES, max_size=3, unique=True).map(lambda zones: tuple(sorted(zones))),
)
CHANGES = st.sampled_from(
    [
        {},
        {"weekly_cap": {"limit": 1}},
        {"weekly_cap": {"limit": 50}, "hours": {"opens": "06:00", "live_replies": 1}},
        {"holds": {"kinds": {"paid": (Category.OUTREACH, Category.REPLY), "fraud": ()}}},
        {"consent": {"required": True, "channels": ()}},
        {"daily_cap": {"exempt": (Category.OUTREACH,)}},
    ]
)


DAY = timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*SHIPPED]), WHERES, CHANGES, st.integers(0, 500))
def test_nothing_is_looser_than_the_pack(
    jurisdiction: str, where: Where, changes: dict[str, Any], days: int
) -> None:
    now = datetime.fromtimestamp(datetime(2026, 1, 3, tzinfo=UTC).timestamp() + 86_400 * days, UTC)
    overrides = tuple(
        Override(rule=rule, changes=each, source="contract") for rule, each in changes.items()
    )
    found = rules_for(BOOK, jurisdiction, where, now, Own(overrides=overrides, mark="own"))
    law = BOOK.of(jurisdiction)
    others = countries(law, where.country, where.postal_code, where.phones)
    for pack in (law, *map(BOOK.of, others)):
        for rule in KINDS:
            terms = getattr(found.terms, rule)
            stated = {name: getattr(terms, name) for name in directions(type(terms))}
            if pack is not law:  # of two wordings that nothing compares, the message's own counts
                known = directions(type(terms))
                stated = {n: v for n, v in stated.items() if known[n] is not Stricter.FIXED}
            for version in pack.rules[rule]:
                # Not those that begin or end on this day somewhere on earth.
                if all(is_in_force(version, (now + shift).date()) for shift in (-DAY, DAY)):
                    assert list(looser(version, stated)) == [], rule


def test_overlays_are_stricter_than_the_pack() -> None:
    """The loader has checked it; so does this, by another way."""
    assert "overlays:" in PACK
    for overlay in BOOK.of("US").overlays:
        for version in overlay.amendments:
            below = BOOK.of("US").in_force(version.rule, max(version.since, date(2026, 1, 1)))
            assert list(looser(below, version.changes)) == []

from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.checks import TABLE
from compliance.loading import (
    DEFAULT,
    FILES,
    SHIPPED,
    BadPack,
    parse_book,
    parse_pack,
    shipped,
    shipped_book,
)
from compliance.pack import KINDS, NoRules

TEXTS = {name: files("compliance.packs").joinpath(name).read_text("utf-8") for name in FILES}
PACK = TEXTS["us.yml"]

FAULTS = [
    # what is replaced, by what, and what the fault must name
    ("      source: carriers", "      sauce: carriers", "rules.sender[0]", "sauce"),
    (
        "      source: 12 CFR 1006.6(e)",
        "      note: 12 CFR 1006.6(e)",
        "rules.opt_out_line[0]",
        "note",
    ),
    ("      confirm_within_seconds: 300\n", "", "rules.opt_out[0]", "confirm_within_seconds"),
    ('opens: "08:00"', 'opens: "8am"', "rules.hours[0].opens", "regex"),
    ('opens: "08:00"', 'opens: "21:00"', "rules.hours[0].closes", "later"),
    ("days: [mon, tue", "days: [moon, tue", "rules.hours[0].days[0]", "moon"),
    ("days: [mon, tue, wed, thu, fri, sat, sun]", "days: []", "rules.hours[0].days", "day"),
    ("limit: 2", "limit: two", "rules.daily_cap[0].limit", "int"),
    ("limit: 7", "limit: 0", "rules.weekly_cap[0].limit", ">= 1"),
    ("- America/Adak", "- America/Adam", "territory.zones[6]", "America/Adam"),
    ("sms: '\\bSTOP\\b'", "sms: '(STOP'", "rules.opt_out_line[0].patterns.sms", "unterminated"),
    ("channels: [sms]", "channels: [pigeon]", "rules.consent[0].channels[0]", "pigeon"),
    ("dispute: [outreach, demand]", "dispute: [demands]", "rules.holds[0].kinds", "demands"),
    (
        "      basis: practice\n      exempt: [crisis]",
        "      basis: practice\n      exempt: [help]",
        "rules.jurisdiction[0].exempt",
        "crisis",
    ),
    (
        "      exempt: [confirmation, help, crisis]\n      opens",
        "      exempt: [outreach, crisis]\n      opens",
        "rules.hours[0].exempt",
        "outreach",
    ),
    (
        "    exempt: [help, crisis]",
        "    exempt: [reply, crisis]",
        "rules.opt_out[0].exempt",
        "replies",
    ),
    (
        "      live_minutes",
        "      calendars: [XX]\n      live_minutes",
        "rules.hours[0].calendars[0]",
        "XX",
    ),
    (
        "      live_minutes",
        "      where_unknown: [GB-ENG]\n      live_minutes",
        "rules.hours[0].where_unknown[0]",
        "GB-ENG",
    ),
    # Dates: no overlap, no gap, none missing
    ("          from: 2026-09-01\n", "", "overlays[0].rules.weekly_cap[0]", "from"),
    ("from: 2026-09-01", "from: soon", "overlays[0].rules.weekly_cap[0].from", "date"),
    ("    - id: us.hours\n      from", "    - from", "rules.hours[0]", "id"),
    ("id: us.hours", "id: Hours!", "rules.hours[0].id", "regex"),
    ("id: us.hours", "id: us.weekly_cap", "rules.hours[0].id", "rules.weekly_cap"),
    ("id: us.ma.weekly_cap", "id: us.hours", "overlays[1].rules.weekly_cap[0].id", "rules.hours"),
    ("from: 2025-04-11", "from: 2026-02-01", "rules.opt_out[0].from", "2026-01-31"),
    (
        "      from: 2023-08-31",
        "      from: 2023-08-31\n      until: 2026-02-01",
        "rules.sender[0].until",
        "from 2026-02-01 on",
    ),
    (
        "      from: 2023-08-31",
        "      from: 2023-08-31\n      until: 2023-08-31",
        "rules.sender[0].until",
        "not after",
    ),
    ("from: 2026-09-01", "from: 2026-13-01", "overlays[0].rules.weekly_cap[0].from", "date"),
    ("from: 2026-09-01", "from: 2026-09-01T00:00:00Z", "overlays[0].rules.weekly_cap[0].from", ""),
    # Overlays
    ("      limit: 3", "      limit: 8", "overlays[0].rules.weekly_cap[0].limit", "looser"),
    (
        "limit: 3",
        "limit: 3\n          exempt: [crisis, outreach]",
        "overlays[0].rules.weekly_cap[0].exempt",
        "looser",
    ),
    (
        "limit: 3",
        "limit: 3\n          exempt: [help]",
        "overlays[0].rules.weekly_cap[0].exempt",
        "crisis",
    ),
    ("          limit: 3", "          limits: 3", "overlays[0].rules.weekly_cap[0]", "limits"),
    ("          limit: 3\n", "", "overlays[0].rules.weekly_cap[0]", "nothing"),
    (
        "country: US\n      state: NY",
        "country: GB\n      state: NY",
        "overlays[0].area.country",
        "GB",
    ),
    ("state: NY", "state: NX", "overlays[0].area.state", "NX"),
    ("- 10001-10292", "- 10292-10001", "overlays[0].area.zip_codes[0]", "before"),
    ("- 10001-10292", "- 10001-1029", "overlays[0].area.zip_codes[0]", "regex"),
    (
        "zones: [America/New_York]",
        "zones: [America/Gotham]",
        "overlays[0].area.zones[0]",
        "America/Gotham",
    ),
    ("zones: [America/New_York]", "zones: []", "overlays[0].area.zones", "length"),
    (
        "      weekly_cap:\n        - id: us.ny",
        "      weekly_hat:\n        - id: us.ny",
        "overlays[0].rules",
        "weekly_hat",
    ),
    ("jurisdiction: US", "jurisdiction: '*'", "jurisdiction", "territory"),
]


@pytest.mark.parametrize(("old", "new", "path", "names"), FAULTS)
def test_a_faulty_pack_names_the_place(old: str, new: str, path: str, names: str) -> None:
    assert old in PACK
    with pytest.raises(BadPack) as caught:
        parse_pack(PACK.replace(old, new, 1), "mine.yml")
    fault = caught.value.faults[0]
    assert fault.path.startswith(path)
    assert names in fault.message
    assert fault.line is not None
    # the line is that of the named key, item or, for what is missing, of what lacks it
    last = path.rpartition(".")[2].partition("[")[0]
    lines = PACK.replace(old, new, 1).splitlines()
    assert last in "".join(lines[max(fault.line - 10, 0) : fault.line])
    assert str(fault).startswith(f"mine.yml:{fault.line}: {path}")


def test_the_line_is_exact() -> None:
    spoilt = PACK.replace("limit: 2", "limit: two")
    line = next(n for n, text in enumerate(spoilt.splitlines(), 1) if "limit: two" in text)
    with pytest.raises(BadPack, match=rf"^us\.yml:{line}: rules\.daily_cap\[0\]\.limit: "):
        parse_pack(spoilt, "us.yml")


def test_a_missing_source_is_a_finding() -> None:
    lines = [line for line in PACK.splitlines() if "comment 6(b)(1)(i)-2" not in line]
    with pytest.raises(BadPack, match=r"rules\.hours\[0\]: .*missing.*source"):
        parse_pack("\n".join(lines), "us.yml")


def test_a_blank_source_is_a_finding() -> None:
    blank = PACK.replace("source: carriers", 'source: "  " # carriers', 1)
    with pytest.raises(BadPack, match=r"rules\.sender\[0\]\.source"):
        parse_pack(blank, "us.yml")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "just words", "a: [", "a: 1\na: 2", "\t- x", "jurisdiction: US", "&a [*a]", "\0"],
)
def test_what_is_no_pack_does_not_load(text: str) -> None:
    with pytest.raises(BadPack, match=r"^mine\.yml"):
        parse_pack(text, "mine.yml")


HOSTILE = {
    "nested": "a: " + "[" * 700,
    "long": PACK.replace("limit: 3", "limit: " + "9" * 6_000),
    "no number": PACK.replace("limit: 3", "limit: !!int x"),
    "a call": PACK.replace("limit: 3", "limit: !!python/object/apply:os.getcwd []"),
    "a key that is a list": "{? [a]: b}",
    "no instant": PACK.replace("limit: 3", "limit: 2026-09-01T25:00:00Z"),
    "not a number": PACK.replace("limit: 3", "limit: .nan"),
    "an alias to all": PACK.replace("rules:\n", "rules: &all\n", 1) + "\nmore: *all\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_is_it_is_a_finding(name: str) -> None:
    with pytest.raises(BadPack, match=r"^us\.yml") as caught:
        parse_pack(HOSTILE[name], "us.yml")
    assert all(fault.mend for fault in caught.value.faults)
    if "limit: 3" not in HOSTILE[name] and "limit:" in HOSTILE[name]:
        assert caught.value.faults[0].line is not None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PACK) - 1), st.text(max_size=8))
def test_a_pack_loads_or_is_bad_whatever_is_typed_into_it(at: int, typed: str) -> None:
    text = PACK[:at] + typed + PACK[at + len(typed) :]
    try:
        found = parse_pack(text, "us.yml").rules.keys()
    except BadPack as error:
        found = {fault.file for fault in error.faults}
    assert found in (KINDS.keys(), {"us.yml"})


def test_all_faults_of_meaning_are_named_at_once() -> None:
    spoilt = PACK.replace("- America/Adak", "- Nowhere").replace('opens: "08:00"', 'opens: "22:00"')
    with pytest.raises(BadPack) as caught:
        parse_pack(spoilt, "us.yml")
    assert [fault.path for fault in caught.value.faults] == [
        "territory.zones[6]",
        "rules.hours[0].closes",
    ]


TWO = """    - id: us.daily_cap
      from: 2021-11-30
      until: {until}
      source: one
      basis: practice
      exempt: [crisis]
      limit: 2
    - id: {id}
      from: {since}
"""


def two_versions(until: str, since: str, name: str = "us.daily_cap") -> str:
    """The pack with the rule of a day's cap in two versions."""
    plain = "    - id: us.daily_cap\n      from: 2021-11-30\n"
    assert plain in PACK
    return PACK.replace(plain, TWO.format(until=until, since=since, id=name))


def test_versions_follow_each_other() -> None:
    pack = parse_pack(two_versions("2027-01-01", "2027-01-01"), "us.yml")
    assert pack.in_force("daily_cap", date(2026, 12, 31)).source == "one"
    assert pack.in_force("daily_cap", date(2027, 1, 1)).source != "one"
    assert pack.newest.daily_cap is pack.rules["daily_cap"][1]
    assert date(2027, 1, 1) in pack.changes


TIMES = [
    ("2027-01-02", "2027-01-01", "us.daily_cap", "overlaps"),
    ("2027-01-01", "2020-01-01", "us.daily_cap", "overlaps"),
    ("2027-01-01", "2027-01-03", "us.daily_cap", "from 2027-01-01 to 2027-01-02"),
    ("2027-01-01", "2027-01-01", "us.cap", "another name"),
    ("", "2027-01-01", "us.daily_cap", "overlaps"),
]


@pytest.mark.parametrize(("until", "since", "name", "reason"), TIMES)
def test_versions_neither_overlap_nor_leave_a_gap(
    until: str, since: str, name: str, reason: str
) -> None:
    text = two_versions(until, since, name)
    with pytest.raises(BadPack) as caught:
        parse_pack(text, "us.yml")
    fault = caught.value.faults[0]
    assert reason in fault.message
    assert fault.path.startswith("rules.daily_cap[1].")
    assert fault.mend
    assert fault.line is not None
    assert text.splitlines()[fault.line - 1].strip("- ").startswith(fault.path.rpartition(".")[2])


def test_a_day_before_the_pack_has_no_rules() -> None:
    pack = shipped_book().of("US")
    with pytest.raises(NoRules, match="has no rules for 2025-12-31: it begins on 2026-01-01"):
        pack.in_force("hours", date(2025, 12, 31))


@pytest.mark.parametrize("jurisdiction", [*SHIPPED, "FR", "BR"])
def test_shipped_packs(jurisdiction: str) -> None:
    rules = shipped(jurisdiction)
    assert rules.jurisdiction == jurisdiction
    assert rules is shipped(jurisdiction)
    assert tuple(rules.terms.__struct_fields__) == tuple(name for name, _ in TABLE)


def test_a_country_has_its_own_pack_or_the_strict_one() -> None:
    book = shipped_book()
    assert book.of("JE") is book.of("GB")
    assert book.of("PR") is book.of("US")
    france = book.of("FR")
    assert france is book.of("FR")
    assert france.version == book.default.version
    assert (france.territory.calling_code, france.territory.zones) == (33, ("Europe/Paris",))


@pytest.mark.parametrize("country", ["ZZ", "XX", "", "*", "fr", "AQQ"])
def test_what_is_no_country_has_no_rules(country: str) -> None:
    with pytest.raises(NoRules):
        shipped(country)


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_breaks_the_book(name: str) -> None:
    with pytest.raises(BadPack, match=f"^{name}"):
        parse_book(TEXTS | {name: TEXTS[name].replace("rules:", "rulez:", 1)})


def test_the_default_pack_is_as_strict_as_the_others() -> None:
    from compliance.strictness import directions, looser

    strict = shipped_book().default.newest
    assert DEFAULT in FILES
    for jurisdiction in SHIPPED:
        terms = shipped(jurisdiction).terms
        for rule in terms.__struct_fields__:
            below, own = getattr(terms, rule), getattr(strict, rule)
            changes = {name: getattr(own, name) for name in directions(type(own))}
            if rule == "hours":  # the calendars of Britain say nothing of other countries
                changes = {k: v for k, v in changes.items() if k not in CALENDARS}
            if rule == "disclosure":  # what one jurisdiction tells the other one hides
                assert (terms.disclosure.debt, strict.disclosure.debt) != ("hidden", "told")
            else:
                assert list(looser(below, changes)) == [], rule


CALENDARS = ("calendars", "where_unknown")

from importlib.resources import files

import pytest

from compliance.checks import TABLE
from compliance.loading import SHIPPED, BadPack, parse_rules, shipped

PACK = files("compliance.packs").joinpath("us.yml").read_text("utf-8")

FAULTS = [
    # what is replaced, by what, and what the fault must name
    ("    source: carriers", "    sauce: carriers", "rules.sender", "sauce"),
    ("    source: 12 CFR 1006.6(e)", "    note: 12 CFR 1006.6(e)", "rules.opt_out_line", "note"),
    ("    confirm_within_seconds: 300\n", "", "rules.opt_out", "confirm_within_seconds"),
    ('opens: "08:00"', 'opens: "8am"', "rules.hours.opens", "regex"),
    ('opens: "08:00"', 'opens: "21:00"', "rules.hours.closes", "later"),
    ("days: [mon, tue", "days: [moon, tue", "rules.hours.days[0]", "moon"),
    ("days: [mon, tue, wed, thu, fri, sat, sun]", "days: []", "rules.hours.days", "day"),
    ("limit: 2", "limit: two", "rules.daily_cap.limit", "int"),
    ("limit: 7", "limit: 0", "rules.weekly_cap.limit", ">= 1"),
    ("- America/Adak", "- America/Adam", "territory.zones[6]", "America/Adam"),
    ("sms: '\\bSTOP\\b'", "sms: '(STOP'", "rules.opt_out_line.patterns.sms", "unterminated"),
    ("channels: [sms]", "channels: [pigeon]", "rules.consent.channels[0]", "pigeon"),
    (
        "dispute: {stops: [outreach, demand]}",
        "dispute: {stops: [demands]}",
        "rules.holds.kinds",
        "demands",
    ),
    (
        "    basis: practice\n    exempt: [crisis]",
        "    basis: practice\n    exempt: [help]",
        "rules.jurisdiction.exempt",
        "crisis",
    ),
    (
        "    exempt: [confirmation, help, crisis]\n    opens",
        "    exempt: [outreach, crisis]\n    opens",
        "rules.hours.exempt",
        "outreach",
    ),
    (
        "    exempt: [help, crisis]",
        "    exempt: [reply, crisis]",
        "rules.opt_out.exempt",
        "replies",
    ),
    ("    live_minutes", "    calendars: [XX]\n    live_minutes", "rules.hours.calendars[0]", "XX"),
    (
        "    live_minutes",
        "    where_unknown: [GB-ENG]\n    live_minutes",
        "rules.hours.where_unknown[0]",
        "GB-ENG",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "names"), FAULTS)
def test_a_faulty_pack_names_the_place(old: str, new: str, path: str, names: str) -> None:
    assert old in PACK
    with pytest.raises(BadPack) as caught:
        parse_rules(PACK.replace(old, new, 1), "mine.yml")
    fault = caught.value.faults[0]
    assert fault.path.startswith(path)
    assert names in fault.message
    assert fault.line is not None
    # the line is that of the named key, item or, for what is missing, of what lacks it
    last = path.rpartition(".")[2].partition("[")[0]
    assert last in "".join(PACK.replace(old, new, 1).splitlines()[fault.line - 10 : fault.line])
    assert str(fault).startswith(f"mine.yml:{fault.line}: {path}")


def test_the_line_is_exact() -> None:
    spoilt = PACK.replace("limit: 2", "limit: two")
    line = next(n for n, text in enumerate(spoilt.splitlines(), 1) if "limit: two" in text)
    with pytest.raises(BadPack, match=f"^us.yml:{line}: rules.daily_cap.limit: "):
        parse_rules(spoilt, "us.yml")


def test_a_missing_source_is_a_finding() -> None:
    lines = [line for line in PACK.splitlines() if "comment 6(b)(1)(i)-2" not in line]
    with pytest.raises(BadPack, match=r"rules\.hours: .*missing.*source"):
        parse_rules("\n".join(lines), "us.yml")


def test_a_blank_source_is_a_finding() -> None:
    blank = PACK.replace("source: carriers", 'source: "  " # carriers', 1)
    with pytest.raises(BadPack, match=r"rules\.sender\.source"):
        parse_rules(blank, "us.yml")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "just words", "a: [", "a: 1\na: 2", "\t- x", "jurisdiction: US", "&a [*a]", "\0"],
)
def test_what_is_no_pack_does_not_load(text: str) -> None:
    with pytest.raises(BadPack, match=r"^mine\.yml"):
        parse_rules(text, "mine.yml")


def test_all_faults_of_meaning_are_named_at_once() -> None:
    spoilt = PACK.replace("- America/Adak", "- Nowhere").replace('opens: "08:00"', 'opens: "22:00"')
    with pytest.raises(BadPack) as caught:
        parse_rules(spoilt, "us.yml")
    assert [fault.path for fault in caught.value.faults] == [
        "territory.zones[6]",
        "rules.hours.closes",
    ]


@pytest.mark.parametrize("jurisdiction", SHIPPED)
def test_shipped_packs(jurisdiction: str) -> None:
    rules = shipped(jurisdiction)
    assert rules.jurisdiction == jurisdiction
    assert rules is shipped(jurisdiction)
    assert tuple(rules.terms.__struct_fields__) == tuple(name for name, _ in TABLE)


def test_no_rules_are_shipped_for_elsewhere() -> None:
    with pytest.raises(KeyError):
        shipped("FR")

"""Test files: every finding with its place, and nothing that is only half read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.findings import PackError
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from dialogs.scripts.cases import Case, Meaning, Words
from dialogs.scripts.expectations import CHECKS
from dialogs.scripts.happenings import EVENTS, STIMULI
from dialogs.scripts.reading import read_files, read_text
from dialogs.scripts.settings import KEYS
from dialogs.scripts.written import span
from domain.values import ChannelKind, Money

US = load_shipped("collections-us")
ONE = "test_cases:\n- test_case: it\n  steps:\n"


def read(text: str) -> tuple[Case, ...]:
    return read_text(text, "tests/it.yml", US)


def findings(text: str) -> list[str]:
    with pytest.raises(PackError) as error:
        read(text)
    return [f"{each.line}:{each.column} {each.code}" for each in error.value.findings]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("  - usr: hello\n", ["4:5 step-kind"]),
        ("  - user: hello\n    utter: utter_greeting\n", ["4:5 step-kind"]),
        ("  - user: hello\n    chanel: email\n", ["5:5 unknown-key"]),
        ("  - user: hello\n    channel: fax\n", ["5:5 unknown-value"]),
        ("  - user: hello\n    intent: greet\n", ["5:5 unknown-intent"]),
        ("  - user: hello\n    intent: {greeting: 1.5}\n", ["5:14 meaning"]),
        ("  - user: hello\n    amount: 5\n", ["5:5 meaning"]),
        ("  - user: hello\n    intent: []\n", ["5:5 meaning"]),
        ("  - user: 5\n", ["4:5 shape"]),
        ("  - user: /Promise\n", ["4:5 meaning"]),
        ("  - user: '/promise_to_pay{amount: much}'\n", ["4:5 amount"]),
        ("  - user: '/promise_to_pay{amount: 1.234}'\n", ["4:5 amount"]),
        ("  - user: '/promise_to_pay{date: friday}'\n", ["4:5 day"]),
        ("  - user: '/promise_to_pay{cost: 5}'\n", ["4:5 unknown-key"]),
        ("  - user: '/promise_to_pay{amount: {}'\n", ["4:5 meaning"]),
        ("  - user: '/promise_to_pay{amount: 5}{date: P1D}'\n", ["4:5 meaning"]),
        ("  - user: '/promise_to_pay+gretting'\n", ["4:5 unknown-intent"]),
        ("  - campaign: remind\n", ["4:5 unknown-flow"]),
        ("  - advance: 2 days\n", ["4:5 duration"]),
        ("  - advance: P\n", ["4:5 duration"]),
        ("  - advance: P9999W\n", ["4:5 duration"]),
        ("  - advance: 5\n", ["4:5 duration"]),
        ("  - payment: 50\n", ["4:5 shape"]),
        ("  - payment: {}\n", ["4:5 missing-key"]),
        ("  - payment: {amount: true}\n", ["4:15 amount"]),
        ("  - receipt: lost\n", ["4:5 unknown-value"]),
        ("  - verify: false\n", ["4:5 shape"]),
        ("  - event: {flood: {}}\n", ["4:13 unknown-key", "4:5 event"]),
        ("  - event: {payment_made: {sum: 5}}\n", ["4:28 unknown-key"]),
        ("  - utter: utter_greeting\n", ["4:5 nothing-happened"]),
        ("  - user: hello\n  - utter: utter_greting\n", ["5:5 unknown-response"]),
        ("  - user: hello\n  - slot_was_set: [promise_amont]\n", ["5:20 unknown-slot"]),
        ("  - user: hello\n  - slot_was_set: [promise_date: soon]\n", ["5:20 day"]),
        ("  - user: hello\n  - flow_started: gone\n", ["5:5 unknown-flow"]),
        (
            "  - user: hello\n  - flow_completed: {flow_id: greeting, flow_step_id: x}\n",
            ["5:41 unknown-step"],
        ),
        ("  - user: hello\n  - action_executed: fly\n", ["5:5 unknown-action"]),
        ("  - user: hello\n  - outcome: promise.made\n", ["5:5 unknown-outcome"]),
        ("  - user: hello\n  - segments_at_most: 0\n", ["5:5 shape"]),
        ("  - user: hello\n  - nothing_sent: false\n", ["5:5 shape"]),
        ("  - user: hello\n  - bot_uttered: {text_matches: '(a+)+$'}\n", ["5:19 pattern"]),
        ("  - user: hello\n  - bot_uttered: {}\n", ["5:5 missing-key"]),
        ("  - user: hello\n    assertions: [user: hello]\n", ["5:18 unknown-key"]),
        ("  - user: hello\n    assertions: {nothing_sent: true}\n", ["5:5 shape"]),
    ],
)
def test_what_is_wrong_with_a_step_is_told_with_its_place(steps: str, expected: list[str]) -> None:
    assert sorted(findings(ONE + steps)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "1:1 shape"),
        ("- a\n", "1:1 shape"),
        ("test_cases: [\n", "2:1 yaml"),
        ("test_cases: &a []\n", "1:13 yaml-feature"),
        ("test_cases: []\nstories: []\n", "2:1 unknown-key"),
        ("test_cases: [{steps: []}]\n", "1:14 missing-key"),
        ("test_cases: [{test_case: ' ', steps: []}]\n", "1:15 shape"),
        ("test_cases: [{test_case: a, steps: [], fixtures: [x]}]\n", "1:51 unknown-fixture"),
        ("test_cases: [{test_case: a, steps: [], metadata: x}]\n", "1:40 unknown-metadata"),
        ("test_cases: []\nmetadata: [late: {at: noon}]\n", "2:19 time"),
        ("test_cases: []\nmetadata: [{a: {}}, {a: {}}]\n", "2:22 twice"),
        ("test_cases: []\nstub_custom_actions: {fly: {}}\n", "2:23 unknown-key"),
        (
            "test_cases: []\nstub_custom_actions: {check_promise: {slots: {promise_date: P1D}}}\n",
            "2:23 day",
        ),
        ("test_cases: [{test_case: a, steps: []}, {test_case: a, steps: []}]\n", "1:42 case-twice"),
        ("test_cases: [" + "[" * 60 + "]" * 60 + "]\n", "1:52 yaml-feature"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(text: str, code: str) -> None:
    assert code in findings(text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("jurisdiction", "FR"), ("currency", "dollars"), ("timezone", "Mars/Base"),
        ("timezone", "../../etc/passwd"), ("at", "2026-13-01"), ("at", "2026-01-01T10:00+01:00"),
        ("channel", "pigeon"), ("verified", "1"), ("balance", "much"), ("promise", "{amount: 5}"),
        ("rules", "{latest_days: -1}"), ("rules", "{lates: 1}"), ("broken_in_a_row", "x"),
        ("brand", "{nam: x}"), ("holds", "dispute"), ("due_date", "soon"), ("locale", "5"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_metadata_is_told(key: str, value: str) -> None:
    assert findings(f"test_cases: []\nmetadata: {{it: {{{key}: {value}}}}}\n")


def test_all_findings_of_all_files_come_at_once(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text(ONE + "  - usr: x\n  - campaign: gone\n")
    worse = tmp_path / "worse.yml"
    worse.write_bytes(b"\xff\xfe")
    with pytest.raises(PackError) as error:
        read_files([(bad, "bad.yml"), (worse, "worse.yml"), (tmp_path / "x", "x")], US)
    assert [f.code for f in error.value.findings] == [
        "step-kind", "unknown-flow", "file-read", "file-missing"
    ]  # fmt: skip


def test_the_same_name_in_two_files_is_told_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text("test_cases: [{test_case: it, steps: []}]\n")
    files = [(tmp_path / f"{name}.yml", f"{name}.yml") for name in ("a", "b")]
    with pytest.raises(PackError) as error:
        read_files(files, US)
    assert [(f.file, f.code) for f in error.value.findings] == [("b.yml", "case-twice")]


def said(steps: str) -> Words:
    (case,) = read(ONE + steps)
    deed = case.steps[0].deed
    assert isinstance(deed, Words)
    return deed


def meant(steps: str) -> Meaning:
    meaning = said(steps).meaning
    assert meaning is not None
    return meaning


def test_a_meaning_is_written_with_a_slash_or_with_keys() -> None:
    slashed = meant("  - user: '/promise_to_pay+opt_out{amount: 49.5, date: P4D}'\n")
    keys = "    intent: [promise_to_pay, opt_out]\n    amount: 49.5\n    date: P4D\n"
    assert slashed == meant("  - user: anything\n" + keys)
    assert slashed.amount == Money(4950, "USD")
    assert slashed.date == timedelta(days=4)
    assert said("  - user: '/affirm{text: \"yes\"}'\n").text == "yes"
    assert said("  - user: x\n    channel: email\n").channel is ChannelKind.EMAIL


def test_a_meaning_has_all_that_an_understanding_has() -> None:
    found = meant(
        "  - user: x\n    intent: {request_plan: 0.6, thanks: 1}\n    choice: 2\n"
        "    amount: 50 EUR\n    date: 2026-11-27\n"
        "    instalment: {amount: 20, frequency: weekly, count: 6}\n"
    )
    assert [(s.name, s.confidence) for s in found.intents] == [
        ("request_plan", 0.6), ("thanks", 1.0)
    ]  # fmt: skip
    assert found.amount == Money(5000, "EUR")
    assert found.date == date(2026, 11, 27)
    assert found.instalment is not None
    assert found.instalment.count == 6
    assert found.choice == 2


def test_metadata_may_be_named_or_written_out_and_says_where_a_case_begins() -> None:
    (named, inline) = read(
        "metadata: {there: {jurisdiction: GB, balance: 10, at: '2026-03-01 09:30'}}\n"
        "test_cases:\n- {test_case: a, metadata: there, steps: []}\n"
        "- {test_case: b, metadata: {account: false, promise: {amount: 5, date: P2D}}, steps: []}\n"
    )
    assert named.setting.balance == Money(1000, "GBP")
    assert named.setting.timezone == "Europe/London"
    assert named.setting.at.replace(tzinfo=UTC) == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert inline.setting.balance is None
    assert inline.setting.promise == (Money(500, "USD"), timedelta(days=2))


def test_a_country_that_is_not_known_leaves_the_currency() -> None:
    (case,) = read(
        "test_cases:\n- {test_case: a, metadata: {jurisdiction: ZZ, balance: 10}, steps: []}\n"
    )
    assert (case.setting.jurisdiction, case.setting.timezone) == ("ZZ", "UTC")
    assert case.setting.balance == Money(1000, "USD")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P2D", timedelta(days=2)), ("PT36H", timedelta(hours=36)), ("P0D", timedelta()),
        ("P1WT5M", timedelta(weeks=1, minutes=5)), ("PT1H30M10S", timedelta(0, 5410)),
        ("P", None), ("PT", None), ("P1M", None), ("P-1D", None), ("2D", None), ("p2d", None),
        ("P1.5D", None), ("P2D ", None), ("P9999W", None), ("P٣D", timedelta(days=3)),
    ],
)  # fmt: skip
def test_durations(text: str, expected: timedelta | None) -> None:
    if text == "P٣D":
        assert span(text) in (None, expected)
    else:
        assert span(text) == expected


WORD = st.sampled_from(
    [*STIMULI, *CHECKS, *KEYS, *EVENTS, "assertions", "test_case", "steps", "metadata", "P1D",
     "intent", "amount", "date", "promise_amount", "promise_to_pay", "utter_greeting", "2026-01-01"]
)  # fmt: skip
LEAF = st.one_of(
    WORD, st.none(), st.booleans(), st.integers(-5, 10**6), st.text(max_size=12),
    st.decimals(-10, 10, places=2).filter(Decimal.is_finite).map(str),
)  # fmt: skip
TREE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=12,
)


def flow_style(tree: object) -> str:
    """JSON-like, which is YAML too."""
    match tree:
        case dict():
            return "{" + ", ".join(f'"{key}": {flow_style(v)}' for key, v in tree.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow_style, tree)) + "]"
        case str():
            return '"' + "".join(c if c.isalnum() or c in " .-_/" else "?" for c in tree) + '"'
        case None:
            return "null"
    return str(tree).lower()


@settings(max_examples=400, deadline=None)
@given(st.lists(TREE, max_size=4), TREE, TREE)
def test_no_tree_breaks_the_reader(steps: list[object], setting: object, stubs: object) -> None:
    text = (
        f"test_cases: [{{test_case: it, metadata: {flow_style(setting)}, steps: "
        f"{flow_style(steps)}}}]\nstub_custom_actions: {flow_style(stubs)}\n"
    )
    names, found = ["it"], ()
    try:
        names = [case.name for case in read(text)]
    except PackError as error:
        found = error.findings
    assert names == ["it"]
    assert all(each.reason and each.mend and each.line for each in found)


def test_the_reader_needs_no_stubs(plays: Callable[..., object], us: Pack) -> None:
    assert plays("  - user: /greeting\n")


def test_a_file_of_nothing_but_mistakes_is_told_in_part() -> None:
    told = findings(ONE + "  - usr: x\n" * 3000)
    assert 100 < len(told) <= 500


def test_every_event_of_the_engine_may_be_written() -> None:
    """A new kind of event needs no line here."""
    assert {"said", "payment_made", "promise_settled", "send_failed"} <= set(EVENTS)
    for name in EVENTS:
        (case,) = read(ONE + f"  - event: {{{name}: {{}}}}\n")
        assert len(case.steps) == 1

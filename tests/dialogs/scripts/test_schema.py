"""The schema of test files and their reader know the same keys."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from dialogs import schema
from dialogs.actions import ACTIONS
from dialogs.findings import PackError
from dialogs.pack import Pack
from dialogs.scripts.expectations import CHECKS
from dialogs.scripts.happenings import EVENTS, STIMULI
from dialogs.scripts.reading import read_text
from dialogs.scripts.settings import KEYS
from domain.intents import INTENTS

TESTS = schema.schemas()["tests"]
VALID = Draft202012Validator(TESTS)

SETTING = {
    "jurisdiction": "US", "currency": "USD", "locale": "en-US", "timezone": "Europe/London",
    "at": "2026-11-23 10:00", "channel": "sms", "client": "harbor",
    "brand": {"name": "B", "phone": None, "website": "b.example"}, "first_name": "A",
    "last_name": None, "verified": True, "introduced": False, "known": True, "account": True,
    "balance": 49.99,
    "minimum_due": "5 USD", "arrears": None, "creditor": "C", "product": "P", "segment": None,
    "due_date": "P4D", "promise": {"amount": 5, "date": "2026-11-27"}, "reschedules": 1,
    "broken_in_a_row": 0, "holds": ["dispute"], "facts": {"office": "x"}, "plans": False,
    "rules": {"minimum_percent": 1, "minimum_minor": 1, "latest_days": 7, "reschedules": 1,
              "broken_in_a_row": 1, "reminder_days": [3], "grace_days": 1,
              "tolerance_percent": 90},
}  # fmt: skip
CHECKED: dict[str, Any] = {
    "utter": "utter_greeting", "bot": "Hello", "slot_was_set": [{"name": "promise_amount"}],
    "slot_was_not_set": {"promise_amount": 50}, "flow_started": "greeting",
    "flow_completed": {"flow_id": "promise_to_pay", "flow_step_id": "start"},
    "flow_cancelled": "greeting", "action_executed": "handoff", "action_not_executed": "hold",
    "bot_uttered": {"utter_name": "utter_greeting", "text_matches": "Hel+o",
                    "buttons": ["a", {"title": "b", "payload": "/pay_now"}]},
    "bot_did_not_utter": "utter_handoff", "nothing_sent": True, "blocked_by": "hours",
    "segments_at_most": 2,
    "outcome": {"type": "promise.created", "payload": {"amount": 50}},
}  # fmt: skip
STEPS: list[dict[str, Any]] = [
    {"user": "hi", "channel": "email", "keyword": "HELP", "intent": dict.fromkeys(INTENTS, 0.5),
     "amount": 50, "date": "P4D", "choice": 1, "ambiguous": ["amount"],
     "instalment": {"amount": 5, "frequency": "monthly", "count": 3},
     "assertions": [{kind: value} for kind, value in CHECKED.items()]},
    {"campaign": "reminder", "channel": "sms"},
    {"receipt": "failed", "reason": "bad_address"},
    {"payment": {"amount": "50 EUR", "declined": True}},
    {"advance": "P1DT12H"},
    {"verify": True},
    *({"event": {name: {}}} for name in EVENTS),
    *({kind: value} for kind, value in CHECKED.items()),
]  # fmt: skip
WHOLE: dict[str, Any] = {
    "metadata": {"there": SETTING},
    "fixtures": [{"one": [{"promise_amount": 50}]}],
    "stub_custom_actions": {name: {"slots": {"promise_amount": 5}} for name in ACTIONS},
    "test_cases": [
        {"test_case": "it", "metadata": "there", "fixtures": ["one"], "steps": STEPS},
        {"test_case": "inline", "metadata": SETTING, "steps": []},
    ],
}
FREE = {"there", "one", "promise_amount", "office"}
"""Names that the file gives itself, or that the pack does: they are no keys."""


def unknown(pack: Pack, found: Any) -> list[str]:
    """The keys that the reader does not know. JSON is YAML."""
    try:
        read_text(json.dumps(found), "it.yml", pack)
    except PackError as error:
        return [each.reason for each in error.findings if each.code == "unknown-key"]
    return []


def mappings(tree: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every mapping."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    if isinstance(tree, dict):
        yield where
    for key, value in items:
        if isinstance(value, dict | list):
            yield from mappings(value, (*where, key))


def at(tree: Any, where: tuple[Any, ...]) -> Any:
    for key in where:
        tree = tree[key]
    return tree


def keys_of(part: Any) -> Iterator[str]:
    """Every key that a schema names, wherever."""
    if isinstance(part, dict):
        properties = part.get("properties", {})
        yield from properties
        for each in (*properties.values(), *(v for k, v in part.items() if k != "properties")):
            yield from keys_of(each)
    elif isinstance(part, list):
        for each in part:
            yield from keys_of(each)


OPEN = [("metadata",), ("fixtures", 0), ("fixtures", 0, "one", 0)]
"""Mappings whose keys the file chooses; more of them end in one of the words below."""
CHOSEN = {"facts", "payload", "slots", "slot_was_set", "slot_was_not_set"}


def is_open(where: tuple[Any, ...]) -> bool:
    return where in OPEN or bool(CHOSEN.intersection(where[-2:]))


CLOSED = [where for where in mappings(WHOLE) if not is_open(where)]


def test_every_key_of_the_schema_is_read(us: Pack) -> None:
    assert unknown(us, WHOLE) == []
    assert best_match(VALID.iter_errors(WHOLE)) is None
    used = {key for where in mappings(WHOLE) for key in at(WHOLE, where)}
    event_fields = {name for each in EVENTS.values() for name in each.__struct_fields__}
    assert set(keys_of(TESTS)) - event_fields == used - event_fields - FREE
    assert {*STIMULI, *CHECKS, *KEYS} <= used


@pytest.mark.parametrize("where", CLOSED, ids=lambda where: ".".join(map(str, where)) or "file")
def test_what_the_reader_does_not_know_the_schema_refuses(us: Pack, where: tuple[Any, ...]) -> None:
    wrong = deepcopy(WHOLE)
    at(wrong, where)["nonsense"] = 1
    assert not VALID.is_valid(wrong)
    if where and where[-1] == "intent":
        with pytest.raises(PackError, match="no intent nonsense"):
            read_text(json.dumps(wrong), "it.yml", us)
    else:
        assert unknown(us, wrong)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_field_of_an_event_is_known_and_no_other(us: Pack, name: str) -> None:
    def file(fields: dict[str, Any]) -> dict[str, Any]:
        return {"test_cases": [{"test_case": "it", "steps": [{"event": {name: fields}}]}]}

    known = file(dict.fromkeys(EVENTS[name].__struct_fields__, 5))
    assert VALID.is_valid(known)
    assert unknown(us, known) == []
    assert not VALID.is_valid(file({"nonsense": 5}))
    assert unknown(us, file({"nonsense": 5}))


@pytest.mark.parametrize(
    "step",
    [
        {}, {"user": "hi", "advance": "P1D"}, {"utter": "greeting"}, {"nothing_sent": False},
        {"user": "hi", "assertions": [{}]}, {"utter": "utter_a", "bot": "b"}, {"advance": 5},
        {"user": "hi", "assertions": [{"utter": "utter_a", "bot": "b"}]}, {"receipt": "lost"},
        {"user": "hi", "intent": "nothing"}, {"outcome": "promise.broke"}, {"event": {}},
        {"segments_at_most": 0}, {"bot_uttered": {}}, {"payment": {}}, {"user": "x", "choice": 0},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_mistakes_are_seen_by_both(us: Pack, step: dict[str, Any]) -> None:
    first = [] if "user" in step else [{"user": "/greeting"}]
    file = {"test_cases": [{"test_case": "it", "steps": [*first, step]}]}
    assert not VALID.is_valid(file)
    if step != {"user": "hi", "assertions": [{}]}:
        with pytest.raises(PackError):
            read_text(json.dumps(file), "it.yml", us)

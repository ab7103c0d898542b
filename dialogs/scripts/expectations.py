"""What must follow a step: one table, and how each check is read."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dialogs.actions import ACTIONS
from dialogs.loading.source import Entry
from dialogs.scripts.cases import (
    Blocked,
    BotUttered,
    Check,
    Executed,
    FlowIs,
    Outcome,
    Segments,
    Silence,
    SlotSet,
    Uttered,
    Wrote,
)
from dialogs.scripts.script import TRUE, Script, just_true
from dialogs.scripts.world import COMMANDS
from dialogs.scripts.written import named, raw, slot_value
from dialogs.shapes import ANYTHING, RESPONSE, Keys, Schema, listed, one_of, text, whole
from dialogs.shapes import named as named_by
from domain.activity import TYPES
from domain.matching import BadPattern, compile_pattern

FLOW_AT = Keys({"flow_id": text("a flow"), "flow_step_id": text("one of its steps")}, ("flow_id",))
BUTTON = Keys({"title": text("as it is shown"), "payload": text()}, ("title",))
UTTERED = Keys(
    {
        "utter_name": RESPONSE,
        "text_matches": text("a pattern"),
        "buttons": listed({"anyOf": [text(), BUTTON.schema()]}),
    }
)
OUTCOME = Keys({"type": one_of(TYPES), "payload": named_by(ANYTHING)}, ("type",))


class Expectation(NamedTuple):
    """What stands under its name, as editors are told, and how it is read."""

    schema: Schema
    read: Callable[[Script, Entry], list[Check]]


def _utter(script: Script, entry: Entry) -> list[Check]:
    return [Uttered(named(script.reader, entry, script.responses, "response"))]


def _bot(script: Script, entry: Entry) -> list[Check]:
    return [Wrote(script.reader.text(entry))]


def _set(script: Script, entry: Entry) -> list[Check]:
    return _slots(script, entry, unset=False)


def _not_set(script: Script, entry: Entry) -> list[Check]:
    return _slots(script, entry, unset=True)


def _slots(script: Script, entry: Entry, *, unset: bool) -> list[Check]:
    """A name, or a list of names, of {name, value}, or of {name: value}."""
    items = entry.value if isinstance(entry.value, list) else [entry]
    return [check for item in items for check in _slot(script, item, unset)]


def _slot(script: Script, entry: Entry, unset: bool) -> list[Check]:
    match entry.value:
        case dict() as keys if "name" in keys and keys.keys() <= {"name", "value"}:
            pairs = [(script.reader.text(keys["name"]), keys.get("value"), keys["name"])]
        case dict() as keys:
            pairs = [(name, value, value) for name, value in keys.items()]
        case _:
            pairs = [(script.reader.text(entry), None, entry)]
    checks: list[Check] = []
    for name, value, place in pairs:
        named(script.reader, Entry(name, place.place), script.pack.slots, "slot")
        slot = script.pack.slots.get(name)
        if slot is not None and value is not None:
            wanted = slot_value(script.reader, value, slot, script.setting.currency)
            checks.append(SlotSet(name, wanted, valued=True, unset=unset))
        elif slot is not None:
            checks.append(SlotSet(name, unset=unset))
    return checks


def _flow(how: str) -> Callable[[Script, Entry], list[Check]]:
    def read(script: Script, entry: Entry) -> list[Check]:
        step = None
        if isinstance(entry.value, dict):
            keys = script.reader.keys(entry, FLOW_AT)
            entry = keys.get("flow_id", entry)
            step = keys.get("flow_step_id")
        name = named(script.reader, entry, script.pack.flows, "flow")
        flow = script.pack.flows.get(name)
        if step is not None and flow is not None:
            named(script.reader, step, flow.index, "step")
        return [FlowIs(how, name, script.reader.text(step) or None)]

    return read


def _action(script: Script, entry: Entry) -> list[Check]:
    known = {*ACTIONS, *COMMANDS.values(), *script.responses}
    return [Executed(named(script.reader, entry, known, "action"))]


def _no_action(script: Script, entry: Entry) -> list[Check]:
    return [
        Executed(check.action, unless=True)
        for check in _action(script, entry)
        if isinstance(check, Executed)
    ]


def _uttered(unless: bool) -> Callable[[Script, Entry], list[Check]]:
    def read(script: Script, entry: Entry) -> list[Check]:
        reader = script.reader
        if isinstance(entry.value, str):
            return [BotUttered(named(reader, entry, script.responses, "response"), unless=unless)]
        keys = reader.keys(entry, UTTERED)
        if not keys:
            reader.report(entry.place, "missing-key", "nothing is named", "add utter_name:")
        name = keys.get("utter_name")
        response = named(reader, name, script.responses, "response") if name else None
        pattern = None
        if "text_matches" in keys:
            try:
                pattern = compile_pattern(reader.text(keys["text_matches"]))
            except BadPattern as error:
                place = keys["text_matches"].place
                reader.report(place, "pattern", "a pattern that can't be used", str(error))
        titles = tuple(_title(script, item) for item in reader.items(keys.get("buttons")))
        return [BotUttered(response, pattern, titles, unless)]

    return read


def _title(script: Script, entry: Entry) -> str:
    if isinstance(entry.value, str):
        return entry.value
    keys = script.reader.keys(entry, BUTTON)
    return script.reader.text(keys.get("title"))


def _nothing(script: Script, entry: Entry) -> list[Check]:
    just_true(script, entry)
    return [Silence()]


def _blocked(script: Script, entry: Entry) -> list[Check]:
    return [Blocked(script.reader.text(entry))]


def _segments(script: Script, entry: Entry) -> list[Check]:
    return [Segments(script.reader.whole(entry, 1, 1, 20))]


def _outcome(script: Script, entry: Entry) -> list[Check]:
    """A type, or {type, payload}."""
    payload: dict[str, object] = {}
    if isinstance(entry.value, dict):
        keys = script.reader.keys(entry, OUTCOME)
        if "payload" in keys:
            found = script.reader.mapping(keys["payload"])
            payload = {key: raw(value) for key, value in found.items()}
        entry = keys.get("type", Entry("", entry.place))
    return [Outcome(named(script.reader, entry, TYPES, "outcome"), payload)]


_SLOT: Schema = {"anyOf": [text("a slot"), named_by(ANYTHING)]}
_SLOTS: Schema = {"anyOf": [text("a slot"), named_by(ANYTHING), listed(_SLOT)]}
_FLOW: Schema = {"anyOf": [text("a flow"), FLOW_AT.schema()]}
_UTTERED: Schema = {"anyOf": [RESPONSE, {**UTTERED.schema(), "minProperties": 1}]}
_ACTION = text("an action, a response, or a command such as hold or opt_out")

CHECKS: Mapping[str, Expectation] = {
    "utter": Expectation(RESPONSE, _utter),
    "bot": Expectation(text("words that a message holds"), _bot),
    "slot_was_set": Expectation(_SLOTS, _set),
    "slot_was_not_set": Expectation(_SLOTS, _not_set),
    "flow_started": Expectation(_FLOW, _flow("started")),
    "flow_completed": Expectation(_FLOW, _flow("completed")),
    "flow_cancelled": Expectation(_FLOW, _flow("cancelled")),
    "action_executed": Expectation(_ACTION, _action),
    "action_not_executed": Expectation(_ACTION, _no_action),
    "bot_uttered": Expectation(_UTTERED, _uttered(unless=False)),
    "bot_did_not_utter": Expectation(_UTTERED, _uttered(unless=True)),
    "nothing_sent": Expectation(TRUE, _nothing),
    "blocked_by": Expectation(text("a rule of contact or of the dialog"), _blocked),
    "segments_at_most": Expectation(whole("parts of SMS", 1, 20), _segments),
    "outcome": Expectation({"anyOf": [one_of(TYPES), OUTCOME.schema()]}, _outcome),
}
"""What must follow, as a step of its own or among a step's `assertions`."""

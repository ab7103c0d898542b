"""`responses/<locale>.yml`: the approved texts, cut into words and variables."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry, Place
from dialogs.names import FACTS, VARIABLES, VERIFIED
from dialogs.pack import Button, Part, Variable, Variation
from dialogs.payloads import meaning
from dialogs.shapes import BUTTON, VARIATION
from domain.intents import INTENTS
from domain.links import Purpose
from domain.values import ChannelKind

_BRACES = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """The variations of a response, with its place for findings."""

    variations: tuple[Variation, ...]
    place: Place


Responses = Mapping[str, Mapping[str, ReadResponse]]
"""By locale and name."""


def read_responses(
    reader: Reader, entry: Entry, variables: frozenset[str]
) -> dict[str, ReadResponse]:
    """`variables` are the slots and the pack's own facts."""
    keys = reader.mapping(entry, ("responses",), ("responses",))
    responses = reader.mapping(keys.get("responses", Entry(None, entry.place)))
    return {
        name: _response(reader, found, variables)
        for name, found in responses.items()
        if _named(reader, name, found)
    }


def _response(reader: Reader, entry: Entry, variables: frozenset[str]) -> ReadResponse:
    variations = tuple(
        _variation(reader, item, f"{number}", variables)
        for number, item in enumerate(reader.items(entry), 1)
    )
    for name, times in Counter(variation.id for variation in variations).items():
        if times > 1:
            reader.report(entry.place, "variation-id", f"{name} stands twice", "rename one of them")
    return ReadResponse(variations, entry.place)


def _named(reader: Reader, name: str, entry: Entry) -> bool:
    if not name.startswith("utter_"):
        reader.report(entry.place, "response-name", f"{name} is no response", "begin with utter_")
    if isinstance(entry.value, list) and not entry.value:
        reader.report(entry.place, "response-empty", f"{name} has no text", "add - text:")
        return False
    return True


def _variation(reader: Reader, entry: Entry, number: str, variables: frozenset[str]) -> Variation:
    keys = reader.keys(entry, VARIATION)
    channel = keys.get("channel")
    html, subject = keys.get("html"), keys.get("subject")
    variation = Variation(
        id=reader.text(keys.get("id"), number),
        text=_parts(reader, keys.get("text"), variables),
        subject=None if subject is None else _parts(reader, subject, variables),
        html=None if html is None else _parts(reader, html, variables),
        channel=None
        if channel is None
        else ChannelKind(reader.choice(channel, list(ChannelKind), ChannelKind.SMS)),
        condition=reader.condition(keys.get("condition")),
        buttons=tuple(
            _button(reader, item, variables) for item in reader.items(keys.get("buttons"))
        ),
        closing=None if "closing" not in keys else reader.text(keys["closing"]),
        link=_purpose(reader, keys.get("link")),
    )
    _guarded(reader, entry, variation)
    if "link" in keys and not variation.holds_link:
        reader.report(
            keys["link"].place, "link-unused", "link: without {link} in the text",
            "write {link} where it goes, or remove link:",
        )  # fmt: skip
    return variation


def _purpose(reader: Reader, entry: Entry | None) -> Purpose | None:
    if entry is None:
        return None
    return Purpose(reader.choice(entry, list(Purpose), Purpose.PAY))


def used(variation: Variation) -> frozenset[Variable]:
    """The variables of a variation."""
    buttons = [part for b in variation.buttons for part in (*b.title, *b.payload)]
    parts = (*variation.text, *(variation.subject or ()), *(variation.html or ()), *buttons)
    return frozenset(part for part in parts if isinstance(part, Variable))


def _guarded(reader: Reader, entry: Entry, variation: Variation) -> None:
    """A debt fact or a name needs a condition on verification, so that a plain text remains."""
    secrets = sorted(v.name for v in used(variation) if v.fact is not None and v.fact.secret)
    names = variation.condition.names if variation.condition else frozenset()
    if secrets and VERIFIED not in names:
        reader.report(
            entry.place, "unverified-fact", f"{', '.join(secrets)} before verification",
            f"add condition: {VERIFIED}, and a variation without it",
        )  # fmt: skip


def _parts(reader: Reader, entry: Entry | None, variables: frozenset[str]) -> tuple[Part, ...]:
    if entry is None:
        return ()
    parts, known = split(reader.text(entry)), variables | VARIABLES.keys()
    for part in parts:
        if isinstance(part, Variable) and part.name not in known:
            mend = "use a slot, a fact declared in pack.yml, or a brace-free text"
            reader.report(entry.place, "unknown-variable", f"unknown {{{part.name}}}", mend)
    return parts


def split(text: str) -> tuple[Part, ...]:
    """Words and {variables} in turn; a lone brace is an unknown variable by its own name."""
    parts: list[Part] = []
    at = 0
    for match in _BRACES.finditer(text):
        if match.start() > at:
            parts.append(text[at : match.start()])
        name = match[1] or match[0]
        parts.append(Variable(name, FACTS[VARIABLES[name]] if name in VARIABLES else None))
        at = match.end()
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def _button(reader: Reader, entry: Entry, variables: frozenset[str]) -> Button:
    keys = reader.keys(entry, BUTTON)
    payload = keys.get("payload")
    if payload is not None:
        _payload(reader, payload)
    return Button(_parts(reader, keys.get("title"), variables), _parts(reader, payload, variables))


def _payload(reader: Reader, entry: Entry) -> None:
    """A button sets slots that there are, each once, or stands for an intent."""
    found = meaning(reader.text(entry))
    if found is None:
        reader.report(
            entry.place, "payload", "this is no payload",
            "write /an_intent or /SetSlots(a=1, b=2)",
        )  # fmt: skip
    elif isinstance(found, str):
        if found not in INTENTS:
            reader.report(entry.place, "unknown-intent", f"no intent {found}", "see the intents")
    else:
        names = [name for name, _ in found]
        for name in names:
            if f"slots.{name}" not in reader.names:
                reader.report(
                    entry.place, "unknown-slot", f"no slot {name}", "declare it in slots.yml"
                )
        if len(set(names)) < len(names):
            reader.report(entry.place, "payload", "a slot stands twice", "remove one of them")

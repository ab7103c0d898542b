"""A small pack to begin with: what every pack needs, taken from the shipped pack of the
jurisdiction, and one flow of its own."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dialogs.actions import ACTION_SLOTS
from dialogs.loader import SHIPPED, load_shipped
from dialogs.pack import (
    OPTIONAL,
    PATTERNS,
    Act,
    Collect,
    Flow,
    Pack,
    SetSlots,
    Utter,
    Variable,
    Variation,
)
from gateway.packs.names import PACK_NAME
from gateway.packs.sources import Sources

ORIGIN: Mapping[str, str] = {"US": "collections-us", "GB": "collections-uk"}
FLOWS = ("reminder", "help", "opt_in", "agent_request")
"""What a first pack does beside its patterns."""

OWN_SLOTS = """\
  call_time:
    type: text
    mappings: [{type: from_text}]
"""
OWN_FLOWS = """\
flows:
  # A flow of your own: change it, or write others beside it.
  call_back:
    name: Call me back
    description: The customer would rather talk on the phone.
    if: not context.suspended
    nlu_trigger:
      - intent: channel_preference
    metadata: {gateway: {nudge: false}}
    steps:
      - collect: call_time
      - action: handoff
        with: {reason: call_back}
      - action: utter_call_noted
"""
OWN_RESPONSES = """\
  utter_ask_call_time:
    - text: "Gladly. When may we call you?"
  utter_call_noted:
    - text: "Thank you. A person from our team will call you."
"""
OWN_TESTS = """\
test_cases:
  # A conversation, and what must follow each step: `gateway dialogs test` plays it.
  - test_case: a customer would rather talk
    steps:
      - user: /channel_preference
      - utter: utter_ask_call_time
      - user: "/out_of_scope{text: after five}"
        assertions:
          - utter: utter_call_noted
          - flow_completed: call_back
          - outcome: handoff.requested
"""

_KEY = re.compile(r"  ([A-Za-z_][\w-]*):")


def template(name: str, jurisdiction: str) -> Sources:
    """The files of a new pack. Raises ValueError for a name that no pack may have, KeyError for
    another jurisdiction."""
    origin = ORIGIN[jurisdiction]
    if not PACK_NAME.fullmatch(name):
        raise ValueError("a pack's name has up to 63 small letters, digits and hyphens")
    pack, folder = load_shipped(origin), SHIPPED / origin
    named = (*PATTERNS, *OPTIONAL, *FLOWS)
    flows = [pack.flows[each] for each in named if each in pack.flows]
    texts = {each for name in _texts(pack, flows) for each in (name, *_closings(pack, name))}
    slots = set(_slots(pack, flows, texts))
    written = dict(_flow_blocks(folder))
    kept = "".join(written[each] for each in FLOWS)
    responses = _blocks((folder / f"responses/{pack.locale}.yml").read_text(encoding="utf-8"))
    declared = _blocks((folder / "slots.yml").read_text(encoding="utf-8"))
    return {
        "pack.yml": _head(folder, name),
        "patterns.yml": (folder / "patterns.yml").read_text(encoding="utf-8"),
        "slots.yml": f"slots:\n{_kept(declared, slots)}{OWN_SLOTS}",
        "flows/first.yml": OWN_FLOWS,
        "flows/service.yml": f"flows:\n{kept}",
        f"responses/{pack.locale}.yml": f"responses:\n{_offered(pack, _kept(responses, texts))}"
        f"{OWN_RESPONSES}",
        "tests/first.yml": OWN_TESTS,
    }


def _offered(pack: Pack, texts: str) -> str:
    """The texts without the choices that only the shipped pack's other flows answer."""
    lost = "|".join(sorted(intent for intent, known in pack.by_intent.items() if not _has(known)))
    return re.sub(rf' +- \{{title: .*, payload: "/(?:{lost})"\}}\n', "", texts)


def _has(known: Iterable[tuple[Flow, float]]) -> bool:
    return any(flow.name in FLOWS for flow, _ in known)


def _head(folder: Path, name: str) -> str:
    """The shipped pack's settings under the new pack's name."""
    text = (folder / "pack.yml").read_text(encoding="utf-8")
    new = {"name": name, "version": '"1"', "description": "What this pack is for.", "author": "you"}
    for key, value in new.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    return text


def _blocks(text: str) -> dict[str, str]:
    """The entries two spaces deep, as they are written, without the comments between them."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if key := _KEY.match(line):
            current = found.setdefault(key[1], [])
        if line.startswith("  ") and not line.startswith("  #") and found:
            current.append(line)
    return {name: "\n".join(lines) + "\n" for name, lines in found.items()}


def _flow_blocks(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((folder / "flows").glob("*.yml")):
        yield from _blocks(path.read_text(encoding="utf-8")).items()


def _kept(blocks: Mapping[str, str], names: Iterable[str]) -> str:
    """Those named, in the order in which they stood."""
    wanted = set(names)
    return "".join(block for name, block in blocks.items() if name in wanted)


def _texts(pack: Pack, flows: Iterable[Flow]) -> Iterator[str]:
    """The responses that these flows can come to say, and those that every pack names."""
    yield from filter(None, (pack.settings.email_subject, *pack.settings.closings))
    for flow in flows:
        for step in flow.steps:
            match step.deed:
                case Utter(response=name):
                    yield name
                case Collect(slot=slot, utter=name, rejections=rejections):
                    declared = pack.slots[slot]
                    yield name
                    yield from (rejection.utter for rejection in rejections)
                    yield from filter(None, (declared.refill_utter, declared.currency_utter))


def _closings(pack: Pack, name: str) -> Iterator[str]:
    """The lines that close a response in place of the usual one."""
    for variation in pack.responses[pack.locale][name]:
        if variation.closing:
            yield variation.closing


def _slots(pack: Pack, flows: Iterable[Flow], texts: Iterable[str]) -> Iterator[str]:
    """The slots that these flows and texts name."""
    for flow in flows:
        yield from flow.listens
        for step in flow.steps:
            match step.deed:
                case Collect(slot=name):
                    yield name
                case SetSlots(values=values):
                    yield from (name for name, _ in values)
                case Act(name=name):
                    yield from ACTION_SLOTS.get(name, ())
            yield from _named(
                branch.condition.names for branch in step.branches if branch.condition
            )
    for text in texts:
        for variation in pack.responses[pack.locale][text]:
            yield from _in_text(pack, variation)


def _in_text(pack: Pack, variation: Variation) -> Iterator[str]:
    if variation.condition is not None:
        yield from _named([variation.condition.names])
    for part in (*variation.text, *(variation.subject or ()), *(variation.html or ())):
        if isinstance(part, Variable) and part.name in pack.slots:
            yield part.name


def _named(groups: Iterable[Iterable[str]]) -> Iterator[str]:
    for names in groups:
        yield from (name.removeprefix("slots.") for name in names if name.startswith("slots."))

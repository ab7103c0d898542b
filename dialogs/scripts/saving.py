"""A conversation that was tried out, written as a test case that passes when it is played."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dialogs.scripts.beat import Beat
from dialogs.scripts.cases import (
    Arrival,
    Occurrence,
    Outreach,
    Payment,
    Proof,
    Setting,
    Stimulus,
    Wait,
    Words,
)
from dialogs.scripts.player import Scene
from dialogs.scripts.world import command_name
from domain.activity import OUTCOMES
from domain.context import Brand
from domain.events import Said
from domain.messages import Reason
from domain.promise import PromiseRules
from domain.understanding import Instalment, Understanding
from domain.values import Money

HEAD = "test_cases:\n"


def as_case(name: str, setting: Setting, base: Setting, scenes: Sequence[Scene]) -> str:
    """An item of `test_cases`. `base` is where a case begins that says nothing else: only what
    differs from it is written."""
    lines = [f"- test_case: {quoted(name)}"]
    changed = dict(_changed(setting, base))
    if changed:
        lines.append("  metadata:")
        lines += [
            f"    {key}: {written(value, setting.currency)}" for key, value in changed.items()
        ]
    lines.append("  steps:")
    for scene in scenes:
        lines += _scene(scene, setting)
    return "\n".join(lines) + "\n"


def _changed(setting: Setting, base: Setting) -> Iterator[tuple[str, Any]]:
    for name in Setting.__struct_fields__:
        value = getattr(setting, name)
        if name == "balance" and value is None:
            yield "account", False
        elif value != getattr(base, name) or (
            name == "balance" and setting.currency != base.currency
        ):
            yield name, value


def _scene(scene: Scene, setting: Setting) -> Iterator[str]:
    kind, value, more = WRITTEN[type(scene.deed)](scene.deed, scene.beat)
    yield f"  - {kind}: {written(value, setting.currency)}"
    for key, each in more.items():
        if each is not None:
            yield f"    {key}: {written(each, setting.currency)}"
    yield from _followed(scene.beat)


def _followed(beat: Beat) -> Iterator[str]:
    """What the conversation showed: responses, silence, what was blocked, outcomes."""
    for message in beat.sent:
        for response in message.responses:
            yield f"  - utter: {response}"
    if not beat.sent:
        yield "  - nothing_sent: true"
    for rule in beat.blocked():
        yield f"  - blocked_by: {quoted(rule)}"
    for kind in dict.fromkeys(kind for kind, _ in beat.recorded if kind in OUTCOMES):
        yield f"  - outcome: {kind}"


Shape = tuple[str, Any, dict[str, Any]]


def _words(deed: Words, beat: Beat) -> Shape:
    """With what it was understood as, so that the case does not hang on a model."""
    said = next(turned.event for turned in beat.turns if isinstance(turned.event, Said))
    more: dict[str, Any] = {"channel": deed.channel, "keyword": deed.keyword}
    return "user", deed.text, more | _meaning(said.understanding)


def _meaning(found: Understanding) -> dict[str, Any]:
    scores = {score.name: Decimal(repr(score.confidence)) for score in found.intents}
    return {
        "intent": scores,
        "amount": found.amount,
        "date": found.date,
        "instalment": found.instalment,
        "choice": found.choice,
        "ambiguous": list(found.ambiguous) or None,
    }


def _outreach(deed: Outreach, _: Beat) -> Shape:
    return "campaign", deed.flow, {"channel": deed.channel}


def _arrival(deed: Arrival, _: Beat) -> Shape:
    reason = None if deed.reason == Reason.UNKNOWN else deed.reason
    return "receipt", deed.status.value, {"reason": reason}


def _payment(deed: Payment, _: Beat) -> Shape:
    declined = {"declined": True} if deed.declined else {}
    return "payment", {"amount": deed.amount} | declined, {}


def _wait(deed: Wait, _: Beat) -> Shape:
    return "advance", deed.after, {}


def _proof(_deed: Proof, _: Beat) -> Shape:
    return "verify", True, {}


def _occurrence(deed: Occurrence, _: Beat) -> Shape:
    return "event", {command_name(deed.type): _fields(deed.fields)}, {}


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: Money(value["minor"], value["currency"]) if name in ("amount", "balance") else value
        for name, value in given.items()
    }


WRITTEN: Mapping[type[Stimulus], Callable[[Any, Beat], Shape]] = {
    Words: _words,
    Outreach: _outreach,
    Arrival: _arrival,
    Payment: _payment,
    Wait: _wait,
    Proof: _proof,
    Occurrence: _occurrence,
}


def written(value: Any, currency: str) -> str:
    """A value as test files have it, in one line."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case Money():
            amount = str(value.decimal)
            return amount if value.currency == currency else quoted(f"{amount} {value.currency}")
        case timedelta():
            return spanned(value)
        case datetime():
            return quoted(value.strftime("%Y-%m-%d %H:%M:%S"))
        case date():
            return value.isoformat()
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case (Money() as amount, day):  # a promise that is pending already
            return written({"amount": amount, "date": day}, currency)
        case Brand() | PromiseRules() | Instalment():
            names = [each.name for each in fields(value)]
            given = {name: getattr(value, name) for name in names}
            keep_nulls = isinstance(value, Brand)
            return written(
                {k: v for k, v in given.items() if keep_nulls or v is not None}, currency
            )
        case Mapping():
            pairs = ", ".join(f"{key}: {written(each, currency)}" for key, each in value.items())
            return "{" + pairs + "}"
        case list() | tuple():
            return "[" + ", ".join(written(each, currency) for each in value) + "]"
    return quoted(str(value))


def spanned(value: timedelta) -> str:
    """The ISO duration that is read back as the same."""
    return f"P{value.days}D" + (f"T{value.seconds}S" if value.seconds else "")


def quoted(text: str) -> str:
    """In double quotes, as YAML reads it back; what can't be shown is escaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char == " " or (char.isprintable() and char != "\ufeff"):
        return char
    code = ord(char)
    if 0xD800 <= code < 0xE000:
        return "\ufffd"  # half a character: no file can hold it
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )

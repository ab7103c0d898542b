"""Whether what must follow a step did follow, and what came in its place."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from dialogs.scripts.beat import Beat, Message
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
from dialogs.scripts.world import LINK, World
from dialogs.state import recall
from domain.comparison import Value
from domain.matching import found
from domain.messages import LINK_MARK
from domain.values import ChannelKind


class Mismatch(NamedTuple):
    """What was expected, and line by line what came."""

    expected: str
    came: tuple[str, ...]


def missing(check: Check, beat: Beat, world: World) -> Mismatch | None:
    """None where it holds."""
    return CHECKED[type(check)](check, beat, world)


def sent(beat: Beat) -> tuple[str, ...]:
    """The messages of a beat, and those that were held back."""
    lines: list[str] = []
    for message in beat.sent:
        lines.append(f"{message.say.response} ({message.say.variation}):")
        lines += [f"| {line}" for line in message.text.splitlines()]
    for message in beat.held:
        lines.append(f"{message.say.response} was held back by {message.rule}")
    return tuple(lines) or ("nothing was sent",)


def _uttered(check: Uttered, beat: Beat, _: World) -> Mismatch | None:
    if beat.said and beat.said[0] == check.response:
        beat.said.pop(0)
        return None
    came = sent(beat)
    if beat.sent and beat.said:
        came = (f"the next response is {beat.said[0]}", *came)
    elif beat.sent:
        came = ("nothing more was sent", *came)
    return Mismatch(f"the bot says {check.response}", came)


def _wrote(check: Wrote, beat: Beat, _: World) -> Mismatch | None:
    wanted = _folded(check.text)
    if any(wanted in _folded(message.text) for message in beat.sent):
        return None
    lines = tuple(f"| {line}" for line in check.text.splitlines())
    return Mismatch("\n".join(("the bot writes", *lines)), sent(beat))


def _folded(text: str) -> str:
    """Without the difference between kinds of blanks."""
    return " ".join(text.split())


def _slot(check: SlotSet, _: Beat, world: World) -> Mismatch | None:
    kept = world.state.slots.get(check.name)
    value = None if kept is None else recall(kept)
    wanted = world.today + check.value if isinstance(check.value, timedelta) else check.value
    holds = (value == wanted) if check.valued else kept is not None
    if holds is not check.unset:
        return None
    expected = f"slot {check.name} is " + ("not " if check.unset else "")
    expected += _shown(wanted) if check.valued else "set"
    return Mismatch(expected, (f"it is {_shown(value)}",))


def _shown(value: Value) -> str:
    return "not set" if value is None else str(value)


def _flow(check: FlowIs, beat: Beat, _: World) -> Mismatch | None:
    came: list[str] = []
    for turned in beat.turns:
        happened: Mapping[str, Mapping[str, str | None]] = {
            "started": dict.fromkeys(sorted(turned.started())),
            "completed": turned.completed(),
            "cancelled": turned.cancelled(),
        }
        flows = happened[check.how]
        if check.flow in flows and check.step in (None, flows[check.flow]):
            return None
        for how, named in happened.items():
            came += [f"{flow} {how}" + (f" at {at}" if at else "") for flow, at in named.items()]
    at = f" at {check.step}" if check.step else ""
    return Mismatch(
        f"flow {check.flow} {check.how}{at}", tuple(came) or ("no flow began or ended",)
    )


def _executed(check: Executed, beat: Beat, _: World) -> Mismatch | None:
    done = beat.actions + [name for message in beat.sent for name in message.responses]
    if (check.action in done) is not check.unless:
        return None
    expected = f"action {check.action} is " + ("not executed" if check.unless else "executed")
    return Mismatch(expected, (", ".join(dict.fromkeys(done)) or "no action was executed",))


def _bot(check: BotUttered, beat: Beat, _: World) -> Mismatch | None:
    hit = any(_fits(check, message) for message in beat.sent)
    if hit is not check.unless:
        return None
    parts = [check.response or "a message"]
    if check.pattern is not None:
        parts.append(f"that matches {check.pattern.pattern}")
    if check.buttons:
        parts.append("with the buttons " + ", ".join(check.buttons))
    word = "does not say" if check.unless else "says"
    return Mismatch(f"the bot {word} {' '.join(parts)}", sent(beat))


def _fits(check: BotUttered, message: Message) -> bool:
    return (
        (check.response is None or check.response in message.responses)
        and (check.pattern is None or found(check.pattern, message.text))
        and all(title in message.text for title in check.buttons)
    )


def _silence(_check: Silence, beat: Beat, _: World) -> Mismatch | None:
    return Mismatch("nothing is sent", sent(beat)) if beat.sent else None


def _blocked(check: Blocked, beat: Beat, _: World) -> Mismatch | None:
    rules = beat.blocked()
    if check.rule in rules:
        return None
    came = f"held back by {', '.join(rules)}" if rules else "no message was held back"
    return Mismatch(f"a message is blocked by {check.rule}", (came, *sent(beat)))


def _segments(check: Segments, beat: Beat, world: World) -> Mismatch | None:
    for message in beat.sent:
        if message.say.channel is not ChannelKind.SMS:
            continue
        count = world.outside.segments(message.say.content.text.replace(LINK_MARK, LINK))
        if count > check.most:
            return Mismatch(
                f"at most {check.most} segments",
                (f"{message.say.response} takes {count}:", *sent(beat)),
            )
    return None


def _outcome(check: Outcome, beat: Beat, world: World) -> Mismatch | None:
    seen = [payload for kind, payload in beat.recorded if kind == check.type]
    if any(_holds(check.payload, payload, world) for payload in seen):
        return None
    expected = check.type
    if check.payload:
        expected += " " + _pairs(check.payload)
    came = [f"{kind} {_pairs(payload)}".rstrip() for kind, payload in beat.recorded]
    return Mismatch(f"outcome {expected}", tuple(came) or ("nothing was recorded",))


def _holds(wanted: Mapping[str, Any], payload: Mapping[str, Any], world: World) -> bool:
    return all(
        key in payload and _same(value, payload[key], world) for key, value in wanted.items()
    )


def _same(wanted: Any, value: Any, world: World) -> bool:
    """Equal as written: 50 and "50.00" are the same amount, and a day may be one after today."""
    match wanted:
        case timedelta():
            return bool((world.today + wanted).isoformat() == value)
        case dict() if isinstance(value, Mapping):
            return _holds(wanted, value, world)
        case bool() | None:
            return value is wanted
        case int() | Decimal() if isinstance(value, str):
            return _number(value) == wanted
        case list():
            return list(value) == wanted if isinstance(value, list | tuple) else False
    return bool(value == wanted)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _pairs(payload: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in payload.items() if value is not None)


CHECKED: Mapping[type, Callable[[Any, Beat, World], Mismatch | None]] = {
    Uttered: _uttered,
    Wrote: _wrote,
    SlotSet: _slot,
    FlowIs: _flow,
    Executed: _executed,
    BotUttered: _bot,
    Silence: _silence,
    Blocked: _blocked,
    Segments: _segments,
    Outcome: _outcome,
}

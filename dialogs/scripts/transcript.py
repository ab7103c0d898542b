"""A played conversation in lines that people read."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dialogs.scripts.beat import Beat, Message, Turned
from dialogs.scripts.cases import Words
from dialogs.scripts.player import Played, Scene
from domain.events import Said, TimerDue
from domain.understanding import Understanding

WIDTH = 10


def transcript(scenes: Sequence[Scene]) -> list[str]:
    """Each line begins with who speaks; the time stands where it changes."""
    lines: list[str] = []
    last: datetime | None = None
    for scene in scenes:
        beat = scene.beat
        if last is None or beat.at != last:
            lines.append(f"{beat.at:%a %d %b %H:%M}")
        last = beat.at
        lines += _scene(scene)
    return lines


def _scene(scene: Scene) -> Iterator[str]:
    if isinstance(scene.deed, Words):
        yield from _said("customer", scene.deed.text)
    else:
        yield _line("step", printable(scene.words))
    yield from shown(scene.beat)


def shown(beat: Beat, *, trace: bool = True) -> Iterator[str]:
    """What a step brought about: why, what was sent, what was held back, what was recorded."""
    for turned in beat.turns:
        if trace:
            yield from _why(turned)
    for message in beat.sent:
        yield from _sent(message, beat)
    for message in beat.held:
        yield _line("held back", f"{message.say.response} by {message.rule}")
    for kind, payload in beat.recorded if trace else ():
        pairs = ", ".join(f"{k}: {v}" for k, v in payload.items() if v is not None)
        yield _line("recorded", printable(f"{kind} {pairs}".rstrip()))


def _why(turned: Turned) -> Iterator[str]:
    event = turned.event
    if isinstance(event, Said):
        yield _line("means", meaning(event.understanding))
    elif isinstance(event, TimerDue):
        yield _line("timer", f"{event.kind} at {event.at:%a %d %b %H:%M}")
    else:
        yield _line("event", type(event).__name__)
    for words in turned.decision.trace:
        yield _line("why", printable(words))


def meaning(understanding: Understanding) -> str:
    parts = [f"{score.name} {score.confidence:.2f}" for score in understanding.intents]
    if understanding.amount is not None:
        parts.append(f"amount {understanding.amount}")
    if understanding.date is not None:
        parts.append(f"date {understanding.date.isoformat()}")
    return ", ".join(parts) + f" ({understanding.decided_by})"


def _sent(message: Message, beat: Beat) -> Iterator[str]:
    when = f" {message.at:%a %d %b %H:%M}" if message.at != beat.at else ""
    category = message.say.category.value
    channel = message.say.channel.value
    yield _line("we", f"{message.say.response} ({category}, {channel}{when})")
    yield from _said("", message.text)


def _said(who: str, text: str) -> Iterator[str]:
    for number, line in enumerate(printable(text).splitlines() or [""]):
        yield _line("" if number else who, f"| {line}")


def _line(who: str, text: str) -> str:
    return f"{who:<{WIDTH}}{text}".rstrip()


def printable(text: str) -> str:
    """Without what would steer a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def report(played: Played) -> list[str]:
    """A failed case: where, what was expected, what came, and the whole conversation."""
    failure = played.failure
    if failure is None:
        return []
    lines = [
        f"{failure.place.file}:{failure.place.line}:{failure.place.column}: {played.case.name}",
        f"  at        {printable(failure.step)}",
        *_block("expected", "- ", printable(failure.expected).splitlines()),
        *_block("came", "+ ", [printable(line) for line in failure.came]),
    ]
    return lines + [f"    {line}" for line in ("", *transcript(played.scenes))]


def _block(title: str, mark: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {'' if number else title:<{WIDTH}}{mark}{line}"

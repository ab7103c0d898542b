"""From a response's name to the words that go out, or the reason why none may."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from html import escape
from typing import Protocol

from dialogs.formats import plain, shown
from dialogs.names import Seen
from dialogs.pack import Pack, Part, Variable, Variation
from dialogs.parting import messages
from dialogs.payloads import harmless
from domain.comparison import Value
from domain.links import Purpose
from domain.messages import LINK_MARK, LONGEST, Content
from domain.values import ChannelKind, Money

MOST_MESSAGES = 3
"""What is longer is no answer to a text; a person takes over."""
LONGEST_SECRET = 32
"""Characters that the secret of a link may have."""


class Unsayable(Exception):
    """A text that must not go out: `rule` is unfilled_variable, unverified, no_response or
    too_long."""

    def __init__(self, rule: str, response: str, variable: str | None = None) -> None:
        super().__init__(f"{response}: {rule} {variable or ''}")
        self.rule = rule
        self.response = response
        self.variable = variable


class Speaker(Seen, Protocol):
    """A turn as texts see it."""

    pack: Pack
    locale: str
    slots: dict[str, Value]
    neutral: bool
    purpose: Purpose

    def lookup(self, name: str) -> Value: ...


@dataclass(slots=True)
class Rendered:
    """One response in words; `options` are the payloads of its numbered choices."""

    response: str
    variation: str
    text: str
    subject: str | None
    html: str | None
    closing: str | None
    options: tuple[str, ...]
    why: str = ""  # this variation was chosen, where there was a choice
    link: Purpose | None = None  # of its link, if it has one


def render(turn: Speaker, response: str, first_option: int = 1) -> Rendered:
    """The response in words; its choices are numbered from `first_option`. Raises Unsayable."""
    variation, why = choose(turn, response)
    text = _fill(turn, response, variation.text)
    options: tuple[str, ...] = ()
    numbered = ""
    if variation.buttons:
        numbered, options = _choices(turn, response, variation, first_option)
    subject = html = None
    if turn.channel is ChannelKind.EMAIL:
        html = _html(turn, response, variation, text) + _paragraphs(numbered)
        if variation.subject is not None:
            subject = _fill(turn, response, variation.subject)
    return Rendered(
        response,
        variation.id,
        f"{text}\n{numbered}" if numbered else text,
        subject,
        html,
        variation.closing,
        options,
        why,
        (variation.link or turn.purpose) if variation.holds_link else None,
    )


def as_written(turn: Speaker, response: str, author: str, text: str) -> Rendered:
    """A person's own words: nothing in them is filled in, and line breaks stay."""
    words = "\n".join(plain(line).strip() for line in text.splitlines()).strip()
    html = _paragraphs(words) if turn.channel is ChannelKind.EMAIL else None
    return Rendered(response, author, words, None, html, None, ())


def choose(turn: Speaker, response: str) -> tuple[Variation, str]:
    """The variation, and why: conditional and for the channel, for the channel, conditional, plain.

    Raises Unsayable where none fits.
    """
    known = turn.pack.responses[turn.locale].get(response)
    if not known:
        raise Unsayable("no_response", response)
    if len(known) == 1 and known[0].channel is None and known[0].condition is None:
        return known[0], ""
    best: list[Variation] = []
    rank = 0
    for variation in known:
        ours = _rank(turn, variation)
        if ours > rank:
            best, rank = [variation], ours
        elif ours == rank and ours:
            best.append(variation)
    if not best:
        raise Unsayable("no_response", response)
    why = _reason(best[0])
    if len(best) == 1:
        return best[0], why
    return best[_pick(turn, response, len(best))], f"{why}, by lot of {len(best)} that stays"


def _reason(variation: Variation) -> str:
    found = [f"for {variation.channel.value}"] if variation.channel else []
    if variation.condition:
        found.append(f"since {variation.condition.text}")
    return ", " + (" ".join(found) or "the plain one")


def _rank(turn: Speaker, variation: Variation) -> int:
    """0 where the variation does not fit."""
    rank = 1
    if variation.channel is not None:
        if variation.channel is not turn.channel:
            return 0
        rank = 3
    if variation.condition is not None:
        return rank + 1 if variation.condition.holds(turn.lookup) else 0
    return rank


def _pick(turn: Speaker, response: str, count: int) -> int:
    key = f"{turn.context.conversation_id}/{response}/{turn.pack.version}"
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % count


def _choices(
    turn: Speaker, response: str, variation: Variation, first: int
) -> tuple[str, tuple[str, ...]]:
    lines, payloads = [], []
    for number, button in enumerate(variation.buttons, first):
        lines.append(f"{number} {_fill(turn, response, button.title)}")
        payloads.append(_payload(turn, response, button.payload))
    return "\n".join(lines), tuple(payloads)


def _payload(turn: Speaker, response: str, parts: Sequence[Part]) -> str:
    """Values as they are read again: plain decimals and ISO dates."""
    texts = []
    for part in parts:
        if isinstance(part, Variable):
            texts.append(_written(_value(turn, response, part)))
        else:
            texts.append(part)
    return "".join(texts)


def _written(value: Value) -> str:
    return str(value.decimal) if isinstance(value, Money) else harmless(str(value))


def _fill(
    turn: Speaker,
    response: str,
    parts: Sequence[Part],
    escaped: Callable[[str], str] | None = None,
) -> str:
    texts = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        value = _value(turn, response, part)
        text = shown(value, turn.locale)
        if text is None:
            raise Unsayable("unfilled_variable", response, part.name)
        if part.name != "link" and not isinstance(value, Money | date):
            text = plain(text)
        texts.append(escaped(text) if escaped else text)
    return "".join(texts)


def _value(turn: Speaker, response: str, variable: Variable) -> Value:
    fact, name = variable.fact, variable.name
    value: Value
    if fact is not None:
        if fact.secret and not turn.verified:
            raise Unsayable("unverified", response, name)
        value = fact.read(turn)
    elif name in turn.pack.slots:
        value = turn.slots.get(name)
    else:
        value = turn.context.facts.get(name)
    if value is None:
        raise Unsayable("unfilled_variable", response, name)
    return value


def _html(turn: Speaker, response: str, variation: Variation, text: str) -> str:
    if variation.html is None:
        return _paragraphs(text)
    return _fill(turn, response, variation.html, escape)


def _paragraphs(text: str) -> str:
    shown_link = f'<a href="{LINK_MARK}">{LINK_MARK}</a>'
    return "".join(
        f"<p>{escape(part).replace(LINK_MARK, shown_link)}</p>"
        for part in text.split("\n\n")
        if part
    )


def join(turn: Speaker, parts: Sequence[Rendered], closed: bool) -> list[Content]:
    """One message of a turn's texts, ended by the closing line where it is to be `closed`.

    What is too long for one text message is several, each with the closing line: whoever gets it
    must be told how to stop it. Raises Unsayable.
    """
    closing = _closing(turn, parts) if closed else None
    if turn.channel is not ChannelKind.EMAIL:
        return _texts(turn, parts, closing.text if closing else "")
    whole = [*parts, closing] if closing else list(parts)
    subject = next((part.subject for part in parts if part.subject), None)
    if subject is None:
        subject = render(turn, turn.pack.settings.email_subject).text
    content = Content(
        text="\n\n".join(part.text for part in whole),
        subject=subject,
        html="".join(part.html or "" for part in whole),
    )
    return [content]


def _texts(turn: Speaker, parts: Sequence[Rendered], closing: str) -> list[Content]:
    text = "".join(part.text + ("\n" if part.options else " ") for part in parts)
    link = len(turn.context.link_base) + LONGEST_SECRET
    found = messages(text, closing, LONGEST[turn.channel], link)
    if not 0 < len(found) <= MOST_MESSAGES:
        raise Unsayable("too_long", parts[0].response)
    return [Content(each) for each in found]


def _closing(turn: Speaker, parts: Sequence[Rendered]) -> Rendered | None:
    """The closing line: what the first text that has an opinion says, else the pack's for whoever
    reads. Only a text that wants none goes before the initial disclosure, until that was sent."""
    settings = turn.pack.settings
    own = next((part.closing for part in parts if part.closing is not None), None)
    response = settings.closing if own is None else own
    if turn.neutral:
        response = response if own is not None else settings.closing_others or response
    elif response and not turn.context.introduced:
        response = settings.closing_first or response
    return render(turn, response) if response else None

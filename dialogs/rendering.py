"""From a response's name to the words that go out, or the reason why none may."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from html import escape

from dialogs.formats import plain, shown
from dialogs.names import VARIABLES, secret
from dialogs.pack import Pack, Part, Variation
from domain.comparison import Value
from domain.conditions import Lookup
from domain.messages import LINK_MARK, Content
from domain.values import ChannelKind, Money


class Unsayable(Exception):
    """A text that must not go out: `rule` is unfilled_variable, unverified or no_response."""

    def __init__(self, rule: str, response: str, variable: str | None = None) -> None:
        super().__init__(f"{response}: {rule} {variable or ''}")
        self.rule = rule
        self.response = response
        self.variable = variable


@dataclass(frozen=True, slots=True)
class Wording:
    """Whom a text is for: everything that its rendering depends on."""

    pack: Pack
    locale: str
    channel: ChannelKind
    conversation: str
    verified: bool
    lookup: Lookup
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One response in words; `options` are the payloads of its numbered choices."""

    response: str
    variation: str
    text: str
    subject: str | None
    html: str | None
    closing: str | None
    options: tuple[str, ...]


def render(wording: Wording, response: str, first_option: int = 1) -> Rendered:
    """The response in words; its choices are numbered from `first_option`. Raises Unsayable."""
    variation = choose(wording, response)
    text = _fill(wording, response, variation.text)
    email = wording.channel is ChannelKind.EMAIL
    titles = [_fill(wording, response, button.title) for button in variation.buttons]
    numbered = [f"{number} {title}" for number, title in enumerate(titles, first_option)]
    html = None
    if email:
        html = (
            _paragraphs(text)
            if variation.html is None
            else _fill(wording, response, variation.html, escape)
        ) + _paragraphs("\n\n".join(numbered))
    return Rendered(
        response=response,
        variation=variation.id,
        text="\n".join((text, *numbered)),
        subject=None
        if variation.subject is None or not email
        else _fill(wording, response, variation.subject),
        html=html,
        closing=variation.closing,
        options=tuple(_payload(wording, response, b.payload) for b in variation.buttons),
    )


def choose(wording: Wording, response: str) -> Variation:
    """The variation: conditional and for the channel, for the channel, conditional, plain."""
    known = wording.pack.responses.get(wording.locale, {}).get(response)
    if not known:
        raise Unsayable("no_response", response)
    best: list[Variation] = []
    rank = 0
    for variation in known:
        ours = _rank(wording, variation)
        if ours > rank:
            best, rank = [variation], ours
        elif ours == rank and ours:
            best.append(variation)
    if not best:
        raise Unsayable("no_response", response)
    return best[0] if len(best) == 1 else best[_pick(wording, response, len(best))]


def _rank(wording: Wording, variation: Variation) -> int:
    """0 where the variation does not fit."""
    if variation.channel is not None and variation.channel is not wording.channel:
        return 0
    condition = variation.condition
    if condition is not None and not condition.holds(wording.lookup):
        return 0
    return 1 + (condition is not None) + 2 * (variation.channel is not None)


def _pick(wording: Wording, response: str, count: int) -> int:
    key = f"{wording.conversation}/{response}/{wording.pack.version}"
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % count


def _raw(text: str) -> str:
    return text


def _fill(
    wording: Wording,
    response: str,
    parts: Sequence[Part],
    escaped: Callable[[str], str] = _raw,
) -> str:
    if len(parts) == 1 and isinstance(parts[0], str):
        return parts[0]
    return "".join(
        part if isinstance(part, str) else escaped(_variable(wording, response, part.name))
        for part in parts
    )


def _payload(wording: Wording, response: str, parts: Sequence[Part]) -> str:
    """Values as they are read again: plain decimals and ISO dates."""
    texts = []
    for part in parts:
        value = part if isinstance(part, str) else _checked(wording, response, part.name)
        texts.append(str(value.decimal) if isinstance(value, Money) else str(value))
    return "".join(texts)


def _variable(wording: Wording, response: str, name: str) -> str:
    text = shown(_checked(wording, response, name), wording.locale)
    if text is None:
        raise Unsayable("unfilled_variable", response, name)
    return text if name == "link" else plain(text)


def _checked(wording: Wording, response: str, name: str) -> Value:
    if secret(name) and not wording.verified:
        raise Unsayable("unverified", response, name)
    value = _value(wording, name)
    if value is None:
        raise Unsayable("unfilled_variable", response, name)
    return value


def _value(wording: Wording, name: str) -> Value:
    if name in VARIABLES:
        return wording.lookup(VARIABLES[name])
    if name in wording.pack.slots:
        return wording.lookup(f"slots.{name}")
    return wording.facts.get(name)


def _paragraphs(text: str) -> str:
    shown_link = f'<a href="{LINK_MARK}">{LINK_MARK}</a>'
    return "".join(
        f"<p>{escape(part).replace(LINK_MARK, shown_link)}</p>"
        for part in text.split("\n\n")
        if part
    )


def join(wording: Wording, parts: Sequence[Rendered], categorised: bool) -> Content:
    """One message of a turn's texts; `categorised`: its category takes the closing line.

    Raises Unsayable.
    """
    closing = _closing(wording, parts) if categorised else None
    whole = [*parts, closing] if closing else list(parts)
    if wording.channel is not ChannelKind.EMAIL:
        return Content(
            "".join(part.text + ("\n" if part.options else " ") for part in whole).rstrip()
        )
    subject = next((part.subject for part in parts if part.subject), None)
    if subject is None:
        subject = render(wording, wording.pack.settings.email_subject).text
    return Content(
        text="\n\n".join(part.text for part in whole),
        subject=subject,
        html="".join(part.html or "" for part in whole),
    )


def _closing(wording: Wording, parts: Sequence[Rendered]) -> Rendered | None:
    """The closing line: what the first text that has an opinion says, else the pack's."""
    named = next((part.closing for part in parts if part.closing is not None), None)
    response = wording.pack.settings.closing if named is None else named
    return render(wording, response) if response else None

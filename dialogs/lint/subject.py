"""A pack under lint: with its places, its logic and its texts as they may be heard."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from dialogs.findings import Finding
from dialogs.lint.codes import CODES
from dialogs.lint.graph import Node, Saying, categories, led_to, reached, sayings
from dialogs.lint.logic import Logic
from dialogs.lint.places import Places
from dialogs.loading.source import Place
from dialogs.pack import PATTERN_NO_REPLY, Button, Pack, Part, Variable, Variation
from domain.conditions import Condition
from domain.messages import Category
from domain.values import ChannelKind


class Fitted(Protocol):
    """What a channel makes of a text."""

    @property
    def segments(self) -> int: ...
    @property
    def encoding(self) -> str: ...


Fit = Callable[[str, ChannelKind], Fitted]


@dataclass(frozen=True, slots=True)
class Text:
    """One variation of a response in one locale."""

    locale: str
    response: str
    number: int
    variation: Variation


class Subject:
    def __init__(self, pack: Pack, places: Places, fit: Fit) -> None:
        self.pack = pack
        self.places = places
        self.fit = fit
        self.logic = Logic(pack)
        self._reached: dict[str, Mapping[str, None]] = {}

    def found(self, code: str, place: Place, reason: str) -> Finding:
        return place.finding(code, reason, CODES[code].mend)

    def at(self, text: Text, *path: str | int) -> Place:
        return self.places.variation(text.locale, text.response, text.number, *path)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        return tuple(
            Text(locale, name, number, variation)
            for locale, responses in self.pack.responses.items()
            for name, variations in responses.items()
            for number, variation in enumerate(variations)
        )

    @cached_property
    def sayings(self) -> tuple[Saying, ...]:
        flows = self.pack.flows.values()
        rungs = (rung.response for rung in self.pack.settings.no_reply)
        return (
            *(saying for flow in flows for saying in sayings(self.pack, flow)),
            *(Saying(name, PATTERN_NO_REPLY, 0) for name in rungs if name is not None),
        )

    @cached_property
    def said(self) -> Mapping[Node, tuple[Saying, ...]]:
        """What each step may say."""
        found: dict[Node, tuple[Saying, ...]] = {}
        for each in self.sayings:
            node = (each.flow, each.step)
            found[node] = (*found.get(node, ()), each)
        return found

    @cached_property
    def led(self) -> frozenset[str]:
        """The flows that another one calls or links to."""
        return led_to(self.pack)

    def reached(self, name: str) -> Mapping[str, None]:
        """A flow and all that it may call or link to."""
        if name not in self._reached:
            self._reached[name] = reached(self.pack, name)
        return self._reached[name]

    @cached_property
    def categories(self) -> Mapping[str, frozenset[Category]]:
        """Why each flow's messages go out."""
        return categories(self.pack, self.led)

    @cached_property
    def closings(self) -> frozenset[str]:
        """The responses that only end others."""
        own = {text.variation.closing for text in self.texts}
        return frozenset(filter(None, own | {*self.pack.settings.closings}))

    @cached_property
    def for_others(self) -> frozenset[str]:
        """The responses that are only said where somebody else than the customer may read."""
        flows: dict[str, set[str]] = {}
        for saying in self.sayings:
            flows.setdefault(saying.response, set()).add(saying.flow)
        return frozenset(
            response
            for response, names in flows.items()
            if all(self.pack.flows[name].for_others for name in names)
        )

    def line_of(self, text: Text) -> str | None:
        """The closing line after a text, once the initial disclosure was sent; "" is none."""
        settings, own = self.pack.settings, text.variation.closing
        if own is not None:
            return own
        if text.response in self.for_others and settings.closing_others:
            return settings.closing_others
        return settings.closing

    def lines_of(self, text: Text) -> tuple[str, ...]:
        """Every closing line that may follow a text."""
        line = self.line_of(text)
        first = None if text.response in self.for_others else self.pack.settings.closing_first
        return tuple(filter(None, (line, first))) if line else ()

    @cached_property
    def reasons(self) -> Mapping[str, frozenset[Category]]:
        """Why each response goes out that a flow says."""
        found: dict[str, frozenset[Category]] = {}
        for saying in self.sayings:
            known = found.get(saying.response, frozenset())
            found[saying.response] = known | self.categories[saying.flow]
        return found

    def of(self, response: str) -> Iterator[Text]:
        """Its variations in all locales."""
        for locale, responses in self.pack.responses.items():
            for number, variation in enumerate(responses.get(response, ())):
                yield Text(locale, response, number, variation)

    def unverified(self, text: Text) -> bool:
        """Whether it may be chosen for somebody who is not proven to be the customer."""
        return bool(self.heard(text, self.logic.unverified))

    def heard(self, text: Text, given: Condition | None = None) -> list[ChannelKind]:
        """The channels on which a variation may be chosen."""
        variations = self.pack.responses[text.locale][text.response]
        return [
            channel
            for channel in ChannelKind
            if text.number in self.logic.chosen(variations, channel, given)
        ]


def variables(*parts: tuple[Part, ...] | None) -> list[Variable]:
    return [part for each in parts for part in each or () if isinstance(part, Variable)]


def shown(variation: Variation) -> list[Variable]:
    """The variables of all that a reader sees, and of what a button sends."""
    pressed = [part for button in variation.buttons for part in (button.title, button.payload)]
    return variables(variation.text, variation.subject, variation.html, *pressed)


def words(parts: tuple[Part, ...] | None) -> str:
    """The text with its variables in braces."""
    return "".join(
        f"{{{part.name}}}" if isinstance(part, Variable) else part for part in parts or ()
    )


def readable(variation: Variation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All that a reader sees, each with its keys below the variation."""
    yield ("text",), words(variation.text)
    if variation.subject is not None:
        yield ("subject",), words(variation.subject)
    if variation.html is not None:
        yield ("html",), words(variation.html)
    for number, button in enumerate(variation.buttons):
        yield ("buttons", number, "title"), words(button.title)


def payload(button: Button) -> str:
    return words(button.payload)

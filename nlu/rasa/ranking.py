"""From a Rasa model's ranking of a reply to what the reply means."""

from collections.abc import Iterable

from domain.intents import INTENTS, NAMING_ORDER
from domain.understanding import Reply, Understanding
from nlu.cascade import understanding_of
from nlu.rasa.wire import Ranked
from nlu.reading import Reading
from nlu.rules.guards import only_a_thing_died, unlikely_opt_out
from nlu.shapes import SOCIAL, shaped

JOINED = "+"
"""Stands between the intents of a message that means several, as Rasa's tokenizer splits them."""
SECOND = 0.45
"""Share from which an intent counts that is not the first of the ranking."""
LEAST = 0.2
"""Share below which the first of the ranking says nothing."""
CONSENTING = 0.7
"""Share from which a model alone may name a consent to messages."""
BESIDE_RULES = 0.8
"""Share from which a model's word counts where a rule has spoken of something else."""
_GRAVE = frozenset(NAMING_ORDER[: NAMING_ORDER.index("complaint")])
"""What suspends an account or ends a conversation; a model names it from SECOND on."""


def understanding_by(
    reply: Reply, ranking: Iterable[Ranked], decided_by: str
) -> Understanding | None:
    """None where the ranking says nothing that may count: unsure, or in other labels than ours.

    What rules found stays, with their confidence; amounts and days are those of our own grammar.
    """
    reading = Reading(reply)
    by_rules = {rule.intent: rule.confidence for rule in reversed(reading.rules)}
    by_model = {
        name: share
        for name, share in said(ranking).items()
        if name not in by_rules and _credible(name, share, reading)
    }
    if not by_model:
        return None
    return understanding_of(reading, shaped(reading, by_rules | by_model), decided_by)


def said(ranking: Iterable[Ranked]) -> dict[str, float]:
    """The intents of the first label and any other that is likely enough, with their shares.

    A label "a+b" speaks for both: an intent's share is the sum of its labels'. Labels that are no
    intent of ours say nothing.
    """
    shares: dict[str, float] = {}
    first: list[str] = []
    for place, ranked in enumerate(ranking):
        names = [name for name in (ranked.name or "").split(JOINED) if name in INTENTS]
        first = names if place == 0 else first
        for name in names:
            shares[name] = min(1.0, shares.get(name, 0.0) + ranked.confidence)
    return {
        name: share
        for name, share in shares.items()
        if share >= (LEAST if name in first else SECOND)
    }


def _credible(name: str, share: float, reading: Reading) -> bool:
    if reading.rules and (name in SOCIAL or share < BESIDE_RULES):
        return False
    if name in _GRAVE and share < SECOND:
        return False
    if name in ("opt_out", "cease_contact"):
        return not unlikely_opt_out(reading.text)
    if name == "deceased":
        return not only_a_thing_died(reading.text)
    return name != "opt_in" or share >= CONSENTING

"""The built-in understander: keywords, rules, classifier, entities and the pending question."""

from collections.abc import Sequence, Set
from datetime import date

import numpy as np

from domain.intents import NAMING_ORDER
from domain.understanding import Instalment, Reply, Score, Understanding
from domain.values import Money
from nlu.answers import answer_to_question
from nlu.features import words_of
from nlu.judging import probabilities
from nlu.keywords import keyword_of
from nlu.model import Classifier, Floats, load
from nlu.pending import choice
from nlu.reading import Reading
from nlu.rules.guards import only_a_thing_died, only_unsure, unlikely_opt_out
from nlu.shapes import PAYING, SOCIAL, amended, amends, offers, shaped

RANK = {name: rank for rank, name in enumerate(NAMING_ORDER)}
KEYWORDS = {"STOP": "opt_out", "START": "opt_in", "HELP": "help"}
SURE = 0.99
DOUBTFUL = 0.2
"""Confidence where nothing is known: low enough that nobody acts on it."""
NAMED = 0.5
"""Probability from which the model's word for an intent counts."""
CONTACT = frozenset({"opt_out", "cease_contact"})
_GRAVE = frozenset(NAMING_ORDER[: NAMING_ORDER.index("complaint")])
RIVALLED = 0.6
"""Probability from which it counts beside a rule that names something easily confused with it."""
HINTED = 0.15
"""Probability of a promise from which its amount and day are read, whatever else is named."""
CONSENTING = 0.7
"""Below this probability the model alone names no consent to messages."""
COUNTED = PAYING | {"already_paid"}
"""The intents that have an amount and a day."""


class BuiltIn:
    """Understands in-process, by tables and a linear model. See `nlu.contract.Understander`."""

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or Classifier(load())
        self.version = self._classifier.version
        self._promise = self._classifier.labels.index("promise_to_pay")

    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]:
        return self.parse(replies)

    def parse(self, replies: Sequence[Reply]) -> list[Understanding]:
        """One answer per reply, in order; a batch answers as its replies would one by one."""
        self._classifier.trim()
        readings = [Reading(reply) for reply in replies]
        parts = [[words_of(part) for part in reading.parts] for reading in readings]
        likely = probabilities(self._classifier, [reading.words for reading in readings], parts)
        return list(map(self._answer, readings, likely))

    def _answer(self, reading: Reading, likely: Floats) -> Understanding:
        keyword = keyword_of(reading.text)
        if keyword is not None and not _answers_question(keyword, reading):
            name = KEYWORDS[keyword]
            return Understanding(name, SURE, (Score(name, SURE),), f"keyword:{keyword.lower()}")
        if not reading.text:
            return _nothing_said()
        if not reading.rules and (language := reading.language):
            return _not_understood(language)
        scores = self._scores(reading, likely)
        if amends(reading):
            return understanding_of(reading, amended(reading), "shape:amended")
        answered = None if _grave(scores) else answer_to_question(reading, scores)
        scores, decided_by = answered or (shaped(reading, scores), self._decider(reading, scores))
        hinted = float(likely[self._promise]) >= HINTED
        promised = hinted or (not _grave(scores) and offers(reading))
        return understanding_of(reading, scores, decided_by, counted=promised)

    def _scores(self, reading: Reading, likely: Floats) -> dict[str, float]:
        """What the rules say, and what the model names beside it: at least its best guess."""
        scores = {rule.intent: rule.confidence for rule in reversed(reading.rules)}
        for at in np.argsort(-likely).tolist():
            name, share = self._classifier.labels[at], float(likely[at])
            if share < NAMED and scores:
                break
            if name not in scores and not _doubtful(name, share, reading, scores):
                scores[name] = share
        return scores

    def _decider(self, reading: Reading, scores: dict[str, float]) -> str:
        primary = min(scores, key=lambda name: RANK[name], default="out_of_scope")
        for rule in reading.rules:
            if rule.intent == primary:
                return f"rule:{rule.name}"
        return f"model:{self.version}"


def _doubtful(name: str, share: float, reading: Reading, scores: dict[str, float]) -> bool:
    """Whether the model's word for an intent does not count here."""
    if _overruled(name, share, scores):
        return True
    if name in CONTACT:
        return unlikely_opt_out(reading.text)
    if name == "deceased":
        return only_a_thing_died(reading.text)
    if name in _GRAVE:
        return only_unsure(reading.text)
    return name == "opt_in" and share < CONSENTING


def _answers_question(keyword: str, reading: Reading) -> bool:
    """START is also how a customer agrees to begin a plan; STOP and HELP are never answers."""
    return keyword == "START" and bool(reading.reply.pending)


def _nothing_said() -> Understanding:
    return Understanding("out_of_scope", SURE, (Score("out_of_scope", SURE),), "empty")


def _not_understood(language: str) -> Understanding:
    found = Score("out_of_scope", DOUBTFUL)
    return Understanding(found.name, DOUBTFUL, (found,), f"language:{language}")


def _grave(scores: dict[str, float]) -> bool:
    return any(name in _GRAVE and share >= 0.6 for name, share in scores.items())


_RIVALS = (
    frozenset({"opt_out", "cease_contact", "channel_preference", "agent_request", "complaint"}),
    frozenset({"self_harm_risk", "deceased", "vulnerability"}),
    frozenset({"dispute", "identity_theft", "wrong_person", "debt_validation", "scam_suspicion"}),
    frozenset({"bankruptcy", "attorney_represented"}),
)
"""Where a rule has decided among these, the model's doubtful word for another does not count."""


def _overruled(name: str, share: float, decided: dict[str, float]) -> bool:
    if name in SOCIAL and decided:
        return True
    return share < RIVALLED and any(
        name in rivals and rivals & decided.keys() for rivals in _RIVALS
    )


def understanding_of(
    reading: Reading, scores: dict[str, float], decided_by: str, *, counted: bool = False
) -> Understanding:
    """All found, in the naming order, with the entities that belong to them; `counted` asks for
    amount and day where none of the intents has them.
    """
    if not scores:
        scores = {"out_of_scope": DOUBTFUL}
    if len(scores) > 1:
        scores.pop("out_of_scope", None)
    ranked = sorted(scores.items(), key=lambda item: RANK[item[0]])
    found = tuple(Score(name, round(share, 4)) for name, share in ranked)
    primary = found[0]
    counted = counted or not scores.keys().isdisjoint(COUNTED)
    amount, day, instalment = (
        _entities(reading, scores.keys(), primary.name) if counted else NOTHING
    )
    return Understanding(
        primary.name, primary.confidence, found, decided_by, amount, day, instalment,
        choice(reading.matter), tuple(sorted(reading.found.ambiguous)) if counted else (),
    )  # fmt: skip


NOTHING = (None, None, None)


def _entities(
    reading: Reading, names: Set[str], primary: str
) -> tuple[Money | None, date | None, Instalment | None]:
    currency, found = reading.currency, reading.found
    if "request_plan" in names:
        plan = found.instalment(currency)
        several = found.several and (plan is None or plan.frequency is None)
        amount = found.amount(currency) if several else found.first_payment(currency)
        return amount, found.promised, plan
    plan = found.instalment(currency) if found.plan and found.plan.amount else None
    if plan is not None and plan.frequency is not None and primary != "already_paid":
        return found.first_payment(currency), found.promised, plan
    day = found.paid() if primary == "already_paid" else None
    if primary != "already_paid" or names & PAYING:
        day = day or found.promised
    return found.amount(currency), day, None

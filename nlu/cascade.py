"""The built-in understander: keywords, rules, classifier, entities and the pending question."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.intents import NAMING_ORDER
from domain.understanding import Instalment, Reply, Score, Understanding
from domain.values import Money
from nlu.answers import answer_to_question
from nlu.features import words_of
from nlu.keywords import keyword_of
from nlu.model import Classifier, load
from nlu.reading import Reading
from nlu.rules.guards import only_a_thing_died, unlikely_opt_out
from nlu.shapes import PAYING, SOCIAL, amended, amends, shaped

RANK = {name: rank for rank, name in enumerate(NAMING_ORDER)}
KEYWORDS = {"STOP": "opt_out", "START": "opt_in", "HELP": "help"}
SURE = 0.99
SECOND = 0.45
"""Raw share of the whole text from which an intent is a co-intent."""
IN_CLAUSE = 0.55
"""Raw share of one clause from which its intent counts for the text."""
ABSTAIN = 0.16
"""Below this raw share nothing is understood."""
CONTACT = frozenset({"opt_out", "cease_contact"})
_GRAVE = frozenset(NAMING_ORDER[: NAMING_ORDER.index("complaint")])
LEAST = dict.fromkeys(_GRAVE, 0.45) | {"opt_in": 0.7}
"""Below this calibrated confidence the model alone names nothing that suspends an account or
consents to messages.
"""
COUNTED = PAYING | {"already_paid"}
"""The intents that have an amount and a day."""


class BuiltIn:
    """Understands in-process, by tables and a linear model. See `nlu.contract.Understander`."""

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or Classifier(load())
        self.version = self._classifier.version

    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]:
        return self.parse(replies)

    def parse(self, replies: Sequence[Reply]) -> list[Understanding]:
        """One answer per reply, in order; a batch answers as its replies would one by one."""
        self._classifier.trim()
        readings = [Reading(reply) for reply in replies]
        texts: list[list[str]] = []
        for reading in readings:
            texts.append(reading.words)
            texts += map(words_of, reading.parts)
        best = self._best(texts)
        answers, at = [], 0
        for reading in readings:
            end = at + 1 + len(reading.parts)
            answers.append(self._answer(reading, best[at:end]))
            at = end
        return answers

    def _best(self, texts: list[list[str]]) -> list[tuple[str, float]]:
        """Each text's likeliest intent and its raw share."""
        shares = self._classifier.shares(texts)
        names = map(self._classifier.labels.__getitem__, shares.argmax(axis=1).tolist())
        return list(zip(names, shares.max(axis=1).tolist(), strict=True))

    def _answer(self, reading: Reading, best: list[tuple[str, float]]) -> Understanding:
        keyword = keyword_of(reading.text)
        if keyword is not None and not _answers_question(keyword, reading):
            name = KEYWORDS[keyword]
            return Understanding(name, SURE, (Score(name, SURE),), f"keyword:{keyword.lower()}")
        if not reading.text:
            return _nothing_said()
        scores = self._scores(reading, best)
        if amends(reading):
            return understanding_of(reading, amended(reading), "shape:amended")
        answered = None if _grave(scores) else answer_to_question(reading, scores)
        scores, decided_by = answered or (shaped(reading, scores), self._decider(reading, scores))
        return understanding_of(reading, scores, decided_by)

    def _scores(self, reading: Reading, best: list[tuple[str, float]]) -> dict[str, float]:
        scores = {rule.intent: rule.confidence for rule in reversed(reading.rules)}
        for name, share in _classified(*best):
            if name in CONTACT and unlikely_opt_out(reading.text):
                continue
            if name == "deceased" and only_a_thing_died(reading.text):
                continue
            confidence = self._classifier.calibrated(share)
            if confidence < LEAST.get(name, 0):
                continue
            if name not in scores and not _overruled(name, scores):
                scores[name] = confidence
        return scores

    def _decider(self, reading: Reading, scores: dict[str, float]) -> str:
        primary = min(scores, key=lambda name: RANK[name], default="out_of_scope")
        for rule in reading.rules:
            if rule.intent == primary:
                return f"rule:{rule.name}"
        return f"model:{self.version}"


def _classified(whole: tuple[str, float], *parts: tuple[str, float]) -> Iterable[tuple[str, float]]:
    """Intents by the model: the best of the whole text and the sure ones of its clauses."""
    found: dict[str, float] = {}
    for name, share in parts:
        if share >= IN_CLAUSE and name not in SOCIAL:
            found[name] = max(found.get(name, 0), share)
    name, share = whole
    if share >= ABSTAIN and (share >= SECOND or not found):
        found[name] = max(found.get(name, 0), share)
    return found.items()


def _answers_question(keyword: str, reading: Reading) -> bool:
    """START is also how a customer agrees to begin a plan; STOP and HELP are never answers."""
    return keyword == "START" and bool(reading.reply.pending)


def _nothing_said() -> Understanding:
    return Understanding("out_of_scope", SURE, (Score("out_of_scope", SURE),), "empty")


def _grave(scores: dict[str, float]) -> bool:
    return any(name in _GRAVE and share >= 0.6 for name, share in scores.items())


_RIVALS = (
    frozenset({"opt_out", "cease_contact", "channel_preference", "agent_request", "complaint"}),
    frozenset({"self_harm_risk", "deceased", "vulnerability"}),
    frozenset({"dispute", "identity_theft", "wrong_person", "debt_validation", "scam_suspicion"}),
    frozenset({"bankruptcy", "attorney_represented"}),
)
"""Where a rule has decided among these, the model's word for another of them does not count."""


def _overruled(name: str, decided: dict[str, float]) -> bool:
    if name in SOCIAL and decided:
        return True
    return any(name in rivals and rivals & decided.keys() for rivals in _RIVALS)


def understanding_of(reading: Reading, scores: dict[str, float], decided_by: str) -> Understanding:
    """All found, in the naming order, with the entities that belong to them."""
    if not scores:
        scores = {"out_of_scope": 0.2}
    if len(scores) > 1:
        scores.pop("out_of_scope", None)
    ranked = sorted(scores.items(), key=lambda item: RANK[item[0]])
    found = tuple(Score(name, round(share, 4)) for name, share in ranked)
    amount, day, instalment = _entities(reading, scores)
    primary = found[0]
    return Understanding(
        primary.name, primary.confidence, found, decided_by, amount, day, instalment
    )


def _entities(
    reading: Reading, scores: dict[str, float]
) -> tuple[Money | None, date | None, Instalment | None]:
    names = scores.keys()
    if names.isdisjoint(COUNTED):
        return None, None, None
    currency, found = reading.currency, reading.found
    if "request_plan" in names:
        plan = found.instalment(currency)
        several = found.several and (plan is None or plan.frequency is None)
        amount = found.amount(currency) if several else found.first_payment(currency)
        return amount, found.promised, plan
    if names & PAYING:
        return found.amount(currency), found.promised, None
    if "already_paid" in names:
        return found.amount(currency), found.paid(), None
    return None, None, None

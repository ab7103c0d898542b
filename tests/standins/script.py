"""What the stand-in provider is told to do."""

import random
from typing import Any, Literal

from msgspec import Struct, structs


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a message to `to` ("*": any); delays are in seconds.

    `status` refuses it with that HTTP status and Twilio's `code`; with `accept` the provider has
    taken the message all the same. `drop` ends the connection before or after it is taken.
    `receipts` are called back in this order, `receipts_first` before the answer to the send, each
    `copies` times; `stranger` calls back about a message that nobody sent, too.
    """

    to: str = "*"
    times: int | None = None  # how often it applies; None: always
    delay_before: float = 0
    delay_after: float = 0
    drop: Literal["before", "after"] | None = None
    status: int | None = None
    code: int | None = None
    retry_after: int | None = None
    accept: bool = False
    alter: bool = False
    receipts: tuple[str, ...] = ("sent", "delivered")
    receipts_first: bool = False
    receipt_delay: float = 0
    error_code: int | None = None
    copies: int = 1
    stranger: bool = False
    faults: tuple[str, ...] = ()  # what chance has added


class Faults(Struct, frozen=True, forbid_unknown_fields=True):
    """How often chance plays each fault, from 0 to 1; the first four exclude each other.

    `late` takes the message and answers after `late_seconds`, `drop` takes it and ends the
    connection, `error` takes it and answers 500, `throttle` answers 429 with Retry-After.
    `duplicate` calls each receipt back twice, `early` before the answer, `disorder` in another
    order; `stranger` tells of an unknown message.
    """

    late: float = 0
    drop: float = 0
    error: float = 0
    throttle: float = 0
    duplicate: float = 0
    early: float = 0
    disorder: float = 0
    stranger: float = 0
    late_seconds: float = 30
    retry_after: int = 3

    @classmethod
    def each(cls, rate: float) -> "Faults":
        """All of them at one rate."""
        return cls(rate, rate, rate, rate, rate, rate, rate, rate)

    def draw(self, rule: Rule, chance: random.Random) -> Rule:
        """The rule with what chance adds; every call draws as many numbers."""
        answer, *others = [chance.random() for _ in range(5)]
        order = tuple(chance.sample(rule.receipts, len(rule.receipts)))
        names: list[str] = []
        for name, change in self._answers().items():
            rate = getattr(self, name)
            if 0 <= answer < rate:
                names.append(name)
                rule = structs.replace(rule, **change)
            answer -= rate
        calls: dict[str, dict[str, Any]] = {
            "duplicate": {"copies": 2},
            "early": {"receipts_first": True},
            "disorder": {"receipts": order},
            "stranger": {"stranger": True},
        }
        for (name, change), roll in zip(calls.items(), others, strict=True):
            if roll < getattr(self, name):
                names.append(name)
                rule = structs.replace(rule, **change)
        return structs.replace(rule, faults=tuple(names))

    def _answers(self) -> dict[str, dict[str, Any]]:
        return {
            "late": {"delay_after": self.late_seconds},
            "drop": {"drop": "after"},
            "error": {"status": 500, "code": 20500, "accept": True},
            "throttle": {"status": 429, "code": 20429, "retry_after": self.retry_after},
        }


NONE = Faults()


class Script(Struct, frozen=True, forbid_unknown_fields=True):
    """The first rule that fits a message applies. `list_lag`: least and most seconds until the
    listing shows a message; `date_sent` false leaves that field null. `absolute` gives pages whole
    addresses, as the OpenAPI document's types want them; its examples and the API give paths.
    `faults` come on top of the rules, by chance from `seed`.
    """

    rules: tuple[Rule, ...] = ()
    list_lag: tuple[float, float] = (0, 0)
    date_sent: bool = True
    absolute: bool = False
    faults: Faults = NONE
    seed: int = 0


PLAIN = Rule()


class Director:
    """Chooses the rule for each message and counts how often each was used."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._left = [rule.times for rule in script.rules]
        self._chance = random.Random(script.seed)

    def rule(self, to: str) -> Rule:
        rule, faults = self._plain(to), self.script.faults
        return rule if faults == NONE else faults.draw(rule, self._chance)

    def _plain(self, to: str) -> Rule:
        for index, rule in enumerate(self.script.rules):
            left = self._left[index]
            if rule.to in {"*", to} and left != 0:
                self._left[index] = None if left is None else left - 1
                return rule
        return PLAIN

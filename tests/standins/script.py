"""What the stand-in provider is told to do."""

from typing import Literal

from msgspec import Struct


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a message to `to` ("*": any); delays are in seconds.

    `status` refuses it with that HTTP status and Twilio's `code`; with `accept` the provider has
    taken the message all the same. `drop` ends the connection before or after it is taken.
    `receipts` are called back in this order, `receipts_first` before the answer to the send.
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


class Script(Struct, frozen=True, forbid_unknown_fields=True):
    """The first rule that fits a message applies. `list_lag`: least and most seconds until the
    listing shows a message; `date_sent` false leaves that field null.
    """

    rules: tuple[Rule, ...] = ()
    list_lag: tuple[float, float] = (0, 0)
    date_sent: bool = True


PLAIN = Rule()


class Director:
    """Chooses the rule for each message and counts how often each was used."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._left = [rule.times for rule in script.rules]

    def rule(self, to: str) -> Rule:
        for index, rule in enumerate(self.script.rules):
            left = self._left[index]
            if rule.to in {"*", to} and left != 0:
                self._left[index] = None if left is None else left - 1
                return rule
        return PLAIN

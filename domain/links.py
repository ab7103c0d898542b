"""What a secure link is for."""

from enum import StrEnum


class Purpose(StrEnum):
    """Each account has one live link of each at the most."""

    PAY = "pay"
    PROMISE = "promise"
    PLAN = "plan"
    SETTLEMENT = "settlement"
    AFFORDABILITY = "affordability"
    PREFERENCES = "preferences"
    DISPUTE = "dispute"


DEMANDS = frozenset({Purpose.PAY, Purpose.PROMISE, Purpose.PLAN, Purpose.SETTLEMENT})
"""What leads to money: a message that carries such a link asks for payment. The others let people
say how they are, how they want to be reached, or that they do not owe it."""

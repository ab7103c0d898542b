"""Settlement: less than the balance, taken as full payment by the client's rules.

A grid of age and segment makes the open offer, which the customer is shown. A cell may also hold a
floor: the least that the client takes. It is a secret. It is compared, never converted to an
amount, never answered with, and no sequence of offers finds it out: an offer counts only where it
is a step above all earlier ones, and the band of one step right under the open offer is compared as
one. So every answer fits at least `step_percent` floors of a whole percent.
"""

from domain.settlement.agreement import Agreement, Standing, State, revive, standing
from domain.settlement.offers import (
    Accepted,
    Asked,
    Countered,
    Debt,
    History,
    Offered,
    Refused,
    Rule,
    Said,
    Terms,
    judge,
    offer,
    revive_offer,
)
from domain.settlement.rules import Cell, Floor, SettlementRules, Way

__all__ = [
    "Accepted",
    "Agreement",
    "Asked",
    "Cell",
    "Countered",
    "Debt",
    "Floor",
    "History",
    "Offered",
    "Refused",
    "Rule",
    "Said",
    "SettlementRules",
    "Standing",
    "State",
    "Terms",
    "Way",
    "judge",
    "offer",
    "revive",
    "revive_offer",
    "standing",
]

"""Options of one customer: what may be offered now, and why, the same on every road.

Rules of the client choose the terms by the account's attributes; what the host sent with the
account is honoured within them. Nothing that comes out names or depends on how near anything is to
a settlement floor.
"""

from domain.options.attributes import NAMES, OPEN_FLAGS, Attributes, Hosted, Source, lookup
from domain.options.hosted import HostOffers, HostPromise, HostSettlement, Note, read_offers
from domain.options.offering import Situation, options, promise_rules
from domain.options.results import (
    Affordability,
    Asked,
    Help,
    History,
    Kind,
    Option,
    Options,
    PayArrears,
    PayInFull,
    Person,
    Plan,
    PlanPast,
    Promise,
    Reason,
    Settlement,
    Withheld,
    asked_of,
    for_customer,
)
from domain.options.terms import Choice, Terms, choose

__all__ = [
    "NAMES",
    "OPEN_FLAGS",
    "Affordability",
    "Asked",
    "Attributes",
    "Choice",
    "Help",
    "History",
    "HostOffers",
    "HostPromise",
    "HostSettlement",
    "Hosted",
    "Kind",
    "Note",
    "Option",
    "Options",
    "PayArrears",
    "PayInFull",
    "Person",
    "Plan",
    "PlanPast",
    "Promise",
    "Reason",
    "Settlement",
    "Situation",
    "Source",
    "Terms",
    "Withheld",
    "asked_of",
    "choose",
    "for_customer",
    "lookup",
    "options",
    "promise_rules",
    "read_offers",
]

"""One account on one day, with everything that decides what may be offered on it."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.affordability import Assessment, Help
from domain.options.attributes import Attributes
from domain.options.hosted import HostOffers, Note
from domain.options.results import Asked, History, Kind, Option, Withheld
from domain.options.terms import Terms

HOST = "/offers"
"""Where the host's offers stand in the record of an account."""

Found = Option | Withheld | Note
Findings = Iterator[Found]


class Case(Struct, frozen=True):
    account: Attributes
    terms: Terms
    history: History
    asked: Asked
    today: date
    offers: HostOffers

    @property
    def assessment(self) -> Assessment | None:
        """The one of income and expenditure that is still valid."""
        known = self.history.assessment
        return known if known is not None and self.today <= known.valid_until else None

    def not_wanted(self, kind: Kind) -> str | None:
        """The rule where the host keeps it back."""
        return f"{HOST}/not_offered" if kind.value in self.offers.not_offered else None

    def barred(self, kind: Kind) -> str | None:
        """What keeps a promise or plan back whatever its own rules say."""
        if self.history.settlement.agreed:
            return "settlement.agreed"
        known = self.assessment
        if known is not None and isinstance(known.outcome, Help):
            return f"affordability.{known.outcome.reason}"
        return self.not_wanted(kind)

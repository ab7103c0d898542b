"""By whom a client's payments are taken, and how the instalments of plans are."""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from gateway.clients.contact import ClockTime
from gateway.clients.part import Part

if TYPE_CHECKING:
    from domain.charging import ChargingRules

Wait = Annotated[int, Field(ge=1, le=30)]


class ChargingPart(Part):
    """Instalments of plans that are taken from a saved method when they are due, where the customer
    has agreed to it."""

    hours: tuple[ClockTime, ClockTime] = Field(
        default=("10:00", "17:00"),
        description="When money is taken, where the customer lives; the end is not included.",
        examples=[["10:00", "17:00"]],
    )
    retry_days: tuple[Wait, ...] = Field(
        default=(1, 3, 5),
        max_length=10,
        description="Days after a decline until the next try; after the last nothing is tried.",
    )
    announce_days: Annotated[int, Field(ge=1, le=14)] = Field(
        default=3, description="Days before its date on which the customer is told."
    )
    unannounced: Literal["hold", "charge"] = Field(
        default="hold", description="What becomes of one whose announcement could not be sent."
    )

    @cached_property
    def rules(self) -> "ChargingRules":
        from datetime import time

        from domain.charging import ChargingRules

        opens, closes = (time.fromisoformat(each) for each in self.hours)
        return ChargingRules(
            opens=opens,
            closes=closes,
            retry_days=self.retry_days,
            announce_days=self.announce_days,
            unannounced=self.unannounced == "charge",
        )


class PaymentsPart(Part):
    """The payment provider, and behind it whose account there."""

    provider: str = Field(default="sandbox", max_length=32, examples=["sandbox", "stripe"])
    account: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9][a-z0-9_]{0,30}$",
        description="One of several accounts; its settings are GATEWAY_STRIPE_<ACCOUNT>_...",
        examples=["harbor"],
    )
    charging: ChargingPart | None = Field(
        default=None, description="Left out: no instalment is taken by itself."
    )

    @property
    def name(self) -> str:
        """As the gateway and its webhook's path name it."""
        return self.provider if self.account is None else f"{self.provider}.{self.account}"

"""The journeys of the portal, in the order in which the account page leads to them."""

from gateway.portal.journey import Journey
from gateway.portal.journeys import (
    affordability,
    complaint,
    dispute,
    plan,
    preferences,
    promise,
    settlement,
    stop,
    struggling,
)

_ALL: tuple[Journey, ...] = (
    promise.JOURNEY,
    plan.JOURNEY,
    settlement.JOURNEY,
    affordability.JOURNEY,
    struggling.JOURNEY,
    dispute.JOURNEY,
    preferences.JOURNEY,
    stop.JOURNEY,
    complaint.JOURNEY,
)

JOURNEYS: dict[str, Journey] = {journey.name: journey for journey in _ALL}

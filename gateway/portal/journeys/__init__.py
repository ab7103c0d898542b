"""The journeys of the portal, in the order in which the account page leads to them."""

from collections.abc import Mapping

from gateway.portal.journey import Journey

_ALL: tuple[Journey, ...] = ()

JOURNEYS: Mapping[str, Journey] = {journey.name: journey for journey in _ALL}

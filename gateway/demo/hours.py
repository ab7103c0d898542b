"""When the demo plays: now, or at the next moment at which the contact rules let it begin."""

from collections.abc import Sequence
from datetime import datetime

from compliance.hours import window
from compliance.loading import shipped
from compliance.regions import regions
from compliance.zones import candidates
from domain.values import ChannelKind
from gateway.batch.checks import Placed
from gateway.clients import ClientConfig, ConfigurationError


def first_open(at: datetime, cast: Sequence[tuple[ClientConfig, Placed]]) -> datetime:
    """The first moment from `at` (UTC) on at which everyone of the cast may be written to."""
    while True:
        moment = at
        for config, placed in cast:
            moment = max(moment, _opens(moment, config, placed))
        if moment == at:
            return at
        at = moment


def _opens(at: datetime, config: ClientConfig, placed: Placed) -> datetime:
    rules = shipped(config.jurisdiction)
    phones = tuple(c.address for c in placed.contacts if c.channel is ChannelKind.SMS)
    zones = candidates(
        rules.territory,
        phones=phones,
        postal_code=placed.postal_code,
        country=placed.country,
        stated=placed.customer.timezone,
    )
    places = regions(
        rules.territory, phones=phones, postal_code=placed.postal_code, country=placed.country
    )
    span = window(rules.terms.hours, zones, places, at)
    if span is None:
        raise ConfigurationError(f"contact hours never open for {placed.customer.ref}")
    return span.opens

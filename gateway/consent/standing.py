"""Where consent stands at an address for a customer: what the contact gate is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from compliance.facts import Consent, OptOuts
from gateway.clock import moment
from gateway.consent.ledger import EVERY_CHANNEL
from gateway.storage import Transaction, among
from gateway.storage.tables import consent_scopes, contacts

_SCOPES = select(
    consent_scopes.c.customer_id,
    consent_scopes.c.channel,
    consent_scopes.c.opted_out_at,
    consent_scopes.c.event_position,
).where(among(consent_scopes.c.customer_id, "people"))
_CAPTURED = select(
    contacts.c.customer_id,
    contacts.c.channel,
    contacts.c.address,
    contacts.c.consent_at,
    contacts.c.reassigned_check_at,
).where(among(contacts.c.customer_id, "people"))


class Stand(Struct, frozen=True):
    opt_outs: OptOuts
    consent: Consent | None

    @property
    def is_out(self) -> bool:
        outs = self.opt_outs
        return not (outs.address is None and outs.channel is None and outs.everything is None)


class Standing:
    """Of these customers; nobody's where nobody was asked for."""

    def __init__(self) -> None:
        self._scopes: dict[tuple[str, str], Any] = {}
        self._captured: dict[tuple[str, str, str], Any] = {}

    @classmethod
    async def read(cls, tx: Transaction, people: Sequence[str]) -> "Standing":
        found = cls()
        if people:
            for row in await tx.fetch(_SCOPES, people=people):
                found._scopes[row.customer_id, row.channel] = row
            for row in await tx.fetch(_CAPTURED, people=people):
                found._captured[row.customer_id, row.channel, row.address] = row
        return found

    def of(self, customer_id: str | None, channel: str, address: str, row: Any) -> Stand:
        """`row` is the address's own; None where nothing is known of it."""
        return Stand(
            OptOuts(
                address=_when(row and row.opted_out_at),
                channel=self._since(customer_id, channel, row),
                everything=self._since(customer_id, EVERY_CHANNEL, row),
            ),
            _consent(row, self._captured.get((customer_id or "", channel, address))),
        )

    def _since(self, customer_id: str | None, channel: str, row: Any) -> datetime | None:
        """A later opt-in of this very address goes before an opt-out of more than it."""
        scope = self._scopes.get((customer_id or "", channel))
        if scope is None or ((row and row.opted_in_position) or 0) > scope.event_position:
            return None
        return _when(scope.opted_out_at)


def _consent(row: Any, captured: Any) -> Consent | None:
    """None where nothing supports writing there, nor speaks against it.

    An opt-in is consent renewed. A host's word without its instant can't be judged, so it is none.
    """
    given = [captured and captured.consent_at, row and row.opted_in_at]
    consented = max((at for at in given if at is not None), default=None)
    texted = row and row.last_inbound_at
    checked = captured and captured.reassigned_check_at
    if consented is None and texted is None and checked is None:
        return None
    return Consent(_when(texted), _when(consented), _when(checked))


def _when(at: int | None) -> datetime | None:
    return None if at is None else moment(at)

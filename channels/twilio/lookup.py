"""Looking up whether a message whose answer was lost has reached Twilio.

The listing does not return our attempt's id, bodies may come back altered and `date_sent` may be
null; so a message is ours if it went to that address from that sender after the attempt began and
belongs to no other attempt. It relies on one attempt at a time per sender and address.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from channels.contract import Absent, Found, Reconciled, Unknown
from domain.messages import Attempt

CLOCK_SKEW = timedelta(seconds=30)
MAX_PAGES = 20


class Listed(Struct, rename={"sender": "from", "service": "messaging_service_sid"}):
    """A message of the listing; `from` is null until a messaging service has chosen a sender."""

    sid: str
    date_created: str | None = None
    direction: str = "outbound-api"
    sender: str | None = None
    service: str | None = None


class Page(Struct):
    messages: list[Listed]
    next_page_uri: str | None = None


GetPage = Callable[[str], Awaitable[Page]]


async def look_up(
    attempt: Attempt, first: str, get: GetPage, service: str | None = None
) -> Reconciled:
    """Found only where exactly one message can be the attempt's; several are Unknown.

    `service` is the messaging service that chose the sender, where it was left to one.
    """
    since = attempt.started_at - CLOCK_SKEW
    candidates = set()
    async for message in _newest_first(first, get):
        if message is None:
            return Unknown()
        at = created(message)
        if at is not None and at < since:
            break
        if _may_be(message, attempt, service):
            candidates.add(message.sid)
    match sorted(candidates):
        case []:
            return Absent()
        case [sid]:
            return Found(sid)
        case _:
            return Unknown()


async def _newest_first(first: str, get: GetPage) -> AsyncIterator[Listed | None]:
    """Ends with None where there are more pages than we read."""
    uri = first
    for _ in range(MAX_PAGES):
        page = await get(uri)
        for message in page.messages:
            yield message
        if not page.next_page_uri:
            return
        uri = page.next_page_uri
    yield None


def created(message: Listed) -> datetime | None:
    """None where Twilio has not dated it yet. Raises ValueError where its date is none."""
    if message.date_created is None:
        return None
    at = parsedate_to_datetime(message.date_created)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _may_be(message: Listed, attempt: Attempt, service: str | None) -> bool:
    if message.direction != "outbound-api" or message.sid in attempt.known_ids:
        return False
    if service is not None:
        return message.service in {service, None}
    return message.sender in {attempt.sender, None}

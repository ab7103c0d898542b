"""One webhook call: signed, bounded in time, never redirected."""

import aiohttp
import msgspec

from domain.activity import SCHEMA_VERSION
from gateway.activity.query import rfc3339
from gateway.clients import ConfigurationError
from gateway.clock import SECOND
from gateway.ids import new_id
from gateway.outcomes.exchange import Delivery
from gateway.outcomes.schedule import TIMEOUT
from gateway.outcomes.signing import signer

GONE = 410
DRAIN = 65_536
"""Bytes of an answer's body that are read to keep its connection; a longer one is closed."""


def signed_headers(reference: str, webhook_id: str, body: bytes, now: int) -> dict[str, str]:
    """Standard Webhooks headers for a call at `now`. Raises ConfigurationError."""
    timestamp = now // SECOND
    return {
        "Content-Type": "application/json",
        "User-Agent": "collections-gateway",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signer(reference).sign(webhook_id, timestamp, body),
    }


async def post(
    http: aiohttp.ClientSession,
    url: str,
    reference: str,
    delivery: Delivery,
    now: int,
    limit: aiohttp.ClientTimeout,
) -> tuple[int | None, str | None]:
    """The host's status, if it gave one, and what went wrong; no error means that it took it.

    The error names neither the URL's path nor anything that the host said.
    """
    try:
        headers = signed_headers(reference, delivery.id, delivery.body, now)
        answer = await http.post(
            url, data=delivery.body, headers=headers, allow_redirects=False, timeout=limit
        )
        try:
            if not answer.content.at_eof():
                await answer.content.read(DRAIN)
        finally:
            answer.release()
    except ConfigurationError as error:
        return None, str(error)
    except TimeoutError:
        return None, f"no answer within {limit.total:g} s"
    except aiohttp.ClientConnectorError as error:
        return None, f"can't connect: {error.os_error.strerror or error.os_error}"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return None, type(error).__name__
    taken = 200 <= answer.status < 300
    return answer.status, None if taken else f"answered with status {answer.status}"


async def post_test(
    http: aiohttp.ClientSession, url: str, reference: str, client: str, now: int
) -> tuple[int | None, str | None]:
    """Posts an event of type webhook.test, which is no activity and has no number."""
    at = rfc3339(now)
    body = {
        "event_id": new_id(),
        "event_type": "webhook.test",
        "schema_version": SCHEMA_VERSION,
        "seq": None,
        "client": client,
        "occurred_at": at,
        "recorded_at": at,
        "actor": "system",
        "payload": {},
    }
    made = Delivery(str(body["event_id"]), 0, "", 0, msgspec.json.encode(body))
    limit = aiohttp.ClientTimeout(total=TIMEOUT)
    return await post(http, url, reference, made, now, limit)

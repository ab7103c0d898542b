"""One webhook call: signed, bounded in time, never redirected."""

import aiohttp

from gateway.clients import ConfigurationError
from gateway.clock import SECOND
from gateway.outcomes.exchange import Delivery
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

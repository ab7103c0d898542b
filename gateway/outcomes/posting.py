"""One webhook call: signed, bounded in time, never redirected."""

import msgspec

from channels.http1 import AnswerLost, NotSent
from domain.activity import SCHEMA_VERSION
from gateway.activity.query import rfc3339
from gateway.clients import ConfigurationError
from gateway.clock import SECOND
from gateway.ids import new_id
from gateway.outcomes.calls import Calls
from gateway.outcomes.exchange import Delivery
from gateway.outcomes.networks import Refused
from gateway.outcomes.signing import signer

GONE = 410


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
    calls: Calls, url: str, reference: str, delivery: Delivery, now: int
) -> tuple[int | None, str | None]:
    """The host's status, if it gave one, and what went wrong; no error means that it took it.

    The error names neither the URL's path nor anything that the host said.
    """
    try:
        headers = signed_headers(reference, delivery.id, delivery.body, now)
        status = await calls.post(url, headers, delivery.body)
    except (ConfigurationError, Refused, NotSent, AnswerLost) as error:
        return None, str(error)
    except ValueError as error:
        return None, f"the URL can't be called: {type(error).__name__}"
    return status, None if 200 <= status < 300 else f"answered with status {status}"


async def post_test(
    calls: Calls, url: str, reference: str, client: str, now: int
) -> tuple[int | None, str | None]:
    """Posts an event of type webhook.test, which is no activity and has no number."""
    at = rfc3339(now)
    body = {
        "event_id": new_id(),
        "event_type": "webhook.test",
        "schema_version": SCHEMA_VERSION,
        "seq": None,
        "client": client,
        "account_ref": None,
        "customer_ref": None,
        "conversation_id": None,
        "occurred_at": at,
        "recorded_at": at,
        "actor": "system",
        "channel": None,
        "masked_address": None,
        "causation_id": None,
        "correlation_id": None,
        "rule_version": None,
        "payload": {},
    }
    made = Delivery(str(body["event_id"]), 0, "", 0, msgspec.json.encode(body))
    return await post(calls, url, reference, made, now)

"""Placement files as a host would write them, to be bent by each test."""

import json
from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from gateway.clients import ClientConfig

US = ClientConfig.model_validate(
    {
        "client": "acme",
        "brand": {"name": "Acme"},
        "jurisdictions": ["US"],
        "locales": ["en-US"],
        "currency": "USD",
        "timezone": "America/New_York",
        "pack": "collections-us",
        "senders": [{"channel": "sms", "address": "+12025550101", "via": "simulator"}],
    }
)
GB = US.model_copy(
    update={
        "client": "severn",
        "jurisdictions": ("GB",),
        "currency": "GBP",
        "locales": ("en-GB",),
        "timezone": "Europe/London",
    }
)
CLIENTS = {config.client: config for config in (US, GB)}


def record(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A good record; `changes` are given as path__to__key, and a value of ... removes the key."""
    made: dict[str, Any] = {
        "customer": {
            "ref": f"C{number}",
            "first_name": "Ada",
            "last_name": "Byron",
            "date_of_birth": "1985-12-10",
            "address": {"city": "Chicago", "postal_code": "60614-1234", "country": "US"},
            "language": "en",
            "timezone": "America/Chicago",
        },
        "account": {
            "ref": f"A{number}",
            "balance": "480.00",
            "minimum_due": "40.00",
            "currency": "USD",
            "due_date": "2026-11-02",
        },
        "contacts": [
            {"type": "sms", "value": f"(312) 555-{100 + number:04}"},
            {"type": "email", "value": f"ada{number}@Example.COM"},
        ],
    }
    for path, value in changes.items():
        place: Any = made
        *steps, last = path.split("__")
        for step in steps:
            place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
        if value is ...:
            del place[last]
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return made


def header(records: Sequence[Any], **changes: Any) -> dict[str, Any]:
    total = sum(int(Decimal(one["account"]["balance"]) * 100) for one in records if _readable(one))
    made = {
        "file_id": "f1",
        "file_type": "placement",
        "schema_version": 1,
        "client_id": "acme",
        "sequence_no": 1,
        "created_at": "2026-11-20T06:00:00Z",
        "mode": "delta",
        "record_count": len(records),
        "control_totals": {"USD": total},
    }
    return made | changes


def file(*records: Any, **changes: Any) -> bytes:
    body = {"header": header(records, **changes), "records": deepcopy(list(records))}
    return json.dumps(body).encode()


def _readable(one: Any) -> bool:
    try:
        Decimal(one["account"]["balance"])
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return False
    return True

"""Amazon SES's notices as its topics mail them: one JSON object as the text, above a footer.

Its fields are those of "Amazon SNS notification contents for Amazon SES": `notificationType`, or
`eventType` of an event destination, and one object of the same name.
"""

import json
from typing import Any

from channels.email.machines.addresses import ADDRESS, first_address
from channels.email.machines.codes import weigh
from channels.email.mail import Mail
from domain.mail import Bounced, Complained

_KINDS = ("notificationType", "eventType")
_LONGEST = 60_000
_DECODER = json.JSONDecoder(strict=False)


def notification(mail: Mail) -> tuple[Bounced, ...] | Complained | None:
    """Whom it tells of; None where the mail is no such notice, or one of another event."""
    said = _object(mail.text or "")
    kind = next((said[name] for name in _KINDS if name in said), None)
    if kind == "Bounce":
        told = _dict(said.get("bounce"))
        found = [_bounced(one, told) for one in _recipients(told, "bouncedRecipients")]
        return tuple(one for one in found if one is not None)
    if kind == "Complaint":
        told = _dict(said.get("complaint"))
        whose = [_address(one) for one in _recipients(told, "complainedRecipients")]
        feedback = str(told.get("complaintFeedbackType") or "abuse").strip().lower()
        return Complained(feedback, next(filter(None, whose), None))
    return None


def _object(text: str) -> dict[str, Any]:
    """The object with which a text begins; long lines are broken by "!" and a space, within words,
    too. Empty where there is none."""
    plain = text[:_LONGEST].replace("\r\n", "\n").replace("!\n ", "").lstrip()
    if not plain.startswith("{"):
        return {}
    try:
        return _dict(_DECODER.raw_decode(plain)[0])
    except (ValueError, RecursionError):
        return {}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _recipients(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = told.get(name)
    return [_dict(one) for one in found[:100]] if isinstance(found, list) else []


def _address(one: dict[str, Any]) -> str | None:
    address = first_address(str(one.get("emailAddress") or ""))
    return address if address is not None and ADDRESS.fullmatch(address) else None


def _bounced(one: dict[str, Any], told: dict[str, Any]) -> Bounced | None:
    """By its status and diagnostic; where it has none, by the type of the whole bounce."""
    address = _address(one)
    if address is None:
        return None
    status = str(one.get("status") or "") or None
    words = " ".join(str(value) for value in (status, one.get("diagnosticCode")) if value)
    verdict = weigh(words)
    if verdict is None:
        return Bounced(address, told.get("bounceType") == "Permanent", None)
    return Bounced(address, verdict.permanent, verdict.status)

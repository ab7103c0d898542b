"""The append-only record of what happened, and which of it hosts must act on."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

SCHEMA_VERSION = 1


class Activity(Struct, frozen=True, kw_only=True):
    """One event. Instants are microseconds since the Unix epoch (UTC).

    `causation_id` is the event that led to this one; `correlation_id` the conversation or file
    that they share. Addresses appear masked, texts and secrets never. A Struct, since eight of
    them are made for every message.
    """

    type: str
    client: str
    occurred_at: int
    customer_id: str | None = None
    account_id: str | None = None
    conversation_id: str | None = None
    actor: str = "system"  # customer | system | agent | host | provider
    channel: str | None = None
    masked_address: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None
    rule_version: str | None = None
    payload: Mapping[str, Any] = {}


FAMILIES: Mapping[str, tuple[str, ...]] = {
    "message": (
        "queued", "deferred", "suppressed", "sending", "sent", "delivered", "undelivered",
        "failed", "bounced", "complained", "opened", "received", "auto_reply_detected",
        "help_sent", "cancelled", "rerouted", "unsure",
    ),
    "link": ("created", "prefetched", "clicked", "renewed", "expired", "asked", "revoked"),
    "conversation": (
        "started", "intent_detected", "not_understood", "affirmed", "denied",
        "balance_requested", "authenticity_queried", "abuse_flagged", "handed_off", "resolved",
        "expired", "set_aside",
    ),
    "portal": (
        "visited", "verified", "verification_failed", "locked", "unlocked", "logged_out",
        "code_asked", "started", "completed",
    ),
    "payment": (
        "initiated", "abandoned", "authorised", "declined", "settled", "refunded", "reversed",
        "charged_back", "claimed",
    ),
    "promise": (
        "created", "confirmed", "reminded", "kept", "part_kept", "reopened", "broken",
        "superseded", "cancelled",
    ),
    "plan": (
        "requested", "accepted", "instalment_due", "instalment_paid", "instalment_missed",
        "defaulted", "completed", "mandate_agreed", "mandate_ended", "charge_stopped",
    ),
    "wallet": ("method_added", "method_removed"),
    "settlement": ("offer_received", "accepted", "completed"),
    "ie": ("started", "submitted", "assessed"),
    "extension": ("requested",),
    "sequence": ("started", "step_skipped", "stopped", "finished"),
    "experiment": ("assigned",),
    "consent": ("captured", "opted_out", "opted_in", "cease_all"),
    "hold": ("requested", "started", "ended"),
    "dispute": ("raised", "resolved"),
    "validation": ("requested",),
    "hardship": ("disclosed",),
    "vulnerability": ("disclosed",),
    "safety": ("risk_flagged",),
    "complaint": ("raised", "closed"),
    "contact": ("wrong_party", "wrong_party_lifted", "update_requested", "invalidated"),
    "customer": ("deceased_reported",),
    "legal": ("insolvency_reported", "representation_reported"),
    "fraud": ("identity_theft_reported",),
    "preference": ("updated",),
    "handoff": ("requested", "assigned", "closed"),
    "agent": ("note_added",),
    "config": ("changed",),
    "sender": ("paused", "resumed"),
    "file": ("received", "accepted", "partially_accepted", "rejected"),
    "record": ("rejected",),
}  # fmt: skip

TYPES = frozenset(f"{family}.{name}" for family, names in FAMILIES.items() for name in names)

QUIET_FAMILIES = frozenset({
    "message", "link", "portal", "sequence", "experiment", "agent", "config", "file", "record",
})  # fmt: skip
QUIET_TYPES = frozenset({
    "conversation.started", "conversation.intent_detected", "conversation.affirmed",
    "conversation.denied",
})  # fmt: skip
LOUD_TYPES = frozenset({"message.failed", "message.undelivered", "message.suppressed"})

OUTCOMES = (
    LOUD_TYPES
    | frozenset(kind for kind in TYPES if kind.partition(".")[0] not in QUIET_FAMILIES)
    - QUIET_TYPES
)
"""The types that a host acts on: what webhooks carry unless an endpoint asks for others."""

"""What operators watch, in Prometheus's format at /metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

registry = CollectorRegistry()

callbacks = Counter(
    "gateway_callbacks",
    "Provider callbacks by how they were answered",
    ["provider", "answer"],  # accepted | unverified | malformed | unknown_sender | ...
    registry=registry,
)

handoffs_open = Gauge(
    "gateway_handoffs_open",
    "Hand-offs that are not closed",
    ["urgency", "state"],  # open | taken
    registry=registry,
)
handoffs_overdue = Gauge(
    "gateway_handoffs_overdue",
    "Hand-offs that are not closed and past their due time",
    ["urgency"],
    registry=registry,
)
alerts_failing = Gauge(
    "gateway_alerts_failing",
    "Tries that failed since the last alert that went, of hand-offs that nobody has taken",
    ["route"],  # email | webhook
    registry=registry,
)
senders_paused = Gauge(
    "gateway_senders_paused",
    "Senders that are paused: their messages go another way",
    ["client", "reason"],  # blocked | sender | manual
    registry=registry,
)
mails_set_aside = Counter(
    "gateway_mails_set_aside",
    "Mails in a mailbox that could not be taken in",
    ["via", "reason"],  # too-large | nobodys | unfetchable | what it failed with
    registry=registry,
)
contact_rules_usable = Gauge(
    "gateway_contact_rules_usable",
    "1 while the contact rules are in force; at 0 nothing is sent",
    registry=registry,
)


def exposition() -> bytes:
    return generate_latest(registry)

"""What operators watch, in Prometheus's format at /metrics."""

from prometheus_client import CollectorRegistry, Counter, generate_latest

registry = CollectorRegistry()

callbacks = Counter(
    "gateway_callbacks",
    "Provider callbacks by how they were answered",
    ["provider", "answer"],  # accepted | unverified | malformed | unknown_sender | ...
    registry=registry,
)


def exposition() -> bytes:
    return generate_latest(registry)

"""The least that any gateway must do for a reply: take a callback, make it durable in a group, and
ask the provider. No signature, no understanding, no dialog, no receipts, no outcome.
"""


def measure_floor(store: str, folder: object) -> float:
    return 1.0

"""What is wrong with how a client takes payments although each of its values is right."""

from collections.abc import Iterator

from gateway.clients.findings import Flaw
from gateway.clients.model import ClientConfig
from payment_links.registry import OPENERS

SANDBOX = "sandbox"
PROVIDERS = (SANDBOX, *OPENERS)


def flaws_of_payments(config: ClientConfig) -> Iterator[Flaw]:
    part = config.payments
    if part.provider not in PROVIDERS:
        reason = f"no payment provider {part.provider}"
        mend = f"one of {', '.join(PROVIDERS)}"
        yield Flaw(("payments", "provider"), "provider", reason, mend)
    elif part.provider == SANDBOX and part.account is not None:
        reason = "the sandbox has no accounts"
        yield Flaw(("payments", "account"), "never-applies", reason, "leave it out")
    if part.charging is not None:
        yield from _hours(part.charging.hours)
        if config.plan is None:
            reason = "no plan is agreed automatically, so that nothing is ever taken"
            mend = "add plan, or leave charging out"
            yield Flaw(("payments", "charging"), "never-applies", reason, mend)


def _hours(hours: tuple[str, str]) -> Iterator[Flaw]:
    opens, closes = hours
    if opens >= closes:
        reason = f"no time of the day lies between {opens} and {closes}"
        mend = "write the earlier time first"
        yield Flaw(("payments", "charging", "hours"), "bounds", reason, mend)

"""The payment providers, by the name that a client's file gives."""

from collections.abc import Callable, Mapping

from payment_links.providers import PaymentProvider
from payment_links.stripe import PAGES, URL, Stripe

STRIPE_NEEDS = {
    "secret_key": "set it to the account's secret key, sk_... or rk_...",
    "webhook_secrets": "set it to the signing secrets of its webhook, whsec_..., by comma",
}
"""What must be set, and how."""

STRIPE_MAY = {"api_url": URL, "pages_url": PAGES, "timeout": "5"}
"""What may be, and what it is otherwise."""


class Misconfigured(ValueError):
    """`setting` is missing, wrong or unknown; `mend` says what to do."""

    def __init__(self, setting: str, mend: str) -> None:
        super().__init__(f"{setting}: {mend}")
        self.setting = setting
        self.mend = mend


def _stripe(name: str, given: Mapping[str, str]) -> PaymentProvider:
    for setting, mend in STRIPE_NEEDS.items():
        if not given.get(setting, "").strip(", "):
            raise Misconfigured(setting, mend)
    for setting in given:
        if setting not in STRIPE_NEEDS and setting not in STRIPE_MAY:
            known = ", ".join((*STRIPE_NEEDS, *STRIPE_MAY))
            raise Misconfigured(setting, f"stripe has no such setting; it knows {known}")
    secrets = [each.strip() for each in given["webhook_secrets"].split(",") if each.strip()]
    chosen = {**STRIPE_MAY, **given}
    for setting in ("api_url", "pages_url"):
        if not chosen[setting].startswith(("https://", "http://")):
            raise Misconfigured(setting, "set it to https://..., or leave it out")
    return Stripe(
        name,
        given["secret_key"].strip(),
        secrets,
        url=chosen["api_url"],
        pages=chosen["pages_url"].rstrip("/"),
        timeout=float(chosen["timeout"]),
    )


OPENERS: Mapping[str, Callable[[str, Mapping[str, str]], PaymentProvider]] = {"stripe": _stripe}
"""The sandbox is the gateway's own: its pages are ours, and it needs no secret of its own."""


def open_provider(name: str, given: Mapping[str, str]) -> PaymentProvider:
    """`name` is a provider's, and behind a dot whose account. Raises Misconfigured, KeyError."""
    return OPENERS[name.partition(".")[0]](name, given)


def settings_of(name: str) -> Mapping[str, str | None]:
    """What a provider takes, with its default; None: it must be given."""
    if name.partition(".")[0] not in OPENERS:
        return {}
    return {**dict.fromkeys(STRIPE_NEEDS), **STRIPE_MAY}

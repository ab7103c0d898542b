"""The payment providers that clients' files name are opened by the settings."""

from typing import Any

import pytest

from gateway.charging.opening import open_more
from gateway.clients import ConfigurationError
from gateway.clients.payment_checks import flaws_of_payments
from gateway.clients.payments import PaymentsPart
from gateway.settings import Settings
from gateway.storage import Store
from payment_links.stripe import Stripe
from tests.pipeline.world import HARBOR

SETTINGS = {
    "database_url": "sqlite:///x.db",
    "secret": "a server secret for tests, 32 bytes or more",
    "public_url": "https://pay.example",
}


def config(**payments: Any) -> Any:
    return HARBOR.model_copy(update={"payments": PaymentsPart.model_validate(payments)})


def test_each_account_has_variables_of_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for prefix in ("GATEWAY_STRIPE", "GATEWAY_STRIPE_HARBOR"):
        monkeypatch.setenv(f"{prefix}_SECRET_KEY", f"sk_{prefix.lower()}")
        monkeypatch.setenv(f"{prefix}_WEBHOOK_SECRETS", "whsec_a,whsec_b")
    monkeypatch.setenv("GATEWAY_STRIPE_API_URL", "http://127.0.0.1:1")
    opened: dict[str, Any] = {}
    configs = [config(provider="stripe"), config(provider="stripe", account="harbor"), HARBOR]
    open_more(opened, configs, Settings(**SETTINGS), store)  # type: ignore[arg-type]
    assert sorted(opened) == ["sandbox", "stripe", "stripe.harbor"]
    own, other = opened["stripe"], opened["stripe.harbor"]
    assert isinstance(own, Stripe)
    assert own._api._url == "http://127.0.0.1:1"
    assert other._api._url == "https://api.stripe.com"
    assert "sk_gateway_stripe_harbor" in other._api._headers["Authorization"]
    kept = dict(opened)
    open_more(opened, configs, Settings(**SETTINGS), store)  # type: ignore[arg-type]
    assert all(opened[name] is kept[name] for name in kept)


@pytest.mark.parametrize(
    ("given", "account", "says"),
    [
        ({}, None, "GATEWAY_STRIPE_SECRET_KEY is not set"),
        ({}, "harbor", "GATEWAY_STRIPE_HARBOR_SECRET_KEY is not set"),
        ({"SECRET_KEY": "sk"}, None, "GATEWAY_STRIPE_WEBHOOK_SECRETS is not set"),
        (
            {"SECRET_KEY": "sk", "WEBHOOK_SECRETS": "w", "API_URL": "x"},
            None,
            "GATEWAY_STRIPE_API_URL is wrong",
        ),
    ],
)
def test_what_is_missing_is_named(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    account: str | None,
    says: str,
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"GATEWAY_STRIPE_{name}", value)
    wanted, settings = [config(provider="stripe", account=account)], Settings(**SETTINGS)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError) as error:
        open_more({}, wanted, settings, store)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("payments", "at", "code"),
    [
        ({"provider": "stirpe"}, ("payments", "provider"), "provider"),
        ({"provider": "sandbox", "account": "x"}, ("payments", "account"), "never-applies"),
        ({"charging": {}}, ("payments", "charging"), "never-applies"),
    ],
)
def test_what_makes_no_sense_in_a_file_is_found(
    payments: dict[str, Any], at: tuple[str, ...], code: str
) -> None:
    (flaw,) = flaws_of_payments(config(**payments))
    assert (flaw.at, flaw.code) == (at, code)


def test_hours_the_wrong_way_round_are_found() -> None:
    wrong = config(charging={"hours": ["17:00", "10:00"]})
    found = [flaw for flaw in flaws_of_payments(wrong) if flaw.code == "bounds"]
    assert [flaw.at for flaw in found] == [("payments", "charging", "hours")]
    assert list(flaws_of_payments(config(provider="stripe", account="harbor"))) == []

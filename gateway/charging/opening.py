"""The payment providers that clients' files name, opened by the settings."""

from collections.abc import Iterable

from gateway.clients import ClientConfig, ConfigurationError
from gateway.clients.payment_checks import SANDBOX
from gateway.portal.sandbox import PATH as SANDBOX_PATH
from gateway.settings import Settings, variable
from gateway.storage import Store
from payment_links.providers import PaymentProvider
from payment_links.registry import Misconfigured, open_provider
from payment_links.sandbox import Sandbox


def open_more(
    opened: dict[str, PaymentProvider],
    configs: Iterable[ClientConfig],
    settings: Settings,
    store: Store,
) -> None:
    """Opens those that are not. Raises ConfigurationError."""
    for config in configs:
        name = config.payments.name
        if name not in opened:
            opened[name] = _open(name, settings, store)


def _open(name: str, settings: Settings, store: Store) -> PaymentProvider:
    if name == SANDBOX:
        key = settings.secret.get_secret_value().encode()
        return Sandbox(key, settings.public_url + SANDBOX_PATH, store.clock)
    given = settings.payment_provider(name)
    try:
        return open_provider(name, given)
    except KeyError:
        raise ConfigurationError(f"no payment provider is called {name}") from None
    except Misconfigured as error:
        what = "is wrong" if given.get(error.setting) else "is not set"
        raise ConfigurationError(f"{variable(name, error.setting)} {what}; {error.mend}") from None

"""The payment providers that clients' files name, opened by the settings."""

from collections.abc import Iterable

import structlog

from gateway.clients import ClientConfig, ConfigurationError
from gateway.clients.payment_checks import SANDBOX
from gateway.portal.sandbox import PATH as SANDBOX_PATH
from gateway.settings import Settings, variable
from gateway.storage import Store
from payment_links.providers import PaymentProvider
from payment_links.registry import Misconfigured, open_provider
from payment_links.sandbox import Sandbox

log = structlog.get_logger()


def open_more(
    opened: dict[str, PaymentProvider],
    configs: Iterable[ClientConfig],
    settings: Settings,
    store: Store,
) -> None:
    """Opens those that are not. Raises ConfigurationError.

    Whose real messages lead to the sandbox's pages is said, since it may be forgotten.
    """
    for config in configs:
        name = config.payments.name
        if name == SANDBOX and not all(sender.is_simulated for sender in config.senders):
            log.warning("payments.sandbox", client=config.client, hint="no money moves")
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

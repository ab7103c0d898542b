"""What the pages need from the rest of the gateway, handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web

from gateway.clients import ClientConfig
from gateway.clock import SECOND
from gateway.rulebook import Rulebook
from gateway.storage import Store
from payment_links.providers import PaymentProvider, ProviderFailed
from payment_links.throttle import SlidingWindow

MINUTE = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Throttles:
    """Per process. Whole offices share an IP address, so it may try more often than one link."""

    link: SlidingWindow = field(default_factory=lambda: SlidingWindow(20, 15 * MINUTE))
    visitor: SlidingWindow = field(default_factory=lambda: SlidingWindow(60, 15 * MINUTE))
    unknown: SlidingWindow = field(default_factory=lambda: SlidingWindow(30, MINUTE))
    prefetches: SlidingWindow = field(default_factory=lambda: SlidingWindow(3, 24 * 60 * MINUTE))


@dataclass(frozen=True, slots=True)
class Site:
    """`client_config` raises KeyError for a client it doesn't know. `providers` are open by the
    names that clients' files give. `proxies` counts the trusted ones in front of us,
    whose X-Forwarded-For names the visitor. `complaint_days` is how soon a client answers one."""

    store: Store
    secret: bytes
    public_url: str
    client_config: Callable[[str], ClientConfig]
    providers: Mapping[str, PaymentProvider]
    proxies: int = 0
    throttles: Throttles = field(default_factory=Throttles)
    rules: Rulebook = field(default_factory=Rulebook)
    complaint_days: Callable[[ClientConfig], int] = lambda _: 30

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        return origin_of(self.public_url)

    def origin_of(self, request: web.Request, config: ClientConfig) -> str:
        """Where a visitor is, and with them the cookie of their session: on the client's own host,
        or on the one that all clients share."""
        own = host(request) == config.links.domain
        return config.links.origin(self.public_url) if own else self.public_url

    def provider_of(self, config: ClientConfig) -> PaymentProvider:
        """Who takes a client's payments. Raises ProviderFailed where it is not open."""
        name = config.payments.name
        if name not in self.providers:
            raise ProviderFailed(f"the payment provider {name} of {config.client} is not open")
        return self.providers[name]

    def visitor(self, request: web.Request) -> str:
        """The address that throttles count by."""
        if self.proxies:
            named = request.headers.get("X-Forwarded-For", "").split(",")
            if len(named) >= self.proxies:
                return named[-self.proxies].strip()[:64]
        return request.remote or ""


def host(request: web.Request) -> str:
    """The host name that the visitor's browser asked for, with its port where that is not 443."""
    return request.host.lower().removesuffix(":443")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()

"""What the pages need from the rest of the gateway, handed in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp import web

from gateway.clients import ClientConfig
from gateway.portal.throttling import Throttles
from gateway.rulebook import Rulebook
from gateway.storage import Store
from payment_links.providers import PaymentProvider, ProviderFailed


@dataclass(frozen=True, slots=True)
class Site:
    """`client_config` raises KeyError for a client it doesn't know. `providers` are open by the
    names that clients' files give. `proxies` counts the trusted ones in front of us,
    whose X-Forwarded-For names the visitor; `domains` are the hosts that clients have of their own.
    `complaint_days` is how soon a client answers one."""

    store: Store
    secret: bytes
    public_url: str
    client_config: Callable[[str], ClientConfig]
    providers: Mapping[str, PaymentProvider]
    proxies: int = 0
    throttles: Throttles = field(default_factory=Throttles)
    domains: Callable[[], Collection[str]] = tuple
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
                return neighbourhood(named[-self.proxies].strip()[:64])
        return neighbourhood(request.remote or "")


def host(request: web.Request) -> str:
    """The host name that the visitor's browser asked for, with its port where that is not 443."""
    return request.host.lower().removesuffix(":443")


def neighbourhood(address: str) -> str:
    """What one visitor has to themselves: an IPv4 address, or a whole /64 of IPv6 (RFC 6177). What
    is no address stays as it is."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found)


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()

"""The loops that take instalments and settle what was left open."""

from collections.abc import Mapping

from gateway.charging.asking import Asker
from gateway.charging.collecting import Collector
from gateway.charging.sweeping import Sweeper
from gateway.clients.payment_checks import SANDBOX
from gateway.directory import Directory
from gateway.portal.sandbox import deliver
from gateway.storage import Store
from gateway.workers import Loop
from payment_links.providers import PaymentProvider
from payment_links.sandbox import Sandbox

CALLS = 3
"""A charge is looked for before it is asked for, and may be looked for once more after."""


def charging_loops(
    store: Store,
    directory: Directory,
    providers: Mapping[str, PaymentProvider],
    *,
    lease: float,
    call_timeout: float,
) -> list[Loop]:
    """What a worker runs."""
    collector = Collector(store, directory, lease)
    asker = Asker(store, directory, providers, lease=CALLS * call_timeout)
    sweeper = Sweeper(store, directory, providers)

    async def charge() -> int:
        """No more is put on record than is asked for at once: nothing grows old in between."""
        return await collector.run() + await asker.run()

    return [Loop("charge", charge, 1.0), Loop("payment-look", sweeper.run, 5.0)]


def sandbox_loop(
    store: Store, directory: Directory, providers: Mapping[str, PaymentProvider]
) -> Loop:
    """The sandbox's late notices, told where its pages are: it lives in one process."""

    async def tell() -> int:
        sandbox = providers.get(SANDBOX)
        if not isinstance(sandbox, Sandbox):
            return 0
        return await deliver(store, directory.client, sandbox)

    return Loop("sandbox", tell, 1.0)

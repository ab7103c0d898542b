"""The real service with one fault in it: python -m tests.faults.gateway serve|work|both

Settings come from the environment, and with them FAULT (tests.faults.fault), LISTING_LAG and
WEBHOOK_TIMEOUT (seconds), TURN_LOG (tests.faults.watch) and CHARGE_PAUSES (seconds between looks at
a charge that was not answered, by comma). The database must hold its client configurations already.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import uvloop

import nlu.cascade  # noqa: F401  loaded before the nursery forks
from gateway.adapters import open_channels
from gateway.app import Role, start
from gateway.charging import asking
from gateway.directory import Directory
from gateway.settings import load_settings
from gateway.storage.opening import open_store
from tests.faults.fault import Fault, FaultyCall, FaultyStore, with_lag
from tests.faults.watch import WatchedStore

ROLES = {"serve": Role.SERVE, "work": Role.WORK, "both": Role.SERVE | Role.WORK}
NEVER = "never:before:1:KILL"


async def run(roles: Role) -> None:
    """Until SIGTERM."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    settings = load_settings()
    fault = Fault.parse(os.environ.get("FAULT", NEVER))
    store: Any = await open_store(settings.database_url, lease=settings.lease, pool=4)
    if log := os.environ.get("TURN_LOG"):
        store = WatchedStore(store, Path(log))
    store = FaultyStore(store, fault)
    directory = Directory()
    await directory.refresh(store)
    lag = float(os.environ.get("LISTING_LAG", "10"))
    channels = {
        name: FaultyCall(with_lag(channel, lag), "send", "send", fault)
        for name, channel in open_channels(settings, directory).items()
    }
    if pauses := os.environ.get("CHARGE_PAUSES"):
        asking.PAUSES = tuple(float(each) for each in pauses.split(","))  # type: ignore[assignment]
    service = await start(settings, roles, store=store, channels=channels)
    for name, provider in service.providers.items():
        service.providers[name] = FaultyCall(provider, "charge", "charge", fault)  # type: ignore[assignment]
    if service.deliverer is not None and service.calls is not None:
        service.calls.timeout = float(os.environ.get("WEBHOOK_TIMEOUT", "15"))
        service.deliverer.lease = 3 * service.calls.timeout
        service.deliverer.calls = FaultyCall(service.calls, "post", "post", fault)  # type: ignore[assignment]
    await told.wait()
    await service.stop()


def main(arguments: list[str]) -> None:
    uvloop.run(run(ROLES[arguments[0]]))


if __name__ == "__main__":
    main(sys.argv[1:])

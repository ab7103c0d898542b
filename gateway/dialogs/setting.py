"""Where played conversations begin for a client: its name, place, currency and rules."""

from pathlib import Path

from msgspec import structs

from dialogs.pack import Pack
from dialogs.scripts.cases import Setting
from dialogs.scripts.settings import CURRENCIES, OWED, ZONES, standard
from domain.values import Money
from gateway.clients import ClientConfig, read_client
from gateway.clients.contact import ContactPart


def setting_of(pack: Pack, client: ClientConfig | None) -> Setting:
    """The pack's own where there is no client."""
    setting = standard(pack)
    if client is None:
        return setting
    return structs.replace(
        setting,
        client=client.client,
        brand=client.branding,
        jurisdiction=client.jurisdiction,
        locale=client.locale,
        timezone=client.timezone,
        currency=client.currency,
        balance=Money(OWED, client.currency),
        rules=client.rules,
    )


def in_jurisdiction(setting: Setting, jurisdiction: str) -> Setting:
    """The same in another country, with its time and its money."""
    if jurisdiction == setting.jurisdiction:
        return setting
    currency = CURRENCIES.get(jurisdiction, setting.currency)
    return structs.replace(
        setting,
        jurisdiction=jurisdiction,
        timezone=ZONES[jurisdiction],
        currency=currency,
        balance=Money(OWED, currency),
    )


def client_of(file: Path | None) -> tuple[ClientConfig | None, ContactPart]:
    """A client's file, and its own contact rules. Raises BadClients."""
    if file is None:
        return None, ContactPart()
    client = read_client(file)
    return client, client.contact

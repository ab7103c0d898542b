"""The clients: what a client's file says, what is wrong with it, and how it comes into force."""

from gateway.clients.contact import ContactPart
from gateway.clients.findings import BadClients, ConfigurationError, Finding
from gateway.clients.model import BrandPart, ClientConfig, WebhookPart
from gateway.clients.reading import read_client, read_clients, read_folder, secret
from gateway.clients.senders import Sender

__all__ = [
    "BadClients",
    "BrandPart",
    "ClientConfig",
    "ConfigurationError",
    "ContactPart",
    "Finding",
    "Sender",
    "WebhookPart",
    "read_client",
    "read_clients",
    "read_folder",
    "secret",
]

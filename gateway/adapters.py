"""The adapters that clients' senders name, made of the settings."""

from collections.abc import Iterable, Mapping

from channels.contract import Channel
from channels.registry import Misconfigured, open_channel
from gateway.clients import ConfigurationError, Sender
from gateway.directory import Directory
from gateway.settings import Settings, variable


def open_channels(settings: Settings, directory: Directory) -> dict[str, Channel]:
    """The adapters that the clients' senders name. Raises ConfigurationError."""
    names = sorted(adapters(directory.senders))
    return {name: open_channel_of(name, settings) for name in names}


def adapters(senders: Iterable[Sender]) -> set[str]:
    """By which they send, and by which mails to them come in."""
    return {via for sender in senders for via in (sender.via, *sender.inbox)}


def open_channel_of(name: str, settings: Settings) -> Channel:
    """Raises ConfigurationError."""
    given = settings.provider(name)
    try:
        return open_channel(name, given, f"{settings.public_url}/hooks/{name}/status")
    except Misconfigured as error:
        raise ConfigurationError(_unopened(name, given, error)) from None


def _unopened(name: str, given: Mapping[str, str], error: Misconfigured) -> str:
    if error.setting is None:
        return f"a client's senders go via {name}: {error.mend}"
    what = "is wrong" if error.setting in given else "is not set"
    return f"{variable(name, error.setting)} {what}; {error.mend}"

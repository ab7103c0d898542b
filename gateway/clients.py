"""A client's configuration: who it is, its senders, rules and where its outcomes go."""

import os
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.context import Brand
from domain.promise import PromiseRules
from domain.values import ChannelKind, EmailAddress, Phone


class ConfigurationError(Exception):
    """A setting or client file is wrong; the message names the place and the mend."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrandPart(Part):
    name: str = Field(min_length=1, max_length=60)
    phone: str | None = None
    website: str | None = None


class Sender(Part):
    """One of the client's own addresses. `via` names the adapter; `pace` is messages a second."""

    channel: ChannelKind
    address: str
    via: str
    approved: bool = False
    pace: float | None = Field(default=None, gt=0)

    def model_post_init(self, _: Any, /) -> None:
        parse = Phone.parse if self.channel is ChannelKind.SMS else EmailAddress.parse
        short_code = self.channel is ChannelKind.SMS and re.fullmatch(r"\d{5,6}", self.address)
        if not short_code and str(parse(self.address)) != self.address:
            raise ValueError(f"{self.address} is not in its plain form (E.164 or lower-case host)")


class PromisePart(Part):
    """Bounds of a promise; see domain.promise for the units."""

    minimum_percent: int = Field(default=10, ge=0, le=100)
    minimum_minor: int = Field(default=500, ge=0)
    latest_days: int = Field(default=14, ge=0, le=30)
    reschedules: int = Field(default=2, ge=0)
    broken_in_a_row: int = Field(default=2, ge=1)
    reminder_days: tuple[int, ...] = (3, 1)
    grace_days: int = Field(default=3, ge=0)
    tolerance_percent: int = Field(default=100, ge=1, le=100)


class ContactPart(Part):
    """Stricter values than the jurisdiction's pack; None keeps the pack's."""

    daily_cap: int | None = Field(default=None, ge=1)
    weekly_cap: int | None = Field(default=None, ge=1)


class LinksPart(Part):
    days: int = Field(default=7, ge=1, le=30)


class WebhookPart(Part):
    """`secret` is a reference, env:NAME, to a Standard Webhooks secret (whsec_...)."""

    url: str = Field(pattern=r"^https?://")
    secret: str = Field(pattern=r"^env:[A-Z][A-Z0-9_]*$")
    types: tuple[str, ...] | None = None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name} is not an IANA time zone") from None
    return name


class ClientConfig(Part):
    """One client, as its file describes it. Unknown keys are errors."""

    client: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    brand: BrandPart
    jurisdiction: Literal["US", "GB"]
    locale: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    timezone: Annotated[str, AfterValidator(_zone)]
    pack: str
    senders: tuple[Sender, ...] = Field(min_length=1)
    promise: PromisePart = PromisePart()
    contact: ContactPart = ContactPart()
    links: LinksPart = LinksPart()
    webhooks: tuple[WebhookPart, ...] = ()

    def sender(self, channel: str) -> Sender | None:
        """The address that this client writes from on a channel: the first of its senders."""
        return self._first_senders.get(channel)

    @cached_property
    def _first_senders(self) -> dict[str, Sender]:
        return {sender.channel.value: sender for sender in reversed(self.senders)}

    @cached_property
    def rules(self) -> PromiseRules:
        return PromiseRules(**self.promise.model_dump())

    @cached_property
    def branding(self) -> Brand:
        return Brand(**self.brand.model_dump())


def read_client(path: Path) -> ClientConfig:
    """Raises ConfigurationError that lists every finding with its place in the file."""
    try:
        data = YAML(typ="safe").load(path.read_text())
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not YAML: {error}") from None
    try:
        return ClientConfig.model_validate(data)
    except ValidationError as error:
        found = [e for e in error.errors() if not _follows(e, error.errors())]
        lines = [f"{path}: {_place(e['loc'])}: {e['msg']}" for e in found]
        raise ConfigurationError("\n".join(lines)) from None


def _follows(finding: Any, findings: Sequence[Any]) -> bool:
    """A list is called too short where its items are wrong: those are the findings."""
    place = finding["loc"]
    return finding["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in findings
    )


def _place(location: Sequence[str | int]) -> str:
    return "/" + "/".join(str(part) for part in location)


def read_clients(paths: Sequence[Path]) -> list[ClientConfig]:
    """Every client file in order. Raises ConfigurationError; a sender belongs to one client."""
    configs = [read_client(path) for path in paths]
    owners: dict[tuple[str, str], str] = {}
    files: dict[str, Path] = {}
    for path, config in zip(paths, configs, strict=True):
        first = files.setdefault(config.client, path)
        if first != path:
            raise ConfigurationError(
                f"{path}: /client: {config.client} is described by {first} already;"
                " keep one file for each client"
            )
        for sender in config.senders:
            other = owners.setdefault((sender.channel, sender.address), config.client)
            if other != config.client:
                raise ConfigurationError(
                    f"{sender.address} is a sender of both {other} and {config.client};"
                    " give each client its own"
                )
    return configs


def read_folder(folder: Path) -> list[ClientConfig]:
    """Every client file (*.yml) of a folder. Raises ConfigurationError."""
    configs = read_clients(sorted(folder.glob("*.yml")))
    if not configs:
        raise ConfigurationError(f"no client file (*.yml) in {folder}")
    return configs


def secret(reference: str) -> str:
    """The value behind env:NAME. Raises ConfigurationError where it is not set."""
    name = reference.removeprefix("env:")
    value = os.environ.get(name)
    if not value:
        raise ConfigurationError(f"{name} is not set; put the webhook secret (whsec_...) there")
    return value

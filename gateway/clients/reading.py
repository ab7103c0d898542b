"""Reading client files: every value knows its place, and all findings come at once."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct, structs
from pydantic import ValidationError

from dialogs.loading.source import Entry, Place, Unreadable, read
from gateway.clients.findings import (
    BadClients,
    ConfigurationError,
    Finding,
    Flaw,
    Location,
    pointer,
)
from gateway.clients.model import ClientConfig
from gateway.clients.shape import flaws_of_shape
from gateway.clients.values import secrets_in


class ClientFile(Struct, frozen=True):
    """A file that was read; `config` is None where its shape is wrong."""

    path: Path
    config: ClientConfig | None
    findings: tuple[Finding, ...]
    places: dict[Location, Place]

    def finding(self, flaw: Flaw) -> Finding:
        """At the value itself, or at the nearest around it that stands in the file."""
        at = flaw.at
        while at and at not in self.places:
            at = at[:-1]
        place = self.places.get(at, Place(str(self.path), 1, 1))
        where = (str(self.path), place.line, place.column, pointer(flaw.at))
        return Finding(*where, flaw.code, flaw.reason, flaw.mend)

    def with_findings(self, findings: Iterable[Finding]) -> "ClientFile":
        return structs.replace(self, findings=tuple(sorted(set(findings))))


def read_file(path: Path) -> ClientFile:
    """One file with what is wrong in it, looked at by itself."""
    from gateway.clients.checks import flaws_of

    try:
        tree = read(path, str(path))
    except Unreadable as error:
        place = error.finding
        finding = Finding(
            place.file, place.line, place.column, "", place.code, place.reason, place.mend
        )
        return ClientFile(path, None, (finding,), {})
    file = ClientFile(path, None, (), dict(_places(tree, ())))
    data = _plain(tree)
    flaws = list(secrets_in(data))
    try:
        # As JSON, as which the store keeps it: there it must mean the same.
        config = ClientConfig.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        flaws += flaws_of_shape(error, data)
    else:
        file = structs.replace(file, config=config)
        flaws += flaws_of(config)
    return file.with_findings(_singly([file.finding(flaw) for flaw in flaws]))


def _singly(findings: Sequence[Finding]) -> list[Finding]:
    """A place that holds a secret is said to, and nothing else."""
    secret = {f.pointer for f in findings if f.code == "secret-value"}
    return [f for f in findings if f.code == "secret-value" or f.pointer not in secret]


def read_files(paths: Sequence[Path]) -> list[ClientFile]:
    """All files, with what is wrong between them too."""
    from gateway.clients.checks import flaws_between

    files = [read_file(path) for path in paths]
    good = [(file, file.config) for file in files if file.config is not None]
    found: dict[Path, list[Finding]] = {file.path: list(file.findings) for file in files}
    for number, flaw in flaws_between([(str(file.path), config) for file, config in good]):
        file, _ = good[number]
        found[file.path].append(file.finding(flaw))
    return [file.with_findings(found[file.path]) for file in files]


def read_client(path: Path) -> ClientConfig:
    """Raises BadClients with every finding."""
    return read_clients([path])[0]


def read_clients(paths: Sequence[Path]) -> list[ClientConfig]:
    """The configurations in order. Raises BadClients with what is wrong in any of the files."""
    files = read_files(paths)
    findings = [finding for file in files for finding in file.findings]
    if findings:
        raise BadClients(findings)
    return [file.config for file in files if file.config is not None]


def files_in(folder: Path) -> list[Path]:
    """Every client file (*.yml) of a folder. Raises ConfigurationError where there is none."""
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise ConfigurationError(f"no client file (*.yml) in {folder}")
    return paths


def read_folder(folder: Path) -> list[ClientConfig]:
    """The clients of a folder. Raises ConfigurationError."""
    return read_clients(files_in(folder))


def secret(reference: str) -> str:
    """The value behind env:NAME. Raises ConfigurationError where it is not set."""
    name = reference.removeprefix("env:")
    value = os.environ.get(name)
    if not value:
        raise ConfigurationError(f"{name} is not set; put the webhook secret (whsec_...) there")
    return value


def _places(entry: Entry, at: Location) -> Iterator[tuple[Location, Place]]:
    yield at, entry.place
    if isinstance(entry.value, dict):
        for key, inner in entry.value.items():
            yield from _places(inner, (*at, key))
    elif isinstance(entry.value, list):
        for number, inner in enumerate(entry.value):
            yield from _places(inner, (*at, number))


def _plain(entry: Entry) -> Any:
    if isinstance(entry.value, dict):
        return {key: _plain(inner) for key, inner in entry.value.items()}
    if isinstance(entry.value, list):
        return [_plain(inner) for inner in entry.value]
    return float(entry.value) if isinstance(entry.value, Decimal) else entry.value

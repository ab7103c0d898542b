"""Do the lock files fit pyproject.toml? `python -m tests.house.locks` says, and exits 1 if not."""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUNTIME = "requirements.lock"
DEV = "requirements-dev.lock"
BUILD = "requirements-build.lock"
LOCKS = (RUNTIME, DEV, BUILD)
ADDRESS = re.compile(r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host|^-[if]\b")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: str
    hashes: int


def faults(root: Path = ROOT) -> list[str]:
    """Everything wrong with the lock files of the project at `root`, one line each."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    texts = {name: (root / name).read_text() for name in LOCKS}
    locks = {name: {pin.name: pin for pin in pins(text)} for name, text in texts.items()}
    return [
        *(fault for name, text in texts.items() for fault in _addresses(name, text)),
        *(fault for name, lock in locks.items() for fault in _unhashed(name, lock)),
        *_unmet(RUNTIME, locks[RUNTIME], project["project"]["dependencies"]),
        *_unmet(DEV, locks[DEV], _everything(project)),
        *_unmet(BUILD, locks[BUILD], project["build-system"]["requires"]),
        *_apart(RUNTIME, locks[RUNTIME], locks[DEV]),
        *_apart(BUILD, locks[BUILD], locks[DEV]),
    ]


def pins(text: str) -> list[Pin]:
    """The pinned packages of a lock file."""
    found = []
    for entry in text.replace("\\\n", " ").splitlines():
        words = entry.partition("#")[0].split()
        if words and not words[0].startswith("-"):
            requirement = Requirement(words[0])
            hashes = sum(bool(HASH.fullmatch(word)) for word in words)
            version = str(requirement.specifier).removeprefix("==")
            found.append(Pin(canonicalize_name(requirement.name), version, hashes))
    return found


def _everything(project: dict[str, Any]) -> list[str]:
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    chosen = [project["project"]["dependencies"], *extras, *groups]
    return [requirement for part in chosen for requirement in part if isinstance(requirement, str)]


def _addresses(name: str, text: str) -> list[str]:
    return [
        f"{name}:{number}: names an address; write it with `make lock`"
        for number, line in enumerate(text.splitlines(), 1)
        if ADDRESS.search(line)
    ]


def _unhashed(name: str, lock: dict[str, Pin]) -> list[str]:
    bare = (pin.name for pin in lock.values() if not pin.hashes)
    return [f"{name}: {package} has no hash; run `make lock`" for package in bare]


def _unmet(name: str, lock: dict[str, Pin], wanted: list[str]) -> list[str]:
    found = []
    for requirement in map(Requirement, wanted):
        pin = lock.get(canonicalize_name(requirement.name))
        if pin is None:
            found.append(f"{name}: {requirement.name} is missing; run `make lock`")
        elif not requirement.specifier.contains(pin.version, prereleases=True):
            found.append(f"{name}: {pin.name} {pin.version} is not {requirement}; run `make lock`")
    return found


def _apart(name: str, lock: dict[str, Pin], dev: dict[str, Pin]) -> list[str]:
    return [
        f"{DEV}: {package} is not at the version of {name}, {pin.version}; run `make lock`"
        for package, pin in lock.items()
        if package not in dev or dev[package].version != pin.version
    ]


def main() -> int:
    found = faults()
    print("\n".join(found) or "The lock files fit pyproject.toml")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

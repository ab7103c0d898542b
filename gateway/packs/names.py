"""How a version of a pack is called: v3 where it is published, as in its pack.yml where shipped."""

import re
from typing import NamedTuple

from dialogs.state import State

_PUBLISHED = re.compile(r"v([1-9][0-9]{0,8})")
_WRITTEN = re.compile(r"v?([1-9][0-9]{0,8})")
PACK_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Version(NamedTuple):
    pack: str
    version: str


def published(number: int) -> str:
    return f"v{number}"


def number_of(version: Version) -> int | None:
    """The number of a published version; None for a shipped one."""
    found = _PUBLISHED.fullmatch(version.version)
    return int(found[1]) if found else None


def written_number(text: str) -> int | None:
    """The number that a person means by 3 or v3; None for anything else."""
    found = _WRITTEN.fullmatch(text)
    return int(found[1]) if found else None


def version_of(state: State) -> Version:
    return Version(state.pack, state.pack_version)

"""From a stored version to a pack that is ready to run."""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogs.findings import Finding, PackError
from dialogs.loader import load_pack
from dialogs.pack import Pack
from gateway.clients import ConfigurationError
from gateway.packs.names import published
from gateway.packs.sources import Sources, digest, parse, write_sources
from gateway.pipeline.models import read_model

if TYPE_CHECKING:
    from nlu.contract import Understander


@dataclass(frozen=True, slots=True)
class Loaded:
    """A published version; `understander` where it brings a model of its own."""

    pack: Pack
    understander: "Understander | None" = None


@contextmanager
def laid_out(sources: Sources) -> Iterator[Path]:
    """The files of a pack in a folder that is gone afterwards: the loader reads folders."""
    with tempfile.TemporaryDirectory(prefix="gateway-pack-") as folder:
        write_sources(sources, Path(folder))
        yield Path(folder)


def compile_sources(sources: Sources) -> Pack:
    """Raises PackError."""
    with laid_out(sources) as folder:
        return load_pack(folder)


def compile_row(row: Any) -> Loaded:
    """A version as it is stored. Raises PackError where it is not what was published, or this
    release can't read it."""
    if digest(row.content) != row.sha256:
        raise _broken(row, "its content is not the one that was published", "publish it again")
    pack = replace(
        compile_sources(parse(row.content)), name=row.pack, version=published(row.version)
    )
    return Loaded(pack, _understander(row) if row.model is not None else None)


def _understander(row: Any) -> "Understander":
    from nlu.cascade import BuiltIn

    with tempfile.TemporaryDirectory(prefix="gateway-model-") as folder:
        file = Path(folder, "model.npz")
        try:
            file.write_bytes(base64.b64decode(row.model, validate=True))
            return BuiltIn(read_model(file))
        except (ConfigurationError, binascii.Error):
            mend = "publish it again with this release"
            raise _broken(row, "its model can't be read", mend) from None


def _broken(row: Any, reason: str, mend: str) -> PackError:
    name = f"{row.pack} {published(row.version)}"
    return PackError((Finding(name, 1, 1, "pack", reason, mend),))

"""Which understander answers a client: its dialog pack's own model where it brings one."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import structlog

from dialogs.loader import SHIPPED
from domain.understanding import Reply, Understanding
from gateway.clients import ConfigurationError
from gateway.directory import Directory
from nlu.contract import Understander

if TYPE_CHECKING:
    from gateway.packs.compiling import Loaded
    from nlu.model import Classifier

log = structlog.get_logger()

EXAMPLES = "nlu"
"""The folder of a pack that holds its examples, by locale, and its model."""


def model_file(pack: Path) -> Path:
    return pack / EXAMPLES / "model.npz"


def read_model(file: Path) -> "Classifier":
    """Raises ConfigurationError for a file that is no model of this version."""
    from nlu.model import Classifier, load

    try:
        return Classifier(load(file))
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror or error}") from None
    except (ValueError, LookupError, EOFError, BadZipFile, zlib.error):
        raise ConfigurationError(
            f"{file} is no model of this version; build it by `gateway nlu train`"
        ) from None


class Understanders:
    """Understands each client's replies with the model of its pack, all others with `shared`."""

    def __init__(self, shared: Understander, directory: Directory, packs: Path = SHIPPED) -> None:
        self._shared = shared
        self._directory = directory
        self._packs = packs
        self._known: dict[str, Understander] = {}
        for config in directory.clients:
            self._known[config.pack] = self._read(config.pack)

    def _read(self, pack: str) -> Understander:
        from nlu.cascade import BuiltIn

        file = model_file(self._packs / pack)
        return BuiltIn(read_model(file)) if file.is_file() else self._shared

    def of(self, client: str, own: "Loaded | None" = None) -> Understander:
        """That of `own`, the published version a reply is read with, else the client's pack's.

        A pack that came with a later client is read now; a bad model is logged and left out.
        """
        if own is not None:
            return own.understander or self._shared
        pack = self._directory.client(client).pack
        known = self._known.get(pack)
        if known is None:
            try:
                known = self._read(pack)
            except ConfigurationError as error:
                log.error("understand.model_unreadable", pack=pack, error=str(error))
                known = self._shared
            self._known[pack] = known
        return known

    async def understand(
        self,
        clients: Sequence[str],
        replies: Sequence[Reply],
        own: "Sequence[Loaded | None] | None" = None,
    ) -> Sequence[Understanding]:
        """One answer per reply, in order; `clients[i]` is whom `replies[i]` belongs to, `own[i]`
        the published version that it is read with, if it is one."""
        asked: dict[int, tuple[Understander, list[int]]] = {}
        for at, client in enumerate(clients):
            understander = self.of(client, own[at] if own else None)
            asked.setdefault(id(understander), (understander, []))[1].append(at)
        found: dict[int, Understanding] = {}
        for understander, places in asked.values():
            answers = await understander.understand([replies[at] for at in places])
            found.update(zip(places, answers, strict=True))
        return [found[at] for at in range(len(replies))]

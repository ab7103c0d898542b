"""The model of a draft, to read stored texts anew."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from domain.understanding import Reply, Understanding
from gateway.packs.compiling import compile_row, laid_out
from gateway.packs.look_up import Found, is_folder
from gateway.packs.names import written_number
from gateway.packs.training import own_examples, train
from gateway.pipeline.models import model_file, read_model
from gateway.storage import Store
from gateway.storage.packs import whole
from nlu.cascade import BuiltIn

Understand = Callable[[Reply], Understanding]


async def reader(store: Store, named: str, found: Found) -> Understand:
    """Reads by the pack's own model: the one that it brings, else one that is trained on its
    examples (about a minute), else the one that all share. Raises PackError, StoreError, and
    ConfigurationError where a model can't be read or trained."""
    model = await _model(store, named, found)
    return lambda reply: model.parse([reply])[0]


async def _model(store: Store, named: str, found: Found) -> BuiltIn:
    if is_folder(named):
        file = model_file(Path(named))
        if file.is_file():
            return BuiltIn(read_model(file))
    else:
        pack, _, version = found.name.partition("@")
        number = written_number(version)
        row = None if number is None else await store.read(lambda tx: whole(tx, pack, number))
        if row is not None:
            own = compile_row(row).understander
            return own if isinstance(own, BuiltIn) else BuiltIn()
    with laid_out(found.sources) as folder:
        return _trained(found.pack.name, folder) if own_examples(folder) else BuiltIn()


def _trained(name: str, folder: Path) -> BuiltIn:
    with tempfile.TemporaryDirectory(prefix="gateway-model-") as made:
        file = Path(made, "model.npz")
        file.write_bytes(train(name, folder))
        return BuiltIn(read_model(file))

"""gateway nlu train: the shipped model, or a dialog pack's own."""

import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zipfile import BadZipFile

import typer

from dialogs.findings import PackError
from dialogs.loader import SHIPPED as PACKS
from dialogs.loader import load_pack
from gateway.clients import ConfigurationError
from gateway.commands.nlu.inputs import FINDINGS, stop
from gateway.packs.training import contradictions
from gateway.pipeline.models import EXAMPLES, model_file
from nlu import corpus

if TYPE_CHECKING:
    from nlu.model import Parameters


@dataclass(frozen=True, slots=True)
class Task:
    """What to train on and what to call it: `base` and `own` files, the latter a pack's."""

    name: str
    base: Sequence[Path]
    own: Sequence[Path]
    file: Path

    def version(self, digest: str) -> str:
        return f"{self.name}-{digest[:8]}"


def train(
    pack: Annotated[
        str | None,
        typer.Argument(help="A dialog pack's name or folder: its nlu/ joins the base data."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The file to write; the shipped or the pack's if left out.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether it is current.")
    ] = False,
) -> None:
    """Build a model file from the training data (needs the extra "train").

    The same data give the same bytes. Exit 1 with --check where the file is older than its data,
    and where a pack's example has another intent in the base data.
    """
    try:
        from nlu.model import save
        from nlu.train import build
    except ModuleNotFoundError as error:
        stop(
            f'{error.name} is missing; install the extra: pip install "collections-gateway[train]"'
        )
    task = _task(pack, to)
    if check:
        _check(task)
        return
    try:
        _lint(task)
        found = build([*task.base, *task.own])
    except (corpus.CorpusError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(error)) from None
    found = replace(found, version=task.version(found.data))
    try:
        save(found, task.file)
    except OSError as error:
        stop(f"{task.file}: {error.strerror}")
    sys.stderr.write(f"{task.file}: {found.version}, {len(found.buckets)} features\n")


def _task(pack: str | None, to: Path | None) -> Task:
    """Raises ConfigurationError for a pack that is none or brings no examples."""
    from nlu.model import SHIPPED

    base = corpus.files()
    if pack is None:
        return Task("builtin", base, (), to or SHIPPED)
    folder = PACKS / pack if (PACKS / pack).is_dir() else Path(pack)
    try:
        loaded = load_pack(folder)
    except PackError as error:
        raise ConfigurationError(f"{folder}: {error}") from None
    own = corpus.files(folder / EXAMPLES)
    if not own:
        raise ConfigurationError(f"no examples (*.yml) in {folder / EXAMPLES}")
    return Task(f"{loaded.name}-{loaded.version}", base, own, to or model_file(folder))


def _check(task: Task) -> None:
    digest = corpus.digest([*task.base, *task.own])
    known = _known(task.file)
    if known is None or (known.data, known.version) != (digest, task.version(digest)):
        stop(f"{task.file} is not built from this data: gateway nlu train", FINDINGS)


def _known(file: Path) -> "Parameters | None":
    from nlu.model import load

    try:
        return load(file)
    except (OSError, ValueError, LookupError, EOFError, BadZipFile, zlib.error):
        return None


def _lint(task: Task) -> None:
    """Exit 1 where one of the pack's examples is said to mean two things. Raises CorpusError."""
    wrong = contradictions(task.base, task.own)
    if wrong:
        stop("\n".join(wrong), FINDINGS)

"""A pack's own model: the base examples and those of its nlu/, looked over and trained on."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from dialogs.findings import Finding
from gateway.clients import ConfigurationError
from gateway.pipeline.models import EXAMPLES
from nlu import corpus

Train = Callable[[str, Path], bytes]
"""From a pack's name and folder to the bytes of its model. Raises ConfigurationError."""


def own_examples(folder: Path) -> list[Path]:
    """The files of a pack's own examples, by locale; none where it brings none."""
    return corpus.files(folder / EXAMPLES)


def data_of(folder: Path) -> str:
    """Names what a pack's model is trained on."""
    return corpus.digest([*corpus.files(), *own_examples(folder)])


def contradictions(base: Sequence[Path], own: Sequence[Path]) -> list[str]:
    """The pack's examples that are said to mean two things. Raises CorpusError."""
    read = corpus.read(own)
    ours = {id(example) for example in read}
    return [
        f"{finding.second.text!r} means {' and '.join(finding.second.intents)}"
        f" here and {' and '.join(finding.first.intents)} before"
        for finding in corpus.lint([*corpus.read(base), *read])
        if finding.conflict and id(finding.second) in ours
    ]


def bad_examples(folder: Path) -> Sequence[Finding]:
    """What keeps a pack's examples from being trained on."""
    own = own_examples(folder)
    try:
        wrong = contradictions(corpus.files(), own) if own else []
    except (corpus.CorpusError, UnicodeDecodeError) as error:
        return (Finding(EXAMPLES, 1, 1, "examples", str(error), "mend that file"),)
    mend = "let it mean one thing"
    return tuple(Finding(EXAMPLES, 1, 1, "examples", reason, mend) for reason in wrong)


def train(name: str, folder: Path) -> bytes:
    """About a minute. Raises ConfigurationError where the extra "train" is missing."""
    try:
        from nlu.model import save
        from nlu.train import build
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"{error.name} is missing, and the pack brings examples to train on; install the extra:"
            ' pip install "collections-gateway[train]"'
        ) from None
    found = build([*corpus.files(), *own_examples(folder)])
    found = replace(found, version=f"{name}-{found.data[:8]}")
    with tempfile.TemporaryDirectory(prefix="gateway-model-") as made:
        file = Path(made, "model.npz")
        save(found, file)
        return file.read_bytes()

"""Builds the model file from the training data: `python -m nlu.train`, or `--check` to compare.

Needs scikit-learn (the "train" extra). The same data and versions give the same bytes.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from domain.intents import INTENTS
from nlu import corpus
from nlu.clauses import clauses
from nlu.corpus import Example
from nlu.features import SPACE, unit_features, units_of, words_of
from nlu.judging import EVIDENCE, evidence
from nlu.letters import matter
from nlu.model import SHIPPED, Classifier, Floats, Parameters, load, save
from nlu.normalise import plain

FOLDS = 5
STRENGTH = 1.0
"""Inverse of the regularisation; found by cross-validation."""
LEAST_SEEN = 2
"""Examples in which a feature must occur to be kept."""


def counts(texts: Sequence[list[str]]) -> csr_matrix:
    """Feature counts, one row a text, in words."""
    columns: list[int] = []
    ends = [0]
    for words in texts:
        for unit in units_of(words):
            columns += unit_features(unit)
        ends.append(len(columns))
    shape = (len(texts), SPACE)
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=shape)


def rarity_of(matrix: csr_matrix) -> tuple[NDArray[np.float32], float]:
    """Inverse document frequency of every feature, and that of one never seen."""
    present = np.bincount(_deduplicated(matrix).indices, minlength=SPACE)
    rarity = np.log((1 + matrix.shape[0]) / (1 + present)) * 0.5 + 0.5
    return rarity.astype(np.float32), float(np.log(1.0 + matrix.shape[0]) * 0.5 + 0.5)


def _deduplicated(matrix: csr_matrix) -> csr_matrix:
    copy = matrix.copy()
    copy.sum_duplicates()
    return copy


def weighted(texts: Sequence[list[str]], rarity: NDArray[np.float32]) -> csr_matrix:
    """Rows as the classifier sees them: rarity by feature, each row divided by its units' norm."""
    matrix = counts(texts)
    matrix.data = rarity[matrix.indices]
    squares = np.add.reduceat(matrix.data**2, matrix.indptr[:-1])
    matrix.data /= np.repeat(np.sqrt(squares), np.diff(matrix.indptr))
    matrix.sum_duplicates()
    return matrix


def read_as_asked(text: str) -> tuple[list[str], list[list[str]]]:
    """The words of a text and of its clauses, as the cascade gives them to the classifier."""
    said = matter(plain(text))
    return words_of(said), [words_of(part) for part in clauses(said)]


def fit(examples: Sequence[Example], version: str = "") -> Parameters:
    """A model of these examples, not yet calibrated."""
    texts = [read_as_asked(example.text)[0] for example in examples]
    rarity, unseen = rarity_of(counts(texts))
    matrix = weighted(texts, rarity)
    seen = np.bincount(matrix.indices, minlength=SPACE)
    buckets = np.flatnonzero(seen >= min(LEAST_SEEN, len(examples) // 10)).astype(np.int32)
    labels = tuple(sorted({intent for example in examples for intent in example.intents}))
    coefficients, bias = _lines(matrix[:, buckets], said_by(examples, labels))
    scale = np.abs(coefficients).max(axis=0) / 127
    return Parameters(
        labels=labels,
        buckets=buckets,
        weights=np.rint(coefficients / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        rarity=rarity[buckets].astype(np.float16).astype(np.float32),
        unseen=unseen,
        bias=bias,
        slopes=np.zeros(len(EVIDENCE), dtype=np.float32),
        offsets=np.zeros(len(labels), dtype=np.float32),
        data="",
        version=version,
    )


def said_by(examples: Sequence[Example], labels: Sequence[str]) -> NDArray[np.bool_]:
    """Which labels each example has."""
    return np.array([[label in example.intents for label in labels] for example in examples])


def _lines(matrix: csr_matrix, said: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """For each label the line between the texts that say it and the others."""
    from sklearn.svm import LinearSVC

    columns, bias = [], []
    for label in said.T:
        learner = LinearSVC(C=STRENGTH, random_state=0).fit(matrix, label)
        columns.append(learner.coef_[0])
        bias.append(learner.intercept_[0])
    return np.array(columns, dtype=np.float32).T, np.array(bias, dtype=np.float32)


def folds_of(examples: Sequence[Example]) -> NDArray[np.intp]:
    """A fold holds runs of neighbours: examples of one hand stand together and resemble each other,
    and what is asked here is how well the model understands another's.
    """
    found = np.zeros(len(examples), dtype=np.intp)
    sections = groupby(
        range(len(examples)), key=lambda at: (examples[at].intents, examples[at].locale)
    )
    for section, (_, places) in enumerate(sections):
        members = list(places)
        for place, at in enumerate(members):
            found[at] = (place * FOLDS // len(members) + section) % FOLDS
    return found


def calibrated(found: Parameters, examples: Sequence[Example]) -> Parameters:
    """With `slopes` and `offsets` learned from examples that the model had not seen."""
    from sklearn.linear_model import LogisticRegression

    read = [read_as_asked(example.text) for example in examples]
    fold = folds_of(examples)
    known = np.zeros((len(examples), len(found.labels), len(EVIDENCE)), dtype=np.float32)
    for number in range(FOLDS):
        asked = np.flatnonzero(fold == number)
        model = Classifier(fit([e for e, at in zip(examples, fold, strict=True) if at != number]))
        parts = [read[at][1] for at in asked]
        margins = model.margins([*[read[at][0] for at in asked], *chain.from_iterable(parts)])
        known[asked] = evidence(
            margins[: len(asked)], margins[len(asked) :], [len(part) for part in parts]
        )
    said = said_by(examples, found.labels)
    rows = known.reshape(-1, len(EVIDENCE))
    which = np.tile(np.eye(len(found.labels), dtype=np.float32), (len(examples), 1))
    learner = LogisticRegression(C=1.0, max_iter=500).fit(np.hstack([rows, which]), said.ravel())
    weights = learner.coef_[0].astype(np.float32)
    offsets = weights[len(EVIDENCE) :] + np.float32(learner.intercept_[0])
    return replace(found, slopes=weights[: len(EVIDENCE)], offsets=offsets)


def build(paths: Sequence[Path]) -> Parameters:
    """Trains and calibrates on these files. Raises CorpusError."""
    examples = corpus.read(paths)
    missing = set(INTENTS) - {intent for example in examples for intent in example.intents}
    if missing:
        raise corpus.CorpusError(f"no examples of {', '.join(sorted(missing))}")
    digest = corpus.digest(paths)
    found = fit(examples, version=f"builtin-{digest[:8]}")
    return replace(calibrated(found, examples), data=digest)


def is_current(paths: Sequence[Path], path: Path = SHIPPED) -> bool:
    """True where the model file was built from exactly this data."""
    return path.exists() and load(path).data == corpus.digest(paths)


def main(arguments: Sequence[str]) -> int:
    paths = corpus.files()
    if "--check" in arguments:
        if is_current(paths):
            return 0
        sys.stderr.write("nlu/data/model.npz is not built from this data: python -m nlu.train\n")
        return 1
    found = build(paths)
    save(found, SHIPPED)
    sys.stderr.write(f"{SHIPPED.name}: {found.version}, {len(found.buckets)} features\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

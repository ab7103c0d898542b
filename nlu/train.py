"""Builds the model file from the training data: `python -m nlu.train`, or `--check` to compare.

Needs scikit-learn (the "train" extra). The same data and versions give the same bytes.
"""

import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from domain.intents import INTENTS
from nlu import corpus
from nlu.corpus import Example
from nlu.features import SPACE, unit_features, units
from nlu.model import SHIPPED, Classifier, Parameters, load, save
from nlu.normalise import plain

FOLDS = 8
STRENGTH = 40.0
"""Inverse of the regularisation; found by cross-validation."""
STEPS = 40
"""Steps of the solver; more change nothing in cross-validation."""


def counts(texts: Sequence[str]) -> csr_matrix:
    """Feature counts, one row a text."""
    columns: list[int] = []
    ends = [0]
    for text in texts:
        for unit in units(plain(text)):
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


def weighted(texts: Sequence[str], rarity: NDArray[np.float32]) -> csr_matrix:
    """Rows as the classifier sees them: rarity by feature, each row divided by its units' norm."""
    matrix = counts(texts)
    matrix.data = rarity[matrix.indices]
    squares = np.add.reduceat(matrix.data**2, matrix.indptr[:-1])
    matrix.data /= np.repeat(np.sqrt(squares), np.diff(matrix.indptr))
    matrix.sum_duplicates()
    return matrix


def fit(examples: Sequence[Example], version: str = "") -> Parameters:
    """A model of these examples, not yet calibrated. An example of two intents counts for both."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    texts, labels, weights = _rows(examples)
    rarity, unseen = rarity_of(counts(texts))
    matrix = weighted(texts, rarity)
    buckets = np.unique(matrix.indices).astype(np.int32)
    learner = LogisticRegression(C=STRENGTH, max_iter=STEPS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # STEPS is the stopping rule
        learner.fit(matrix[:, buckets], labels, sample_weight=weights)
    names = tuple(str(name) for name in learner.classes_)
    coefficients = learner.coef_.T
    scale = np.abs(coefficients).max(axis=0) / 127
    return Parameters(
        labels=names,
        buckets=buckets,
        weights=np.rint(coefficients / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        rarity=rarity[buckets].astype(np.float16).astype(np.float32),
        unseen=unseen,
        bias=learner.intercept_.astype(np.float32),
        temperature=1.0,
        curve=np.array([[0, 1], [0, 1]], dtype=np.float32),
        data="",
        version=version,
    )


def _rows(examples: Sequence[Example]) -> tuple[list[str], list[str], list[float]]:
    texts, labels, weights = [], [], []
    for example in examples:
        for intent in example.intents:
            texts.append(example.text)
            labels.append(intent)
            weights.append(1.0 / len(example.intents))
    return texts, labels, weights


def out_of_fold(examples: Sequence[Example]) -> list[tuple[float, bool]]:
    """Raw confidence and rightness of each example, answered by a model that has not seen it.

    Folds are runs of neighbours: examples written one after the other resemble each other.
    """
    answers: list[tuple[float, bool]] = []
    size = 5
    group = np.arange(len(examples)) // size % FOLDS
    for fold in range(FOLDS):
        known = [example for at, example in enumerate(examples) if group[at] != fold]
        asked = [example for at, example in enumerate(examples) if group[at] == fold]
        model = Classifier(fit(known))
        found = model.probabilities([plain(example.text) for example in asked])
        for example, row in zip(asked, found, strict=True):
            best = int(row.argmax())
            answers.append((float(row[best]), model.labels[best] in example.intents))
    return answers


def curve_of(answers: Sequence[tuple[float, bool]]) -> NDArray[np.float32]:
    """Raw to calibrated confidence: isotonic over the answers, thinned to a few points."""
    from sklearn.isotonic import IsotonicRegression

    raw = np.array([confidence for confidence, _ in answers])
    right = np.array([right for _, right in answers], dtype=float)
    learner = IsotonicRegression(y_min=0.02, y_max=0.985, out_of_bounds="clip").fit(raw, right)
    points = np.linspace(0, 1, 21)
    smooth = np.convolve(
        np.pad(learner.predict(points), 1, mode="edge"), [0.25, 0.5, 0.25], "valid"
    )
    return np.array([points, np.maximum.accumulate(smooth)], dtype=np.float32)


def build(paths: Sequence[Path]) -> Parameters:
    """Trains and calibrates on these files. Raises CorpusError."""
    examples = corpus.read(paths)
    missing = set(INTENTS) - {intent for example in examples for intent in example.intents}
    if missing:
        raise corpus.CorpusError(f"no examples of {', '.join(sorted(missing))}")
    digest = corpus.digest(paths)
    found = fit(examples, version=f"builtin-{digest[:8]}")
    return replace(found, curve=curve_of(out_of_fold(examples)), data=digest)


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

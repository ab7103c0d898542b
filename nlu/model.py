"""The trained linear model: plain arrays in, margins by intent out. Needs numpy only.

Each intent has a line of its own between "said" and "not said" (a text may say several): a text's
margin is its signed distance from that line. `nlu.judging` makes probabilities of margins.

File format (.npz, no pickle): `labels` (names), `buckets` (the features kept), `weights` (int8, one
row a bucket), `scale` (one a label), `rarity` (one a bucket: its weight in a text), `unseen` (the
rarity of all other features), `bias`, `slopes` and `offsets` (see `nlu.judging`), `data` (the
digest of the data that it was trained on) and `version`.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.features import SPACE, unit_features, units_of

Floats = NDArray[np.float32]
SHIPPED = Path(__file__).parent / "data" / "model.npz"
MOST_UNITS = 1 << 16
"""Units whose scores are kept; the store starts over when it is full."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What training finds; see the module for shapes."""

    labels: tuple[str, ...]
    buckets: NDArray[np.int32]
    weights: NDArray[np.int8]
    scale: Floats
    rarity: Floats
    unseen: float
    bias: Floats
    slopes: Floats  # one for each of judging.EVIDENCE
    offsets: Floats  # one a label
    data: str
    version: str


def save(found: Parameters, path: Path) -> None:
    """Writes the same bytes for the same parameters (no time stamps)."""
    arrays = {
        "labels": np.array(found.labels), "buckets": found.buckets, "weights": found.weights,
        "scale": found.scale, "rarity": found.rarity, "unseen": np.float32(found.unseen),
        "bias": found.bias, "slopes": found.slopes, "offsets": found.offsets,
        "data": np.array(found.data), "version": np.array(found.version),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            body = io.BytesIO()
            np.lib.format.write_array(body, np.asarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body.getvalue())


def load(path: Path = SHIPPED) -> Parameters:
    """Reads a model file. Raises OSError or ValueError where it is none."""
    with np.load(path, allow_pickle=False) as file:
        return Parameters(
            labels=tuple(str(name) for name in file["labels"]),
            buckets=file["buckets"],
            weights=file["weights"],
            scale=file["scale"],
            rarity=file["rarity"],
            unseen=float(file["unseen"]),
            bias=file["bias"],
            slopes=file["slopes"],
            offsets=file["offsets"],
            data=str(file["data"]),
            version=str(file["version"]),
        )


class Classifier:
    """Scores texts in batches; what a unit adds to each class is computed once and kept."""

    def __init__(self, found: Parameters) -> None:
        self.labels = found.labels
        self.version = found.version
        self.slopes = found.slopes
        self.offsets = found.offsets
        self._bias = found.bias
        self._rarity = np.full(SPACE, found.unseen, dtype=np.float32)
        self._rarity[found.buckets] = found.rarity
        self._row = np.full(SPACE, -1, dtype=np.int32)
        self._row[found.buckets] = np.arange(len(found.buckets), dtype=np.int32)
        self._weights = found.weights
        self._scale = found.scale
        self._forget()

    def _forget(self) -> None:
        self._known: dict[str, int] = {}
        self._scores = np.zeros((1024, len(self.labels) + 1), dtype=np.float32)

    def margins(self, texts: Sequence[list[str]]) -> Floats:
        """One row a text (in words: `features.words_of`), one column a label."""
        if not texts:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        found = [units_of(words) or [""] for words in texts]
        starts = np.cumsum([0, *map(len, found[:-1])])
        units, known = list(chain.from_iterable(found)), self._known
        if missing := [unit for unit in dict.fromkeys(units) if unit not in known]:
            self._learn(missing)
        every = np.array(list(map(known.__getitem__, units)), dtype=np.intp)
        sums = np.add.reduceat(self._scores[every], starts, axis=0)
        norms = np.sqrt(np.maximum(sums[:, -1:], 1e-6))
        return np.asarray(sums[:, :-1] / norms + self._bias, dtype=np.float32)

    def _learn(self, units: Sequence[str]) -> None:
        """Scores units not met before, all at once: the sum of their features' weights."""
        features = [unit_features(unit) for unit in units]
        starts = np.cumsum([0, *map(len, features[:-1])])
        buckets = np.array(list(chain.from_iterable(features)), dtype=np.intp)
        rarity, rows = self._rarity[buckets], self._row[buckets]
        weights = self._weights[rows] * np.where(rows >= 0, rarity, np.float32(0))[:, None]
        first = len(self._known)
        self._make_room(first + len(units))
        new = self._scores[first : first + len(units)]
        new[:, :-1] = np.add.reduceat(weights, starts, axis=0) * self._scale
        new[:, -1] = np.add.reduceat(rarity**2, starts)
        self._known.update(zip(units, range(first, first + len(units)), strict=True))

    def _make_room(self, rows: int) -> None:
        while len(self._scores) < rows:
            self._scores = np.concatenate([self._scores, np.zeros_like(self._scores)])

    def trim(self) -> None:
        """Forgets the kept units when there are too many; called between batches."""
        if len(self._known) > MOST_UNITS:
            self._forget()

"""The trained linear model: plain arrays in, class probabilities out. Needs numpy only.

File format (.npz, no pickle): `labels` (names), `buckets` (the features kept), `weights` (int8, one
row a bucket), `scale` (one a label), `rarity` (one a bucket: its weight in a text), `unseen` (the
rarity of all other features), `bias`, `temperature`, `curve` (calibration), `data` (the digest of
the data that it was trained on) and `version`.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.features import SPACE, unit_features, units

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
    temperature: float
    curve: Floats  # two rows: raw confidence, calibrated confidence; both rising
    data: str
    version: str


def save(found: Parameters, path: Path) -> None:
    """Writes the same bytes for the same parameters (no time stamps)."""
    arrays = {
        "labels": np.array(found.labels), "buckets": found.buckets, "weights": found.weights,
        "scale": found.scale, "rarity": found.rarity, "unseen": np.float32(found.unseen),
        "bias": found.bias, "temperature": np.float32(found.temperature), "curve": found.curve,
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
            temperature=float(file["temperature"]),
            curve=file["curve"],
            data=str(file["data"]),
            version=str(file["version"]),
        )


class Classifier:
    """Scores texts in batches; what a unit adds to each class is computed once and kept."""

    def __init__(self, found: Parameters) -> None:
        self.labels = found.labels
        self.version = found.version
        self._bias = found.bias
        self._temperature = found.temperature
        self._curve = found.curve
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

    def probabilities(self, plain_texts: Sequence[str]) -> Floats:
        """One row a text, one column a label; each row adds up to 1."""
        if not plain_texts:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        rows = [self._unit_rows(text) for text in plain_texts]
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        sums = np.add.reduceat(self._scores[np.concatenate(rows)], starts, axis=0)
        norms = np.sqrt(np.maximum(sums[:, -1:], 1e-6))
        scores = (sums[:, :-1] / norms + self._bias) / self._temperature
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)

    def calibrated(self, raw: float) -> float:
        """The share of answers at this raw confidence that are right."""
        return float(np.interp(raw, self._curve[0], self._curve[1]))

    def _unit_rows(self, text: str) -> list[int]:
        known = self._known
        found = units(text) or [""]
        try:
            return [known[unit] for unit in found]
        except KeyError:
            return [self._row_of(unit) for unit in found]

    def _row_of(self, unit: str) -> int:
        row = self._known.get(unit)
        return self._learn(unit) if row is None else row

    def _learn(self, unit: str) -> int:
        row = len(self._known)
        if row == len(self._scores):
            self._scores = np.concatenate([self._scores, np.zeros_like(self._scores)])
        self._scores[row] = self._score(unit)
        self._known[unit] = row
        return row

    def _score(self, unit: str) -> Floats:
        features = np.array(unit_features(unit), dtype=np.int64)
        rarity = self._rarity[features]
        rows = self._row[features]
        seen = rows >= 0
        weights = self._weights[rows[seen]].astype(np.float32) * self._scale
        share = (weights * rarity[seen][:, None]).sum(axis=0)
        return np.concatenate([share, [np.float32((rarity**2).sum())]]).astype(np.float32)

    def trim(self) -> None:
        """Forgets the kept units when there are too many; called between batches."""
        if len(self._known) > MOST_UNITS:
            self._forget()

"""The model file, its training, and the data that it is made of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu import corpus, train
from nlu.corpus import CorpusError, Example
from nlu.features import unit_features, units
from nlu.model import SHIPPED, Classifier, load, save
from nlu.normalise import plain

FEW = [
    Example(text, (intent,), "en")
    for intent, texts in {
        "thanks": ("thank you", "thanks a lot", "many thanks", "cheers thanks"),
        "greeting": ("hello", "hi there", "good morning", "hey hello"),
        "balance_query": ("how much do i owe", "what is my balance", "how much is left"),
    }.items()
    for text in texts
]


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    save(train.fit(FEW), first)
    save(train.fit(FEW), second)
    assert first.read_bytes() == second.read_bytes()


def test_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    found = replace(train.fit(FEW), data="d", version="v")
    path = tmp_path / "model.npz"
    save(found, path)
    again = load(path)
    assert (again.labels, again.data, again.version) == (found.labels, "d", "v")
    assert np.array_equal(again.weights, found.weights)
    assert np.array_equal(again.rarity, found.rarity)


def test_answers_as_the_trained_rows_say() -> None:
    """The classifier's sums over units equal the training matrix times the weights."""
    found = train.fit(FEW)
    texts = [example.text for example in FEW] + ["how are you", "zzz"]
    rarity = np.full(1 << 17, found.unseen, dtype=np.float32)
    rarity[found.buckets] = found.rarity
    matrix = train.weighted(texts, rarity)[:, found.buckets]
    scores = matrix @ (found.weights * found.scale) + found.bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    shares = Classifier(found).probabilities([plain(text) for text in texts])
    norms_differ_at_most = 0.05  # repeated features within a text count by unit
    assert np.abs(shares - expected).max() < norms_differ_at_most
    assert (shares.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_learns_what_it_was_shown() -> None:
    model = Classifier(train.fit(FEW))
    shares = model.probabilities(["thanks very much", "owe how much"])
    assert [model.labels[row.argmax()] for row in shares] == ["thanks", "balance_query"]


def test_shipped_model_is_small_and_holds_no_code() -> None:
    assert SHIPPED.stat().st_size < 2_000_000
    with np.load(SHIPPED, allow_pickle=False) as file:
        assert {str(file[name].dtype.kind) for name in file.files} <= set("iufU")


def test_calibration_only_rises() -> None:
    model = Classifier(load())
    steps = [model.calibrated(share / 100) for share in range(101)]
    assert steps == sorted(steps)
    assert 0 < steps[0] < steps[-1] < 1


def test_store_of_units_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.model.MOST_UNITS", 10)
    model = Classifier(train.fit(FEW))
    before = model.probabilities(["how much do i owe you for this"])
    model.trim()
    assert np.allclose(model.probabilities(["how much do i owe you for this"]), before)


def test_numbers_and_days_are_seen_by_kind() -> None:
    assert units("pay 50 friday") == units("pay 75 monday")
    assert unit_features("pay") == unit_features("pay")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("nlu: [{intent: nonsense, examples: '- hi'}]", "nonsense"),
        ("nlu: 5", "nlu"),
        ("nlu: [{intent: thanks}]", "examples"),
        ("a: [", "not YAML"),
    ],
)
def test_bad_data_names_its_file(tmp_path: Path, body: str, says: str) -> None:
    path = tmp_path / "en.yml"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(CorpusError, match=says) as error:
        corpus.read([path])
    assert "en.yml" in str(error.value)


def test_changed_data_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "en.yml"
    path.write_text("nlu: [{intent: thanks, examples: '- thanks'}]", encoding="utf-8")
    assert not train.is_current([path])


def test_lint_finds_conflicts() -> None:
    pair = [Example("Stop.", ("opt_out",), "en"), Example("stop.", ("deny",), "en")]
    (finding,) = corpus.lint(pair)
    assert finding.conflict

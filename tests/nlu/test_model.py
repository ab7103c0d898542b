"""The model file, its training, and the data that it is made of."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.intents import INTENTS
from nlu import corpus, train
from nlu.corpus import CorpusError, Example
from nlu.features import unit_features, units, words_of
from nlu.judging import probabilities
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
    texts = [words_of(plain(e.text)) for e in FEW] + [["how", "are", "you"], ["zzz"]]
    rarity = np.full(1 << 17, found.unseen, dtype=np.float32)
    rarity[found.buckets] = found.rarity
    matrix = train.weighted(texts, rarity)[:, found.buckets]
    expected = matrix @ (found.weights * found.scale) + found.bias
    margins = Classifier(found).margins(texts)
    norms_differ_at_most = 0.05  # repeated features within a text count by unit
    assert np.abs(margins - expected).max() < norms_differ_at_most
    assert (margins.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_learns_what_it_was_shown() -> None:
    model = Classifier(train.fit(FEW))
    margins = model.margins([["thanks", "very", "much"], ["owe", "how", "much"]])
    assert [model.labels[row.argmax()] for row in margins] == ["thanks", "balance_query"]


def test_an_example_of_two_intents_counts_for_both() -> None:
    both = Example("hello and thanks", ("greeting", "thanks"), "en")
    said = train.said_by([*FEW, both], ("balance_query", "greeting", "thanks"))
    assert said[-1].tolist() == [False, True, True]


def test_folds_hold_runs_of_neighbours_and_all_of_them() -> None:
    found = train.folds_of([example for example in FEW for _ in range(5)])
    assert set(found.tolist()) == set(range(train.FOLDS))
    assert np.flatnonzero(np.diff(found)).size < len(found) / 2


def test_shipped_model_is_small_and_holds_no_code() -> None:
    assert SHIPPED.stat().st_size < 2_000_000
    with np.load(SHIPPED, allow_pickle=False) as file:
        assert {str(file[name].dtype.kind) for name in file.files} <= set("iufU")


def test_a_text_is_as_likely_alone_as_in_a_batch() -> None:
    model = Classifier(load())
    texts = [words_of("i will pay friday"), words_of("stop texting me. who is this"), []]
    parts = [[], [words_of("stop texting me."), words_of("who is this")], []]
    together = probabilities(model, texts, parts)
    for at, (text, part) in enumerate(zip(texts, parts, strict=True)):
        assert np.allclose(together[at], probabilities(model, [text], [part])[0], atol=1e-5)
    assert ((together > 0) & (together < 1)).all()


def test_a_sure_clause_counts_for_a_long_text() -> None:
    model = Classifier(load())
    whole = words_of("the dog was ill and the boiler broke. my husband died in may")
    clause = words_of("my husband died in may")
    at = model.labels.index("deceased")
    alone = probabilities(model, [whole], [[]])[0, at]
    assert probabilities(model, [whole], [[clause]])[0, at] > alone


def test_store_of_units_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.model.MOST_UNITS", 10)
    model = Classifier(train.fit(FEW))
    asked = [words_of("how much do i owe you for this")]
    before = model.margins(asked)
    model.trim()
    assert np.allclose(model.margins(asked), before)


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


def test_lint_finds_what_differs_in_a_word() -> None:
    first = Example("did y'all get my check", ("balance_query",), "en")
    second = Example("did you ever get my check", ("balance_query",), "en")
    third = Example("did u get my check", ("balance_query",), "en")
    assert [(f.first, f.second) for f in corpus.lint([first, second, third])] == [(first, third)]


def test_one_word_may_change_the_meaning() -> None:
    pair = [
        Example("please do stop texting me", ("opt_out",), "en"),
        Example("please dont stop texting me", ("deny",), "en"),
    ]
    assert corpus.lint(pair) == []


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "es-US"])
def test_every_intent_has_its_examples_in_every_locale(locale: str) -> None:
    examples = corpus.read([corpus.FOLDER / f"{locale}.yml"])
    counts = Counter(intent for example in examples for intent in example.intents)
    assert counts.keys() == set(INTENTS)
    assert min(counts.values()) >= 80


KEYWORDS = ("stop", "end", "quit", "cancel", "unsubscribe", "help", "start", "yes")


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_carrier_keyword_has_its_hard_negatives(keyword: str) -> None:
    """Examples with the keyword in them that mean something else."""
    means = {"opt_out", "cease_contact", "opt_in", "help", "affirm"}
    traps = [
        example
        for example in corpus.read(corpus.files())
        if keyword in plain(example.text).split() and not means & set(example.intents)
    ]
    assert len(traps) >= 8

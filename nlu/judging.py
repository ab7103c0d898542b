"""How likely each intent is, from the margins of a whole text and of its clauses.

A long text speaks of much beside its point: a clause that is sure counts for the whole, the more so
where the whole is not against it. How much is learned, with the calibration, from examples that the
model had not seen (`nlu.train`).
"""

from collections.abc import Sequence

import numpy as np

from nlu.model import Classifier, Floats

EVIDENCE = ("whole", "lead", "clause", "clause_lead", "parted", "whole_parted", "lead_parted")
"""What is known of an intent in a text: the margin of the whole; by how much it leads the best
other intent there (negative where it trails); the same of the clause that speaks most for it;
whether the text has clauses; and the first two again where it has.
"""

SUREST = 0.99
"""No word of the model's is worth more: other hands write what no example resembles."""


def evidence(whole: Floats, clauses: Floats, counts: Sequence[int]) -> Floats:
    """EVIDENCE by text and intent; `counts`: how many of the rows of `clauses` are each text's."""
    lead = _lead(whole)
    best, best_lead = whole.copy(), lead.copy()
    sizes = np.asarray(counts, dtype=np.intp)
    parted = sizes > 0
    if parted.any():
        starts = np.cumsum(sizes)[parted] - sizes[parted]
        best[parted] = np.maximum.reduceat(clauses, starts, axis=0)
        best_lead[parted] = np.maximum.reduceat(_lead(clauses), starts, axis=0)
    has = np.broadcast_to(parted[:, None], whole.shape).astype(np.float32)
    return np.stack([whole, lead, best, best_lead, has, whole * has, lead * has], axis=2)


def _lead(margins: Floats) -> Floats:
    ordered = np.partition(margins, -2, axis=1)
    first, second = ordered[:, -1:], ordered[:, -2:-1]
    return np.asarray(margins - np.where(margins == first, second, first), dtype=np.float32)


def probabilities(
    classifier: Classifier, texts: Sequence[list[str]], parts: Sequence[Sequence[list[str]]]
) -> Floats:
    """One row a text, one column a label, none above SUREST; texts and their parts in words."""
    if not texts:
        return np.zeros((0, len(classifier.labels)), dtype=np.float32)
    flat = [words for each in parts for words in each]
    margins = classifier.margins([*texts, *flat])
    known = evidence(margins[: len(texts)], margins[len(texts) :], [len(each) for each in parts])
    scores = known @ classifier.slopes + classifier.offsets
    return np.asarray(SUREST / (1 + np.exp(-scores)), dtype=np.float32)

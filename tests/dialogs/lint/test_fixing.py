"""--fix mends what needs no judgement, where it stands, and nothing else."""

import pytest

from channels.fit import fit
from dialogs.lint.codes import CODES
from dialogs.lint.fixing import MECHANICAL, mended
from dialogs.lint.rules import lint
from tests.dialogs.lint.conftest import Changed

TEXTS = "responses/en-US.yml"
OLD = '    - text: "You are welcome."\n'
ROWS = [
    ("double", '"You’re “fine” – really…"', '"You\'re \\"fine\\" - really..."'),
    ("single", "'You’re “fine”.'", "'You''re \"fine\".'"),
    ("plain", "You’re fine", "You're fine"),
    ("escaped", '"You\\u2019re \\xa0fine"', '"You\'re  fine"'),
    ("a backslash before", '"You\\\\’re fine"', '"You\\\\\'re fine"'),
    ("ends", '" You are welcome.  "', '"You are welcome."'),
    ("ends in single quotes", "' You are welcome. '", "'You are welcome.'"),
    ("ends in escapes", '"You are welcome.\\n"', '"You are welcome."'),
    ("both", '"You’re fine. "', '"You\'re fine."'),
    ("block", "|\n        You are welcome.", "|-\n        You are welcome."),
    ("folded", ">+\n        You are\n        welcome.", ">-\n        You are\n        welcome."),
]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_a_text_is_mended_in_its_place(changed: Changed, old: str, new: str) -> None:
    line = f"    - text: {old}  # a comment ’\n" if "\n" not in old else f"    - text: {old}\n"
    folder = changed("collections-us", [{"file": TEXTS, "old": OLD, "new": line}])
    source = (folder / TEXTS).read_text(encoding="utf-8")
    found = lint(folder, fit)
    assert {each.code for each in found} <= MECHANICAL
    assert found
    text, (change,) = mended(source, TEXTS, found)
    assert text == source.replace(line, line.replace(old, new, 1))
    assert change.line == source[: source.index(line)].count("\n") + 1
    (folder / TEXTS).write_text(text, encoding="utf-8")
    assert lint(folder, fit) == ()
    assert mended(text, TEXTS, found) == (text, ())


def test_a_choice_in_braces_is_mended(changed: Changed) -> None:
    row = {"file": TEXTS, "old": 'title: "Pay now"', "new": 'title: "Pay – now"'}
    folder = changed("collections-us", [row])
    source = (folder / TEXTS).read_text(encoding="utf-8")
    text, changes = mended(source, TEXTS, lint(folder, fit))
    assert text == source.replace("Pay – now", "Pay - now")
    assert [(each.old, each.new) for each in changes] == [("Pay – now", "Pay - now")]


def test_what_would_read_otherwise_is_left(changed: Changed) -> None:
    """Unquoted, the plain character would begin a comment, a quote or a list."""
    rows = ["“You are welcome”", "– welcome", "You are welcome:\u00a0yes"]
    for old in rows:
        source = f"responses:\n  utter_x:\n    - text: {old}\n"
        found = [_finding(3, 7)]
        text, changes = mended(source, "f", found)
        assert (text, changes) == (source, ()), old


def test_one_that_can_t_be_mended_does_not_hinder_another() -> None:
    source = "a:\n  - text: “x”\n  - text: y’s\n"
    text, changes = mended(source, "f", [_finding(2, 5), _finding(3, 5)])
    assert text == "a:\n  - text: “x”\n  - text: y's\n"
    assert [each.line for each in changes] == [3]


def _finding(line: int, column: int) -> object:
    from dialogs.findings import Finding

    return Finding("f", line, column, "typographic", "", "")


def test_only_known_codes_are_mechanical() -> None:
    assert set(CODES) >= MECHANICAL
    assert not MECHANICAL & {"slot-unused", "response-unused", "parity-response"}

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching import MAX_TEXT, BadPattern, compile_pattern, found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\b(half|50 ?%)\b", "I can do HALF now"),
        (r"pay (it )?(off|all)", "pay off"),
        (r"[()+*]{2}", "(+"),
        (r"[]a]x", "]x"),
        (r"[\]a]x", "]x"),
        (r"[^\]]x", "ax"),
        ("a{,2}b", "aab"),
        ("(ab){1000}|c", "c"),
        ("a{}b", "a{}b"),
        (r"a{2,3}b?", "aa"),
        (r"\(in full\)", "(in full)"),
        (r"ab{", "ab{"),
    ],
)
def test_a_pattern_is_found(pattern: str, text: str) -> None:
    assert found(compile_pattern(pattern), text)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "(a|a)*b", "(a?){20}", r"(a)\1", "(?=a)b", "(?P<x>a)", "(?i)a", "((a*)b)*",
        "a*a*a*b", ".*.*.*", "(a", "a)", "[a", "*a", "a" * 301, "(.{0,200}){0,200}",
        "(a{1,1000}){1,1000}b", "(a{,9}){,9}b", "(a{,}){,}b", "(a{0001,}){0002,}b",
        r"[\][](a+)+$]", r"[^\][](a+)+$]", "a{,}a{,}a{,}b",
    ],
)  # fmt: skip
def test_a_pattern_that_could_run_away_or_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert not found(compile_pattern("needle"), " " * MAX_TEXT + "needle")


@given(st.text(alphabet="ab()[]{}|*+?\\.^$0123,:=<!P-", max_size=25))
def test_what_is_accepted_ends_quickly(pattern: str) -> None:
    try:
        compiled = compile_pattern(pattern)
    except BadPattern:
        return
    found(compiled, "ab" * 100 + "!")
    found(compiled, "a" * 300)

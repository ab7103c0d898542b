"""What differs between two configurations, by JSON pointer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.clients.differences import GONE, Change, differences

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab/~", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner),
    max_leaves=8,
)


def test_changed_added_and_removed() -> None:
    before = {"a": 1, "b": {"c/d": [1, 2]}, "gone": 0}
    after = {"a": True, "b": {"c/d": [1, 3]}, "new": [1]}
    assert list(differences(before, after)) == [
        Change("/a", 1, True),
        Change("/b/c~1d/1", 2, 3),
        Change("/gone", 0, GONE),
        Change("/new", GONE, [1]),
    ]
    assert list(differences([1], [1, 2])) == [Change("", [1], [1, 2])]


@given(json_values, json_values)
def test_nothing_differs_only_where_all_is_the_same(one: Any, other: Any) -> None:
    assert list(differences(one, one)) == []
    if one != other:
        assert list(differences(one, other))

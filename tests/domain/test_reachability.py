"""Rules that can never apply are found, and none that can is called so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.conditions import Type, parse
from domain.reachability import Never, never
from domain.values import Money

NAMES = {
    "context.balance": Type.MONEY,
    "context.arrears": Type.MONEY,
    "context.age": Type.NUMBER,
    "context.segment": Type.TEXT,
    "context.flags": Type.LIST,
    "context.first": Type.BOOL,
    "context.due": Type.DATE,
    "context.today": Type.DATE,
}
CONTRADICTION, SHADOWED = Never.CONTRADICTION, Never.SHADOWED

CASES = [
    (["context.balance > 500", "context.balance > 400"], {}),
    (["context.balance > 400", "context.balance > 500"], {1: SHADOWED}),
    (["context.balance > 500 and context.balance < 400"], {0: CONTRADICTION}),
    (["context.balance >= 500 and context.balance <= 500"], {}),
    (["context.balance > 500 and context.balance = 500"], {0: CONTRADICTION}),
    (["true", "context.first"], {1: SHADOWED}),
    (["false"], {0: CONTRADICTION}),
    (["context.first", "context.first"], {1: SHADOWED}),
    # not first is not the rest: it may be unknown
    (["context.first", "not context.first", "true"], {}),
    (["context.first", "not context.first", "context.first is null", "true"], {3: SHADOWED}),
    (["context.first is not null", "context.first"], {1: SHADOWED}),
    # 90 to 179, 180 and more, then 100 to 200: both together take it
    (["context.age >= 90 and context.age < 180", "context.age >= 180",
      "context.age > 100 and context.age < 200"], {2: SHADOWED}),
    (["context.age >= 90 and context.age < 180", "context.age > 180",
      "context.age > 100 and context.age < 200"], {}),
    (['context.segment = "gold"', 'context.segment is not empty', 'context.segment = "tin"'],
     {2: SHADOWED}),
    (['context.segment = "a" and context.segment = "b"'], {0: CONTRADICTION}),
    (['context.segment contains "a" and context.segment contains "b"'], {}),
    (['context.segment contains "gold" and context.segment = "tin"'], {0: CONTRADICTION}),
    (['context.flags contains "x" and context.flags contains "y"'], {}),
    (['context.flags contains "x"', 'context.flags contains "x" and context.first'],
     {1: SHADOWED}),
    (['context.flags is empty and context.flags contains "x"'], {0: CONTRADICTION}),
    (["context.balance > context.arrears and context.arrears > context.balance"],
     {0: CONTRADICTION}),
    (["context.balance > context.arrears and context.arrears > 100 and context.balance < 101"],
     {}),
    (["context.balance > context.arrears and context.arrears >= 100 and context.balance <= 100"],
     {0: CONTRADICTION}),
    (['context.due < "2026-03-01" and context.due > "2026-03-01"'], {0: CONTRADICTION}),
    (["context.due < context.today"], {}),
    (['context.segment matches "^g"', 'context.segment matches "^g"'], {1: SHADOWED}),
    (['context.segment matches "^g"', 'context.segment matches "^h"'], {}),
    (["true", 'context.segment matches "^g"'], {1: SHADOWED}),
    ([f'context.segment = "s{n}"' for n in range(12)] + ['context.segment = "s3"'],
     {12: SHADOWED}),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "expected"), CASES, ids=[" | ".join(c[0])[:60] for c in CASES])
def test_which_rules_never_apply(rules: list[str], expected: dict[int, Never]) -> None:
    assert dict(never([parse(rule, NAMES) for rule in rules], NAMES)) == expected


atoms = st.sampled_from(
    [f"context.{name} {sign} {n}" for name in ("balance", "arrears", "age")
     for sign in ("<", "<=", "=", "!=", ">=", ">") for n in (0, 1, 2)]
    + ["context.balance > context.arrears", "context.first", "context.age is null"]
    + [f'context.segment {sign} "{word}"' for sign in ("=", "contains", "!=") for word in "ab"]
)  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
amounts = st.none() | st.integers(-100, 400).map(lambda minor: Money(minor, "USD"))
values = st.fixed_dictionaries(
    {
        "context.balance": amounts,
        "context.arrears": amounts,
        "context.age": st.none() | st.integers(-1, 4),
        "context.segment": st.none() | st.text("abc", max_size=3),
        "context.first": st.none() | st.booleans(),
    }
)


@settings(max_examples=400, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=3), st.lists(values, min_size=20, max_size=20))
def test_what_is_said_never_to_apply_never_does(rules: list[str], accounts: list[dict]) -> None:  # type: ignore[type-arg]
    parsed = [parse(rule, NAMES) for rule in rules]
    found = dict(never(parsed, NAMES))
    for account in accounts:
        held = [rule.holds(account.get) for rule in parsed]
        for number, why in found.items():
            assert not held[number] or (why is SHADOWED and any(held[:number]))

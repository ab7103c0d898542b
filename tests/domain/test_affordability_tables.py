import pytest

from domain.affordability_tables import SHIPPED, BadTable, Household, Kind, read, shipped


def test_the_shipped_tables_are_sound() -> None:
    for name in SHIPPED:
        table = shipped(name)
        assert table.name == name
        assert {heading.kind for heading in table.headings} == set(Kind)
        for part in (part for heading in table.headings for part in (heading, *heading.lines)):
            assert part.labels.keys() == {"en", "es"}


def test_no_figures_ship_but_marked_examples() -> None:
    neutral, example = shipped("neutral"), shipped("us_standards_shape")
    assert not any(heading.trigger for heading in neutral.headings)
    assert example.example_figures
    assert "our own" in example.source
    scales = [
        scale
        for heading in example.headings
        if heading.trigger
        for scale in (*heading.trigger.scales, *sum(heading.trigger.areas.values(), ()))
    ]
    # round on purpose: those of real standards are not
    assert all(figure % 100_00 == 0 for scale in scales for figure in scale.monthly_minor)
    assert all(scale.further_minor % 100_00 == 0 for scale in scales)


def test_only_shipped_tables_are_shipped() -> None:
    with pytest.raises(KeyError):
        shipped("../../pyproject")


GOOD = """
name: small
version: "1"
source: Our own.
currency: USD
headings:
  - {id: in, kind: income, labels: {en: In}, lines: [{id: wages, labels: {en: Wages}}]}
  - {id: home, kind: fixed, labels: {en: Home}, lines: [{id: rent, labels: {en: Rent}}]}
  - id: living
    kind: flexible
    labels: {en: Living}
    lines: [{id: food, labels: {en: Food}}]
    trigger: {scales: [{per: people, monthly_minor: [100, 200], further_minor: 50}]}
"""


@pytest.mark.parametrize(("people", "figure"), [(1, 100), (2, 200), (3, 250), (4, 300), (10, 600)])
def test_a_scale_goes_on(people: int, figure: int) -> None:
    trigger = read(GOOD).headings[2].trigger
    assert trigger is not None
    assert trigger.figure(Household(people)) == figure


@pytest.mark.parametrize(
    ("was", "now", "finding"),
    [
        ("kind: income", "kind: fixed", "headings: none of them is income"),
        ("kind: fixed", "kind: rent", "Invalid enum value 'rent'"),
        ("id: food", "id: rent", "rent: is named 2 times"),
        ("{en: Food}", "{es: Comida}", "food: labels: en is missing"),
        ("{en: Food}", '{en: ""}', "food: labels: en is missing"),
        ("currency: USD", "currency: null", "living: trigger: figures need the table's currency"),
        ("[100, 200]", "[200, 100]", "living: trigger: people: more people may not lower"),
        ("[100, 200]", "[-1, 200]", "living: trigger: people: a figure is negative"),
        (
            "further_minor: 50",
            "further_minor: -50",
            "living: trigger: people: a figure is negative",
        ),
        ("[100, 200]", "[100.5]", "Expected `int`, got `float`"),
        (
            "{scales: [{per: people, monthly_minor: [100, 200], further_minor: 50}]}",
            "{}",
            "has no scales",
        ),
        ("[{id: food, labels: {en: Food}}]", "[]", "living: has no lines"),
        ("source: Our own.", "sources: Our own.", "unknown field `sources`"),
        ("source: Our own.", "source: [", "not YAML"),
        ("source: Our own.", "", "missing required field `source`"),
    ],
)
def test_a_bad_table_is_not_read(was: str, now: str, finding: str) -> None:
    assert was in GOOD
    with pytest.raises(BadTable, match=r".") as caught:
        read(GOOD.replace(was, now, 1))
    assert finding in str(caught.value)


def test_income_has_no_figure() -> None:
    trigger = ", trigger: {scales: [{per: adults, monthly_minor: [1]}]}}"
    with pytest.raises(BadTable, match="in: trigger: income has none"):
        read(GOOD.replace("{en: Wages}}]}", "{en: Wages}}]" + trigger))

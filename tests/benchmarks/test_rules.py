"""The benchmark of the rules, scaled down; and that a wrong result prints no figure."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from benchmarks.rebuild import rebuilt
from benchmarks.rules import measure
from benchmarks.rules_checks import Wrong
from benchmarks.rules_lines import LINES, Line
from domain.plan import Difference, Field, Instalment, Offered, Rule, Schedule
from domain.promise import Accepted, Countered
from domain.values import Money

COMMAND = (sys.executable, "-m", "gateway.cli", "benchmark", "rules")
FIGURES = {"per_s", "cold_per_s", "floor_per_s", "lowest_per_s", "of_floor"}
BY_NAME = {line.name: line for line in LINES}
ONE_DAY = timedelta(days=1)


def run(*more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *more], capture_output=True, text=True, timeout=120)


def test_one_line_with_every_figure() -> None:
    result = run("--customers", "20", "--rounds", "2")
    assert result.returncode == 0, result.stderr
    [text] = result.stdout.splitlines()
    found = msgspec.json.decode(text)
    assert found["plain_python_per_s"] > 0 < found["holidays_ms"]
    assert set(found["lines"]) == set(BY_NAME)
    for line in found["lines"].values():
        assert set(line) == {*FIGURES, "mix"}
        assert all(line[name] > 0 for name in FIGURES)
        assert sum(line["mix"].values()) == 20


def test_one_line_alone() -> None:
    result = run("--customers", "20", "--rounds", "1", "--line", "promise")
    assert set(msgspec.json.decode(result.stdout)["lines"]) == {"promise"}
    for wrong in (["--line", "nothing"], ["--customers", "0"], ["--rounds", "0"]):
        result = run(*wrong)
        assert (result.returncode, result.stdout) == (2, "")


def test_customers_differ_and_are_the_same_in_every_run() -> None:
    for line in LINES:
        drawn = line.customers(200, "a seed", own_days=True)
        assert drawn == line.customers(200, "a seed", own_days=True)
        assert drawn != line.customers(200, "another seed", own_days=True)
        assert len({repr(given) for given in drawn}) == 200, line.name


def test_every_outcome_is_in_the_mix() -> None:
    found = measure([BY_NAME["promise"], BY_NAME["settlement_judge"]], 300, 1)["lines"]
    for line in found.values():
        assert set(line["mix"]) == {"Accepted", "Countered", "Refused"}


def more(money: Money) -> Money:
    return Money(money.minor + 1, money.currency)


def with_last(schedule: Schedule, **changes: Any) -> Schedule:
    *others, last = schedule.instalments
    return structs.replace(schedule, instalments=(*others, structs.replace(last, **changes)))


def of_first(change: Callable[[Schedule], Schedule]) -> Callable[[Any], Any]:
    return lambda offered: Offered((change(offered.schedules[0]), *offered.schedules[1:]))


def dearer(result: Any) -> Any:
    """A promise or the terms of a settlement, a minor unit too dear."""
    match result:
        case Accepted(amount=amount):
            return structs.replace(result, amount=more(amount))
        case Countered(nearest=nearest):
            return structs.replace(result, nearest=dearer(nearest))
    return result


def same_sum_unequal(schedule: Schedule) -> Schedule:
    first, *others, last = schedule.instalments
    smaller = Instalment(1, first.due, Money(first.amount.minor - 1, first.amount.currency))
    return structs.replace(
        schedule, instalments=(smaller, *others, structs.replace(last, amount=more(last.amount)))
    )


def of_terms(result: Any) -> Any:
    if not hasattr(result, "terms"):
        return result
    first = result.terms[0]
    return structs.replace(result, terms=(structs.replace(first, amount=more(first.amount)),))


MISTAKES: list[tuple[str, Callable[[Any], Any]]] = [
    ("promise", dearer),
    ("promise", lambda result: result.nearest if isinstance(result, Countered) else result),
    ("plan_amount", of_first(lambda s: with_last(s, amount=more(s.instalments[-1].amount)))),
    ("plan_amount", of_first(lambda s: with_last(s, due=s.instalments[-1].due + ONE_DAY))),
    ("plan_amount", of_first(lambda s: with_last(s, number=99))),
    ("plan_amount", of_first(lambda s: structs.replace(s, instalments=s.instalments[:-1]))),
    ("plan_assessed", of_first(same_sum_unequal)),
    ("plan_count", of_first(lambda s: structs.replace(s, differs=()))),
    ("plan_nothing_asked", lambda offered: Offered(())),
    ("plan_standing", lambda now: structs.replace(now, paid=more(now.paid))),
    ("plan_folded", lambda now: structs.replace(now, instalments=now.instalments[:-1])),
    ("settlement_offer", of_terms),
    ("affordability", lambda found: structs.replace(found, surplus=more(found.surplus))),
    ("options", lambda found: structs.replace(found, offered=found.offered[:-1])),
]


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_a_mistake_prints_no_figure(name: str, mistake: Callable[[Any], Any]) -> None:
    line = BY_NAME[name]
    measure([line], 100, 1)
    mistaken = Line(
        line.name, lambda *given: mistake(line.judge(*given)), line.customer, line.check
    )
    with pytest.raises(Wrong) as caught:
        measure([mistaken], 100, 1)
    assert "does not hold" in str(caught.value)


def test_the_floor_builds_everything_anew_but_what_it_was_given() -> None:
    amount, due = Money(5, "GBP"), BY_NAME["plan_count"].customers(1, "a seed")[0][3]
    shared = Money(7, "GBP")
    parts = (Instalment(1, due, shared), Instalment(2, due, shared), Instalment(3, due, amount))
    why = (Difference(Field.COUNT, Rule.TOO_MANY),)
    result = Offered((Schedule("weekly", due, parts, why),))  # type: ignore[arg-type]
    built = rebuilt(result, (amount,))()
    assert built == result
    first, second, third = built.schedules[0].instalments
    assert first.amount is second.amount is not shared
    assert third.amount is amount
    assert built.schedules[0].differs[0] is not why[0]

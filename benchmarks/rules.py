"""The rules alone: how many promises, plans, settlements and assessments one core judges a second.

    python -m benchmarks.rules

Prints one JSON line. `per_s` is for customers who are judged on the day on which other customers
were before them, as in a running gateway; `cold_per_s` for customers who are each judged on a day
of their own, with no schedule's days kept from before; `floor_per_s` for a function call that only
builds the same results. All by CPU time, the median of the rounds; `lowest_per_s` is the slowest
round of the first. Every result is checked before anything is measured: a wrong one is exit code 1,
without figures. `holidays_ms` is what the first look at a country's year costs.
"""

import argparse
import gc
import json
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from benchmarks.rebuild import rebuilt
from benchmarks.rules_checks import Wrong, checked
from benchmarks.rules_lines import LINES, Line
from domain.business_days import closed_days
from domain.schedule import dates

BUILT = 200  # results whose floor is written out; they come round as often as needed
SPECIALISED = 20  # calls, after which the interpreter has adapted itself to a function


def main() -> None:
    parser = argparse.ArgumentParser(prog="gateway benchmark rules", description=__doc__)
    parser.add_argument("--customers", type=int, default=2000, help="of each line, all different")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--line", choices=[line.name for line in LINES], help="this one alone")
    options = parser.parse_args()
    if min(options.customers, options.rounds) < 1:
        parser.error("--customers and --rounds must be at least 1")
    lines = [line for line in LINES if options.line in (None, line.name)]
    try:
        print(json.dumps(measure(lines, options.customers, options.rounds)))
    except Wrong as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


def measure(lines: Sequence[Line], customers: int, rounds: int) -> dict[str, Any]:
    """All figures by name. The lines take turns, so that a busy moment of the machine does not
    fall on one of them. Raises Wrong."""
    prepared = [_Prepared(line, customers) for line in lines]
    gc.collect()
    gc.freeze()  # what was prepared is not gone through again before each part
    plain: list[float] = []
    for _ in range(rounds):
        plain.append(_rate(_plain_python, [()] * 200))
        for each in prepared:
            each.round()
    return {
        "python": platform.python_version(),
        "customers": customers,
        "rounds": rounds,
        "plain_python_per_s": round(statistics.median(plain)),
        "holidays_ms": round(_holidays_ms(), 3),
        "lines": {each.line.name: each.figures() for each in prepared},
    }


@dataclass(slots=True)
class _Prepared:
    """A line with its customers, checked."""

    line: Line
    customers: int
    earlier: list[Any] = field(init=False)
    same_day: list[Any] = field(init=False)
    own_days: list[Any] = field(init=False)
    floor: list[Callable[[], Any]] = field(init=False)
    mix: Counter[str] = field(init=False)
    rates: dict[str, list[float]] = field(init=False)

    def __post_init__(self) -> None:
        line = self.line
        self.earlier = line.customers(2 * self.customers, "earlier")
        self.same_day = line.customers(self.customers, "the same day")
        self.own_days = line.customers(self.customers, "days of their own", own_days=True)
        results = [line.judge(*given) for given in self.same_day]
        for given, result in zip(self.same_day, results, strict=True):
            checked(line.check, given, result)
        for given in self.own_days:
            checked(line.check, given, line.judge(*given))
        built = [
            rebuilt(result, given)
            for given, result in zip(self.same_day[:BUILT], results, strict=False)
        ]
        for build, result in zip(built, results, strict=False):
            for _ in range(SPECIALISED):
                if build() != result:
                    raise Wrong(f"{line.name}: the floor builds something else")
        self.floor = list(islice(cycle(built), self.customers))
        self.mix = Counter(map(line.name_of, results))
        self.rates = {"per_s": [], "cold_per_s": [], "floor_per_s": []}

    def round(self) -> None:
        self.rates["floor_per_s"].append(_rate(_call, [(build,) for build in self.floor]))
        dates.cache_clear()
        self.rates["cold_per_s"].append(_rate(self.line.judge, self.own_days))
        for given in self.earlier:
            self.line.judge(*given)
        self.rates["per_s"].append(_rate(self.line.judge, self.same_day))

    def figures(self) -> dict[str, Any]:
        found = {name: statistics.median(rates) for name, rates in self.rates.items()}
        return {
            **{name: round(rate) for name, rate in found.items()},
            "lowest_per_s": round(min(self.rates["per_s"])),
            "of_floor": round(found["per_s"] / found["floor_per_s"], 3),
            "mix": dict(sorted(self.mix.items())),
        }


def _rate(judge: Callable[..., Any], given: Sequence[tuple[Any, ...]]) -> float:
    """Calls a second of CPU time, the loop that makes them included."""
    gc.collect()
    started = time.process_time()
    for each in given:
        judge(*each)
    return len(given) / (time.process_time() - started)


def _call(build: Callable[[], Any]) -> Any:
    return build()


def _holidays_ms() -> float:
    """Milliseconds of CPU time, the mean of years that nothing else asks for."""
    years = range(1991, 2011)
    started = time.process_time()
    for year in years:
        closed_days.__wrapped__("GB", "ENG", year)
    return (time.process_time() - started) * 1000 / len(years)


def _plain_python() -> int:
    """A fixed piece of work by which machines can be compared: integers, a dict, a list, calls."""
    counted: dict[int, int] = {}
    for number in range(300):
        key = number * number % 97
        counted[key] = counted.get(key, 0) + abs(number - 150)
    return sum(sorted(counted.values()))


if __name__ == "__main__":
    main()

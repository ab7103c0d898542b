"""A client's bounds of settlement: the grid, its secret floors, validity and revival."""

from collections.abc import Iterator

from msgspec import Struct

from domain.business_days import Roll
from domain.schedule import Frequency
from domain.values import Invalid


class Floor:
    """The least percent of the balance that the client takes; known to the client only.

    It can be compared with and that is all: its text hides it and no serialiser knows its type, so
    that rules which hold one can't be written out by mistake.
    """

    __slots__ = ("__percent",)

    def __init__(self, percent: int) -> None:
        if not 1 <= percent <= 100:
            raise Invalid("a floor is 1 to 100 percent of the balance")
        self.__percent = percent

    def admits(self, hundredths: int, balance: int) -> bool:
        """Whether hundredths of a minor unit are enough for a `balance` in minor units."""
        return hundredths >= balance * self.__percent

    def __repr__(self) -> str:
        return "Floor(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Floor) and self.__percent == other.__percent

    def __hash__(self) -> int:
        return hash((Floor, self.__percent))


class Cell(Struct, frozen=True):
    """One field of the grid: debts of this segment (None: of any) and age in days, ends included.

    A discount of 0 makes no offer. Without a floor the open offer itself is the least.
    """

    discount_percent: int
    segment: str | None = None
    from_days: int = 0
    to_days: int | None = None
    floor: Floor | None = None


class Way(Struct, frozen=True):
    """Payment in `count` instalments, for `less_percent` points less discount."""

    count: int
    less_percent: int = 0


class SettlementRules(Struct, frozen=True):
    """A client's bounds; the defaults are practice of the field, to be set by the client.

    The first cell that fits decides. `_minor` are minor units of the account's currency, `_days`
    calendar days. Raises Invalid where the bounds contradict each other; the message names the
    place and no secret.
    """

    grid: tuple[Cell, ...] = ()  # empty: no settlement
    ways: tuple[Way, ...] = ()  # besides one payment
    frequency: Frequency = Frequency.MONTHLY
    smallest_minor: int = 500  # of an instalment
    roll: Roll = Roll.FOLLOWING
    smallest_balance_minor: int = 0
    validity_days: int = 14  # the first payment is due by then
    offers: int = 3  # of the customer's under the open offer, then a person takes over
    step_percent: int = 5  # of the balance: the raise that makes an offer count anew
    grace_days: int = 3
    revivals: int = 1
    revive_within_days: int = 14  # after a lapse
    revived_days: int = 7  # to pay what a revival is about
    again_after_days: int | None = 90  # after a lapse, when a fresh offer may be made; None: never

    def __post_init__(self) -> None:
        for wrong, finding in _contradictions(self):
            if wrong:
                raise Invalid(finding)


def _contradictions(rules: SettlementRules) -> Iterator[tuple[bool, str]]:
    days = (rules.validity_days, rules.grace_days, rules.revive_within_days, rules.revived_days)
    yield min(*days, rules.revivals, rules.offers) < 0, "nothing may be negative"
    yield rules.smallest_balance_minor < 0, "smallest_balance_minor must not be negative"
    yield rules.smallest_minor < 1, "smallest_minor must be at least 1"
    yield not 1 <= rules.step_percent <= 50, "step_percent must lie between 1 and 50"
    yield (rules.again_after_days or 0) < 0, "again_after_days must not be negative"
    counts = [way.count for way in rules.ways]
    yield any(count < 2 for count in counts), "ways: count must be at least 2"
    yield len(set(counts)) < len(counts), "ways: each count stands once"
    yield any(way.less_percent < 0 for way in rules.ways), "ways: less_percent must not be negative"
    for number, cell in enumerate(rules.grid):
        place, last = f"grid[{number}]", cell.to_days
        yield not 0 <= cell.discount_percent < 100, f"{place}: discount_percent must be 0 to 99"
        yield cell.from_days < 0, f"{place}: from_days must not be negative"
        yield last is not None and last < cell.from_days, f"{place}: to_days lies before from_days"
        above = cell.floor and not cell.floor.admits(100 - cell.discount_percent, 1)
        yield bool(above), f"{place}: the floor lies above the open offer"
        yield _covered(cell, rules.grid[:number]), f"{place}: cells before it leave it nothing"


def _covered(cell: Cell, earlier: tuple[Cell, ...]) -> bool:
    """Whether earlier cells take every age of this one."""
    rivals = [other for other in earlier if other.segment in (None, cell.segment)]
    reached = cell.from_days
    for other in sorted(rivals, key=lambda rival: rival.from_days):
        if other.from_days <= reached:
            if other.to_days is None:
                return True
            reached = max(reached, other.to_days + 1)
    return cell.to_days is not None and reached > cell.to_days

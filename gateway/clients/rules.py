"""A client's rules of promises, plans and settlement as its file states them.

Their defaults and names are those of the domain's rules. `_minor` are minor units of the client's
currency (cents, pence), `_days` are calendar days.
"""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from domain.promise import HARD_LATEST_DAYS, PromiseRules
from gateway.clients.part import Part

if TYPE_CHECKING:
    from domain.affordability import AffordabilityRules
    from domain.plan import PlanRules
    from domain.settlement import SettlementRules

FrequencyName = Literal["weekly", "fortnightly", "four_weekly", "monthly", "semi_monthly"]
AllocationName = Literal["oldest_first", "smallest_first", "arrears_first", "as_named"]
RollName = Literal["none", "following", "preceding", "modified_following"]
Percent = Annotated[int, Field(ge=0, le=100)]
Share = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=0, le=3660)]
SomeDays = Annotated[int, Field(ge=1, le=3660)]
Minor = Annotated[int, Field(ge=0, le=10**12)]
SomeMinor = Annotated[int, Field(ge=1, le=10**12)]
Count = Annotated[int, Field(ge=0, le=100)]
SomeCount = Annotated[int, Field(ge=1, le=100)]
Instalments = Annotated[int, Field(ge=2, le=36)]


class PromisePart(Part):
    """Bounds of a promise to pay."""

    minimum_percent: Percent = Field(default=10, description="Of the amount due.")
    minimum_minor: Minor = Field(default=500, description="The least amount, in minor units.")
    latest_days: Annotated[int, Field(ge=0, le=HARD_LATEST_DAYS)] = Field(
        default=14, description="How far ahead a promise may lie."
    )
    reschedules: Count = Field(default=2, description="How often a promise may be moved.")
    broken_in_a_row: SomeCount = Field(
        default=2, description="After so many broken ones a person takes over."
    )
    reminder_days: tuple[Days, ...] = Field(
        default=(3, 1), description="Days before its date on which a promise is recalled."
    )
    grace_days: Days = Field(default=3, description="Days after its date in which money counts.")
    tolerance_percent: Share = Field(
        default=100, description="So much of the amount keeps the promise."
    )

    @property
    def rules(self) -> PromiseRules:
        return PromiseRules(**self.model_dump())


class PlanPart(Part):
    """Bounds of a payment plan. Without this part no plan is agreed automatically."""

    frequencies: tuple[FrequencyName, ...] = Field(
        default=("monthly", "fortnightly", "weekly", "four_weekly", "semi_monthly"),
        min_length=1,
        description="In the order in which they are offered.",
    )
    smallest_minor: SomeMinor = Field(default=500, description="The least instalment.")
    smallest_last_minor: SomeMinor = Field(
        default=100, description="A smaller rest is added to the instalment before it."
    )
    fewest: Instalments = Field(default=2, description="The least number of instalments.")
    most: Instalments = Field(default=12, description="The greatest number of them.")
    most_assessed: Instalments = Field(
        default=36, description="After an assessment of income and expenditure."
    )
    usual_counts: tuple[Instalments, ...] = Field(
        default=(3, 6, 12), min_length=1, description="Offered where the customer names nothing."
    )
    first_earliest_days: Days = Field(default=0, description="The first payment, at the earliest.")
    first_usual_days: Days = Field(default=7, description="The first payment, if no day is named.")
    first_latest_days: Days = Field(default=30, description="The first payment, at the latest.")
    roll: RollName = Field(
        default="following", description="Which business day stands in for a closed one."
    )
    grace_days: Days = Field(default=3, description="Days after its date to pay an instalment.")
    misses: SomeCount = Field(default=2, description="So many unpaid at once threaten default.")
    cure_days: Days = Field(default=14, description="To pay what is overdue, before default.")
    reschedules: Count = Field(default=1, description="How often a plan may be rearranged.")

    @property
    def rules(self) -> "PlanRules":
        """Raises Invalid where the bounds contradict each other."""
        from msgspec import convert

        from domain.plan import PlanRules

        return convert(self.model_dump(), PlanRules)


class CellPart(Part):
    """One field of the settlement grid. `floor_percent` is never shown to a customer."""

    discount_percent: Annotated[int, Field(ge=0, le=99)] = Field(
        description="Off the balance, in the offer that is made. 0 makes no offer."
    )
    segment: str | None = Field(default=None, description="Left out: any segment.")
    from_days: Days = Field(default=0, description="The debt's age, this day included.")
    to_days: Days | None = Field(default=None, description="Left out: without end.")
    floor_percent: Share | None = Field(
        default=None, repr=False, description="The least part of the balance taken. A secret."
    )


class WayPart(Part):
    """Settlement in `count` instalments, for `less_percent` points less discount."""

    count: Instalments
    less_percent: Percent = 0


class SettlementPart(Part):
    """The grid of settlements. Without this part none is offered automatically."""

    grid: tuple[CellPart, ...] = Field(
        default=(), description="The first cell that fits an account decides."
    )
    ways: tuple[WayPart, ...] = Field(default=(), description="Besides one payment.")
    frequency: FrequencyName = "monthly"
    smallest_minor: SomeMinor = Field(default=500, description="The least instalment.")
    roll: RollName = "following"
    smallest_balance_minor: Minor = Field(default=0, description="No offer below it.")
    validity_days: Days = Field(default=14, description="The first payment is due by then.")
    offers: Count = Field(default=3, description="A customer's own, then a person takes over.")
    step_percent: Annotated[int, Field(ge=1, le=50)] = Field(
        default=5, description="Of the balance: the raise that makes an offer count anew."
    )
    grace_days: Days = 3
    revivals: Count = 1
    revive_within_days: Days = Field(default=14, description="After a lapse.")
    revived_days: Days = Field(default=7, description="To pay what a revival is about.")
    again_after_days: Days | None = Field(
        default=90, description="After a lapse, until a fresh offer; null: never."
    )

    @property
    def rules(self) -> "SettlementRules":
        """Raises Invalid where the bounds contradict each other."""
        from msgspec import convert

        from domain.settlement import Cell, Floor, SettlementRules, Way

        plain = self.model_dump(exclude={"grid", "ways"})
        found = convert(plain, SettlementRules)
        grid = []
        for cell in self.grid:
            values = cell.model_dump(exclude={"floor_percent"})
            floor = None if cell.floor_percent is None else Floor(cell.floor_percent)
            grid.append(Cell(**values, floor=floor))
        ways = tuple(Way(way.count, way.less_percent) for way in self.ways)
        from msgspec.structs import replace

        return replace(found, grid=tuple(grid), ways=ways)


class AffordabilityPart(Part):
    """What becomes of an assessment of income and expenditure. Without this part none is asked."""

    table: str = Field(default="neutral", description="The table of categories that is asked.")
    help: Literal["no_plan", "token", "hold"] = Field(
        default="hold", description="For customers who have nothing left."
    )
    token_minor: SomeMinor = Field(default=100, description="A token payment.")
    hold_days: SomeDays = Field(default=30, description="How long a hold lasts.")
    smallest_minor: SomeMinor = Field(default=100, description="The least that is worth a plan.")
    valid_days: SomeDays = Field(default=180, description="Until circumstances are asked anew.")

    @property
    def rules(self) -> "AffordabilityRules":
        from msgspec import convert

        from domain.affordability import AffordabilityRules

        return convert(self.model_dump(exclude={"table"}), AffordabilityRules)


class OptionPart(Part):
    """Accounts that meet `when` get these rules: the client's own with the keys named here
    changed. `null` takes plans or settlements away from them. The first that fits decides."""

    when: str = Field(
        min_length=1, description="A condition, such as context.account.balance > 500."
    )
    promise: PromisePart | None = None
    plan: PlanPart | None = None
    settlement: SettlementPart | None = None

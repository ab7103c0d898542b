"""What there is to tell of a plan since it was spoken of last."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from domain.plan_life import InstalmentStatus, Progress, Standing, Status

CLOSED = (Status.COMPLETED, Status.CANCELLED)


class Told(Struct, frozen=True, omit_defaults=True):
    """How far its story was told: `paid` instalments, and the numbers of the last one that was
    recalled before its day (`due`) and of the last that was missed."""

    paid: int = 0
    due: int = 0
    missed: int = 0
    status: Status = Status.ACTIVE


class News(Struct, frozen=True):
    """One thing to tell. `step` is due, paid, missed, defaulted or completed; the last two speak of
    the whole plan."""

    step: str
    instalment: Progress | None = None


def news(told: Told, now: Standing, today: date, recall_days: int) -> tuple[tuple[News, ...], Told]:
    """What is new on `today`, the least grave first, and how far the story is told then.

    An instalment is recalled once, `recall_days` before it is due. What goes back makes a paid one
    unpaid again without a word: that it is missed is told when it is.
    """
    return tuple(_news(told, now, today, recall_days)), _told(told, now, today, recall_days)


def next_look(told: Told, now: Standing, today: date, recall_days: int) -> date | None:
    """The next day after `today` on which the clock alone brings news; None where it brings none.

    `told` is how far the story is told by `today`.
    """
    if now.status in CLOSED:
        return None
    days = [] if now.changes_on is None else [now.changes_on]
    days += [
        each.due - timedelta(days=recall_days)
        for each in now.instalments
        if each.number > told.due and each.status is not InstalmentStatus.PAID
    ]
    return min((day for day in days if day > today), default=None)


def _news(told: Told, now: Standing, today: date, recall_days: int) -> Iterator[News]:
    for each in now.instalments:
        if each.number > told.paid and each.status is InstalmentStatus.PAID:
            yield News("paid", each)
    if now.status in CLOSED or now.status is Status.DEFAULTED:
        if now.status is not told.status and now.status is not Status.CANCELLED:
            yield News(now.status.value)
        return
    near = _near(told, now, today, recall_days)
    if near:
        yield News("due", near[-1])
    for each in now.instalments:
        if each.number > told.missed and each.status is InstalmentStatus.MISSED:
            yield News("missed", each)


def _near(told: Told, now: Standing, today: date, recall_days: int) -> list[Progress]:
    """Instalments to recall: not paid, not missed, and not recalled before."""
    open_ = (InstalmentStatus.UPCOMING, InstalmentStatus.DUE)
    return [
        each
        for each in now.instalments
        if each.number > told.due
        and each.status in open_
        and today >= each.due - timedelta(days=recall_days)
    ]


def _told(told: Told, now: Standing, today: date, recall_days: int) -> Told:
    paid = sum(each.status is InstalmentStatus.PAID for each in now.instalments)
    missed = [each.number for each in now.instalments if each.status is InstalmentStatus.MISSED]
    near = [each.number for each in _near(told, now, today, recall_days)]
    return Told(paid, max([told.due, *near]), max([told.missed, *missed]), now.status)

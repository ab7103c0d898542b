"""Customers of the simulated months: what the gate is told of them, and what is so."""

from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from benchmarks.contact_hours_oracle import NUMBERING_PLAN, TERRITORY, Spoken, Truth

EASTERN, CENTRAL = "America/New_York", "America/Chicago"
MOUNTAIN, PACIFIC = "America/Denver", "America/Los_Angeles"
LONDON = "Europe/London"
ISLES = ("Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey", LONDON)
NATIONS = ("england", "wales", "scotland", "northern ireland")
EVERYWHERE_BRITISH = (*NATIONS, "jersey", "guernsey", "man")

STATED = (
    EASTERN, "America/Detroit", "America/Kentucky/Louisville", "America/Kentucky/Monticello",
    "America/Indiana/Indianapolis", "America/Indiana/Vincennes", "America/Indiana/Winamac",
    "America/Indiana/Marengo", "America/Indiana/Petersburg", "America/Indiana/Vevay", CENTRAL,
    "America/Indiana/Tell_City", "America/Indiana/Knox", "America/Menominee",
    "America/North_Dakota/Center", "America/North_Dakota/New_Salem",
    "America/North_Dakota/Beulah", MOUNTAIN, "America/Boise", "America/Phoenix", PACIFIC,
    "America/Anchorage", "America/Juneau", "America/Sitka", "America/Metlakatla",
    "America/Yakutat", "America/Nome", "America/Adak", "Pacific/Honolulu", "America/Puerto_Rico",
    "America/St_Thomas", "Pacific/Guam", "Pacific/Saipan", "Pacific/Pago_Pago",
)  # fmt: skip
"""Every zone of the United States and its territories."""

ZIPS = {
    "10001": EASTERN, "48201": "America/Detroit", "46201": "America/Indiana/Indianapolis",
    "60614": CENTRAL, "80202": MOUNTAIN, "83702": "America/Boise", "85001": "America/Phoenix",
    "90210": PACIFIC, "99501": "America/Anchorage", "99546": "America/Adak",
    "96813": "Pacific/Honolulu", "00901": "America/Puerto_Rico", "00802": "America/St_Thomas",
    "96910": "Pacific/Guam", "96950": "Pacific/Saipan", "96799": "Pacific/Pago_Pago",
}  # fmt: skip
NUMBERS = {
    "212": EASTERN, "312": CENTRAL, "303": MOUNTAIN, "602": "America/Phoenix", "310": PACIFIC,
    "808": "Pacific/Honolulu", "787": "America/Puerto_Rico", "671": "Pacific/Guam",
}  # fmt: skip
SPLIT = {
    "850": (EASTERN, CENTRAL), "448": (EASTERN, CENTRAL), "219": (EASTERN, CENTRAL),
    "270": (EASTERN, CENTRAL), "906": (EASTERN, CENTRAL), "423": (EASTERN, CENTRAL),
    "605": (CENTRAL, MOUNTAIN), "701": (CENTRAL, MOUNTAIN), "308": (CENTRAL, MOUNTAIN),
    "208": ("America/Boise", PACIFIC), "541": ("America/Boise", PACIFIC),
    "775": (PACIFIC, MOUNTAIN), "928": ("America/Phoenix", MOUNTAIN),
    "907": ("America/Anchorage", "America/Adak"),
}  # fmt: skip
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888", "500", "900")
POSTCODES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "SW1A 1AA": (LONDON, ("england",)),
    "M1 1AE": (LONDON, ("england",)),
    "CF10 1AA": (LONDON, ("wales",)),
    "EH1 1AA": (LONDON, ("scotland",)),
    "ZE1 0AA": (LONDON, ("scotland",)),
    "BT1 1AA": (LONDON, ("northern ireland",)),
    "TD15 1AA": (LONDON, ("england", "scotland")),
    "JE2 3AB": ("Europe/Jersey", ("jersey",)),
    "GY1 1AA": ("Europe/Guernsey", ("guernsey",)),
    "IM1 1AA": ("Europe/Isle_of_Man", ("man",)),
}
MOBILES = {"+447400123456": (), "+447781123456": ("guernsey",), "+447797123456": ("jersey",),
           "+447624123456": ("man",)}  # fmt: skip

ALL_DAYS, WORKDAYS = frozenset(range(7)), frozenset(range(5))
FORMS: tuple[tuple[tuple[Spoken, ...], ...], ...] = (
    ((Spoken(True, ALL_DAYS, 18 * 60, 1440),),),  # only after six
    ((Spoken(True, ALL_DAYS, 0, 12 * 60),),),  # mornings
    ((Spoken(False, frozenset((6,)), 0, 1440),),),  # not on Sundays
    ((Spoken(False, WORKDAYS, 9 * 60, 17 * 60),),),  # not at work
    ((Spoken(True, WORKDAYS, 0, 1440),), (Spoken(True, ALL_DAYS, 17 * 60 + 30, 1440),)),
    ((Spoken(True, frozenset((1,)), 10 * 60, 10 * 60 + 15),),),  # a quarter of an hour a week
    ((Spoken(False, ALL_DAYS, 0, 9 * 60 + 30), Spoken(False, ALL_DAYS, 19 * 60, 1440)),),
    ((Spoken(True, frozenset((5, 6)), 0, 1440),),),  # weekends
    ((Spoken(True, ALL_DAYS, 22 * 60, 1440), Spoken(True, ALL_DAYS, 0, 6 * 60)),),  # at night
)


class Customer(NamedTuple):
    """`known` are the arguments of the gate's own candidates; `truth` is the oracle's."""

    kind: str
    known: dict[str, Any]
    truth: Truth


def customer(chance: Random) -> Customer:
    kind = chance.choice(list(KINDS))
    known, zones, closed = KINDS[kind](chance)
    british = kind.startswith("uk")
    said: tuple[tuple[Spoken, ...], ...] = ()
    if chance.random() < 0.3:
        said = chance.choice(FORMS)
        kind = f"{kind}, own times"
    return Customer(kind, known, Truth(british, tuple(sorted(set(zones))), closed, said))


Drawn = tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]


def _us_stated(chance: Random) -> Drawn:
    zone = chance.choice(STATED)
    return {"stated": zone, "phones": ("+18005550123",)}, (zone,), ()


def _us_zip(chance: Random) -> Drawn:
    code = chance.choice(list(ZIPS))
    return {"postal_code": code}, (ZIPS[code],), ()


def _us_number(chance: Random) -> Drawn:
    area = chance.choice(list(NUMBERS))
    return {"phones": (_phone(area),)}, (NUMBERS[area],), ()


def _us_split(chance: Random) -> Drawn:
    area = chance.choice(list(SPLIT))
    return {"phones": (_phone(area),)}, SPLIT[area], ()


def _us_several(chance: Random) -> Drawn:
    area, other = chance.choice(list(NUMBERS)), chance.choice(list(SPLIT))
    code = chance.choice(list(ZIPS))
    known = {"phones": tuple(sorted((_phone(area), _phone(other)))), "postal_code": code}
    return known, (NUMBERS[area], *SPLIT[other], ZIPS[code]), ()


def _us_toll_free(chance: Random) -> Drawn:
    return {"phones": (_phone(chance.choice(TOLL_FREE)),)}, NUMBERING_PLAN, ()


def _us_nothing(_chance: Random) -> Drawn:
    return {"country": "US"}, TERRITORY, ()


def _us_unknown(chance: Random) -> Drawn:
    bad: list[dict[str, Any]] = [
        {"postal_code": "09001"},  # forces post
        {"phones": ("+99912345678",), "postal_code": "10001"},
        {"phones": ("nonsense",)},
    ]
    return chance.choice(bad), (), ()


def _uk_postcode(chance: Random) -> Drawn:
    code = chance.choice(list(POSTCODES))
    zone, closed = POSTCODES[code]
    return {"postal_code": code}, (zone,), closed


def _uk_mobile(chance: Random) -> Drawn:
    phone = chance.choice(list(MOBILES))
    return {"phones": (phone,)}, ISLES, (*NATIONS, *MOBILES[phone])


def _uk_both(chance: Random) -> Drawn:
    code, phone = chance.choice(list(POSTCODES)), chance.choice(list(MOBILES))
    zone, closed = POSTCODES[code]
    return {"postal_code": code, "phones": (phone,)}, (zone, *ISLES), (*closed, *MOBILES[phone])


def _uk_abroad(chance: Random) -> Drawn:
    """A number of the United States beside a British address: its zone and its holidays count."""
    code = chance.choice(list(POSTCODES))
    zone, closed = POSTCODES[code]
    known = {"postal_code": code, "phones": (_phone("212"),)}
    return known, (zone, EASTERN), (*closed, "states")


def _uk_forces(_chance: Random) -> Drawn:
    return {"postal_code": "BF1 0AX"}, (), ()


KINDS = {
    "us, zone stated": _us_stated,
    "us, ZIP": _us_zip,
    "us, number": _us_number,
    "us, number of two zones": _us_split,
    "us, two numbers and a ZIP": _us_several,
    "us, toll-free": _us_toll_free,
    "us, nothing known": _us_nothing,
    "us, unknown": _us_unknown,
    "uk, postcode": _uk_postcode,
    "uk, mobile": _uk_mobile,
    "uk, postcode and mobile": _uk_both,
    "uk, American number": _uk_abroad,
    "uk, forces post": _uk_forces,
}


def _phone(area: str) -> str:
    return f"+1{area}5550123"

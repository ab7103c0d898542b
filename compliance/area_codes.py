"""North American area codes that lie in more than one time zone.

A number's prefix data knows the exchange it was first assigned to, but numbers are ported within
an area code and some areas are given as one zone though they are two (+1 850 and its overlay 448
are the best known). Where an area code is listed here its zones all count. Zones are named for
their legal time; Navajo Nation (in 928) keeps daylight saving while the rest of Arizona does not.
"""

from collections.abc import Mapping

EASTERN, CENTRAL = "America/New_York", "America/Chicago"
MOUNTAIN, PACIFIC = "America/Denver", "America/Los_Angeles"

AREAS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Alaska", ("907",), ("America/Anchorage", "America/Adak")),
    ("Arizona, north", ("928",), ("America/Phoenix", MOUNTAIN)),
    ("Florida, panhandle", ("850", "448"), (EASTERN, CENTRAL)),
    ("Idaho", ("208", "986"), ("America/Boise", PACIFIC)),
    ("Indiana, north-west", ("219", "574"), (EASTERN, CENTRAL)),
    ("Indiana, south", ("812", "930"), (EASTERN, CENTRAL)),
    ("Kansas, north", ("785",), (CENTRAL, MOUNTAIN)),
    ("Kansas, south", ("620",), (CENTRAL, MOUNTAIN)),
    ("Kentucky, west", ("270", "364"), (EASTERN, CENTRAL)),
    ("Kentucky, east", ("606",), (EASTERN, CENTRAL)),
    ("Michigan, upper peninsula", ("906",), (EASTERN, CENTRAL)),
    ("Nebraska, west", ("308",), (CENTRAL, MOUNTAIN)),
    ("Nevada", ("775",), (PACIFIC, MOUNTAIN)),
    ("North Dakota", ("701",), (CENTRAL, MOUNTAIN)),
    ("Oregon, east", ("541", "458"), (PACIFIC, "America/Boise")),
    ("South Dakota", ("605",), (CENTRAL, MOUNTAIN)),
    ("Tennessee, east", ("423",), (EASTERN, CENTRAL)),
    ("British Columbia", ("236", "250", "672", "778"),
     ("America/Vancouver", "America/Edmonton", "America/Fort_Nelson")),
    ("Newfoundland and Labrador", ("709", "879"), ("America/St_Johns", "America/Halifax")),
    ("Ontario, north-west", ("807",), ("America/Toronto", "America/Winnipeg")),
    ("Quebec, east", ("367", "418", "581"), ("America/Toronto", "America/Halifax")),
    ("Saskatchewan", ("306", "474", "639"), ("America/Regina", "America/Edmonton")),
    ("Yukon, Northwest Territories, Nunavut", ("867",),
     ("America/Whitehorse", "America/Edmonton", "America/Winnipeg", "America/Toronto")),
)  # fmt: skip

ZONES: Mapping[str, tuple[str, ...]] = {code: zones for _, codes, zones in AREAS for code in codes}

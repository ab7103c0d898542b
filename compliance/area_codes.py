"""North American area codes that lie in more than one time zone, and those of islands.

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
    ("Nebraska, north and east", ("402", "531"), (CENTRAL, MOUNTAIN)),  # Cody, Kilgore, Nenzel
    ("Nevada", ("775",), (PACIFIC, MOUNTAIN)),
    ("North Dakota", ("701",), (CENTRAL, MOUNTAIN)),
    ("Oregon, east", ("541", "458"), (PACIFIC, "America/Boise")),
    ("South Dakota", ("605",), (CENTRAL, MOUNTAIN)),
    ("Tennessee, east", ("423",), (EASTERN, CENTRAL)),
    ("Texas, west", ("432", "915"), (CENTRAL, MOUNTAIN)),  # about Van Horn they meet
    ("British Columbia", ("236", "250", "257", "672", "778"),
     ("America/Vancouver", "America/Edmonton", "America/Fort_Nelson")),
    ("Newfoundland and Labrador", ("709", "879"), ("America/St_Johns", "America/Halifax")),
    ("Ontario, north-west", ("807",), ("America/Toronto", "America/Winnipeg")),
    ("Quebec, east", ("367", "418", "581"), ("America/Toronto", "America/Halifax")),
    ("Saskatchewan", ("306", "474", "639"),
     ("America/Regina", "America/Edmonton", "America/Winnipeg")),  # Lloydminster; Creighton
    ("Yukon, Northwest Territories, Nunavut", ("867",),
     ("America/Whitehorse", "America/Inuvik", "America/Edmonton", "America/Cambridge_Bay",
      "America/Rankin_Inlet", "America/Winnipeg", "America/Toronto", "America/Iqaluit")),
)  # fmt: skip

ISLANDS: Mapping[str, str] = {
    "242": "America/Nassau",
    "246": "America/Barbados",
    "264": "America/Anguilla",
    "268": "America/Antigua",
    "284": "America/Tortola",
    "340": "America/St_Thomas",
    "345": "America/Cayman",
    "441": "Atlantic/Bermuda",
    "473": "America/Grenada",
    "649": "America/Grand_Turk",
    "658": "America/Jamaica",
    "664": "America/Montserrat",
    "670": "Pacific/Saipan",
    "671": "Pacific/Guam",
    "684": "Pacific/Pago_Pago",
    "721": "America/Lower_Princes",
    "758": "America/St_Lucia",
    "767": "America/Dominica",
    "784": "America/St_Vincent",
    "787": "America/Puerto_Rico",
    "809": "America/Santo_Domingo",
    "829": "America/Santo_Domingo",
    "849": "America/Santo_Domingo",
    "868": "America/Port_of_Spain",
    "869": "America/St_Kitts",
    "876": "America/Jamaica",
    "939": "America/Puerto_Rico",
}
"""Islands whose numbers the prefix data gives no place, or that of the whole plan."""

ZONES: Mapping[str, tuple[str, ...]] = {
    **{code: zones for _, codes, zones in AREAS for code in codes},
    **{code: (zone,) for code, zone in ISLANDS.items()},
}

"""What a British postcode says of a place: the country, and whose bank holidays are kept there."""

from functools import lru_cache

CROWN_DEPENDENCIES = {"JE": "JE", "GY": "GG", "IM": "IM"}
"""Postcode areas outside the United Kingdom that its post serves, with their countries."""

OVERSEAS = {
    "AI26": "AI", "AI-2": "AI", "ASCN": "SH", "BBND": "IO", "BIQQ": "AQ", "FIQQ": "FK",
    "GX11": "GI", "KY1-": "KY", "MSR1": "MS", "PCRN": "PN", "SIQQ": "GS", "STHL": "SH",
    "TDCU": "SH", "TKCA": "TC", "VG11": "VG",
}  # fmt: skip
"""How postcodes of overseas territories begin, without their spaces."""

FORCES = "BF"
"""British Forces Post: an address anywhere in the world."""

SCOTLAND = frozenset("AB DD DG EH FK G HS IV KA KW KY ML PA PH ZE".split())
WALES = frozenset("CF LD LL NP SA".split())
"""Where an area crosses into England nothing is lost: both have the same bank holidays."""
NORTHERN_IRELAND = frozenset(("BT",))
ENGLAND = frozenset(
    """AL B BA BB BD BH BL BN BR BS CA CB CH CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN EX FY
    GL GU HA HD HG HP HR HU HX IG IP KT L LA LE LN LS LU M ME MK N NE NG NN NR NW OL OX PE PL PO
    PR RG RH RM S SE SG SK SL SM SN SO SP SR SS ST SW SY TA TF TN TQ TR TS TW UB W WA WC WD WF WN
    WR WS WV YO""".split()
)
"""BX is no place but a bank's, and so in none of these."""

BORDER_AREAS = frozenset(("TD",))
BORDER_DISTRICTS = frozenset(("CA6", "DG14", "DG16"))
"""Partly in Scotland and partly in England, whose bank holidays differ."""

UNKNOWN = ("GB",)


def plain(postcode: str | None) -> str:
    return "".join((postcode or "").split()).upper()


@lru_cache(maxsize=4_096)
def country_of(postcode: str) -> str | None:
    """GB, or the country that the postcode, however spaced, is really in; None: anywhere."""
    code = plain(postcode)
    area = _area(code)
    if area == FORCES or code.startswith("BFPO"):
        return None
    return OVERSEAS.get(code[:4]) or CROWN_DEPENDENCIES.get(area, "GB")


@lru_cache(maxsize=4_096)
def regions_of(postcode: str) -> tuple[str, ...]:
    """The places that it may be in (GB-SCT, JE, ...); GB alone where the nation is unknown."""
    code = plain(postcode)
    country = country_of(code)
    if country != "GB":
        return UNKNOWN if country is None else (country,)
    area = _area(code)
    if area in BORDER_AREAS or code[:-3] in BORDER_DISTRICTS:
        return ("GB-ENG", "GB-SCT")
    nations = (
        ("GB-ENG", ENGLAND),
        ("GB-SCT", SCOTLAND),
        ("GB-WLS", WALES),
        ("GB-NIR", NORTHERN_IRELAND),
    )
    return next(((nation,) for nation, areas in nations if area in areas), UNKNOWN)


def _area(code: str) -> str:
    """The letters that it begins with: SW of SW1A 1AA."""
    letters = code[:2] if code[1:2].isalpha() else code[:1]
    return letters if letters.isalpha() and letters.isascii() else ""

"""What is wrong with a file or a record: a code, a JSON pointer from the file's root, the mend."""

import re
from enum import StrEnum

from msgspec import Struct


class Code(StrEnum):
    """The closed set of codes; a host may act on them, so they never change their meaning."""

    WRONG_TYPE = "wrong_type"
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    INVALID_VALUE = "invalid_value"
    INVALID_TEXT = "invalid_text"
    INVALID_PHONE = "invalid_phone"
    INVALID_EMAIL = "invalid_email"
    INVALID_DATE = "invalid_date"
    INVALID_TIMEZONE = "invalid_timezone"
    INVALID_LANGUAGE = "invalid_language"
    INVALID_JURISDICTION = "invalid_jurisdiction"
    INVALID_POSTAL_CODE = "invalid_postal_code"
    INVALID_AMOUNT = "invalid_amount"
    INVALID_CURRENCY = "invalid_currency"
    DUPLICATE_ACCOUNT = "duplicate_account"
    OTHER_CUSTOMER = "account_of_other_customer"
    EMPLOYER_PROVIDED = "employer_provided"
    OPTED_OUT = "opted_out"
    OPTED_IN_SINCE = "opted_in_since"
    UNKNOWN_HOLD = "unknown_hold"
    NO_VALIDATION_PERIOD = "no_validation_period"
    RECORD_COUNT = "record_count_differs"
    CONTROL_TOTAL = "control_total_differs"
    SHA256 = "sha256_differs"
    FILE_ID_REUSED = "file_id_reused"


class Finding(Struct, frozen=True):
    """`record` counts from 1, as a reader of the file would; None speaks of the whole file.

    Messages hold no value of a record: they may be logged.
    """

    pointer: str
    code: Code
    message: str
    record: int | None = None


class Unusable(Exception):
    """The file can't be read as a placement file at all; the message names the place."""


_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?(?P<path>\$.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")
_FIELD = re.compile(r"field `(?P<name>.*)`$", re.DOTALL)
_KINDS = (
    ("Object missing required", Code.MISSING),
    ("Object contains unknown", Code.UNKNOWN_KEY),
    ("Invalid RFC3339", Code.INVALID_DATE),
    ("Expected `datetime` with a timezone", Code.INVALID_DATE),
    ("Invalid enum value", Code.INVALID_VALUE),
    ("JSON is malformed", Code.INVALID_TEXT),
    ("Expected `str` of length", Code.INVALID_VALUE),
    ("Expected `str` matching", Code.INVALID_VALUE),
    ("Expected `int` >=", Code.INVALID_VALUE),
)


def from_reader(error: Exception, root: str, record: int | None = None) -> Finding:
    """The finding behind a reader's error, whose paths look like `$.account.ref`."""
    match = _PLACE.match(str(error))
    what, path = (match["what"], match["path"] or "$") if match else (str(error), "$")
    code = next((kind for start, kind in _KINDS if what.startswith(start)), Code.WRONG_TYPE)
    return Finding(root + _pointer(what, path), code, _message(what, code), record)


def _pointer(what: str, path: str) -> str:
    steps = [step["key"] or step["index"] for step in _STEP.finditer(path)]
    field = _FIELD.search(what)
    if field and what.startswith("Object"):
        steps.append(field["name"])
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _message(what: str, code: Code) -> str:
    match code:
        case Code.MISSING:
            return "a required key is missing"
        case Code.UNKNOWN_KEY:
            return "no such key exists in this format; see whether it is misspelt"
        case Code.INVALID_DATE:
            return "write dates as YYYY-MM-DD, instants as YYYY-MM-DDThh:mm:ssZ or with an offset"
        case Code.INVALID_TEXT:
            return "holds text that is no Unicode: half of a surrogate pair"
        case Code.INVALID_VALUE if what.startswith("Invalid enum value"):
            return "not one of the values that may stand here"
        case Code.INVALID_VALUE if "x00" in what:
            return "holds a control character; leave it out"
        case _:
            return what[:1].lower() + what[1:]


_BYTE = re.compile(r"^JSON is malformed: (?P<what>.*) \(byte (?P<at>\d+)\)$", re.DOTALL)


def malformed(data: bytes, error: Exception) -> str:
    """Where JSON goes wrong, in words: its line and column, counted in bytes from 1."""
    match = _BYTE.match(str(error))
    at = int(match["at"]) if match else len(data)
    try:
        data.decode()
    except UnicodeDecodeError as undecodable:
        return f"not UTF-8: byte {data[undecodable.start]:#04x} {_spot(data, undecodable.start)}"
    return f"not JSON: {match['what'] if match else 'it ends too early'} {_spot(data, at)}"


def _spot(data: bytes, at: int) -> str:
    line, column = data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)
    return f"at line {line}, column {column}"

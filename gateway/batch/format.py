"""The placement file as a host writes it: every key that may stand there, with its type.

Amounts are decimal strings in major units ("480.00") with the account's currency; control totals
are whole minor units. Dates are YYYY-MM-DD, instants RFC 3339 with an offset. A key that is not
named here is an error, so that a misspelt one never goes unseen.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

Ref = Annotated[str, Meta(min_length=1, max_length=128)]
FileId = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Short = Annotated[str, Meta(min_length=1, max_length=64)]
Line = Annotated[str, Meta(min_length=1, max_length=200)]
Instant = Annotated[datetime, Meta(tz=True)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Opens = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
Closes = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z")]
Word = Annotated[str, Meta(pattern="^[a-z][a-z_]{1,31}$")]


class Part(Struct, forbid_unknown_fields=True, frozen=True):
    """Whatever stands in a file."""


class Header(Part, frozen=True):
    """`sha256` is that of the bytes of the records array, from its [ to its ].

    `mode` says whether the host wrote all its accounts or the changed ones; either way accounts
    that a file leaves out stay as they are.
    """

    file_id: FileId
    file_type: Literal["placement"]
    schema_version: Literal[1]
    client_id: Short
    sequence_no: Annotated[int, Meta(ge=1)]
    created_at: Instant
    mode: Literal["full", "delta"]
    record_count: Annotated[int, Meta(ge=0)]
    control_totals: dict[str, int]
    sha256: Digest | None = None


class PlacementFile(Part, frozen=True):
    header: Header
    records: Raw


class PostalAddress(Part, frozen=True):
    lines: tuple[Line, ...] = ()
    city: Line | None = None
    region: Line | None = None
    postal_code: Short | None = None
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None


class WindowPart(Part, frozen=True):
    """Times that the customer has named, in their own local time; `closes` is not included. One
    that closes no later than it opens goes on past midnight."""

    kind: Literal["only", "never"]
    days: Annotated[tuple[Weekday, ...], Meta(min_length=1)] = WEEK
    opens: Opens = "00:00"
    closes: Closes = "24:00"


Windows = Annotated[tuple[WindowPart, ...], Meta(max_length=20)]


class CustomerPart(Part, frozen=True):
    """`timezone` is an IANA name, `language` a tag such as en or es-US."""

    ref: Ref
    first_name: Line | None = None
    last_name: Line | None = None
    date_of_birth: date | None = None
    address: PostalAddress = PostalAddress()
    language: Short | None = None
    timezone: Short | None = None
    jurisdiction: Annotated[str, Meta(pattern="^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None
    vulnerability_codes: tuple[Short, ...] = ()
    windows: Windows = ()


class ContactPart(Part, frozen=True):
    """One address, the preferred first. What the employer gave is never written to unasked, and a
    number that has another holder since `reassigned_at` not before new consent.

    `purpose` is what consent and opt-out are about. Without it consent counts for collections, and
    an opt-out for everything.
    """

    type: Literal["sms", "email"]
    value: Annotated[str, Meta(min_length=1, max_length=254)]
    consent_basis: Short | None = None
    consent_at: Instant | None = None
    source: Line | None = None
    employer_provided: bool | None = None
    reassigned_check_at: Instant | None = None
    reassigned_at: Instant | None = None
    opted_out_at: Instant | None = None
    purpose: Literal["collections", "marketing"] | None = None
    windows: Windows = ()


class AccountPart(Part, frozen=True):
    ref: Ref
    balance: str
    currency: str
    minimum_due: str | None = None
    arrears: str | None = None
    due_date: date | None = None
    opened_on: date | None = None
    last_payment_on: date | None = None
    creditor_original: Line | None = None
    creditor_current: Line | None = None
    product: Line | None = None
    segment: Line | None = None
    first_party: bool | None = None


class Flags(Part, frozen=True):
    """What stops outreach. `hold_until` is the last day of a hold of `hold_type`;
    `validation_notice_date` the day on which the validation notice was sent."""

    dispute: bool = False
    bankruptcy: bool = False
    deceased: bool = False
    attorney: bool = False
    hold_type: Word | None = None
    hold_until: date | None = None
    validation_notice_date: date | None = None


class PlacementRecord(Part, frozen=True):
    """One account with its customer, stated whole: what is left out is emptied."""

    customer: CustomerPart
    account: AccountPart
    contacts: tuple[ContactPart, ...] = ()
    offers: dict[str, Any] = {}
    flags: Flags = Flags()


class _Owed(Struct):
    balance: str
    currency: str


class Owing(Struct):
    """The part of a record that control totals speak of."""

    account: _Owed


read_file = msgspec.json.Decoder(PlacementFile).decode
read_array = msgspec.json.Decoder(list[Raw]).decode
read_record = msgspec.json.Decoder(PlacementRecord).decode
read_owing = msgspec.json.Decoder(Owing).decode

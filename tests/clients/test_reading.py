"""A client's file: every finding names the file, the place in it, and the mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.clients import (
    BadClients,
    ClientConfig,
    ConfigurationError,
    Finding,
    read_client,
    read_clients,
    read_folder,
    secret,
)
from gateway.clients.findings import CODES
from gateway.clients.packs import flaws_of_pack
from gateway.clients.reading import read_file
from tests.clients.conftest import CLIENT, OURS

Change = Callable[[str], str]


def less(line: str) -> Change:
    return lambda text: "\n".join(one for one in text.split("\n") if not one.startswith(line))


def other(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new)


def more(*lines: str) -> Change:
    return lambda text: text + "\n".join(lines) + "\n"


def mailbox(address: str, setting: str) -> Change:
    """One that sends through a real mail server, in a line after the only sender."""
    evidence = "registration: {kind: mail_domain, reference: harbor.example, date: 2026-01-05}"
    line = f"  - {{channel: email, address: {address}, {setting}, via: smtp, {evidence}}}\n"
    return lambda text: text[: (at := text.index("\n", text.index(OURS)) + 1)] + line + text[at:]


SENDER = f'address: "{OURS}"'
PLAN = "plan: {fewest: 6, most: 4}"
HOOK = "webhooks: [{url: 'https://host.example', secret: %s}]"
CAP = "contact: {weekly_cap: {limit: %s, source: contract}}"
HOURS = "contact: {hours: {%s, source: contract}}"
DOMAIN = "links: {domain: %s}"
RICH = "context.account.balance > 5"

# change, line, column, pointer, code, words of the finding
WRONG = {
    "no_client": (less("client:"), 1, 1, "/client", "missing-key", "add client:"),
    "client_name": (
        other("client: harbor", "client: Harbor"),
        1,
        1,
        "/client",
        "value",
        "write it like harbor-recovery",
    ),
    "no_brand_name": (
        other("name: Harbor Recovery, ", ""),
        2,
        1,
        "/brand/name",
        "missing-key",
        "add",
    ),
    "empty_name": (other("Harbor Recovery", '""'), 2, 9, "/brand/name", "value", "1 character"),
    "name_of_lines": (
        other("Harbor Recovery", '"Harbor\\nBcc: all"'),
        2,
        9,
        "/brand/name",
        "value",
        "one line",
    ),
    "blank_name": (other("Harbor Recovery", '" "'), 2, 9, "/brand/name", "value", "one line"),
    "no_mapping": (
        other('{name: Harbor Recovery, phone: "+1 800 555 0100"}', "Harbor"),
        2,
        1,
        "/brand",
        "value",
        "write key: value",
    ),
    "jurisdiction": (other("[US]", "[DE]"), 3, 17, "/jurisdictions/0", "value", "'US' or 'GB'"),
    "no_list": (other("[US]", "US"), 3, 1, "/jurisdictions", "value", "write a list"),
    "locale": (other("[en-US]", "[klingon]"), 4, 11, "/locales/0", "value", "such as en-US"),
    "currency": (other("currency: USD", "currency: USX"), 5, 1, "/currency", "value", "ISO 4217"),
    "timezone": (other("America/New_York", "Mars/Base"), 6, 1, "/timezone", "value", "IANA"),
    "escaping": (other("America/New_York", "../../etc/passwd"), 6, 1, "/timezone", "value", "IANA"),
    "no_senders": (
        lambda text: text[: text.index("senders:")] + "senders: []\n",
        8,
        1,
        "/senders",
        "value",
        "at least 1",
    ),
    "channel": (other("channel: sms", "channel: fax"), 9, 6, "/senders/0/channel", "value", "sms"),
    "phone": (other(SENDER, "address: hello"), 9, 5, "/senders/0", "value", "phone"),
    "plain_phone": (
        other(SENDER, 'address: "+1 (212) 555-0100"'),
        9,
        5,
        "/senders/0",
        "value",
        "E.164",
    ),
    "typing": (
        other("via: simulated-sms", "via: simulated-sms, pace: fast"),
        9,
        65,
        "/senders/0/pace",
        "value",
        "number",
    ),
    "quoted": (
        more('promise: {latest_days: "7"}'),
        10,
        11,
        "/promise/latest_days",
        "value",
        "without quotes",
    ),
    "pace": (
        other("via: simulated-sms", "via: simulated-sms, pace: 0"),
        9,
        65,
        "/senders/0/pace",
        "value",
        "more than 0",
    ),
    "via": (other("simulated-sms", "pigeon"), 9, 45, "/senders/0/via", "provider", "twilio"),
    "other_channel": (
        other("simulated-sms", "simulated-email"),
        9,
        45,
        "/senders/0/via",
        "provider",
        "sends email",
    ),
    "same_sender": (
        more(f"  - {{channel: sms, {SENDER}, via: simulated-sms}}"),
        10,
        20,
        "/senders/1/address",
        "twice",
        "keep one",
    ),
    "unregistered": (
        other("simulated-sms", "twilio"),
        9,
        5,
        "/senders/0",
        "registration",
        "add registration: {kind: 10dlc, reference: ..., date: ...} with the campaign's id",
    ),
    "unregistered_toll_free": (
        more('  - {channel: sms, address: "+18335550100", via: twilio}'),
        10,
        5,
        "/senders/1",
        "registration",
        "kind: toll_free",
    ),
    "unregistered_short_code": (
        more('  - {channel: sms, address: "45678", via: twilio}'),
        10,
        5,
        "/senders/1",
        "registration",
        "kind: short_code",
    ),
    "unregistered_abroad": (
        more('  - {channel: sms, address: "+447700900100", via: twilio}'),
        10,
        5,
        "/senders/1",
        "registration",
        "kind: long_code",
    ),
    "another_registration": (
        other(
            "simulated-sms",
            "twilio, registration: {kind: toll_free, reference: X, date: 2026-01-05}",
        ),
        9,
        73,
        "/senders/0/registration/kind",
        "registration",
        "kind: 10dlc",
    ),
    "no_such_day": (
        other("simulated-sms", "twilio, registration: {kind: 10dlc, reference: X, date: soon}"),
        9,
        100,
        "/senders/0/registration/date",
        "value",
        "date",
    ),
    "empty_evidence": (
        other(
            "simulated-sms", "twilio, registration: {kind: 10dlc, reference: ' ', date: 2026-01-05}"
        ),
        9,
        86,
        "/senders/0/registration/reference",
        "value",
        "write it like",
    ),
    "alphanumeric": (
        other(SENDER, "address: HARBOR"),
        9,
        5,
        "/senders/0",
        "value",
        "takes no replies",
    ),
    "no_such_country": (
        other("simulated-sms", "simulated-sms, countries: [UK]"),
        9,
        77,
        "/senders/0/countries/0",
        "value",
        "ISO 3166",
    ),
    "unsure_text": (
        other("simulated-sms", "simulated-sms, when_unsure: resend"),
        9,
        65,
        "/senders/0/when_unsure",
        "never-applies",
        "only of a mailbox",
    ),
    "unsure_how": (
        mailbox("care@harbor.example", "when_unsure: hope"),
        10,
        52,
        "/senders/1/when_unsure",
        "value",
        "'ask', 'resend' or 'assume_sent'",
    ),
    "long_mailbox": (
        mailbox(f"{'a' * 22}@harbor.example", "pace: 5"),
        10,
        22,
        "/senders/1/address",
        "value",
        "21 characters at most before the @",
    ),
    "small_cap": (
        other("simulated-sms", "simulated-sms, daily_cap: {limit: 3}"),
        9,
        77,
        "/senders/0/daily_cap/limit",
        "value",
        "10 or more",
    ),
    "unknown": (more("colour: blue"), 10, 1, "/colour", "unknown-key", "known are client, brand"),
    "misspelt": (more("promises: {}"), 10, 1, "/promises", "unknown-key", "did you mean promise?"),
    "misspelt_inside": (
        other("via: simulated-sms", "via: simulated-sms, paces: 1"),
        9,
        65,
        "/senders/0/paces",
        "unknown-key",
        "did you mean pace?",
    ),
    "misspelt_deep": (
        more("options:", "  - when: 'true'", "    plan: {mots: 4}"),
        12,
        12,
        "/options/0/plan/mots",
        "unknown-key",
        "did you mean most?",
    ),
    "promise": (more("promise: {latest_days: 90}"), 10, 11, "/promise/latest_days", "value", "30"),
    "reminder": (
        more("promise: {latest_days: 3, reminder_days: [5, 1]}"),
        10,
        43,
        "/promise/reminder_days/0",
        "never-applies",
        "no promise lies 5 days ahead",
    ),
    "links": (more("links: {days: 0}"), 10, 9, "/links/days", "value", "1 or more"),
    "shortener": (more(DOMAIN % "bit.ly"), 10, 9, "/links/domain", "shortener", "own"),
    "short_sub": (more(DOMAIN % "go.bit.ly"), 10, 9, "/links/domain", "shortener", "own"),
    "domain_url": (
        more(DOMAIN % "https://pay.example"),
        10,
        9,
        "/links/domain",
        "value",
        "pay.client.example",
    ),
    "no_source": (
        more("contact: {daily_cap: {limit: 1}}"),
        10,
        11,
        "/contact/daily_cap/source",
        "missing-source",
        "add source:",
    ),
    "empty_source": (
        more('contact: {daily_cap: {limit: 1, source: ""}}'),
        10,
        33,
        "/contact/daily_cap/source",
        "value",
        "at least 3",
    ),
    "blank_source": (
        more('contact: {daily_cap: {limit: 1, source: "    "}}'),
        10,
        33,
        "/contact/daily_cap/source",
        "value",
        "the law, contract or practice",
    ),
    "cap": (more(CAP % 0), 10, 24, "/contact/weekly_cap/limit", "value", "1 or more"),
    "loose_cap": (more(CAP % 9), 10, 24, "/contact/weekly_cap/limit", "looser", "US allows (7)"),
    "early": (more(HOURS % 'opens: "07:00"'), 10, 19, "/contact/hours/opens", "looser", "08:00"),
    "late": (more(HOURS % 'closes: "22:00"'), 10, 19, "/contact/hours/closes", "looser", "21:00"),
    "no_time": (more(HOURS % 'opens: "9"'), 10, 19, "/contact/hours/opens", "value", "08:00"),
    "never_open": (
        more(HOURS % 'opens: "18:00", closes: "17:00"'),
        10,
        19,
        "/contact/hours/opens",
        "bounds",
        "not before closes",
    ),
    "no_calendar": (
        more(HOURS % "calendars: [US, ATLANTIS]"),
        10,
        35,
        "/contact/hours/calendars/1",
        "value",
        "GB-SCT",
    ),
    "no_hours": (
        more("contact: {hours: {source: contract}}"),
        10,
        11,
        "/contact/hours",
        "never-applies",
        "name opens",
    ),
    "secret": (
        more(HOOK % "whsec_aaaaaaaaaaaaaaaa"),
        10,
        42,
        "/webhooks/0/secret",
        "secret-value",
        "env:NAME",
    ),
    "plain_secret": (more(HOOK % "hunter2"), 10, 42, "/webhooks/0/secret", "secret-value", "renew"),
    "secret_elsewhere": (
        other("name: Harbor Recovery", "name: sk_live_aaaaaaaaaaaa"),
        2,
        9,
        "/brand/name",
        "secret-value",
        "env:NAME",
    ),
    "secret_in_url": (
        more("webhooks: [{url: 'https://me:hunter2@host.example', secret: 'env:A'}]"),
        10,
        13,
        "/webhooks/0/url",
        "secret-value",
        "env:NAME",
    ),
    "unknown_secret": (more("password: hunter2"), 10, 1, "/password", "secret-value", "env:NAME"),
    "webhook_url": (
        more("webhooks: [{url: host.example, secret: 'env:HOOK'}]"),
        10,
        13,
        "/webhooks/0/url",
        "value",
        "http",
    ),
    "network": (
        more("allowed_networks: [192.0.2.1/24]"),
        10,
        20,
        "/allowed_networks/0",
        "value",
        "192.0.2.0/24",
    ),
    "retention": (
        more("retention: {years: 2}"),
        10,
        13,
        "/retention/years",
        "retention",
        "1006.100",
    ),
    "calendar": (more("calendar: XX"), 10, 1, "/calendar", "value", "GB-SCT"),
    "counts": (more(PLAN), 10, 8, "/plan/fewest", "bounds", "fewest (6) is above most (4)"),
    "default_counts": (more("plan: {fewest: 13}"), 10, 8, "/plan/fewest", "bounds", "most (12)"),
    "first_dates": (
        more("plan: {first_earliest_days: 10}"),
        10,
        8,
        "/plan/first_earliest_days",
        "bounds",
        "first_usual_days (7)",
    ),
    "grid_order": (
        more(
            "settlement:",
            "  grid:",
            "    - {discount_percent: 10}",
            "    - {discount_percent: 20, from_days: 90}",
        ),
        13,
        7,
        "/settlement/grid/1",
        "never-applies",
        "cells before it",
    ),
    "dear_way": (
        more(
            "settlement:",
            "  grid: [{discount_percent: 20}]",
            "  ways: [{count: 2}, {count: 3, less_percent: 20}]",
        ),
        12,
        33,
        "/settlement/ways/1/less_percent",
        "never-applies",
        "no discount",
    ),
    "floor": (
        more("settlement: {grid: [{discount_percent: 20, floor_percent: 90}]}"),
        10,
        21,
        "/settlement/grid/0",
        "bounds",
        "floor lies above",
    ),
    "table": (
        more("affordability: {table: mine}"),
        10,
        17,
        "/affordability/table",
        "value",
        "neutral",
    ),
    "condition": (
        more("options: [{when: balance > 4, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "context.x",
    ),
    "condition_name": (
        more("options: [{when: context.account.blance > 4, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "context.account.balance",
    ),
    "condition_type": (
        more("options: [{when: \"context.account.balance = 'x'\", plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "one type",
    ),
    "contradiction": (
        more(
            "options:",
            "  - when: context.account.balance > 5 and context.account.balance < 4",
            "    plan: {most: 4}",
        ),
        11,
        5,
        "/options/0/when",
        "never-applies",
        "no account",
    ),
    "always_known": (
        more("options: [{when: context.account.balance is null, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "never-applies",
        "no account",
    ),
    "shadowed": (
        more(
            "options:",
            "  - {when: context.account.balance > 5, plan: {most: 4}}",
            "  - {when: context.account.balance > 9, plan: {most: 5}}",
        ),
        12,
        6,
        "/options/1/when",
        "never-applies",
        "rules before it",
    ),
    "no_change": (
        more("options: [{when: context.account.balance > 5}]"),
        10,
        11,
        "/options/0",
        "never-applies",
        "changes nothing",
    ),
    "option_bounds": (
        more(
            "plan: {most: 6}",
            "options:",
            "  - {when: context.account.balance > 5, plan: {fewest: 8}}",
        ),
        12,
        48,
        "/options/0/plan/fewest",
        "bounds",
        "fewest (8) is above most (6)",
    ),
    "plan_away": (
        more(f"options: [{{when: {RICH}, plan: null}}]"),
        10,
        11,
        "/options/0",
        "never-applies",
        "own rules are the same",
    ),
    "promise_away": (
        more(f"options: [{{when: {RICH}, promise: null}}]"),
        10,
        47,
        "/options/0/promise",
        "value",
        "can't be taken away",
    ),
    "same_rules": (
        more("plan: {most: 12}", f"options: [{{when: {RICH}, plan: {{most: 12}}}}]"),
        11,
        11,
        "/options/0",
        "never-applies",
        "own rules are the same",
    ),
    "below_zero": (
        more("options: [{when: context.account.balance < 0, promise: {latest_days: 3}}]"),
        10,
        12,
        "/options/0/when",
        "never-applies",
        "no account",
    ),
    "young": (
        more("options: [{when: context.account.age_days < 0, promise: {latest_days: 3}}]"),
        10,
        12,
        "/options/0/when",
        "never-applies",
        "no account",
    ),
    "abroad": (
        more("options: [{when: 'context.jurisdiction = \"UK\"', promise: {latest_days: 3}}]"),
        10,
        12,
        "/options/0/when",
        "never-applies",
        "no account",
    ),
    "all_are_taken": (
        more(
            "options:",
            "  - {when: context.account.balance >= 0, plan: {most: 4}}",
            f"  - {{when: {RICH}, plan: {{most: 5}}}}",
        ),
        12,
        6,
        "/options/1/when",
        "never-applies",
        "rules before it",
    ),
    "money_as_text": (
        more("options: [{when: 'context.account.balance > \"5\"', plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "money is compared with text",
    ),
    "date_as_number": (
        more("options: [{when: context.account.due_date > 20260101, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "date is compared with number",
    ),
    "no_such_date": (
        more("options: [{when: 'context.account.due_date > \"2026-02-30\"', plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "YYYY-MM-DD",
    ),
    "typo": (
        more("options: [{when: context.acount.balance > 5, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "did you mean context.account.balance?",
    ),
    "bare_text": (
        more("options: [{when: context.account.segment = high_risk, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "text in quotes",
    ),
    "curly_quotes": (
        more("options: [{when: context.account.segment = “a”, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "quoted text",
    ),
    "list_as_text": (
        more("options: [{when: 'context.account.flags = \"dispute\"', plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "condition",
        "list is compared with text",
    ),
    "condition_bool": (
        more("options: [{when: true, plan: {most: 4}}]"),
        10,
        12,
        "/options/0/when",
        "value",
        "it should be text; put it in quotes",
    ),
    "no_condition": (
        more("options: [{plan: {most: 4}}]"),
        10,
        11,
        "/options/0/when",
        "missing-key",
        "add when:",
    ),
    "options_as_mapping": (more("options: {when: x}"), 10, 1, "/options", "value", "write a list"),
    "percent": (
        more("promise: {minimum_percent: 10%}"),
        10,
        11,
        "/promise/minimum_percent",
        "value",
        "without quotes or signs",
    ),
    "major_units": (
        more("promise: {minimum_minor: 5.00}"),
        10,
        11,
        "/promise/minimum_minor",
        "value",
        "500 for 5.00",
    ),
    "dollars": (
        more('promise: {minimum_minor: "$5"}'),
        10,
        11,
        "/promise/minimum_minor",
        "value",
        "500 for 5.00",
    ),
    "words": (
        more("promise: {latest_days: seven}"),
        10,
        11,
        "/promise/latest_days",
        "value",
        "a whole number",
    ),
    "leading_zero": (
        more("promise: {latest_days: 007}"),
        10,
        11,
        "/promise/latest_days",
        "value",
        "a whole number",
    ),
    "huge_number": (
        more("promise: {minimum_minor: 99999999999999999999999}"),
        10,
        11,
        "/promise/minimum_minor",
        "value",
        "whole number",
    ),
    "nothing": (more("promise:"), 10, 1, "/promise", "value", "write key: value lines"),
    "no_space": (
        more("promise:{latest_days: 3}"),
        10,
        1,
        "/promise:{latest_days",
        "unknown-key",
        "put a space after promise:",
    ),
    "no_space_inside": (
        more("promise:", "  latest_days:3"),
        10,
        1,
        "/promise",
        "value",
        "with a space after the colon",
    ),
    "odd_space": (
        more("promise: {\xa0latest_days: 3}"),
        10,
        11,
        "/promise/\xa0latest_days",
        "unknown-key",
        "plain spaces",
    ),
    "twice_in_a_list": (
        more("plan: {frequencies: [weekly, weekly]}"),
        10,
        30,
        "/plan/frequencies/1",
        "twice",
        "keep one",
    ),
    "counts_beyond": (
        more("plan: {most: 4, most_assessed: 6, usual_counts: [3, 12]}"),
        10,
        53,
        "/plan/usual_counts/1",
        "never-applies",
        "no plan has 12 instalments",
    ),
    "no_grid": (
        more("settlement: {validity_days: 7}"),
        10,
        1,
        "/settlement",
        "never-applies",
        "add a grid",
    ),
    "outcome": (
        more("webhooks: [{url: 'https://host.example', secret: 'env:A', types: [promise.creatd]}]"),
        10,
        67,
        "/webhooks/0/types/0",
        "value",
        "did you mean promise.created?",
    ),
    "no_host": (
        more("webhooks: [{url: 'https://', secret: 'env:A'}]"),
        10,
        13,
        "/webhooks/0/url",
        "value",
        "https://host.example/in",
    ),
    "no_port": (
        more("look_up: {url: 'https://h.example:x', secret: 'env:A'}"),
        10,
        11,
        "/look_up/url",
        "value",
        "https://host.example/in",
    ),
    "variable": (
        more("look_up: {url: 'https://h.example', secret: 'env:hook'}"),
        10,
        37,
        "/look_up/secret",
        "value",
        "env:HOST_LOOK_UP_SECRET",
    ),
    "secret_in_query": (
        more("webhooks: [{url: 'https://host.example/?access_token=hunter2', secret: 'env:A'}]"),
        10,
        13,
        "/webhooks/0/url",
        "secret-value",
        "env:NAME",
    ),
    "one_fact": (
        more("verification: {facts: [postcode]}"),
        10,
        16,
        "/verification/facts",
        "value",
        "it names only 1; name at least 2",
    ),
    "unknown_fact": (
        more("verification: {facts: [postcode, ssn]}"),
        10,
        34,
        "/verification/facts/1",
        "value",
        "'last_four'",
    ),
    "small_currency": (
        other("currency: USD", "currency: usd"),
        5,
        1,
        "/currency",
        "value",
        "write it like USD",
    ),
    "number_as_name": (
        other("client: harbor", "client: 42"),
        1,
        1,
        "/client",
        "value",
        "put it in quotes",
    ),
    "tables": (
        more("affordability: {table: us_national}"),
        10,
        17,
        "/affordability/table",
        "value",
        "there is neutral",
    ),
    "table_example": (
        more("affordability: {table: us_standards_shape}"),
        10,
        17,
        "/affordability/table",
        "value",
        "made up",
    ),
    "sequence_when": (
        more(
            "sequences:",
            "  - name: early_arrears",
            "  - {name: promise_broken, when: context.account.balance > 5 and false}",
        ),
        12,
        28,
        "/sequences/1/when",
        "never-applies",
        "no account can meet",
    ),
    "sequence_twice": (
        more("sequences:", "  - name: early_arrears", "  - name: early_arrears"),
        12,
        5,
        "/sequences/1/name",
        "twice",
        "twice",
    ),
}


def findings(tmp_path: Path, text: str) -> tuple[Finding, ...]:
    path = tmp_path / "harbor.yml"
    path.write_text(text)
    return read_file(path).findings


@pytest.mark.parametrize("name", WRONG)
def test_a_finding_names_its_place_and_mend(tmp_path: Path, name: str) -> None:
    change, line, column, pointer, code, words = WRONG[name]
    text = change(CLIENT)
    assert text != CLIENT
    (found,) = findings(tmp_path, text)
    assert (found.pointer, found.code) == (pointer, code), found
    assert found.line == line, found
    assert words in f"{found.reason}; {found.mend}", found
    assert found.mend
    assert found.column == column, found
    assert "hunter2" not in str(found)
    assert "whsec_" not in str(found).replace(str(tmp_path), "")


def test_columns_are_those_of_the_key(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, CLIENT + "promise:\n  latest_days: 90\n")
    assert (found.line, found.column) == (11, 3)
    (found,) = findings(tmp_path, CLIENT + "plan:\n  most: 4\n  fewest: 6\n")
    assert (found.line, found.column) == (12, 3)


def test_every_code_is_documented_and_every_tested_one_known() -> None:
    assert {case[4] for case in WRONG.values()} <= set(CODES)


def test_every_finding_comes_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = CLIENT.replace("currency: USD", "currency: x").replace("America/New_York", "Nowhere")
    found = findings(tmp_path, text + "colour: blue\n")
    assert [one.pointer for one in found] == ["/currency", "/timezone", "/colour"]
    with pytest.raises(BadClients) as error:
        read_client(tmp_path / "harbor.yml")
    assert str(error.value).splitlines() == [str(one) for one in found]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- 1\n- 2\n",
        b"harbor",
        b"a: [",
        b"\xff\xfe",
        b"client: a\nclient: b\n",
        b"\0",
        b"a: !!python/object:os.system x\n",
        b"a: &x 1\nb: *x\n",
        b"--- 1\n--- 2\n",
        b"? [a]\n: 1\n",
        b'client: "\\ud800"\n',
        b"a: 1" + b"0" * 400 + b"\n",
        b"{" * 500,
        b"x" * 2_000_000,
    ],
)
def test_what_is_no_client_file_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "harbor.yml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"harbor\.yml"):
        read_client(path)


@pytest.mark.parametrize(
    ("content", "place", "code", "words"),
    [
        (CLIENT.encode() + b"promise:\n\tlatest_days: 3\n", "11:1", "yaml", "spaces, not tabs"),
        (CLIENT.encode() + b"a: 1\nb: 2\nb: 3\n", "12:1", "yaml-feature", "b stands twice"),
        (CLIENT.encode() + b"promise:\n  a: 1\n   b: 2\n", "12:5", "yaml", "indentation"),
        (CLIENT.encode() + b'pack_version: "1\n', "11:1", "yaml", "quotes"),
        (CLIENT.encode() + b"promise: {a: 1\n", "11:1", "yaml", "expected ','"),
        (CLIENT.encode() + b"promise: &a {b: 1}\n", "10:10", "yaml-feature", "write it out"),
        (CLIENT.encode() + b"---\nclient: b\n", "10:1", "yaml-feature", "split the file"),
        (CLIENT.encode() + b"# caf\xe9\n", "10:6", "file-read", "save the file as UTF-8"),
        (CLIENT.encode("utf-16"), "1:1", "file-read", "save the file as UTF-8"),
        (b"a: 1\r\nb: \0\r\n", "2:4", "yaml", "odd characters"),
        (b"", "1:1", "value", "begin with client:"),
        (b"# nothing yet\n", "1:1", "value", "begin with client:"),
        (b"#" * 1_000_001, "1:1", "file-size", "over 1 MB"),
        (b"a: " + b"[" * 60, "1:43", "yaml-feature", "too deeply nested"),
    ],
)
def test_what_can_not_be_read_has_its_place_and_mend(
    tmp_path: Path, content: bytes, place: str, code: str, words: str
) -> None:
    path = tmp_path / "harbor.yml"
    path.write_bytes(content)
    (found,) = read_file(path).findings
    assert str(found).startswith(f"{path}:{place}: {code}: "), found
    assert words in f"{found.reason}; {found.mend}", found


def test_a_folder_in_a_files_place(tmp_path: Path) -> None:
    (found,) = read_file(tmp_path).findings
    assert (found.code, found.reason, found.mend) == ("file-read", "it is a folder", "name a file")


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_systems_line_ends_and_marks_are_read(tmp_path: Path, ending: str, mark: str) -> None:
    path = tmp_path / "harbor.yml"
    path.write_bytes((mark + CLIENT).replace("\n", ending).encode())
    assert read_client(path).client == "harbor"
    path.write_bytes((mark + CLIENT + "colour: blue\n").replace("\n", ending).encode())
    (found,) = read_file(path).findings
    assert (found.line, found.column, found.code) == (10, 1, "unknown-key")


@pytest.mark.parametrize(
    "text",
    [
        # An option with the client's own rules keeps its accounts from those after it.
        (
            f"plan: {{most: 12}}\noptions: [{{when: {RICH}, plan: {{most: 12}}}},"
            " {when: context.account.balance > 1, plan: null}]\n"
        ),
        "options: [{when: context.account.balance < 1, plan: {most: 4}}]\n",
        "options: [{when: context.account.age_days is null, plan: {most: 4}}]\n",
        "options: [{when: 'context.jurisdiction = \"US\"', plan: {most: 4}}]\n",
        "plan: {most: 4}\n",  # the usual counts of the default that are more are left out
        "webhooks: [{url: 'http://127.0.0.1:81/x?a=b', secret: 'env:A', types: [promise.kept]}]\n",
        "webhooks: [{url: 'https://host.example', secret: 'env:A', types: [message.sent]}]\n",
        "settlement: {grid: [{discount_percent: 0}]}\n",
        # A host's own offer may go down to the floor, and then the way makes an offer.
        (
            "settlement:\n  grid: [{discount_percent: 20, floor_percent: 60}]\n"
            "  ways: [{count: 3, less_percent: 20}]\n"
        ),
    ],
)
def test_what_is_unusual_but_right(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, CLIENT + text) == ()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nobody\.yml:1:1: file-missing"):
        read_client(tmp_path / "nobody.yml")
    (tmp_path / "folder.yml").mkdir()
    with pytest.raises(ConfigurationError, match=r"folder\.yml"):
        read_client(tmp_path / "folder.yml")


def test_a_folder_without_clients(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no client file \(\*\.yml\) in"):
        read_folder(tmp_path)


def test_a_sender_belongs_to_one_client(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(CLIENT)
    (tmp_path / "b.yml").write_text(CLIENT.replace("client: harbor", "client: meridian"))
    with pytest.raises(BadClients) as error:
        read_folder(tmp_path)
    (found,) = error.value.findings
    assert (found.file, found.line, found.code) == (str(tmp_path / "b.yml"), 9, "sender-twice")
    assert OURS in found.reason
    assert "harbor" in found.reason
    assert str(tmp_path / "a.yml") in found.reason


def test_a_mailbox_in_other_letters_is_the_same_sender(tmp_path: Path) -> None:
    mail = "{channel: email, address: %s@harbor.example, via: simulated-email}"
    text = CLIENT[: CLIENT.index("senders:")] + "senders:\n  - "
    (tmp_path / "a.yml").write_text(text + mail % "care" + "\n")
    (tmp_path / "b.yml").write_text(
        text.replace("client: harbor", "client: meridian") + mail % "Care" + "\n"
    )
    with pytest.raises(BadClients, match=r"b\.yml:9:22: sender-twice: /senders/0/address: Care@"):
        read_folder(tmp_path)


def test_a_client_has_one_file(tmp_path: Path) -> None:
    """Of two, one would silently not be in force."""
    (tmp_path / "a.yml").write_text(CLIENT)
    (tmp_path / "b.yml").write_text(CLIENT.replace("Harbor Recovery", "Another"))
    with pytest.raises(BadClients, match=r"b\.yml:1:1: client-twice: /client: harbor"):
        read_folder(tmp_path)


def test_the_example_clients_are_right() -> None:
    examples = sorted((Path(__file__).parents[2] / "examples" / "clients").glob("*.yml"))
    for config in read_clients(examples):
        assert list(flaws_of_pack(config)) == []


def test_a_short_code_is_a_sender(tmp_path: Path) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT.replace(OURS, "45678"))
    assert read_client(path).senders[0].address == "45678"


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"pack": "nothing"}, "/pack", "pack"),
        ({"pack_version": "0"}, "/pack_version", "pack"),
        ({"jurisdictions": ["US", "GB"]}, "/jurisdictions/1", "pack"),
        ({"locales": ["en-US", "fr-FR"]}, "/locales/1", "pack"),
        (
            {"sequences": [{"name": "early_arrears"}, {"name": "late_arrears"}]},
            "/sequences/1/name",
            "sequence",
        ),
    ],
)
def test_what_the_dialog_pack_lacks(
    tmp_path: Path, more: dict[str, object], pointer: str, code: str
) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT)
    values = read_client(path).model_dump(mode="json", exclude_unset=True) | more
    file = read_file(path)
    (found,) = map(file.finding, flaws_of_pack(ClientConfig.model_validate(values)))
    assert (found.pointer, found.code) == (pointer, code)


def test_a_secret_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOK", raising=False)
    with pytest.raises(ConfigurationError, match="HOOK is not set"):
        secret("env:HOOK")
    monkeypatch.setenv("HOOK", "whsec_x")
    assert secret("env:HOOK") == "whsec_x"

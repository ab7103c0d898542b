"""What only the right party may read of a customer and an account."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from compliance.secrets import Secret, SecretAmount, SecretCode, SecretDay, SecretName, SecretWords
from domain.customers import Account, Customer
from domain.values import Money
from gateway.storage import decode


def of_customer(customer: Customer) -> Iterator[Secret]:
    if customer.last_name:
        yield SecretName("the customer's name", customer.first_name or "", customer.last_name)


def of_account(account: Account) -> Iterator[Secret]:
    for what, money in (
        ("the balance", account.balance),
        ("the arrears", account.arrears),
        ("the minimum due", account.minimum_due),
    ):
        if money is not None and money.minor > 0:
            yield SecretAmount(what, money)
    if account.due_date is not None:
        yield SecretDay("the due date", account.due_date)
    if account.creditor:
        yield SecretWords("the creditor", account.creditor)
    if account.product:
        yield SecretWords("the product", account.product)


def of_person(row: Any) -> Iterator[Secret]:
    """Of a row of the customers table."""
    yield from of_customer(Customer(row.id, row.ref, row.first_name, row.last_name))
    if row.date_of_birth:
        born = date.fromisoformat(row.date_of_birth)
        yield SecretDay("the date of birth", born, dated=True)
    if row.postcode:
        yield SecretCode("the postcode", row.postcode)


def of_debt(row: Any) -> Iterator[Secret]:
    """Of a row of the accounts table, with what is left after payments and before them."""
    more = decode(row.details) if row.details else {}
    for what, minor in (
        ("the balance", row.balance_minor),
        ("the arrears", row.arrears_minor),
        ("the minimum due", row.minimum_due_minor),
    ):
        left = () if minor is None else (minor, minor - row.paid_minor)
        yield from (SecretAmount(what, Money(each, row.currency)) for each in left if each > 0)
    for what, day in (
        ("the due date", row.due_date),
        ("the day the account was opened", more.get("opened_on")),
        ("the day of the last payment", more.get("last_payment_on")),
    ):
        if day:
            yield SecretDay(what, date.fromisoformat(day))
    for what, words in (
        ("the creditor", row.creditor),
        ("the creditor", more.get("creditor_original")),
        ("the product", row.product),
    ):
        if words:
            yield SecretWords(what, words)

"""What the conditions of a client's file may ask about an account."""

from collections.abc import Mapping

from domain.conditions import Type

ACCOUNT: Mapping[str, Type] = {
    "context.account.age_days": Type.NUMBER,
    "context.account.arrears": Type.MONEY,
    "context.account.balance": Type.MONEY,
    "context.account.creditor": Type.TEXT,
    "context.account.due_date": Type.DATE,
    "context.account.flags": Type.LIST,
    "context.account.minimum_due": Type.MONEY,
    "context.account.product": Type.TEXT,
    "context.account.segment": Type.TEXT,
    "context.currency": Type.TEXT,
    "context.jurisdiction": Type.TEXT,
    "context.promise.broken_in_a_row": Type.NUMBER,
    "context.today": Type.DATE,
}

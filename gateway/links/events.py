"""What is put on record of a link: its id and purpose, never its token."""

from typing import Any

from domain.activity import Activity


def of_link(now: int, row: Any, kind: str, actor: str = "system", **payload: Any) -> Activity:
    """`row` is the link's, or one with its columns."""
    return Activity(
        type=kind,
        client=row.client,
        occurred_at=now,
        customer_id=row.customer_id,
        account_id=row.account_id,
        conversation_id=row.conversation_id,
        actor=actor,
        payload={"link_id": row.id, "purpose": row.purpose} | payload,
    )

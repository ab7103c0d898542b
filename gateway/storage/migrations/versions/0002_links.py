"""One open link for each account and purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = "revoked_at IS NULL AND expired_at IS NULL"


def upgrade() -> None:
    op.add_column("links", sa.Column("expired_at", sa.BigInteger(), nullable=True))
    # Older ones go on to work until they expire, and are sent no more.
    op.execute(
        "UPDATE links SET expired_at = expires_at WHERE revoked_at IS NULL AND EXISTS ("
        " SELECT 1 FROM links AS newer WHERE newer.account_id = links.account_id"
        " AND newer.purpose = links.purpose AND newer.revoked_at IS NULL AND newer.id > links.id)"
    )
    for name, columns, unique in (
        ("links_open", ["account_id", "purpose"], True),
        ("links_unnoticed", ["expires_at"], False),
    ):
        op.create_index(
            name,
            "links",
            columns,
            unique=unique,
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        )
    op.create_index("links_customer", "links", ["customer_id"], unique=False)


def downgrade() -> None:
    op.drop_index("links_customer", table_name="links")
    for name in ("links_unnoticed", "links_open"):
        op.drop_index(
            name,
            table_name="links",
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        )
    op.drop_column("links", "expired_at")

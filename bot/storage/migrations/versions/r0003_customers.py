"""Customers behind conversations: identities, notes, and which were merged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; conversations get their customers when they are next looked at."""
    _customers()
    _what_is_known()
    _merges()


def downgrade() -> None:
    """Without customers."""
    for table in (
        "customer_merges",
        "customer_notes",
        "customer_identities",
        "customer_conversations",
        "customers",
    ):
        op.drop_table(table)


def _counted() -> sa.Column[int]:
    return sa.Column(
        "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False
    )


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("merged_into", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_index("ix_customers_created", "customers", ["created_at"])
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "ix_customers_merged_into",
        "customers",
        ["merged_into"],
        sqlite_where=merged,
        postgresql_where=merged,
    )
    op.create_table(
        "customer_conversations",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_customer_conversations"),
    )
    op.create_index("ix_customer_conversations_customer", "customer_conversations", ["customer_id"])


def _what_is_known() -> None:
    op.create_table(
        "customer_identities",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "kind", "value", name="pk_customer_identities"),
    )
    op.create_index("ix_customer_identities_value", "customer_identities", ["kind", "value"])
    op.create_table(
        "customer_notes",
        _counted(),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer_notes"),
    )
    op.create_index("ix_customer_notes_customer", "customer_notes", ["customer_id", "id"])


def _merges() -> None:
    op.create_table(
        "customer_merges",
        _counted(),
        sa.Column("kept_id", sa.Text, nullable=False),
        sa.Column("gone_id", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Double),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer_merges"),
    )
    op.create_index("ix_customer_merges_kept", "customer_merges", ["kept_id"])
    op.create_index("ix_customer_merges_gone", "customer_merges", ["gone_id"])

"""What customers let the bot remember, and what they didn't."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a customer and slot."""
    op.create_table(
        "customer_facts",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("consent", sa.Boolean, nullable=False),
        sa.Column("decided_at", sa.Double, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("remembered_at", sa.Double),
        sa.Column("expires_at", sa.Double),
        sa.PrimaryKeyConstraint("customer_id", "name", name="pk_customer_facts"),
    )


def downgrade() -> None:
    """Nothing is remembered."""
    op.drop_table("customer_facts")

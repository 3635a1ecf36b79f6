"""Where a remembered fact was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what is there already nobody noted it."""
    op.add_column("customer_facts", sa.Column("channel", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """It isn't known any more."""
    op.drop_column("customer_facts", "channel")

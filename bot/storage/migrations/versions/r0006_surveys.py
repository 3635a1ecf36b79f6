"""What customers said of contacts is found without reading the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SURVEY = sa.text("kind = 'survey'")


def upgrade() -> None:
    """Partial: nearly no event is one."""
    op.create_index(
        "ix_events_survey",
        "events",
        ["timestamp", "conversation_id", "seq"],
        sqlite_where=_SURVEY,
        postgresql_where=_SURVEY,
    )


def downgrade() -> None:
    """The log stays."""
    op.drop_index("ix_events_survey", "events")

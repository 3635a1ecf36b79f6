"""The first tables: conversations with their log, cases, outbox, accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _conversations()
    _cases()
    _outbox()
    _accounts()


def downgrade() -> None:
    """Drop everything."""
    for table in (
        "sign_in_attempts",
        "sign_in_tokens",
        "users",
        "outbox",
        "cases",
        "snapshots",
        "events",
        "conversations",
    ):
        op.drop_table(table)


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("case_id", sa.Text),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text),
        sa.Column("timestamp", sa.Double, nullable=False),
        sa.Column("v", sa.SmallInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_events"),
    )
    _index(
        "uq_events_message",
        "events",
        ["conversation_id", "message_id"],
        "message_id IS NOT NULL",
        unique=True,
    )
    op.create_table(
        "snapshots",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_snapshots"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("urgency_rank", sa.SmallInteger, nullable=False),
        sa.Column("waiting_since", sa.Double, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_state", "cases", ["state", "created_at"])
    op.create_index("ix_cases_agent", "cases", ["agent_id", "created_at"])
    op.create_index("ix_cases_conversation", "cases", ["conversation_id", "created_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.Double, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
    )
    op.create_index("uq_outbox_message", "outbox", ["id"], unique=True)
    _index("ix_outbox_due", "outbox", ["channel", "next_attempt_at"], "state = 'pending'")
    _index("ix_outbox_conversation", "outbox", ["conversation_id"], "state = 'pending'")


def _accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("uq_users_username", "users", ["username"], unique=True)
    op.create_table(
        "sign_in_tokens",
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_tokens"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sign_in_tokens_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sign_in_tokens_user", "sign_in_tokens", ["user_id"])
    op.create_index("ix_sign_in_tokens_expiry", "sign_in_tokens", ["expires_at"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("ip", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("username", "ip", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_started", "sign_in_attempts", ["started_at"])


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)

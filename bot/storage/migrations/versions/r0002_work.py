"""The desk's work: order of service and holders of cases, agents, leases, call-backs, audit, idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of cases, and the new tables."""
    _cases()
    _agents()
    _callbacks()
    _history()


def downgrade() -> None:
    """Back to the most urgent first."""
    for table in ("requests", "audit", "callbacks", "leases", "agents"):
        op.drop_table(table)
    op.drop_index("ix_cases_queue", "cases")
    op.drop_index("ix_cases_holder", "cases")
    op.add_column("cases", sa.Column("urgency_rank", sa.SmallInteger, nullable=False, server_default="2"))
    for column in ("queue", "medium", "serve_at", "holder"):
        op.drop_column("cases", column)


def _cases() -> None:
    op.add_column("cases", sa.Column("queue", sa.Text, nullable=False, server_default=""))
    op.add_column("cases", sa.Column("medium", sa.Text, nullable=False, server_default="chat"))
    op.add_column("cases", sa.Column("serve_at", sa.Double, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("holder", sa.Text))
    op.execute(
        "UPDATE cases SET serve_at = waiting_since - "
        "CASE urgency_rank WHEN 0 THEN 1800 WHEN 1 THEN 300 ELSE 0 END"
    )
    op.execute("UPDATE cases SET holder = agent_id WHERE state IN ('agent', 'wrapup')")
    op.drop_column("cases", "urgency_rank")
    op.create_index("ix_cases_queue", "cases", ["state", "queue", "serve_at"])
    held = sa.text("holder IS NOT NULL")
    op.create_index("ix_cases_holder", "cases", ["holder"], sqlite_where=held, postgresql_where=held)


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_since", sa.Double, nullable=False),
        sa.Column("idle_since", sa.Double, nullable=False),
        sa.Column("present_until", sa.Double, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_agents"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("slot_at", sa.Double, nullable=False),
        sa.Column("slot_end", sa.Double, nullable=False),
        sa.Column("seat", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reminded", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_state", "callbacks", ["state", "due_at"])
    op.create_index("ix_callbacks_conversation", "callbacks", ["conversation_id"])
    seated = sa.text("seat >= 0")
    op.create_index(
        "uq_callbacks_seat",
        "callbacks",
        ["queue", "slot_at", "seat"],
        unique=True,
        sqlite_where=seated,
        postgresql_where=seated,
    )


def _history() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_case", "audit", ["case_id", "id"])
    op.create_index("ix_audit_actor", "audit", ["actor_id", "id"])
    op.create_table(
        "requests",
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name="pk_requests"),
    )
    op.create_index("ix_requests_created", "requests", ["created_at"])

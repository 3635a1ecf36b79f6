"""The tables. What queries ask for is a column; everything else of an object stands in its JSON body.

Bodies are text, not PostgreSQL's `jsonb`: they are read whole, and `jsonb` has no NUL character. Times are
seconds since the epoch, UTC. Changing a table here means a migration in `bot.storage.migrations`; a test
compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("agent_id", Text),
    Column("case_id", Text),
    Column("channel", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
)
"""The row that every commit changes by compare-and-set on `version`."""

events = Table(
    "events",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("message_id", Text),
    Column("timestamp", Double, nullable=False),
    Column("v", SmallInteger, nullable=False),
    Column("body", Text, nullable=False),
)
"""The log: rows are added and never changed."""

_is_survey = text("kind = 'survey'")
Index(
    "ix_events_survey",
    events.c.timestamp,
    events.c.conversation_id,
    events.c.seq,
    sqlite_where=_is_survey,
    postgresql_where=_is_survey,
)
_has_message = text("message_id IS NOT NULL")
Index(
    "uq_events_message",
    events.c.conversation_id,
    events.c.message_id,
    unique=True,
    sqlite_where=_has_message,
    postgresql_where=_has_message,
)
# Partial, as most events are no message and needn't cost an index entry.

snapshots = Table(
    "snapshots",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)
"""The newest snapshot of each conversation."""

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("waiting_since", Double, nullable=False),
    Column("serve_at", Double, nullable=False),
    Column("holder", Text),
    Column("created_at", Double, nullable=False),
    Column("agent_id", Text),
    Column("body", Text, nullable=False),
    Index("ix_cases_state", "state", "created_at"),
    Index("ix_cases_agent", "agent_id", "created_at"),
    Index("ix_cases_conversation", "conversation_id", "created_at"),
    Index("ix_cases_queue", "state", "queue", "serve_at"),
)
"""`serve_at` orders those who wait; `holder` is the agent whose capacity a case takes."""

_held = text("holder IS NOT NULL")
Index("ix_cases_holder", cases.c.holder, sqlite_where=_held, postgresql_where=_held)

outbox = Table(
    "outbox",
    metadata,
    # SQLite counts up by itself only in a column of the type INTEGER.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Double, nullable=False),
    Column("state", Text, nullable=False),
    Column("payload", Text, nullable=False),
)
"""`number` keeps the order of messages that were written in the same instant."""

_pending = text("state = 'pending'")
Index("uq_outbox_message", outbox.c.id, unique=True)
Index(
    "ix_outbox_due",
    outbox.c.channel,
    outbox.c.next_attempt_at,
    sqlite_where=_pending,
    postgresql_where=_pending,
)
Index("ix_outbox_conversation", outbox.c.conversation_id, sqlite_where=_pending, postgresql_where=_pending)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    Index("uq_users_username", "username", unique=True),
)

sign_in_tokens = Table(
    "sign_in_tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index("ix_sign_in_tokens_user", "user_id"),
    Index("ix_sign_in_tokens_expiry", "expires_at"),
)
"""The tokens themselves are not kept: whoever reads this table can't sign in with it."""

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("username", Text, primary_key=True),
    Column("ip", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("started_at", Double, nullable=False),
    Index("ix_sign_in_attempts_started", "started_at"),
)
"""Attempts at a password that didn't succeed (yet), by user name and address."""

agents = Table(
    "agents",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_since", Double, nullable=False),
    Column("idle_since", Double, nullable=False),
    Column("present_until", Double, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("profile", Text, nullable=False),
)
"""Agents at work. An offer locks its agent's row, so that two of them can't take the same room."""

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Double, nullable=False),
)
"""Work that one worker does for all."""

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("slot_at", Double, nullable=False),
    Column("slot_end", Double, nullable=False),
    Column("seat", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Double, nullable=False),
    Column("phone", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("notes", Text, nullable=False),
    Index("ix_callbacks_state", "state", "due_at"),
    Index("ix_callbacks_conversation", "conversation_id"),
)

_seated = text("seat >= 0")
Index(
    "uq_callbacks_seat",
    callbacks.c.queue,
    callbacks.c.slot_at,
    callbacks.c.seat,
    unique=True,
    sqlite_where=_seated,
    postgresql_where=_seated,
)
# A slot's seats are numbered: the index refuses the one too many, whoever books at the same moment.

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("case_id", Text),
    Column("detail", Text, nullable=False),
    Index("ix_audit_case", "case_id", "id"),
    Index("ix_audit_actor", "actor_id", "id"),
)
"""Rows are added and never changed."""

requests = Table(
    "requests",
    metadata,
    Column("actor_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_requests_created", "created_at"),
)
"""Answers to requests that came with an idempotency key."""

customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("segment", Text, nullable=False),
    Column("merged_into", Text),
    Column("created_at", Double, nullable=False),
    Index("ix_customers_created", "created_at"),
)
"""Nodes of trees. Merging and undoing are compare-and-sets on `version` of both ends; `name_key` is the squeezed name."""

_merged = text("merged_into IS NOT NULL")
Index(
    "ix_customers_merged_into",
    customers.c.merged_into,
    sqlite_where=_merged,
    postgresql_where=_merged,
)

customer_conversations = Table(
    "customer_conversations",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Index("ix_customer_conversations_customer", "customer_id"),
)
"""To whom a conversation belongs. It never changes: merging changes what the customer points to."""

customer_identities = Table(
    "customer_identities",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("verified", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_at", Double, nullable=False),
    Column("added_by", Text, nullable=False),
    Index("ix_customer_identities_value", "kind", "value"),
)

customer_facts = Table(
    "customer_facts",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("consent", Boolean, nullable=False),
    Column("decided_at", Double, nullable=False),
    Column("value", Text),
    Column("remembered_at", Double),
    Column("expires_at", Double),
    Column("channel", Text, nullable=False, server_default=""),
)
"""What customers let be remembered, or not; `value` is JSON."""

customer_notes = Table(
    "customer_notes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("customer_id", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_customer_notes_customer", "customer_id", "id"),
)

customer_merges = Table(
    "customer_merges",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kept_id", Text, nullable=False),
    Column("gone_id", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", Double),
    Column("ended_by", Text, nullable=False),
    Index("ix_customer_merges_kept", "kept_id"),
    Index("ix_customer_merges_gone", "gone_id"),
)
"""What was taken for one, undone, or said to be different people."""

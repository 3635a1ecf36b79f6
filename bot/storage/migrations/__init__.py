"""The tables' history, one Alembic revision a file in `versions`; run by `bot.storage.sql.schema`.

A new revision: copy the newest file, raise its numbers, write both directions, and set `schema.HEAD`.
Revisions that were released are never changed.
"""

"""The race of the floor over two real server processes, one of which is killed and started again in the middle.

`bot.desk.race` plays the same in fast motion inside one process; here everything is as in life: HTTP, sockets, PostgreSQL,
Redis, and clients who try again.
"""

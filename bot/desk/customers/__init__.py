"""Customers at the desk: who is behind a conversation, one line of all that was said, merging and forgetting."""

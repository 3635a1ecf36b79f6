"""Where everything is kept: conversations, cases, outgoing messages, accounts; and the bus that tells it."""

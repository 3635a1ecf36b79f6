"""`engine: rasa`: a running Rasa 3 server decides what the bot says, behind our channels, desk and knowledge base."""

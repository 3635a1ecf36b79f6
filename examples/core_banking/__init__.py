"""A small core-banking server for the reference assistant: customers, cards, limits, call-backs. All of it invented."""

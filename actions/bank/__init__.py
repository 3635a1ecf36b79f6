"""The reference bank's business actions, against the core-banking server of `examples/`."""

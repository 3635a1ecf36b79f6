"""What the bot can do, as rasa-sdk actions: `builtin` comes with the product, other packages are the assistant's own."""

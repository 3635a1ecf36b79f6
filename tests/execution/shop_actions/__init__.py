"""A builder's package of rasa-sdk actions, as it would run beside Rasa: nothing in it knows of Sangdam."""

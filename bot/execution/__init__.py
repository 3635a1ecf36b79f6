"""Runs actions: rasa-sdk classes in this process, or a remote action server over Rasa's protocol."""

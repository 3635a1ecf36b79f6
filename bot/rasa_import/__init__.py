"""Turns a Rasa 3 project into an assistant of ours: formats are shared, rules, forms and short stories become flows."""

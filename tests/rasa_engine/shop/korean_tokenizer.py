"""A tokenizer for Rasa 3.6: its own takes every word that holds nothing but Hangul for an emoji and drops it."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

Component = DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER


@DefaultV1Recipe.register(Component, is_trainable=False)
class KeepsHangul(WhitespaceTokenizer):
    """Splits at spaces as Rasa's does, and keeps every word."""

    def remove_emoji(self, text: str) -> str:
        return text

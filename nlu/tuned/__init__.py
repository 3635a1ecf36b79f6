"""A transformer fine-tuned to an assistant's intents, beside the model of letters: trained by torch, served by onnxruntime."""

from nlu.tuned.serving import TunedIntents, check_tuned, load_tuned, tuned_folder

__all__ = ["TunedIntents", "check_tuned", "load_tuned", "tuned_folder"]

"""Serves a fine-tuned classifier: an 8-bit ONNX graph and a tokenizer, without torch.

A folder beside the model file: `model.onnx`, `tokenizer.json`, `tuned.json` (intents, temperature, digests of both).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlu.errors import ModelError
from nlu.features import Floats, softmax

FORMAT = 1
MODEL, TOKENIZER, CARD = "model.onnx", "tokenizer.json", "tuned.json"


@dataclass(slots=True)
class TunedIntents:
    """Safe to call from several threads."""

    names: list[str]
    """Intents, then others that are learned beside them."""
    temperature: float
    prefix: str
    tokenizer: Any
    session: Any

    def probabilities(self, text: str) -> Floats:
        """Calibrated, one a name."""
        encoded = self.tokenizer.encode(self.prefix + text)
        if not encoded.ids:
            return np.full(len(self.names), 1 / len(self.names), np.float32)
        ids, mask = np.array([encoded.ids]), np.array([encoded.attention_mask])
        (scores,) = self.session.run(None, {"ids": ids, "mask": mask})
        return softmax(scores[0].astype(np.float32) / np.float32(self.temperature))

    def blend(self, text: str, names: list[str], others: Floats) -> Floats:
        """The mean of what this one and the other model think; `others` has a probability a name and may sum to less than 1."""
        mine = dict(zip(self.names, self.probabilities(text), strict=True))
        beside = np.array([mine.get(name, 0.0) for name in names], np.float32)
        # What the message is worth as a value or a stranger is the other model's to say.
        beside *= others.sum() / max(float(beside.sum()), 1e-6)
        mean: Floats = (others + beside) / np.float32(2)
        return mean


def tuned_folder(model: Path, version: str) -> Path:
    """Where the classifier of a model's version lies: among the versions, as it is too large to be copied about."""
    return model.with_suffix(".versions") / f"{version}.tuned"


def check_tuned(folder: Path) -> dict[str, Any]:
    """The card of a whole folder. Raises `ModelError` for one that is missing, damaged or of another version."""
    try:
        card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if card["format"] != FORMAT:
            raise ModelError("model_version", f"{folder.name} was made by another version.")
        for name, digest in card["digests"].items():
            if file_digest(folder / name) != digest:
                raise ModelError("model_broken", f"{folder.name}/{name} is damaged or cut short.")
    except FileNotFoundError:
        raise ModelError(
            "model_missing", f"The fine-tuned classifier {folder.name} isn't complete."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError("model_broken", f"{folder.name} can't be read ({type(error).__name__}).") from error
    return card


def load_tuned(folder: Path, longest: int, threads: int = 1) -> TunedIntents:
    """Texts are cut after `longest` tokens. Raises `ModelError`, see `check_tuned`."""
    import onnxruntime
    from tokenizers import Tokenizer

    card = check_tuned(folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # errors
    try:
        session = onnxruntime.InferenceSession(
            str(folder / MODEL), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:
        # Both raise errors of their own for what they can't read.
        raise ModelError("model_broken", f"{folder.name} can't be read ({type(error).__name__}).") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return TunedIntents(card["names"], card["temperature"], card["prefix"], tokenizer, session)


def file_digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

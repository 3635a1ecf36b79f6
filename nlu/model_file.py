"""One trained model in one file: arrays and a JSON header, no pickle. Another version or a cut file is refused."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.errors import ModelError
from nlu.features import NgramVocabulary
from nlu.intents import IntentModel, LinearModel
from nlu.scope import ScopeModel

FORMAT = 2


@dataclass(slots=True)
class StoredModel:
    """What a model file holds."""

    header: dict[str, Any]
    intents: IntentModel
    scope: ScopeModel | None
    held_out: list[tuple[str, float]] = field(default_factory=list)
    """(intent, confidence) of each training example by models that hadn't seen it; not written to the file."""


def save_model(path: Path, model: StoredModel) -> None:
    """Write the file whole or not at all."""
    intents, scope = model.intents, model.scope
    arrays: dict[str, Any] = {
        "idf": intents.vocabulary.idf,
        "char_weights": intents.chars.weights.astype(np.float16),
        "char_bias": intents.chars.bias,
    }
    if intents.head is not None and intents.centre is not None:
        arrays |= {
            "head_weights": intents.head.weights,
            "head_bias": intents.head.bias,
            "centre": intents.centre,
        }
    if scope is not None:
        arrays |= {
            "scope_weights": scope.weights,
            "scope_mean": scope.mean,
            "scope_scale": scope.scale,
            "inside": scope.inside.astype(np.float16),
            "outside": scope.outside.astype(np.float16),
        }
        model.header["scope"] = {"bias": scope.bias, "threshold": scope.threshold}
    header = {
        **model.header,
        "format": FORMAT,
        "names": intents.names,
        "others": list(intents.others),
        "temperature": intents.temperature,
        "grams": list(intents.vocabulary.index),
        "sizes": [intents.vocabulary.shortest, intents.vocabulary.longest],
    }
    arrays["header"] = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    working = path.with_suffix(f".{os.getpid()}.tmp")
    with working.open("wb") as file:
        np.savez_compressed(file, **arrays)
    os.replace(working, path)


def read_header(path: Path) -> dict[str, Any]:
    """The header alone. Raises `ModelError`."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            header = json.loads(bytes(data["header"]))
    except FileNotFoundError:
        raise ModelError("model_missing", f"There is no model at {path.name}.") from None
    except Exception as error:
        raise ModelError("model_broken", f"{path.name} can't be read ({type(error).__name__}).") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ModelError("model_version", f"{path.name} was made by another version.")
    return header


def load_stored(path: Path) -> StoredModel:
    """The whole model. Raises `ModelError`."""
    header = read_header(path)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return _restore(header, {key: data[key] for key in data.files if key != "header"})
    except Exception as error:
        raise ModelError("model_broken", f"{path.name} can't be read ({type(error).__name__}).") from error


def _restore(header: dict[str, Any], data: dict[str, Any]) -> StoredModel:
    shortest, longest = header["sizes"]
    grams = {gram: column for column, gram in enumerate(header["grams"])}
    if len(grams) != len(data["idf"]):
        raise ValueError("vocabulary and weights disagree")
    head = LinearModel(data["head_weights"], data["head_bias"]) if "head_weights" in data else None
    intents = IntentModel(
        header["names"],
        NgramVocabulary(grams, data["idf"], shortest, longest),
        LinearModel(data["char_weights"].astype(np.float32), data["char_bias"]),
        head,
        data.get("centre"),
        header["temperature"],
        tuple(header["others"]),
    )
    scope = None
    if "scope_weights" in data:
        scope = ScopeModel(
            data["scope_weights"],
            header["scope"]["bias"],
            data["scope_mean"],
            data["scope_scale"],
            header["scope"]["threshold"],
            data["inside"].astype(np.float32),
            data["outside"].astype(np.float32),
        )
    return StoredModel(header, intents, scope)

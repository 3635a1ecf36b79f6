"""One trained model in one file: arrays and a JSON header, no pickle. Another version or a cut file is refused."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.cascade import Cascade
from nlu.errors import ModelError
from nlu.features import NgramVocabulary
from nlu.intents import IntentModel
from nlu.linear import LinearModel
from nlu.scope import ScopeModel
from nlu.student import load_student

FORMAT = 5


@dataclass(slots=True)
class StoredModel:
    """What a model file holds."""

    header: dict[str, Any]
    intents: IntentModel
    glance_scope: ScopeModel
    """In scope or not, by letters alone."""
    scope: ScopeModel | None
    cascade: Cascade | None
    """When letters alone decide; None without an encoder: always."""
    held_out: list[tuple[str, float]] = field(default_factory=list)
    """(intent, confidence) of each training example by models that hadn't seen it; not written to the file."""


def save_model(path: Path, model: StoredModel) -> None:
    """Write the file whole or not at all."""
    intents = model.intents
    arrays: dict[str, Any] = {
        "idf": intents.vocabulary.idf,
        "letters_weights": intents.letters.weights.astype(np.float16),
        "letters_bias": intents.letters.bias,
    }
    if intents.whole is not None and intents.centre is not None:
        arrays |= {
            "whole_weights": intents.whole.weights.astype(np.float16),
            "whole_bias": intents.whole.bias,
            "centre": intents.centre,
        }
    for name, scope in (("glance", model.glance_scope), ("scope", model.scope)):
        if scope is not None:
            arrays |= _scope_arrays(name, scope)
    header = {
        **model.header,
        "format": FORMAT,
        "names": intents.names,
        "others": list(intents.others),
        "student": intents.student.name,
        "cascade": None if model.cascade is None else [model.cascade.margin, model.cascade.strange],
        "grams": list(intents.vocabulary.index),
    }
    arrays["header"] = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    working = path.with_suffix(f".{os.getpid()}.tmp")
    with working.open("wb") as file:
        np.savez_compressed(file, **arrays)
    os.replace(working, path)


def _scope_arrays(name: str, scope: ScopeModel) -> dict[str, Any]:
    return {
        f"{name}_weights": scope.weights,
        f"{name}_mean": scope.mean,
        f"{name}_scale": scope.scale,
        f"{name}_limits": np.array([scope.bias, scope.threshold]),
        f"{name}_inside": scope.inside.astype(np.float16),
        f"{name}_outside": scope.outside.astype(np.float16),
    }


def _scope_of(name: str, data: dict[str, Any]) -> ScopeModel:
    bias, threshold = (float(value) for value in data[f"{name}_limits"])
    banks = (data[f"{name}_{bank}"].astype(np.float32) for bank in ("inside", "outside"))
    weights, mean, scale = (data[f"{name}_{part}"] for part in ("weights", "mean", "scale"))
    return ScopeModel(weights, bias, mean, scale, threshold, *banks)


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
    except ModelError:
        raise
    except Exception as error:
        raise ModelError("model_broken", f"{path.name} can't be read ({type(error).__name__}).") from error


def _linear(name: str, data: dict[str, Any]) -> LinearModel:
    return LinearModel(data[f"{name}_weights"].astype(np.float32), data[f"{name}_bias"])


def _restore(header: dict[str, Any], data: dict[str, Any]) -> StoredModel:
    grams = {gram: column for column, gram in enumerate(header["grams"])}
    if len(grams) != len(data["idf"]):
        raise ValueError("vocabulary and weights disagree")
    student = load_student()
    if header["student"] != student.name:
        raise ModelError("model_version", "The model was trained with another version's student.")
    intents = IntentModel(
        header["names"],
        NgramVocabulary(grams, data["idf"]),
        _linear("letters", data),
        _linear("whole", data) if "whole_weights" in data else None,
        data.get("centre"),
        student,
        tuple(header["others"]),
    )
    cascade = header["cascade"]
    return StoredModel(
        header,
        intents,
        _scope_of("glance", data),
        _scope_of("scope", data) if "scope_weights" in data else None,
        None if cascade is None else Cascade(*cascade),
    )

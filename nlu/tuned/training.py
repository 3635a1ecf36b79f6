"""Fine-tunes a transformer on an assistant's utterances and writes it as an 8-bit ONNX graph. Needs the extra `[transformers]`.

Done twice: once without a fifth of the utterances, which tell how sure it may be and whether it is worth having, then on all.
"""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder import EncoderError
from encoder.as_transformers import NAME, PREFIX, transformers_folder
from nlu.config import TransformersIntentClassifier
from nlu.features import Floats, softmax
from nlu.pooling import fit_temperature
from nlu.training import Corpus
from nlu.training_data import TrainingData
from nlu.tuned.lora import add_adapters, merge_adapters
from nlu.tuned.serving import CARD, FORMAT, MODEL, TOKENIZER, file_digest
from nlu.versions.card import example_key

HELD_OUT = 5
"""One utterance of so many is held out; which ones depends on their letters alone, so that models can be compared."""
WITHOUT_SPACES = 0.3
"""Share of the utterances that are read without spaces in an epoch: customers leave them out."""
WARM_UP = 0.1
"""Share of the steps in which the learning rate rises."""
Told = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Tuned:
    """`held_out`: example's index -> (intent, confidence) by the model that hadn't seen it."""

    held_out: dict[int, tuple[str, float]]
    temperature: float


def tune(
    data: TrainingData, settings: TransformersIntentClassifier, folder: Path, cache_dir: Path, told: Told
) -> Tuned:
    """Fine-tune and write `folder`. Raises `EncoderError` without the extra or the model."""
    base, prefix = base_model(settings.model, cache_dir)
    corpus = Corpus.of(data)
    names = [*corpus.names, *corpus.others]
    asked = [at for at in range(corpus.ours) if int(example_key(corpus.texts[at])[:8], 16) % HELD_OUT == 0]
    rest = sorted(set(range(len(corpus.texts))) - set(asked))
    trainer = _Trainer(base, prefix, settings, len(names))
    temperature, held_out = 1.0, {}
    if asked and {corpus.labels[at] for at in rest} >= {corpus.labels[at] for at in asked}:
        model = trainer.fit(corpus, rest, lambda share: told(share * 0.45))
        scores = trainer.scores(model, [corpus.texts[at] for at in asked])
        temperature = fit_temperature(softmax(scores), [corpus.labels[at] for at in asked])
        held_out = _answers(scores, asked, corpus.names, temperature)
    model = trainer.fit(corpus, range(len(corpus.texts)), lambda share: told(0.45 + share * 0.45))
    trainer.export(model, folder, names, temperature)
    told(1.0)
    return Tuned(held_out, temperature)


def _answers(
    scores: Floats, asked: Sequence[int], names: Sequence[str], temperature: float
) -> dict[int, tuple[str, float]]:
    sure = softmax(scores / np.float32(temperature))[:, : len(names)]
    return {
        at: (names[int(row.argmax())], round(float(row.max()), 4))
        for at, row in zip(asked, sure, strict=True)
    }


def base_model(name: str, cache_dir: Path) -> tuple[str, str]:
    """(folder or hub name, prefix of its input). Raises `EncoderError`."""
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise EncoderError(
            "encoder_missing",
            "TransformersIntentClassifier needs torch and transformers.",
            "pip install 'sangdam[transformers]'",
        ) from error
    return (str(transformers_folder(cache_dir)), PREFIX) if name == NAME else (name, "")


class _Trainer:
    """A base model, loaded anew for each fit."""

    def __init__(self, base: str, prefix: str, settings: TransformersIntentClassifier, classes: int) -> None:
        from transformers import AutoTokenizer

        self.base, self.prefix, self.settings, self.classes = base, prefix, settings, classes
        with _quiet():
            try:
                self.tokenizer: Any = AutoTokenizer.from_pretrained(base)
            except (OSError, ValueError) as error:
                raise _no_model(base, error) from error
        if not getattr(self.tokenizer, "is_fast", False):
            raise _no_model(base, ValueError("its tokenizer has no tokenizer.json"))

    def fit(self, corpus: Corpus, rows: Sequence[int], told: Told) -> Any:
        """A model of these rows of the corpus."""
        import torch

        settings, chance = self.settings, random.Random(self.settings.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            model = self._model()
            learned = [p for p in model.parameters() if p.requires_grad]
            rate = settings.learning_rate or (1e-3 if settings.lora_rank else 1e-4)
            optimizer = torch.optim.AdamW(learned, lr=rate, weight_decay=0.01)
            steps = settings.epochs * -(-len(rows) // settings.batch)
            schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
            weights = _class_weights([corpus.labels[at] for at in rows], self.classes)
            loss_of = torch.nn.CrossEntropyLoss(torch.tensor(weights), label_smoothing=0.05)
            done = 0
            model.train()
            for _ in range(settings.epochs):
                order = list(rows)
                chance.shuffle(order)
                for start in range(0, len(order), settings.batch):
                    batch = order[start : start + settings.batch]
                    texts = [_spoken(corpus.texts[at], chance) for at in batch]
                    scores = model(*self._encoded(texts))
                    loss = loss_of(scores, torch.tensor([corpus.labels[at] for at in batch]))
                    loss.backward()
                    torch.nn.utils.clip_grad_norm_(learned, 1.0)
                    optimizer.step()
                    schedule.step()
                    optimizer.zero_grad(set_to_none=True)
                    done += 1
                    told(done / steps)
        model.eval()
        if settings.lora_rank:
            merge_adapters(model.encoder)
        return model

    def _model(self) -> Any:
        from transformers import AutoModel

        with _quiet():
            try:
                encoder = AutoModel.from_pretrained(self.base)
            except (OSError, ValueError) as error:
                raise _no_model(self.base, error) from error
        if self.settings.lora_rank:
            add_adapters(encoder, self.settings.lora_rank)
        else:
            # Few utterances touch few words: a table that moved under them would forget the others.
            encoder.get_input_embeddings().weight.requires_grad = False
        return _classifier(encoder, self.classes)

    def _encoded(self, texts: Sequence[str]) -> tuple[Any, Any]:
        made = self.tokenizer(
            [self.prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=self.settings.max_tokens,
            return_tensors="pt",
        )
        return made["input_ids"], made["attention_mask"]

    def scores(self, model: Any, texts: Sequence[str]) -> Floats:
        """A row a text, one score a class."""
        import torch

        with torch.no_grad():
            rows = [
                model(*self._encoded(texts[start : start + 32])).numpy() for start in range(0, len(texts), 32)
            ]
        found: Floats = np.concatenate(rows).astype(np.float32)
        return found

    def export(self, model: Any, folder: Path, names: Sequence[str], temperature: float) -> None:
        """Graph in 8 bits, tokenizer, card; the card last, as a folder without it counts as not there."""
        import torch
        from onnxruntime.quantization import QuantType, quantize_dynamic

        folder.mkdir(parents=True, exist_ok=True)
        (folder / CARD).unlink(missing_ok=True)
        plain = folder / "float.onnx"
        ids, mask = self._encoded(["예시 문장"])
        axes = {0: "texts", 1: "tokens"}
        with _quiet():
            # The other exporter needs a further package.
            torch.onnx.export(
                model,
                (ids, mask),
                str(plain),
                input_names=["ids", "mask"],
                output_names=["scores"],
                dynamic_axes={"ids": axes, "mask": axes, "scores": {0: "texts"}},
                opset_version=17,
                dynamo=False,
            )
            quantize_dynamic(str(plain), str(folder / MODEL), per_channel=True, weight_type=QuantType.QInt8)
        plain.unlink()
        self.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
        card = {
            "format": FORMAT,
            "names": list(names),
            "temperature": temperature,
            "prefix": self.prefix,
            "base": self.settings.model,
            "digests": {name: file_digest(folder / name) for name in (MODEL, TOKENIZER)},
        }
        (folder / CARD).write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")


def _classifier(encoder: Any, classes: int) -> Any:
    """Mean of the tokens' vectors, then a linear layer."""
    import torch

    class Classifier(torch.nn.Module):  # type: ignore[misc]
        """(ids, mask) to scores."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.dropout = torch.nn.Dropout(0.1)
            self.head = torch.nn.Linear(encoder.config.hidden_size, classes)

        def forward(self, ids: Any, mask: Any) -> Any:
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            real = mask.unsqueeze(-1).to(states.dtype)
            return self.head(self.dropout((states * real).sum(1) / real.sum(1).clamp(min=1)))

    return Classifier()


def _rate(step: int, steps: int) -> float:
    """Up over the first steps, then straight down to nothing."""
    rising = max(1, int(steps * WARM_UP))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))


def _class_weights(labels: Sequence[int], classes: int) -> Floats:
    """Rare classes weigh more, by the root of their rarity."""
    counts = np.bincount(labels, minlength=classes).astype(np.float32)
    weights = 1 / np.sqrt(np.maximum(counts, 1))
    found: Floats = (weights / weights.mean()).astype(np.float32)
    return found


def _spoken(text: str, chance: random.Random) -> str:
    return text.replace(" ", "") if chance.random() < WITHOUT_SPACES else text


def _no_model(base: str, error: Exception) -> EncoderError:
    return EncoderError(
        "encoder_model_missing",
        f"The model {base!r} can't be loaded: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
        "Give a folder with the model, or a name where the hub can be reached.",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Libraries warn of their own future, and draw bars of their own, while models load and are exported."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        logging.enable_progress_bar()

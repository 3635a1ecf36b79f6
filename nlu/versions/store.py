"""The versions of an assistant's model: a folder beside the file that is served, newest `KEPT` of them.

models/bank.npz                 served; replaced in one step, so that a running service never reads half of it
models/bank.versions/<v>.npz    each version
models/bank.versions/<v>.json   its card
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from nlu.errors import ModelError
from nlu.model_file import StoredModel, load_stored, read_header, save_model
from nlu.tuned import tuned_folder
from nlu.versions.card import ModelCard, State, read_card, write_card

KEPT = 10


class ModelVersions:
    """Of the model served from `current`. Nothing here trains or compares."""

    def __init__(self, current: Path) -> None:
        self.current = current
        self.folder = current.with_suffix(".versions")

    def active(self) -> str | None:
        """The version that is served; None where no readable model is."""
        try:
            return str(read_header(self.current).get("version", ""))
        except ModelError:
            return None

    def cards(self) -> list[ModelCard]:
        """Of all versions, newest first."""
        found = [read_card(path) for path in self.folder.glob("*.json")]
        return sorted((card for card in found if card is not None), key=lambda c: c.created_at, reverse=True)

    def card(self, version: str | None) -> ModelCard | None:
        """None for a version that isn't kept, or whose card can't be read."""
        return read_card(self._card(version)) if version else None

    def find(self, name: str) -> ModelCard:
        """The version whose name begins so. Raises `ModelError` for none or several."""
        found = [card for card in self.cards() if name and card.version.startswith(name)]
        if len(found) != 1:
            known = ", ".join(card.version[:8] for card in self.cards()) or "none"
            problem = "Several versions begin" if found else "No version begins"
            raise ModelError(
                "unknown_model", f"{problem} with {name!r} (kept: {known}).", "See 'sangdam model list'."
            )
        return found[0]

    def load(self, version: str) -> StoredModel:
        """A kept version. Raises `ModelError`."""
        return load_stored(self.file(version))

    def keep(self, stored: StoredModel, card: ModelCard) -> None:
        """Store a version beside the others."""
        self.folder.mkdir(parents=True, exist_ok=True)
        save_model(self.file(card.version), stored)
        write_card(self._card(card.version), card)

    def mark(self, version: str, state: State) -> None:
        """Note what became of a version; one without a card stays as it is."""
        if (card := self.card(version)) is not None and card.state != state:
            write_card(self._card(version), card.model_copy(update={"state": state}))

    def serve(self, version: str) -> None:
        """From now on this one is the model. Raises `ModelError` where its file is gone or broken."""
        load_stored(self.file(version))
        working = self.current.with_suffix(f".{os.getpid()}.tmp")
        working.unlink(missing_ok=True)
        shutil.copyfile(self.file(version), working)
        os.replace(working, self.current)
        self.mark(version, "kept")

    def prune(self) -> None:
        """Forget the oldest beyond `KEPT`, never the one that is served."""
        active = self.active()
        for card in [card for card in self.cards() if card.version != active][KEPT - 1 :]:
            with suppress(OSError):
                self.file(card.version).unlink(missing_ok=True)
                self._card(card.version).unlink(missing_ok=True)
                shutil.rmtree(self.tuned(card.version), ignore_errors=True)

    def file(self, version: str) -> Path:
        """Of a version, whether it is there or not."""
        return self.folder / f"{version}.npz"

    def tuned(self, version: str) -> Path:
        """Folder of a version's fine-tuned classifier, whether it is there or not."""
        return tuned_folder(self.current, version)

    def _card(self, version: str) -> Path:
        return self.folder / f"{version}.json"

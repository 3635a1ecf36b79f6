"""The reference assistant's understanding, trained once a checkout; and small data that train in a moment."""

from __future__ import annotations

import fcntl
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from nlu.pipeline import KOREA, Pipeline
from nlu.training import load_model
from nlu.updating import train

ROOT = Path(__file__).parent.parent.parent
WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=KOREA)
"""The `now` of all expressions."""

SMALL = """version: "3.1"
nlu:
  - intent: card_loss
    examples: |
      - 카드를 잃어버렸어요
      - [체크카드](card_type) 분실했어요
      - 카드 정지해 주세요
      - 지갑을 잃어버렸어요
      - 카드가 없어졌어요
      - [신용카드](card_type) 도난당했어요
  - intent: callback
    examples: |
      - 전화 주세요
      - [010-2345-6789](phone)로 전화 주세요
      - 나중에 연락 주세요
      - 전화 예약할게요
      - 콜백 신청이요
      - 다시 전화해 주세요
  - intent: rates
    examples: |
      - 금리가 얼마예요
      - 예금 이자 알려주세요
      - 적금 금리 궁금해요
      - 대출 금리가 어떻게 돼요
      - 이자 얼마나 줘요
      - 금리 알려줘
  - lookup: card_type
    examples: |
      - 체크카드
      - 신용카드
  - synonym: 체크카드
    examples: |
      - 체카
      - 직불카드
  - regex: branch_code
    examples: |
      - BR-\\d{3}
"""
CONFIG = """pipeline:
  - name: KoreanNormalizer
  - name: CharNgramFeaturizer
  - name: SentenceEncoderFeaturizer
    encoder: hashing
  - name: KoreanIntentClassifier
  - name: OutOfScopeDetector
  - name: KoreanEntityExtractor
  - name: SentimentClassifier
  - name: AbuseClassifier
"""


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in Korea."""
    return WEDNESDAY


@pytest.fixture(scope="session")
def bank() -> Pipeline:
    """The reference assistant's."""
    folder, config = ROOT / "var" / "nlu", ROOT / "config.yml"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        # Several workers start at once; one trains, the others find it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        train(config, ROOT / "data" / "nlu", folder / "bank.npz", ROOT / "var" / "encoder")
    return load_model(folder / "bank.npz", config, ROOT / "var" / "encoder")


class Project:
    """A folder with config.yml and nlu.yml that can be trained and loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config, self.data, self.model = folder / "config.yml", folder / "nlu.yml", folder / "model.npz"
        self.write(CONFIG, SMALL)

    def write(self, config: str | None = None, data: str | None = None) -> None:
        if config is not None:
            self.config.write_text(config, encoding="utf-8")
        if data is not None:
            self.data.write_text(data, encoding="utf-8")

    def train(self, *, force: bool = False):  # type: ignore[no-untyped-def]
        return train(self.config, self.data, self.model, self.folder / "encoder", force=force)

    def load(self) -> Pipeline:
        return load_model(self.model, self.config, self.folder / "encoder")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project, trained once; not to be changed."""
    project = Project(tmp_path_factory.mktemp("small"))
    project.train()
    return project


@pytest.fixture(scope="session")
def small(made: Project) -> Pipeline:
    """The small project's pipeline."""
    return made.load()


@pytest.fixture
def project(tmp_path: Path, made: Project) -> Project:
    """A copy with three intents, a hashing encoder and a model that is up to date."""
    copy = Project(tmp_path)
    shutil.copy(made.model, copy.model)
    shutil.copytree(made.model.with_suffix(".versions"), copy.model.with_suffix(".versions"))
    return copy

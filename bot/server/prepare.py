"""What must be there before the service can start: the trained model and the index, made or refreshed if need be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.server.settings import Settings
from encoder import Encoder, load_encoder
from encoder.remembering import RememberingEncoder
from formats import load_yaml
from generator import OpenAICompatibleGenerator
from knowledge_base.build import BuildReport, build
from knowledge_base.grounding import GroundedWriter
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Searching, load_reranker, load_synonyms
from nlu.lint import DomainNames
from nlu.pipeline import Pipeline
from nlu.training import load_model
from nlu.updating import ModelInfo, train

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where derived files lie, under the data folder."""

    data_dir: Path

    @property
    def encoder(self) -> Path:
        """Built encoders."""
        return self.data_dir / "encoder"

    def model(self, assistant_id: str) -> Path:
        """The trained model of an assistant."""
        return self.data_dir / "models" / f"{assistant_id}.npz"

    def report(self, assistant_id: str) -> Path:
        """The last report on an assistant's understanding."""
        return self.data_dir / "reports" / assistant_id

    def decisions(self, assistant_id: str) -> Path:
        """What reviewers decided about customers' messages."""
        return self.data_dir / "reviews" / f"{assistant_id}.jsonl"

    def index(self, assistant_id: str) -> Path:
        """The knowledge index of an assistant."""
        return self.data_dir / "index" / assistant_id

    def added(self, assistant_id: str) -> Path:
        """Documents that were added by command, crawl or upload."""
        return self.data_dir / "documents" / assistant_id


def places(settings: Settings) -> Places:
    """Of these settings."""
    return Places(settings.data_dir)


def train_assistant(settings: Settings, tell: Tell | None = None, *, force: bool = False) -> ModelInfo:
    """Train, unless the model is up to date. Raises what `nlu.updating.train` raises."""
    where = places(settings)
    return train(
        settings.assistant_dir / "config.yml",
        training_folder(settings),
        where.model(settings.config.assistant_id),
        where.encoder,
        tell,
        force=force,
        domain=domain_names(settings),
    )


def training_folder(settings: Settings) -> Path:
    """Where an assistant's utterances lie."""
    return settings.assistant_dir / "data" / "nlu"


def domain_names(settings: Settings) -> DomainNames | None:
    """What domain.yml knows, for checking training data against it; None for an assistant without one."""
    path = settings.assistant_dir / "domain.yml"
    if not path.is_file():
        return None
    file = load_yaml(path)

    def names(kind: str) -> dict[str, int]:
        items = file.data.get(kind) if isinstance(file.data, dict) else None
        found = items if isinstance(items, list) else []
        return {
            str(item if not isinstance(item, dict) else next(iter(item), "")): file.line((kind, at))
            for at, item in enumerate(found)
        }

    return DomainNames(str(path), names("intents"), names("entities"))


def load_pipeline(settings: Settings, encoder: Encoder | None = None) -> Pipeline:
    """The trained pipeline; over `encoder`, where that is the one it needs."""
    where = places(settings)
    pipeline = load_model(
        where.model(settings.config.assistant_id),
        settings.assistant_dir / "config.yml",
        where.encoder,
        encoder,
    )
    if pipeline.encoder is not None and pipeline.encoder is not encoder:
        # The documents are asked with the same words: they find the vector made.
        pipeline.encoder = RememberingEncoder(pipeline.encoder)
    return pipeline


def document_folders(settings: Settings) -> list[Path]:
    """Where an assistant's documents lie: its own folder, and what was added; only those that are there."""
    own = settings.assistant_dir / settings.config.knowledge.documents
    return [
        folder for folder in (own, places(settings).added(settings.config.assistant_id)) if folder.is_dir()
    ]


def build_knowledge(settings: Settings, encoder: Encoder, tell: Tell | None = None) -> BuildReport | None:
    """Bring the index up to date; None for an assistant without documents."""
    folders = document_folders(settings)
    if not folders:
        return None
    return build(folders, places(settings).index(settings.config.assistant_id), encoder, tell)


def knowledge_encoder(settings: Settings, pipeline: Pipeline | None = None) -> Encoder:
    """The knowledge base's encoder; the pipeline's own if it is the same, so that one model is in memory."""
    name = settings.config.knowledge.encoder
    shared = pipeline.encoder if pipeline is not None else None
    if (
        pipeline is not None
        and pipeline.config.encoder is not None
        and pipeline.config.encoder.encoder == name
    ):
        return shared or load_encoder(name, cache_dir=places(settings).encoder)
    return load_encoder(name, cache_dir=places(settings).encoder)


def searching(settings: Settings) -> Searching:
    """The assistant's synonyms and reranker. Raises `FormatError` for a wrong synonym."""
    knowledge = settings.config.knowledge
    return Searching(
        load_synonyms(settings.assistant_dir / knowledge.synonyms), load_reranker(knowledge.reranker)
    )


def open_knowledge(settings: Settings, encoder: Encoder) -> KnowledgeBase:
    """The index; where there is none that can be used, one is taken over as soon as it is built."""
    place = places(settings).index(settings.config.assistant_id)
    return KnowledgeBase.open_or_wait(place, encoder, searching(settings))


def open_writer(settings: Settings, encoder: Encoder) -> GroundedWriter | None:
    """What words answers by a language model, if one is configured. Reaches nothing yet."""
    llm = settings.llm
    if not llm.url:
        return None
    model = OpenAICompatibleGenerator(llm.url, llm.model, settings.llm_key or "")
    return GroundedWriter(model, encoder, timeout=llm.timeout, longest=llm.longest, max_tokens=llm.max_tokens)


def require_knowledge(settings: Settings) -> KnowledgeBase:
    """The index, for commands. Raises `IndexProblem` where there is none that can be used."""
    place = places(settings).index(settings.config.assistant_id)
    return KnowledgeBase.open(place, knowledge_encoder(settings), searching(settings))

"""`rasa` in config.yml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandoffTriggers(_Spec):
    """What asks for a person, besides `custom: {handoff: {…}}` in a response and Rasa's `pause` event."""

    intents: tuple[str, ...] = ("request_human",)
    """Rasa isn't asked then."""
    actions: tuple[str, ...] = ("action_handoff", "action_human_handoff")


class FallbackTriggers(_Spec):
    """What says that Rasa has no answer; the documents are asked instead, and what Rasa said is left out."""

    intents: tuple[str, ...] = ("nlu_fallback",)
    """Not while a form is active: there free text may be the answer."""
    actions: tuple[str, ...] = ("action_default_fallback",)


class RasaSettings(_Spec):
    """The server. Its token: SANGDAM_RASA_TOKEN; its JWT secret: SANGDAM_RASA_JWT_SECRET."""

    url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    """Such as http://localhost:5005, started with `--enable-api` and the channel `rest`. SANGDAM_RASA_URL overrides it."""
    timeout: float = Field(default=8.0, gt=0, le=60)
    """Seconds that a turn may wait for Rasa in all."""
    handoff: HandoffTriggers = HandoffTriggers()
    fallback: FallbackTriggers = FallbackTriggers()
    returned_intent: str = ""
    """Intent that is triggered when a person gave the conversation back and no form is active; none unless given."""

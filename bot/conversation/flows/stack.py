"""The dialogue stack: what is going on, innermost last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FrameKind = Literal["regular", "interrupt", "call", "pattern"]


class Frame(BaseModel):
    """One running flow: where it stands and what it waits for."""

    model_config = ConfigDict(extra="forbid")

    flow_id: str
    step_id: str
    kind: FrameKind = "regular"
    context: dict[str, Any] = Field(default_factory=dict)
    """Properties of a pattern, readable in conditions as `context.x`."""
    awaiting: str | None = None
    """Slot that was asked for and is waited for."""
    asked: list[str] = Field(default_factory=list)
    """Steps with `ask_before_filling` that have asked already."""
    skipped: list[str] = Field(default_factory=list)
    """Questions that the customer skipped."""
    passing: list[str] = Field(default_factory=list)
    """Those of them that the flow still has to pass over; a circle that comes to one again asks it again."""
    done: list[str] = Field(default_factory=list)
    """Steps that did what can't be taken back, as their `once` says."""


def user_frame(stack: list[Frame]) -> Frame | None:
    """The innermost frame that is not a pattern: what the customer is doing."""
    return next((frame for frame in reversed(stack) if frame.kind != "pattern"), None)


def root_frame(stack: list[Frame]) -> Frame | None:
    """The frame that the innermost business flow started from, through any calls."""
    for frame in reversed(stack):
        if frame.kind in ("regular", "interrupt"):
            return frame
    return None


def asking_pattern(stack: list[Frame]) -> Frame | None:
    """The repair pattern on top, if it has asked something itself."""
    return stack[-1] if stack and stack[-1].kind == "pattern" and stack[-1].awaiting else None


def asking_frame(stack: list[Frame]) -> Frame | None:
    """Whose question comes first: that of a repair pattern on top, else that of what the customer is doing."""
    return asking_pattern(stack) or user_frame(stack)


def awaited_slot(stack: list[Frame]) -> str | None:
    """The slot that was asked for last and is still open."""
    frame = asking_frame(stack)
    return frame.awaiting if frame else None


def copied(stack: Sequence[Frame]) -> list[Frame]:
    """The stack, to be worked on: the tracker's own changes by events alone."""
    return [frame.model_copy(deep=True) for frame in stack]

"""The actions that only concern the conversation itself and need nothing from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.conversation.assistant import Assistant
from bot.conversation.draft import Draft
from bot.conversation.events import Restarted, SessionEnded, SessionStarted
from bot.conversation.flows.interrupted import CHOICE, ask_which, cancel_waiting, continue_chosen
from bot.conversation.flows.set_aside import drop, set_aside, take_up
from bot.conversation.flows.skipping import say_why_needed, skip_question
from bot.conversation.flows.stack import Frame
from bot.conversation.messages import Button, Reply

if TYPE_CHECKING:
    from bot.conversation.flows.machine import FlowMachine

BuiltIn = Callable[[Draft, Assistant, dict[str, Any]], None]
OnStack = Callable[["FlowMachine", Draft, list[Frame], dict[str, Any]], None]


def session_start(draft: Draft, assistant: Assistant, context: dict[str, Any]) -> None:
    """Mark a new session; slots are carried over unless the domain says otherwise."""
    draft.emit(SessionStarted())
    if not assistant.domain.session_config.carry_over_slots_to_new_session:
        draft.emit(Restarted())


def restart(draft: Draft, assistant: Assistant, context: dict[str, Any]) -> None:
    """Forget slots and flows."""
    draft.emit(Restarted())


def chitchat(draft: Draft, assistant: Assistant, context: dict[str, Any]) -> None:
    """Small talk: the response that belongs to the intent."""
    draft.say(str(context.get("response", "utter_ask_rephrase")))


def repeat_bot_messages(draft: Draft, assistant: Assistant, context: dict[str, Any]) -> None:
    """Say once more what was said last."""
    texts = draft.tracker.state.previous_bot_texts
    if not texts:
        draft.say("utter_repeat_nothing")
        return
    for text in texts:
        draft.say_reply(Reply(text=text))


def clarify_flows(draft: Draft, assistant: Assistant, context: dict[str, Any]) -> None:
    """Ask which flow is meant, with a button for each."""
    flows = [assistant.flows[name] for name in context.get("flows", ()) if name in assistant.flows]
    asked = assistant.responses.say(
        "utter_clarify", slots=draft.tracker.slot_values(), channel=draft.tracker.state.channel
    )
    buttons = tuple(
        Button(title=flow.name, payload=f"/{flow.triggers[0].intent}") for flow in flows if flow.triggers
    )
    draft.say_reply(asked.model_copy(update={"buttons": buttons + asked.buttons}))


def end_session(machine: FlowMachine, draft: Draft, stack: list[Frame], context: dict[str, Any]) -> None:
    """The matter is over: what is half done is given up with its slots, and the next message begins a new session."""
    ending = stack[-1:]
    cancel_waiting(machine, draft, stack, context)
    stack[:] = ending
    draft.emit(SessionEnded())


BUILT_IN: dict[str, BuiltIn] = {
    "action_session_start": session_start,
    "action_restart": restart,
    "action_chitchat": chitchat,
    "action_repeat_bot_messages": repeat_bot_messages,
    "action_clarify_flows": clarify_flows,
}

ON_STACK: dict[str, OnStack] = {
    f"action_ask_{CHOICE}": ask_which,
    "action_continue_interrupted_flow": continue_chosen,
    "action_cancel_interrupted_flows": cancel_waiting,
    "action_end_session": end_session,
    "action_set_aside": set_aside,
    "action_resume_set_aside": take_up,
    "action_drop_set_aside": drop,
    "action_skip_question": skip_question,
    "action_say_why_needed": say_why_needed,
}

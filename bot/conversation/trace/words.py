"""The words of a trace, for people who write no program, in Korean and in English."""

from __future__ import annotations

from bot.conversation.commands import (
    Abuse,
    AskKnowledge,
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    ForgetFacts,
    Handoff,
    LeaveQueue,
    Repeat,
    Restart,
    SetSlot,
    SkipQuestion,
    StartFlow,
    TellFacts,
)
from bot.conversation.events import Owner, SlotSource, UserUttered
from bot.conversation.flows.model import END
from bot.conversation.flows.watching import StepTaken
from bot.conversation.trace.names import Names
from korean.josa import attach

Words = tuple[str, str]
"""The same in Korean and in English."""

SOURCES: dict[SlotSource, Words] = {
    "user": ("고객이 말함", "said by the customer"),
    "button": ("고객이 고름", "chosen by the customer"),
    "action": ("처리 결과", "found by an action"),
    "flow": ("흐름이 정함", "set by the flow"),
    "agent": ("상담원이 적음", "written by an agent"),
    "initial": ("처음 값", "initial"),
    "memory": ("지난 상담", "an earlier conversation"),
}
OWNERS: dict[Owner, Words] = {
    "bot": ("이제 AI가 맡아요", "The bot has the conversation"),
    "queued": ("상담원을 기다려요", "Waits for a person"),
    "offered": ("상담원에게 제안했어요", "Offered to an agent"),
    "agent": ("이제 상담원이 맡아요", "A person has the conversation"),
    "wrapup": ("상담원이 마무리하고 있어요", "The agent wraps up"),
    "closed": ("상담이 끝났어요", "Closed"),
}
PROPOSERS: dict[str, Words] = {
    "model": (" (언어 모델의 판단)", " (decided by the language model)"),
    "memory": (" (언어 모델의 앞선 판단)", " (decided earlier by the language model)"),
}
_REASONS: dict[str, Words] = {
    "not_understood": ("뜻을 알지 못했어요", "Not understood"),
    "out_of_scope": ("상담에서 다루지 않는 이야기로 봤어요", "Not a matter of this service"),
    "empty": ("알아볼 말이 없었어요", "There were no words to understand"),
}
_QUEUE: dict[str, Words] = {
    "bot": ("대기를 그만두고 AI와 이야기하려고 해요", "Leaves the queue and goes on with the bot"),
    "message": ("기다리지 않고 메시지를 남기려고 해요", "Leaves a message instead of waiting"),
    "stop": ("대기를 그만두려고 해요", "Gives up waiting"),
}


def understanding(event: UserUttered, names: Names, enough: float) -> tuple[Words, str]:
    """What was understood of a message, and the intent's own name; below the confidence `enough` it counts as none."""
    parsed = event.parse_data
    intent = parsed.get("intent") or {}
    name = str(intent.get("name") or "")
    confidence = float(intent.get("confidence") or 0.0)
    sure = f"{confidence:.0%}"
    found = ", ".join(
        f"{e.get('entity')}={names.value(e.get('value'))}" for e in parsed.get("entities") or ()
    )
    mood = {"negative": ("불편함", "upset"), "positive": ("좋음", "pleased")}.get(
        (parsed.get("sentiment") or {}).get("label", ""), ("", "")
    )
    if not name:
        words = ("아는 뜻이 없는 말이에요", "No intent that is known")
    elif confidence < enough:
        nearest = f"{names.intent(name)} {sure}"
        words = (f"뚜렷한 뜻은 없었어요 (가장 가까운 것: {nearest})", f"No clear intent (nearest: {nearest})")
    else:
        meant = names.intent(name)
        words = (
            f"{attach(meant, '으로')} 알아들었어요 (확신 {sure})",
            f"Understood as {meant} ({sure} sure)",
        )
    extra = [(f"찾은 값 {found}", f"found {found}")] if found else []
    extra += [(f"기분 {mood[0]}", f"mood {mood[1]}")] if mood[0] else []
    ko, en = words
    return (" · ".join([ko, *(e[0] for e in extra)]), " · ".join([en, *(e[1] for e in extra)])), name


def of_command(command: Command, names: Names) -> Words:
    """What the message was taken to ask for."""
    match command:
        case StartFlow(flow=flow_id):
            flow = names.flow(flow_id)
            return f"{flow} 업무를 시작해요", f"Starts {flow}"
        case SetSlot(name=name, value=value):
            label, shown = names.slot(name), names.value(value)
            return f"{label} 값으로 {attach(shown or '빈 값', '을')} 받아요", f"Takes {shown} for {label}"
        case CancelFlow():
            return "하던 업무를 그만둬요", "Gives up what is going on"
        case Clarify(flows=flows):
            listed = ", ".join(names.flow(flow_id) for flow_id in flows)
            return f"어느 쪽인지 되물어요: {listed}", f"Asks which is meant: {listed}"
        case AskKnowledge():
            return "문서에서 답을 찾아요", "Looks for an answer in the documents"
        case ChitChat():
            return "인사나 잡담에 답해요", "Answers small talk"
        case Repeat():
            return "앞의 말을 다시 해요", "Says it again"
        case ForgetFacts():
            return "기억해 둔 정보를 지워요", "Deletes what is remembered"
        case TellFacts():
            return "기억해 둔 정보를 알려 줘요", "Tells what is remembered"
        case SkipQuestion():
            return "질문을 건너뛰어요", "Skips the question"
        case Handoff(policy=policy):
            asked = names.text(command.reason_text) or command.reason_code
            by = f" [{policy}]" if policy else ""
            return f"상담원을 불러요: {asked}{by}", f"Calls a person: {asked}{by}"
        case Abuse(close=close):
            return (
                ("폭언이 이어져 상담을 끝내요", "Ends it after repeated abuse")
                if close
                else ("폭언에 주의를 줘요", "Warns of abuse")
            )
        case LeaveQueue(choice=choice):
            return _QUEUE[choice]
        case Restart():
            return "처음부터 다시 해요", "Begins anew"
        case CannotHandle(reason=reason):
            return _REASONS[reason]


def of_step(step: StepTaken, names: Names) -> Words:
    """What a step of a flow did."""
    flow = names.flow(step.flow_id)
    ko, en = _done(step, names)
    return f"{flow}: {ko}", f"{flow}: {en}"


def _done(step: StepTaken, names: Names) -> Words:
    if step.kind == "collect":
        return _collected(step, names.slot(step.name), names)
    if step.did == "failed":
        return f"{step.name} 처리가 실패했어요", f"{step.name} failed"
    if step.kind == "link":
        to = names.flow(step.name)
        return f"{attach(to, '으로')} 넘어갔어요", f"moved on to {to}"
    if step.kind == "call":
        called = names.flow(step.name)
        return f"{attach(called, '을')} 마치고 이어 갔어요", f"went on after {called}"
    if step.kind == "set_slots":
        ko, en = "값을 정했어요", "set values"
    elif step.kind == "noop":
        ko, en = "갈 길을 정했어요", "chose the way"
    elif names.is_response(step.name):
        ko, en = "안내를 했어요", "said its message"
    else:
        ko, en = f"{attach(step.name, '을')} 처리했어요", f"ran {step.name}"
    return _with_target(step, ko, en, names)


def _collected(step: StepTaken, label: str, names: Names) -> Words:
    if step.did == "asked":
        return f"{attach(label, '을')} 물어봤어요", f"asked for {label}"
    if step.did == "refused":
        problem = f": {names.text(step.why)}" if step.why else ""
        return f"{label} 값을 받을 수 없었어요{problem}", f"could not take the value for {label}{problem}"
    return _with_target(step, f"{label} 값이 있어 넘어갔어요", f"has {label}, went on", names)


def _with_target(step: StepTaken, ko: str, en: str, names: Names) -> Words:
    """Where a step that had a choice went to."""
    if step.branch is None:
        return ko, en
    if step.goes_to == END:
        return f"{ko} → 끝", f"{en} → end"
    to_ko, to_en = _target(step, names)
    return f"{ko} → {to_ko}", f"{en} → {to_en}"


def _target(step: StepTaken, names: Names) -> Words:
    """The next step by what it does: ids that nobody gave say nothing."""
    target = names.step(step.flow_id, step.goes_to)
    if target is None:
        return step.goes_to, step.goes_to
    if target.kind == "collect":
        label = names.slot(target.name)
        return f"{label} 묻기", f"ask for {label}"
    if target.kind in ("link", "call"):
        flow = names.flow(target.name)
        return flow, flow
    said = target.name or step.goes_to
    return said, said

"""What would only go wrong while customers talk is refused when the flows are loaded: loops, dead ends, double starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.conversation.flows.model import END, Flow, Step
from formats import FormatError


def check_flows(flows: Mapping[str, Flow]) -> None:
    """Raises `FormatError` at the first thing that makes no sense in or between the flows."""
    for flow in flows.values():
        _check_goals(flow, flows)
        _check_reachable(flow)
        _check_loops(flow, flows)
        _check_persisted(flow)
    _check_calls(flows)
    _check_links(flows)
    _check_starts([flow for flow in flows.values() if not flow.is_pattern])


def _check_goals(flow: Flow, flows: Mapping[str, Flow]) -> None:
    for step in flow.steps.values():
        if step.kind not in ("link", "call"):
            continue
        if step.name not in flows and not step.name.startswith("pattern_"):
            own = [name for name, other in flows.items() if not other.is_pattern]
            raise _error(flow, step, f"{step.kind} to unknown flow {step.name!r}", f"one of {', '.join(own)}")
        if step.kind == "link" and step.name == flow.id:
            raise _error(flow, step, f"flow {flow.id!r} links to itself", "`next` to a step of the flow")


def _check_reachable(flow: Flow) -> None:
    reached, waiting = {flow.first}, [flow.first]
    while waiting:
        for goal in _goals(flow.steps[waiting.pop()]):
            if goal not in reached:
                reached.add(goal)
                waiting.append(goal)
    for step in flow.steps.values():
        if step.id not in reached:
            raise _error(
                flow, step, f"nothing leads to step {step.id!r}", "a `next` that goes there, or no such step"
            )


def _check_loops(flow: Flow, flows: Mapping[str, Flow]) -> None:
    """A loop in which nothing is ever asked anew would go round until the turn is broken off."""
    for loop in _loops(flow):
        if any(_asks_anew(step, loop) or _may_ask(step, flows) for step in loop):
            continue
        drawn = " → ".join([*(step.id for step in loop), loop[0].id])
        question = "a question that is asked each time: a collect with `ask_before_filling`, or whose slot is emptied"
        raise _error(flow, loop[0], f"flow {flow.id!r} runs in a circle: {drawn}", question)


def _asks_anew(step: Step, loop: Sequence[Step]) -> bool:
    """Whether the customer has a word each time round: an answered question is passed over unless it is emptied."""
    if step.kind != "collect":
        return False
    emptied = any(name == step.name and value is None for other in loop for name, value in other.values)
    # What an action or another flow does to the slot is not written here: the benefit of the doubt.
    unknown = any(other.kind in ("action", "call") for other in loop)
    return step.ask_before_filling or emptied or unknown


def _may_ask(step: Step, flows: Mapping[str, Flow]) -> bool:
    """Whether the step calls a flow with questions; which of them it asks again is its own matter."""
    return step.kind == "call" and step.name in flows and bool(flows[step.name].collected_slots())


def _check_persisted(flow: Flow) -> None:
    own = {step.name for step in flow.steps.values() if step.kind == "collect"}
    own |= {name for step in flow.steps.values() for name, _ in step.values}
    for name in sorted(flow.persisted_slots - own):
        raise FormatError(
            flow.file,
            flow.line,
            f"persisted_slots of {flow.id!r} names {name!r}, which the flow neither asks for nor sets",
            f"one of {', '.join(sorted(own)) or 'none'}",
        )
    for step in flow.steps.values():
        if step.kind == "collect" and not step.reset_after_flow_ends and flow.persisted_slots:
            raise _error(
                flow,
                step,
                "reset_after_flow_ends beside persisted_slots: two places say what is kept",
                f"{step.name} in persisted_slots alone",
            )


def _check_calls(flows: Mapping[str, Flow]) -> None:
    called = {
        flow.id: [(step, step.name) for step in flow.steps.values() if step.kind == "call"]
        for flow in flows.values()
    }
    for flow in flows.values():
        for step, name in called[flow.id]:
            circle = _path(called, name, flow.id)
            if circle is not None:
                drawn = " → ".join([flow.id, *circle])
                raise _error(flow, step, f"flows call each other in a circle: {drawn}", "a call that ends")
            for inner in flows[name].steps.values() if name in flows else ():
                if inner.kind == "link":
                    raise _error(
                        flows[name],
                        inner,
                        f"flow {name!r} is called by {flow.id!r} and links away, so the caller would never go on",
                        "`call` instead of `link`, or `link` after the call",
                    )


def _check_links(flows: Mapping[str, Flow]) -> None:
    """Flows that hand over to each other for ever, none of which has a question, leave the customer no word."""
    silent = {flow.id for flow in flows.values() if not _asks(flow, flows)}
    linked = {
        flow_id: [
            (step, step.name)
            for step in flows[flow_id].steps.values()
            if step.kind == "link" and step.name in silent
        ]
        for flow_id in silent
    }
    for flow_id in flows:
        for step, name in linked.get(flow_id, ()):
            circle = _path(linked, name, flow_id)
            if circle is not None:
                drawn = " → ".join([flow_id, *circle])
                raise _error(
                    flows[flow_id],
                    step,
                    f"flows link to each other in a circle without a question: {drawn}",
                    "a collect in one of them, or a link that ends",
                )


def _asks(flow: Flow, flows: Mapping[str, Flow]) -> bool:
    return bool(flow.collected_slots()) or any(_may_ask(step, flows) for step in flow.steps.values())


def _path(called: Mapping[str, Sequence[tuple[Step, str]]], start: str, goal: str) -> list[str] | None:
    """Flow ids from `start` to `goal` along calls, both included; None if there is no way."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        for _, name in called.get(way[-1], ()):
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return None


def _check_starts(flows: Iterable[Flow]) -> None:
    intents: dict[str, str] = {}
    names: dict[str, str] = {}
    for flow in flows:
        for trigger in flow.triggers:
            if trigger.intent in intents:
                raise FormatError(
                    flow.file,
                    flow.line,
                    f"intent {trigger.intent!r} starts both {intents[trigger.intent]!r} and {flow.id!r}",
                    "one flow an intent; a branch inside it, or an intent of its own",
                )
            intents[trigger.intent] = flow.id
        if flow.name in names:
            raise FormatError(
                flow.file,
                flow.line,
                f"flows {names[flow.name]!r} and {flow.id!r} are both called {flow.name!r}",
                "a name of its own: customers choose between flows by it",
            )
        names[flow.name] = flow.id


def _loops(flow: Flow) -> Iterator[list[Step]]:
    """Circles of steps: for each step that can be reached from itself, the shortest way round."""
    seen: set[frozenset[str]] = set()
    for step in flow.steps.values():
        circle = _round(flow, step.id)
        if circle is not None and (key := frozenset(circle)) not in seen:
            seen.add(key)
            yield [flow.steps[step_id] for step_id in circle]


def _round(flow: Flow, start: str) -> list[str] | None:
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for goal in _goals(flow.steps[way[-1]]):
            if goal == start:
                return way
            if goal not in seen:
                seen.add(goal)
                ways.append([*way, goal])
    return None


def _goals(step: Step) -> list[str]:
    return [branch.target for branch in step.branches if branch.target != END]


def _error(flow: Flow, step: Step, problem: str, expected: str) -> FormatError:
    return FormatError(flow.file, step.line, problem, expected)

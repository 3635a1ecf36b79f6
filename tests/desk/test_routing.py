"""Each routing policy by itself, and what they make together."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.store import Case, Person
from bot.conversation.workforce import AgentProfile, AgentRow
from bot.desk.queues import Queue, QueueSpec, routing_policy
from bot.desk.routing import POLICIES, Worker, scores
from bot.server.settings import load_settings
from formats import FormatError

NOW = 1_000_000.0


def case(**changes: Any) -> Case:
    fields: dict[str, Any] = {"id": "h", "conversation_id": "c", "reason_code": "x", "created_at": NOW}
    return Case(**{**fields, "waiting_since": NOW, **changes})


def agent(user_id: str = "u1", *, idle: float = 0.0, voice: int = 0, chat: int = 0, **profile: Any) -> Worker:
    row = AgentRow(user_id=user_id, idle_since=NOW - idle, profile=AgentProfile(**profile))
    return Worker(row, voice=voice, chat=chat)


def score(name: str, of: Case, worker: Worker, after: float = 0.0, **options: Any) -> float | None:
    return POLICIES[name].model_validate(options).score(of, worker, NOW + after)


def test_longest_idle_prefers_who_has_waited_longer() -> None:
    found = [score("longest_idle", case(), agent(idle=idle)) for idle in (10, 300)]
    assert found == [10, 300]


def test_least_busy_prefers_who_holds_less() -> None:
    free, busy = score("least_busy", case(), agent()), score("least_busy", case(), agent(chat=2))
    assert free is not None and busy is not None and free > busy


def test_skills_are_relaxed_level_by_level_while_the_customer_waits() -> None:
    loan, novice, other = case(skills=("loan",)), agent(skills={"loan": 2}), agent(skills={"card": 5})
    options = {"level": 3, "relax_after": 10}
    assert score("skills", loan, agent(skills={"loan": 3}), **options) == 1
    assert score("skills", loan, novice, 9, **options) is None
    assert score("skills", loan, novice, 10, **options) == 1
    assert score("skills", loan, other, 29, **options) is None
    assert score("skills", loan, other, 30, **options) == 0


def test_language_gives_way_to_somebody_rather_than_nobody() -> None:
    english = case(language="en")
    assert score("language", english, agent(languages=("ko", "en"))) == 1
    assert score("language", english, agent(), 299) is None
    assert score("language", english, agent(), 300) == 0


def test_proficiency_weighs_skill_against_idleness() -> None:
    loan = case(skills=("loan",))
    expert, idler = agent(skills={"loan": 5}), agent(skills={"loan": 1}, idle=600)
    assert score("proficiency", loan, expert, weight=0.9) > score("proficiency", loan, idler, weight=0.9)  # type: ignore[operator]
    assert score("proficiency", loan, expert, weight=0.1) < score("proficiency", loan, idler, weight=0.1)  # type: ignore[operator]


def test_the_last_agent_is_preferred_for_half_an_hour() -> None:
    fresh = case(last_agent=Person(id="u1"), last_agent_at=NOW - 29 * 60)
    stale = case(last_agent=Person(id="u1"), last_agent_at=NOW - 31 * 60)
    assert [score("last_agent", fresh, agent(who)) for who in ("u1", "u2")] == [1, 0]
    assert [score("last_agent", stale, agent(who)) for who in ("u1", "u2")] == [0, 0]
    assert score("last_agent", fresh, agent("u2"), 9, hold=10) is None
    assert score("last_agent", fresh, agent("u2"), 10, hold=10) == 0


def test_a_team_is_helped_out_when_it_takes_too_long() -> None:
    options = {"teams": ["대출"], "overflow_after": 60}
    assert score("team", case(), agent(team="대출"), **options) == 1
    assert score("team", case(), agent(), 59, **options) is None
    assert score("team", case(), agent(), 60, **options) == 0


def test_head_starts_add_up_and_are_finite() -> None:
    policy = POLICIES["priority"].model_validate({"segments": {"vip": 120}, "reasons": {"phishing": 3_600}})
    vip = case(urgency="high", segment="vip")
    assert policy.head_start(vip) == 420
    assert policy.head_start(case()) == 0
    # Somebody who came seven minutes earlier is still served before.
    placed = vip.model_copy(update={"head_start": 420.0})
    assert case(waiting_since=NOW - 421).serve_at < placed.serve_at < case(waiting_since=NOW - 419).serve_at


def test_the_first_policy_of_a_list_counts_most() -> None:
    policies = [routing_policy("last_agent"), routing_policy("longest_idle")]
    known = case(last_agent=Person(id="u1"), last_agent_at=NOW)
    best = max(
        (agent("u1", idle=1), agent("u2", idle=900)), key=lambda w: scores(policies, known, w, NOW) or ()
    )
    assert best.agent.user_id == "u1"
    assert scores([routing_policy("language"), *policies], case(language="en"), agent(), NOW) is None


def test_other_queues_help_out_after_a_while() -> None:
    spec = QueueSpec.model_validate({"name": "loan", "overflow": [{"after": 120, "to": "general"}]})
    queue = Queue(spec, [])
    assert queue.serves((), 0)
    assert queue.serves(("loan",), 0)
    assert not queue.serves(("general",), 119)
    assert queue.serves(("general",), 120)


@pytest.mark.parametrize(
    ("desk", "line", "expected"),
    [
        ("routing: [fastest]", 11, "one of longest_idle"),
        ("routing: [{name: skills, level: 9}]", 11, "level"),
        ("queues: [{name: a}, {name: a}]", 11, "comes twice"),
        ("queues: [{name: a, overflow: [{after: 1, to: b}]}]", 11, "unknown queue 'b'"),
        ("queues: [{name: a, hours: {week: {mon-fri: 9-18시}}}]", 11, "09:00-18:00"),
        ("queues: [{name: a, hours: {week: {fri-mon: closed}}}]", 11, "goes backwards"),
        ("queues: [{name: a, colour: red}]", 11, "colour"),
        ("offer_seconds: 0", 11, "offer_seconds"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(tmp_path: Any, desk: str, line: int, expected: str) -> None:
    head = "recipe: default.v1\nassistant_id: a\nlanguage: ko\nname: a\npipeline:\n  - name: KoreanNormalizer\n\n\n\ndesk:\n"
    (tmp_path / "config.yml").write_text(f"{head}  {desk}\n", "utf-8")
    with pytest.raises(FormatError) as refused:
        load_settings(tmp_path, {})
    assert f"config.yml:{line}" in str(refused.value)
    assert expected in f"{refused.value} {refused.value.remedy}"

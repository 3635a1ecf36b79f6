"""Routing policies by name."""

from __future__ import annotations

from bot.desk.routing.language import Language
from bot.desk.routing.last_agent import LastAgent
from bot.desk.routing.least_busy import LeastBusy
from bot.desk.routing.longest_idle import LongestIdle
from bot.desk.routing.policy import RoutingPolicy, Worker, scores, waited
from bot.desk.routing.priority import Priority
from bot.desk.routing.proficiency import Proficiency
from bot.desk.routing.skills import SkillMatch
from bot.desk.routing.team import Team

POLICIES: dict[str, type[RoutingPolicy]] = {
    "longest_idle": LongestIdle,
    "least_busy": LeastBusy,
    "skills": SkillMatch,
    "proficiency": Proficiency,
    "language": Language,
    "last_agent": LastAgent,
    "priority": Priority,
    "team": Team,
}
"""Name in config.yml -> settings, which are the policy."""

__all__ = ["POLICIES", "RoutingPolicy", "Worker", "scores", "waited"]

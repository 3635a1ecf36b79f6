"""The race of the floor over two server processes, one of them killed in the middle; whole in benchmarks/desk_race_processes.py.

What must hold does, but for the second within which a free agent gets a case: other tests run on the same processor, and a
server starts in the middle.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import redis

from bot.bench.desk_race.race import race
from bot.server.settings import load_settings

REDIS = os.environ.get("SANGDAM_TEST_REDIS_URL", "redis://127.0.0.1:6379/13")
ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def impatient(folder: Path) -> Path:
    """The reference assistant with a desk that waits for nobody: offers end soon, and go round soon again."""
    folder.mkdir()
    for name in ("domain.yml", "data"):
        (folder / name).symlink_to(ROOT / name)
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    hurry = "desk:\n  offer_seconds: 3\n  again_after: 2\n"
    (folder / "config.yml").write_text(re.sub("^desk:\n", hurry, config, flags=re.M), encoding="utf-8")
    return folder


async def test_one_owner_no_message_lost_nobody_forgotten(
    empty_database: str, trained: Path, tmp_path: Path
) -> None:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.exceptions.ConnectionError:
        pytest.skip("no Redis")
    settings = load_settings(impatient(tmp_path / "assistant"), {"SANGDAM_DATA_DIR": str(trained)})
    result = await race(
        settings, tmp_path, empty_database, REDIS, agents=5, customers=15, seconds=8, idle=10.0
    )
    assert result.violations == []
    assert len(result.kills) == 1 and result.looks > 20
    done = result.sent.done
    assert done["written"] >= 15 and done["accepted"] >= 10 and done["closed"] > 0

"""schemathesis holds the running server to its own document: right requests, wrong ones, no token, other methods.

Each call is made with a token that may make it, and mostly for things that exist: cases that wait, that somebody has, and
that are over. `make explore` does the same with many more examples, others each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import settings

from .conftest import call

API_TOKEN = "an-api-token-of-tests-0123456789"
EXPLORES = settings().max_examples > 1_000
"""Whether this is `make explore`."""
pytestmark = pytest.mark.slow

CONFIG = """
[dictionaries]
{dictionaries}

[parameters]
"path.case_id" = {{ dictionary = "cases", probability = 0.9 }}
"path.agent_id" = {{ dictionary = "agents", probability = 0.7 }}
"path.username" = {{ dictionary = "usernames", probability = 0.7 }}
"path.conversation_id" = {{ dictionary = "conversations", probability = 0.7 }}
"path.customer_id" = {{ dictionary = "customers", probability = 0.8 }}
"path.file_id" = {{ dictionary = "files", probability = 0.7 }}

[phases]
stateful = {{ enabled = false }}

[checks]
# 422, and of channels 400, are for what no schema can say: a code, a colleague, a slot, a password that isn't one here, or
# metadata too deep to be kept.
positive_data_acceptance = {{ expected-statuses = ["2xx", "400", "401", "403", "404", "409", "415", "422", "429"] }}
negative_data_rejection = {{ expected-statuses = ["400", "401", "403", "404", "409", "413", "415", "422", "429"] }}
"""
ROLES = {"admin": "admin", "minji": "agent", "boss": "supervisor"}
HOOKS = str(Path(__file__).with_name("schemathesis_hooks.py"))
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.fixture
def config(
    start_server: Any, new_customer: Any, sign_in: Any, add_agent: Callable[..., str], tmp_path: Path
) -> Callable[..., Any]:
    """Starts a server with people and cases in it; gives its address and a configuration for `st`."""

    async def make(**environment: str) -> tuple[str, Path]:
        server = start_server(companions=False, SANGDAM_API_TOKEN=API_TOKEN, **environment)
        passwords = {name: add_agent(server, name, name, role) for name, role in ROLES.items()}
        admin, leaving = [await sign_in(server.url, "admin", passwords["admin"]) for _ in range(2)]
        await sign_in(server.url, "minji", passwords["minji"])
        customer = await new_customer(server.url)
        file_id = (await send_file(server.url, customer.token))["attachment"]["id"]
        await customer.send("/request_human")
        senders = [f"rest-{number}" for number in range(8)]
        for sender in senders:
            body = {"sender": sender, "message": "/request_human"}
            await call("POST", f"{server.url}/webhooks/rest/webhook", API_TOKEN, body)
        cases = [case["id"] for case in (await admin.get("/cases?state=waiting"))["cases"]]
        await admin.put("/me/state", {"state": "available"})
        for case in cases[:3]:  # as many as an agent holds
            await admin.post(f"/cases/{case}/accept")
        await admin.post(f"/cases/{cases[1]}/close", {"code": "resolved"})
        at = datetime.now(UTC) + timedelta(days=1)
        await admin.post(f"/cases/{cases[2]}/follow-up", {"at": at.isoformat(), "note": "다시 전화"})
        lists = {
            "cases": cases,
            "agents": [agent["id"] for agent in (await admin.get("/agents"))["agents"]],
            "usernames": ["minji"],
            "conversations": senders,
            "files": [file_id],
            "customers": [(await admin.get(f"/cases/{case}/customer"))["id"] for case in cases[:6]],
        }
        path = tmp_path / "schemathesis.toml"
        path.write_text(
            CONFIG.format(
                dictionaries="\n".join(
                    f"{of} = {{ values = {json.dumps(them)} }}" for of, them in lists.items()
                ),
            )
        )
        tokens = {"desk": admin.token, "leaving": leaving.token, "chat": customer.token, "api": API_TOKEN}
        path.with_name("tokens.json").write_text(json.dumps(tokens))
        return server.url, path

    return make


async def send_file(url: str, token: str) -> Any:
    """A picture of a customer's."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        answer = await session.post(f"{url}/api/chat/files?client_msg_id=f-1&name=a.png", data=PICTURE)
        return await answer.json()


def run(url: str, config: Path, *options: str, seconds: float) -> None:
    """`st run`; fails the test with what it reports."""
    program = str(Path(sys.executable).with_name("st"))
    done = subprocess.run(
        [program, "--config-file", str(config), "--no-color", "run", f"{url}/openapi.json", *options],
        cwd=config.parent,
        env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS},
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    (config.parent / "report.txt").write_text(done.stdout)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


async def test_the_server_keeps_to_its_document(config: Any) -> None:
    url, path = await config()
    if EXPLORES:
        run(url, path, "--max-examples", "200", seconds=3_000)
    else:
        run(url, path, "--max-examples", "4", "--generation-deterministic", seconds=200)


@pytest.mark.postgres
@pytest.mark.skipif(not EXPLORES, reason="long; `make explore` does it")
async def test_on_postgresql_too(config: Any, postgres_database: str) -> None:
    url, path = await config(SANGDAM_DATABASE_URL=postgres_database)
    run(url, path, "--max-examples", "50", seconds=3_000)

"""What load balancers and dashboards ask."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.errors import StoreUnavailable


async def test_alive_and_ready(house: Any) -> None:
    status, body = await house.call("GET", "/healthz")
    assert status == 200 and body["status"] == "ok" and body["version"]
    assert await house.call("GET", "/readyz") == (200, {"status": "ready"})


async def test_not_ready_without_a_database(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(conversation_id: str) -> Any:
        raise StoreUnavailable("down")

    monkeypatch.setattr(house.server.service.store, "head", gone)
    status, body = await house.call("GET", "/readyz")
    assert status == 503 and body["status"] == "unavailable" and body["reason"]
    assert (await house.call("GET", "/healthz"))[0] == 200


async def test_metrics_count_without_naming_anybody(house: Any) -> None:
    body = {"sender": "홍길동", "message": "안녕하세요"}
    await house.call("POST", "/webhooks/rest/webhook", body)
    await house.call("GET", "/conversations/홍길동/tracker")
    await house.client.request("PROPFIND", "/홍길동")
    answer = await house.client.get("/metrics")
    text = await answer.text()
    assert answer.content_type == "text/plain"
    assert 'sangdam_events_total{event="user"} 1.0' in text
    assert 'route="/webhooks/rest/webhook",status="200"' in text
    assert 'route="/conversations/{conversation_id}/tracker"' in text
    assert "홍길동" not in text and "PROPFIND" not in text and 'method="other"' in text


async def test_the_token_does_not_guard_operations(open_house: Any) -> None:
    house = await open_house(SANGDAM_API_TOKEN="t")
    for path in ("/healthz", "/readyz", "/metrics", "/version"):
        assert (await house.client.get(path)).status == 200

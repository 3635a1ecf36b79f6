"""What agents do with customers over HTTP, for the tests here: `acts`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.desk.customers.shapes import CustomerShape


async def held(desk: Any, who: str = "c1", channel: str = "webchat") -> tuple[str, str]:
    """A case that 김민지 holds, and her token."""
    await desk.customer_says(
        "카드를 잃어버렸어요", "010-1234-5678이에요", "상담원 바꿔 주세요", who=who, channel=channel
    )
    case_id = await desk.case_of(who)
    token = await desk.sign_in()
    assert (await desk.call(token, "POST", f"cases/{case_id}/accept"))[0] == 200
    return case_id, token


async def profile_of(desk: Any, token: str, case_id: str) -> dict[str, Any]:
    status, body = await desk.call(token, "GET", f"cases/{case_id}/customer")
    assert status == 200
    CustomerShape.model_validate(body)
    return dict(body)


async def merged(desk: Any, token: str, kept: dict[str, Any], gone: dict[str, Any], **more: Any) -> Any:
    body = {"other": gone["id"], "version": kept["version"], "other_version": gone["version"], **more}
    return await desk.call(token, "POST", f"customers/{kept['id']}/merge", body)


@pytest.fixture
def acts() -> Any:
    """The functions above."""
    return SimpleNamespace(held=held, profile_of=profile_of, merged=merged)

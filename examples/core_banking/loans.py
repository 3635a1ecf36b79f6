"""A first look at a loan: what somebody of this income and work may borrow. No promise."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from examples.core_banking.state import body_of

RATES = {"신용대출": (4.3, 8.9), "전세대출": (3.4, 4.6), "주택담보대출": (3.6, 5.1)}
"""Kind -> lowest and highest yearly rate in percent."""
TIMES_INCOME = {"신용대출": 1.2, "전세대출": 3.5, "주택담보대출": 6.0}
"""Kind -> yearly incomes that are lent at most."""
LEAST_INCOME = 12_000_000
"""Won a year below which nothing is lent without a person's look."""


async def precheck(request: web.Request) -> web.Response:
    """`result` possible, reduced or refused, with the most that is lent in won and the range of rates."""
    wish = await body_of(request)
    kind, work = str(wish.get("kind")), str(wish.get("work"))
    try:
        income, amount = float(wish["income"]), float(wish["amount"])
        low, high = RATES[kind]
    except (KeyError, TypeError, ValueError):
        return web.json_response({"error": "bad_wish"}, status=400)
    share = {"무직": 0.0, "프리랜서": 0.7, "자영업자": 0.8}.get(work, 1.0)
    most = int(income * TIMES_INCOME[kind] * share // 1_000_000 * 1_000_000)
    answer: dict[str, Any] = {"most": most, "rate_low": low, "rate_high": high}
    if income < LEAST_INCOME or most < 1_000_000:
        answer.update(result="refused", reason="work" if work == "무직" else "income", most=0)
    else:
        answer["result"] = "possible" if amount <= most else "reduced"
    return web.json_response(answer)

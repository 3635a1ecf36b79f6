"""The customers with which the server starts. Names, numbers and addresses are made up."""

from __future__ import annotations

from typing import Any

Customer = dict[str, Any]


def customers() -> list[Customer]:
    """A fresh copy of all customers."""
    return [
        _customer(
            "c-1001", "김서연", "010-1234-5678", [("신용카드", "4821"), ("체크카드", "1907")], 10_000_000
        ),
        _customer("c-1002", "이도윤", "010-2345-6789", [("체크카드", "3350")], 5_000_000),
        _customer("c-1003", "박하준", "010-3456-7890", [("신용카드", "7714")], 100_000_000),
        # Their calls go wrong on purpose, so that apologies can be tested.
        _customer("c-1004", "최지우", "010-4567-8901", [("신용카드", "6626")], 1_000_000, fails="error"),
        _customer("c-1005", "정수아", "010-5678-9012", [("체크카드", "2088")], 1_000_000, fails="slow"),
    ]


def _customer(
    customer_id: str, name: str, phone: str, cards: list[tuple[str, str]], limit: int, fails: str = ""
) -> Customer:
    return {
        "id": customer_id,
        "name": name,
        "phone": phone,
        "fails": fails,
        "cards": [
            {"id": f"{customer_id}-{last4}", "type": kind, "last4": last4, "status": "active"}
            for kind, last4 in cards
        ],
        "daily_limit": limit,
    }

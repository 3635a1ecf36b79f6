"""The customers with which the server starts. Names, numbers and addresses are made up; days count from the start."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Customer = dict[str, Any]

BRANCHES = {
    "서울역점": ("09:00", "18:00", False),
    "강남역점": ("09:00", "18:00", False),
    "여의도점": ("09:00", "16:00", False),
    "홍대입구점": ("09:00", "16:00", False),
    "판교점": ("09:00", "16:00", False),
    "인천공항점": ("06:00", "21:00", True),
    "대전둔산점": ("09:00", "16:00", False),
    "대구동성로점": ("09:00", "16:00", False),
    "부산서면점": ("09:00", "18:00", False),
    "광주상무점": ("09:00", "16:00", False),
    "제주노형점": ("09:00", "16:00", False),
}
"""Branch -> (opens, closes, open on weekends and holidays too)."""

BUSY = {"인천공항점": ["12:00", "12:30"], "강남역점": ["12:00"]}
"""Times at which no counter is free on any day."""


def customers(today: date) -> list[Customer]:
    """A fresh copy of all customers, as they are on this day."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    def ahead(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    seoul, busan = "서울시 마포구 양화로 45", "부산시 해운대구 센텀중앙로 97"
    return [
        _customer(
            "c-1001",
            "김서연",
            "010-1234-5678",
            "2580",
            cards=[("신용카드", "4821"), ("체크카드", "1907")],
            limit=10_000_000,
            balance=3_240_000,
            address=seoul,
            delivery={"status": "on_the_way", "day": ahead(2)},
            transfers=[
                _sent(ago(1), 300_000, "김민수", "가온은행"),
                _sent(ago(0), 50_000, "박지영", "이음은행"),
            ],
            certificates={"공동인증서": ago(3), "금융인증서": ahead(400)},
        ),
        _customer(
            "c-1002",
            "이도윤",
            "010-2345-6789",
            "1470",
            cards=[("체크카드", "3350")],
            limit=5_000_000,
            balance=3_000,
            address=busan,
            delivery={"status": "making", "day": ahead(6)},
            transfers=[_sent(ago(1), 30_000, "최수정", "새봄은행")],
            certificates={"공동인증서": ahead(12)},
        ),
        _customer(
            "c-1003",
            "박하준",
            "010-3456-7890",
            "3690",
            cards=[("신용카드", "7714")],
            limit=100_000_000,
            balance=84_000_000,
            address=seoul,
            delivery={"status": "returned", "day": ago(1)},
            transfers=[
                _sent(ago(1), 1_500_000, "정유진", "가온은행"),
                _sent(ago(2), 150_000_000, "한별상사", "새봄은행"),
            ],
            certificates={"공동인증서": ahead(200), "금융인증서": ago(30)},
        ),
        # Their calls go wrong on purpose, so that apologies can be tested.
        _customer(
            "c-1004",
            "최지우",
            "010-4567-8901",
            "1111",
            cards=[("신용카드", "6626")],
            limit=1_000_000,
            fails="error",
        ),
        _customer(
            "c-1005",
            "정수아",
            "010-5678-9012",
            "2222",
            cards=[("체크카드", "2088")],
            limit=1_000_000,
            fails="slow",
        ),
        _customer(
            "c-1006",
            "한지민",
            "010-6789-0123",
            "7410",
            cards=[("체크카드", "5121")],
            limit=3_000_000,
            balance=900_000,
            address=busan,
            transfers=[_sent(ago(1), 70_000, "서도현", "가온은행")],
            certificates={"공동인증서": ago(1)},
            fails="maintenance",
        ),
        _customer("c-1007", "오민재", "010-7890-1234", "8520", cards=[("체크카드", "6043")], limit=2_000_000),
        _customer(
            "c-1008",
            "윤서아",
            "010-8901-2345",
            "9630",
            cards=[("체크카드", "7755"), ("신용카드", "8034")],
            limit=5_000_000,
            balance=120_000,
            address=seoul,
            delivery={"status": "making", "day": ahead(5)},
            transfers=[_sent(ago(1), 80_000, "문하은", "새봄은행")],
            certificates={"공동인증서": ago(10)},
        ),
        _customer(
            "c-1009",
            "강시우",
            "010-9012-3456",
            "1593",
            cards=[("신용카드", "2299"), ("체크카드", "3381")],
            limit=20_000_000,
            balance=5_600_000,
            address=busan,
            delivery={"status": "delivered", "day": ago(2), "receiver": "경비실"},
            transfers=[
                _sent(ago(1), 200_000, "조은서", "가온은행"),
                _sent(ago(400), 90_000, "신지호", "새봄은행"),
            ],
            certificates={"금융인증서": ahead(20)},
        ),
        _customer("c-1010", "임하린", "010-1357-2468", "7531", cards=[("신용카드", "9100")], limit=5_000_000),
        _customer(
            "c-1011",
            "송은우",
            "010-2468-1357",
            "4862",
            cards=[("신용카드", "6470"), ("체크카드", "6471")],
            limit=50_000_000,
            balance=700_000,
            address=seoul,
            delivery={"status": "delivered", "day": ago(1), "receiver": "본인"},
            transfers=[_sent(ago(1), 450_000, "배수민", "이음은행")],
            certificates={"공동인증서": ahead(5), "금융인증서": ahead(5)},
        ),
        _customer(
            "c-1012",
            "유지안",
            "010-3579-1357",
            "3333",
            cards=[("체크카드", "1212")],
            limit=1_000_000,
            tries_left=0,
        ),
    ]


def _sent(day: str, amount: int, to: str, bank: str) -> dict[str, Any]:
    return {"day": day, "amount": amount, "to": to, "bank": bank}


def _customer(
    customer_id: str,
    name: str,
    phone: str,
    pin: str,
    *,
    cards: list[tuple[str, str]],
    limit: int,
    balance: int = 0,
    address: str = "",
    delivery: dict[str, Any] | None = None,
    transfers: list[dict[str, Any]] | None = None,
    certificates: dict[str, str] | None = None,
    fails: str = "",
    tries_left: int = 3,
) -> Customer:
    return {
        "id": customer_id,
        "name": name,
        "phone": phone,
        "pin": pin,
        "tries_left": tries_left,
        "fails": fails,
        "cards": [
            {"id": f"{customer_id}-{last4}", "type": kind, "last4": last4, "status": "active"}
            for kind, last4 in cards
        ],
        "daily_limit": limit,
        "balance": balance,
        "address": address,
        "frozen": False,
        "delivery": delivery,
        "transfers": [
            {"id": f"{customer_id}-t{number}", "returned": "", **transfer}
            for number, transfer in enumerate(transfers or [], 1)
        ],
        "certificates": dict(certificates or {}),
    }

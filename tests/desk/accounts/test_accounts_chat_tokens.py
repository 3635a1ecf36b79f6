"""Customers' tokens open their own conversation; the key that signs them is made once and kept to its owner."""

from __future__ import annotations

import base64
import json
import multiprocessing
import stat
from pathlib import Path

import jwt
import pytest

from bot.desk.accounts import ChatTokens, secret_key
from bot.desk.accounts.errors import BadChatToken, BadSecretKey

KEY = b"k" * 48
NOW = 1_795_000_000.0


def tokens(now: float = NOW, key: bytes = KEY) -> ChatTokens:
    return ChatTokens(key, clock=lambda: now)


def test_a_token_opens_its_conversation_for_thirty_days() -> None:
    issued = tokens().issue("대화-1")
    assert issued.expires_at == NOW + 30 * 86_400
    assert tokens().conversation_of(issued.token) == "대화-1"
    assert tokens(issued.expires_at - 1).conversation_of(issued.token) == "대화-1"


def test_an_expired_token_is_told_as_such() -> None:
    issued = tokens().issue("c1")
    with pytest.raises(BadChatToken) as refused:
        tokens(issued.expires_at).conversation_of(issued.token)
    assert (refused.value.code, refused.value.status, refused.value.expired) == (
        "chat_token_expired",
        401,
        True,
    )


def forged(**claims: object) -> str:
    return jwt.encode({"sub": "c1", "aud": "chat", "exp": NOW + 60, **claims}, KEY, algorithm="HS256")


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, {"sub": "c1", "aud": "chat", "exp": NOW + 60})
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
    )


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x.y.z",
        "\ud800",
        "t" * 100_000,
        unsigned(),
        forged(aud="desk"),
        forged(sub=None),
        forged(exp="soon"),
        tokens(key=b"another key" * 4).issue("c1").token,
        tokens().issue("c1").token[:-2],
        jwt.encode({"sub": "c1", "aud": "chat"}, KEY, algorithm="HS256"),
        jwt.encode({"sub": "c1", "aud": "chat", "exp": NOW + 60}, KEY * 2, algorithm="HS512"),
    ],
)
def test_a_foreign_or_changed_token_opens_nothing(token: str) -> None:
    with pytest.raises(BadChatToken) as refused:
        tokens().conversation_of(token)
    assert not refused.value.expired


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "var"
    key = secret_key(data_dir, {})
    assert len(key) >= 32
    assert secret_key(data_dir, {}) == key
    assert stat.S_IMODE((data_dir / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["secret.key"]
    assert secret_key(tmp_path / "other", {}) != key


def test_the_environment_s_key_goes_before_the_file(tmp_path: Path) -> None:
    given = "환경에서 준 아주 긴 비밀 키입니다"
    assert secret_key(tmp_path, {"SANGDAM_SECRET_KEY": given}) == given.encode()
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSecretKey, match="too short"):
        secret_key(tmp_path, {"SANGDAM_SECRET_KEY": "secret"})
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(BadSecretKey, match="damaged"):
        secret_key(tmp_path, {})


def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSecretKey) as refused:
        secret_key(tmp_path / "file" / "var", {})
    assert "SANGDAM_SECRET_KEY" in refused.value.remedy


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        keys = pool.starmap(secret_key, [(tmp_path, {})] * 8)
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]

"""`X-Twilio-Signature`: base64 of HMAC-SHA1 over the URL as it stands in the TwiML, keyed by the account's token."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import urlsplit


def sign(token: str, url: str) -> str:
    """The signature of a GET, which an upgrade is: no form fields, the URL alone."""
    return base64.b64encode(hmac.new(token.encode(), url.encode(), hashlib.sha1).digest()).decode()


def verified(token: str, signature: str, urls: Iterator[str] | list[str]) -> bool:
    """Whether it is the signature of one of the URLs; each comparison takes constant time."""
    given = signature.encode("utf-8", "replace")
    return any(hmac.compare_digest(sign(token, url).encode(), given) for url in urls)


def spellings(public_url: str, path: str) -> Iterator[str]:
    """The same address as deployments write it: ws or http scheme, with and without its port and a last slash."""
    parts = urlsplit(public_url)
    secure = parts.scheme in ("https", "wss")
    host = parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    hosts = [f"{host}:{port}"] + ([host] if port in (80, 443) else [])
    for scheme in ("wss", "https") if secure else ("ws", "http", "wss", "https"):
        for name in hosts:
            yield f"{scheme}://{name}{parts.path.rstrip('/')}{path}"
            yield f"{scheme}://{name}{parts.path.rstrip('/')}{path}/"

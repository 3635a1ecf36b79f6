"""Which addresses may be fetched: public ones, whatever name leads there, checked where the connection is made.

A crawler that fetches what it is told can be led to the machines behind the firewall (server-side request forgery). A
name is resolved once, its addresses are checked, and the connection goes to the addresses that were checked.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from knowledge_base.errors import DocumentProblem

_TUNNELS = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
"""IPv6 that carries an IPv4 address inside, which may be any."""
_PORTS = (None, 80, 443, 8080, 8443)
LONGEST = 2000
_SESSION = ("utm_", "fbclid", "gclid", "jsessionid", "phpsessid", "sessionid", "sid=")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in net for net in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class CheckedResolver(AbstractResolver):
    """Resolves names for the connection itself, and gives none that has an address inside."""

    def __init__(self, private: Iterable[str] = (), resolver: AbstractResolver | None = None) -> None:
        self._private = frozenset(private)
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Checked addresses. Raises `DocumentProblem` if one isn't public."""
        found = await self._resolver.resolve(host, port, family)
        if host not in self._private and not all(is_public(item["host"]) for item in found):
            raise private_address(host)
        return found

    async def close(self) -> None:
        """Nothing is held."""
        await self._resolver.close()


def check_url(url: str, private: Iterable[str] = ()) -> str:
    """The address in its normal form. Raises `DocumentProblem` for one that must not be fetched.

    `private` are hosts of the operator's own network that were allowed by name.
    """
    if len(url) > LONGEST:
        raise DocumentProblem("bad_address", "The address is too long.", "A shorter one.")
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        raise DocumentProblem("bad_address", f"{url[:80]!r} is no address.", "https://…") from None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise DocumentProblem("bad_address", f"{url[:80]!r} is no page's address.", "https://…")
    if host not in private:
        if port not in _PORTS:
            raise DocumentProblem("bad_address", f"Port {port} isn't fetched.", "One of 80, 443, 8080, 8443.")
        if _is_ip(host) and not is_public(host):
            raise private_address(host)
    return _normal(url)


def private_address(host: str) -> DocumentProblem:
    """An address inside a network."""
    return DocumentProblem(
        "private_address",
        f"{host} is inside a network, not on the public internet.",
        "If it is your own intranet, allow it with --allow-private HOST, or allow_private in config.yml.",
    )


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _normal(url: str) -> str:
    """Without fragment, session and tracking parameters, with its host in small letters."""
    parts = urlsplit(urldefrag(url.strip())[0])
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not pair.lower().startswith(_SESSION)
    )
    path = parts.path.partition(";")[0] or "/"
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, query, ""))


def joined(base: str, link: str) -> str:
    """A link of a page as an address; empty for one that is none."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""

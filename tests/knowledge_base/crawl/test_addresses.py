"""Nothing inside a network is fetched, by whatever name or way it is reached."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from knowledge_base.crawl.addresses import CheckedResolver, check_url, is_public
from knowledge_base.crawl.fetching import Fetcher
from knowledge_base.errors import DocumentProblem


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *(
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1", "not an address"),
    ],
)
def test_addresses_inside_a_network(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("http://example.com:22/", "bad_address"),
        ("ftp://example.com/", "bad_address"),
        ("file:///etc/passwd", "bad_address"),
        ("http://user:password@example.com/", "bad_address"),
        ("http://", "bad_address"),
        ("http://[/", "bad_address"),
        ("http://example.com:99999/", "bad_address"),
        ("https://example.com/" + "a" * 2000, "bad_address"),
    ],
)
def test_what_is_refused_before_anything_is_asked(url: str, code: str) -> None:
    with pytest.raises(DocumentProblem) as caught:
        check_url(url)
    assert caught.value.code == code and caught.value.remedy


def test_the_normal_form_drops_fragment_session_and_tracking() -> None:
    assert (
        check_url("https://Example.COM/a;jsessionid=1?utm_source=x&id=2&sid=9#top")
        == "https://example.com/a?id=2"
    )
    assert check_url("http://10.0.0.1:9000/x", private=["10.0.0.1"]) == "http://10.0.0.1:9000/x"


class Names(AbstractResolver):
    """A name server that tells what it is told to."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("169.254.169.254",)])
async def test_a_public_name_of_a_private_address_is_refused_at_the_connection(
    addresses: tuple[str, ...],
) -> None:
    async with Fetcher(resolver=CheckedResolver(resolver=Names(*addresses))) as fetcher:
        with pytest.raises(DocumentProblem) as caught:
            await fetcher.get("http://harmless.example/")
    assert caught.value.code == "private_address"


async def test_hosts_like_octal_numbers_are_names_and_resolved_under_check() -> None:
    async with Fetcher(resolver=CheckedResolver(resolver=Names("127.0.0.1"))) as fetcher:
        for host in ("0177.0.0.1", "2130706433", "127.1", "localhost"):
            with pytest.raises(DocumentProblem) as caught:
                await fetcher.get(f"http://{host}/")
            assert caught.value.code in ("private_address", "bad_address", "unreachable")

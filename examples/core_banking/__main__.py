"""`python -m examples.core_banking`: CORE_BANKING_PORT (8090) on loopback, CORE_BANKING_KEY as bearer key."""

from __future__ import annotations

import os
import sys

from aiohttp import web

from examples.core_banking.server import CoreBanking


def main() -> None:
    """Serve until stopped."""
    key = os.environ.get("CORE_BANKING_KEY", "")
    if not key:
        sys.exit("CORE_BANKING_KEY is not set: 'sangdam run' makes one for the session.")
    port = int(os.environ.get("CORE_BANKING_PORT", "8090"))
    web.run_app(CoreBanking().application(key), host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()

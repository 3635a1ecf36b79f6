"""`python -m examples.core_banking`: CORE_BANKING_PORT (8090) on loopback, CORE_BANKING_KEY as bearer key.

With `--until-stdin-ends` it ends when standard input does, that is with the program that started it.
"""

from __future__ import annotations

import os
import sys
import threading

from aiohttp import web

from examples.core_banking.server import CoreBanking


def main() -> None:
    """Serve until stopped."""
    key = os.environ.get("CORE_BANKING_KEY", "")
    if not key:
        sys.exit("CORE_BANKING_KEY is not set: 'sangdam run' makes one for the session.")
    if "--until-stdin-ends" in sys.argv:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    port = int(os.environ.get("CORE_BANKING_PORT", "8090"))
    web.run_app(CoreBanking().application(key), host="127.0.0.1", port=port, print=None, access_log=None)


def _end_with_stdin() -> None:
    # Not through sys.stdin: its lock would still be held by this thread when the interpreter ends.
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()

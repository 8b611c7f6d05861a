#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tool with esptool's command line, for tests: a board is a file, the port is its path. Beside it FILE.fault may hold `write` (it fails the
writing), `verify` (it forgets a byte), or `hang` (it never ends), or `chatty` (it says 6 MB); FILE.calls gets a line a call."""
import os
import sys
import time
from pathlib import Path


def main():
    arguments = sys.argv[1:]
    port = Path(arguments[arguments.index("--port") + 1])
    verb, address, source = arguments[-3:]
    content = Path(source).read_bytes()
    fault = Path(f"{port}.fault")
    fault = fault.read_text().strip() if fault.exists() else ""
    with open(f"{port}.calls", "a", encoding="utf-8") as calls:
        calls.write(f"{verb} {address} {os.getpid()}\n")
    print(f"fake tool v1\nConnecting to {port}...")
    if verb == "write_flash":
        for percent in (10, 55, 100):
            print(f"\rWriting at 0x{percent:08x}... ({percent} %)", end="", flush=True)
        if fault == "chatty":
            print("\n".join(["Still at it, and all is well with the board."] * 140_000))
        if fault == "hang":
            while True:
                time.sleep(3600)
        if fault == "write":
            sys.exit("\nA fatal error occurred: No serial data received.")
        port.write_bytes(content[:-1] + b"?" if fault == "verify" else content)
    elif port.read_bytes() != content:
        sys.exit("\nverify FAILED (digest mismatch)")
    print("\nHash of data verified.")


if __name__ == "__main__":
    main()

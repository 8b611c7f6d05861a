#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A spool command in the place of `lp`, for tests: FOLDER gets a file a label, in the order of their numbers. FOLDER/fault holds why it fails instead."""
import sys
from pathlib import Path


def main():
    folder = Path(sys.argv[1])
    data = sys.stdin.buffer.read()
    fault = folder / "fault"
    if fault.exists():
        sys.exit(f"lp: Error - {fault.read_text()}")
    folder.mkdir(exist_ok=True)
    number = len(list(folder.glob("label-*")))
    (folder / f"label-{number}").write_bytes(data)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The independent tools of tests/npm, installed once below the build folder."""
import fcntl
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "npm"


def install(build):
    """Their folder, with node_modules in it."""
    folder = Path(build).resolve() / "npm"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (SOURCE / "package-lock.json").read_text()
        stamp = folder / "installed"
        if not stamp.exists() or stamp.read_text() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCE / name, folder / name)
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, timeout=300)
            stamp.write_text(wanted)
    return folder

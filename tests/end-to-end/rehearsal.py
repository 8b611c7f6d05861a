#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rehearsal site: clearly marked, with devices to adopt, and gone with one click, its folder too."""
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import run_main  # noqa: E402
from window import Window  # noqa: E402


def test(build, steps):
    build = Path(build)
    with tempfile.TemporaryDirectory(prefix="muster-test-") as folder:
        env = {"TMPDIR": folder, "MUSTERD": str(build / "backend/daemon/musterd"), "MUSTER_FLEET": str(build / "firmware/posix/muster-fleet")}
        with Window([str(build / "src/console/muster"), "--rehearsal"], build / "meson-logs" / "rehearsal.log", build / "meson-logs" / "screenshots", env) as window:
            with steps.step("it says that nothing is real, and has devices"):
                window.says("Rehearsal site: nothing here is real")
                window.keys("ctrl+3")
                window.says("50 in all", 20)
                window.picture("rehearsal-1-devices")
                window.keys("ctrl+2")
                window.find("button", lambda name: name.startswith("Adopt "), 30)
                window.picture("rehearsal-2-discover")
                assert os.listdir(folder)
            with steps.step("one click ends it, and its folder is gone"):
                button = window.find("button", "End Rehearsal")
                window.press(button)
                assert window.process.wait(15) == 0
                assert not os.listdir(folder), os.listdir(folder)


if __name__ == "__main__":
    sys.exit(run_main(test))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another site, chosen in Settings: its certificate is compared, its token typed, and the window is on it at once; --connect alike."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402  (knows where the library is)
from muster_site import Site, free_port  # noqa: E402
from window import Window  # noqa: E402


def connect(window, uri, token):
    window.type(window.find("text", lambda name: name.startswith("Connect to")), uri)
    window.type(window.find("text", lambda name: name.startswith("Token of that site")), token)
    window.keys("alt+o")


def in_settings(steps, window, uri, token):
    with steps.step("Cancel leaves the window where it is"):
        window.open_settings("This Console")
        connect(window, uri, token)
        dialog = window.find("alert", "Trust This Site?", 10)
        window.picture("connect-1-certificate")
        window.click("button", "Cancel", within=dialog)
        window.gone("alert", "Trust This Site?")
        window.says("Hall 2")
    with steps.step("trusted, the window is on the other site at once"):
        connect(window, uri, token)
        window.click("button", "Trust", within=window.find("alert", "Trust This Site?", 10))
        window.find("frame", None, 10)
        window.says("Yard 5", 10)
        window.says("Connected", 10)
        window.picture("connect-2-other-site")


def test(build, steps):
    address = f"127.0.0.1:{free_port()}"
    uri = f"https://{address}"
    with Site(build, name="Yard 5") as other:
        other.start_daemon("--listen", address, "--broker-listen", "127.0.0.1:0", "--no-mdns")
        token = next(other.folder.rglob("token")).read_text().strip()
        with local_site_and_window(build, "Hall 2") as (_, window):
            other.api.call("PUT", "/site", {"name": "Yard 5"})
            in_settings(steps, window, uri, token)
        with steps.step("--connect asks the same"):
            argv = [other.program("muster"), "--connect", uri]
            with Window(argv, other.log_path("muster"), Path(build) / "meson-logs" / "screenshots", {"MUSTER_TOKEN": token}) as started:
                started.click("button", "Trust", within=started.find("alert", "Trust This Site?", 15))
                started.says("Yard 5", 10)


if __name__ == "__main__":
    sys.exit(run_main(test))

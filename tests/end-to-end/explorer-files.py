#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the room Telemetry saves: every sample of the time in sight, as it was told, and a drawing of lines and words."""
import csv
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from explorer_rig import HOURS, choose, described, make_devices, pick, store_samples  # noqa: E402
from file_portal import ENVIRONMENT, FilePortal  # noqa: E402
from muster_site import wait_for  # noqa: E402
from rig import local_site_and_window, run_main  # noqa: E402


def save_samples(steps, site, window, portal):
    for label, file in (("As CSV…", site.folder / "samples.csv"), ("As NDJSON…", site.folder / "samples.ndjson")):
        with steps.step(f"every sample of the day is saved: {label}"):
            portal.next = file
            choose(window, 8, 4)
            dialog = window.dialog("Save All Samples")
            window.find("label", lambda name: "4 metrics of 1 device" in name, within=dialog)
            window.picture("explorer-e-export")
            window.click("button", label, within=dialog)
            window.gone("dialog", "Save All Samples", 60)
            wait_for(lambda: file.exists() and file.stat().st_size > 0, 20, "the file")
    rows = list(csv.DictReader((site.folder / "samples.csv").open(encoding="utf-8")))
    lines = [json.loads(line) for line in (site.folder / "samples.ndjson").open(encoding="utf-8")]
    metrics = {row["metric"] for row in rows}
    assert metrics == {"Sensor/Temperature", "Heater/On", "Heater/Mode", "Heater/Cycles"}, metrics
    # The present moves on between the two.
    assert abs(len(rows) - len(lines)) <= 40, (len(rows), len(lines))
    # A day of minutes without the hour in which the device rested, of four metrics.
    assert 4 * (24 - 1) * 60 - 40 <= len(rows) <= 4 * HOURS * 60, len(rows)


def save_drawing(steps, site, window, portal):
    with steps.step("the drawing has lines and words, in dark ink, and no picture"):
        window.click("radio button", "6 h")
        described(window, "Chart of Temperature", "Temperature: last")
        file = portal.next = site.folder / "charts.svg"
        choose(window, 8, 2)
        wait_for(lambda: file.exists() and "</svg>" in file.read_text(), 30, "the drawing")
        drawing = file.read_text()
        assert ">Temperature</text>" in drawing and ">heating</text>" in drawing, drawing[:2000]
        assert "<image" not in drawing and 'stroke="#' in drawing
        (Path(sys.argv[1]) / "meson-logs" / "screenshots" / "explorer-f-drawing.svg").write_text(drawing)


def test(build, steps):
    environment = {**ENVIRONMENT, "ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}
    with FilePortal() as portal, local_site_and_window(build, "Files", env=environment) as (site, window):
        store_samples(site.api, make_devices(site.api))
        pick(window, "Heater 1")
        described(window, "Chart of Temperature", "Temperature: last")
        window.click("radio button", "24 h")
        window.picture("explorer-g-dark")
        save_samples(steps, site, window, portal)
        save_drawing(steps, site, window, portal)


sys.exit(run_main(test))

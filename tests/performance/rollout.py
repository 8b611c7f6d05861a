#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An update of 1,000 real nodes with images of 1 MB, by the clock: what it takes beyond the mere transfer, the daemon's memory, and what a second
one by difference takes.

rollout.py BUILD    MUSTER_BENCH_FLEET and MUSTER_BENCH_IMAGE (bytes) make it smaller
"""
import os
import ssl
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import wait_for  # noqa: E402
from site_figures import Figures, cpu_seconds, memory_mb, peak_memory_mb  # noqa: E402
from update_fleet import MODEL, Fleet, FleetSite, Works, await_online, count_updates, list_updates, upload  # noqa: E402

UNITS = int(os.environ.get("MUSTER_BENCH_FLEET", "1000"))
IMAGE = int(os.environ.get("MUSTER_BENCH_IMAGE", "1000000"))
TRANSFERS = 50


def measure_transfer(site, artifact):
    """Seconds that the files alone take from the daemon, one connection each as a node has: so much is bandwidth."""
    token = (site.folder / "data/token").read_text().strip()
    context = ssl.create_default_context(cafile=site.folder / "data/tls/authority.pem")
    context.check_hostname = False
    begin = time.monotonic()
    for _ in range(TRANSFERS):
        request = urllib.request.Request(f"https://127.0.0.1:{site.https_port}/firmware/{artifact['id']}/content", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            assert len(answer.read()) == artifact["size"]
    return (time.monotonic() - begin) / TRANSFERS * UNITS


def run_rollout(site, fleet, artifact, figures, label):
    """Everything that is updated, by the clock: seconds. Adds what it takes of both processors."""
    rollout = site.api.post("/rollouts", {"name": label, "artifact_id": artifact["id"], "filter": f"model={MODEL}"})
    spent, units_spent, begin = cpu_seconds(site.daemon), cpu_seconds(fleet.process), time.monotonic()
    site.api.call("POST", f"/rollouts/{rollout['id']}/start")
    figures.add("rollout: start asked → answered", (time.monotonic() - begin) * 1e3, "ms")
    wait_for(lambda: site.api.get(f"/rollouts/{rollout['id']}")["status"] == "finished", 900, "the rollout", 0.5)
    took = time.monotonic() - begin
    assert count_updates(site.api, rollout, status="confirmed") == UNITS
    assert set(fleet.count_tries(artifact["version"]).values()) == {1}
    figures.add(f"rollout: {UNITS:,} nodes, images of {artifact['size'] / 1e6:.2f} MB, {label}", took, "s")
    figures.add("   processor, daemon", cpu_seconds(site.daemon) - spent, "s")
    figures.add("   processor, nodes", cpu_seconds(fleet.process) - units_spent, "s")
    figures.add("   fetched by a node", sum(update["fetched"] for update in list_updates(site.api, rollout)) / UNITS / 1e3, "kB")
    return took


def change(content):
    """As from one version to the next: ten places where a little is put in."""
    step = len(content) // 10
    return b"".join(os.urandom(64) + content[at:at + step] for at in range(0, len(content), step))


def main():
    figures = Figures()
    with FleetSite(sys.argv[1]) as site:
        site.start()
        works = Works(site.build, site.folder)
        fleet = Fleet(site, "UNIT", UNITS)
        fleet.start(works)
        await_online(site, UNITS)
        content = os.urandom(IMAGE)
        artifact = upload(site.api, works.make("2.0.0", IMAGE, content=content))
        transfer = measure_transfer(site, artifact)
        figures.add("daemon: resident, the nodes online", memory_mb(site.daemon), "MB")
        took = run_rollout(site, fleet, artifact, figures, "all new")
        figures.add("   of it the transfer alone", transfer, "s")
        figures.add("   beyond bandwidth", took - transfer, "s", 60)
        run_rollout(site, fleet, upload(site.api, works.make("2.1.0", IMAGE, content=change(content))), figures, "by difference")
        figures.add("daemon: resident, the most", peak_memory_mb(site.daemon), "MB", 80)
    missed = [row["figure"].strip() for row in figures.rows if row["met"] is False]
    print(f"{len(figures.rows)} figures, {len(missed)} beyond their bars{': ' + '; '.join(missed) if missed else ''}")


if __name__ == "__main__":
    main()

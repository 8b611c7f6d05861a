#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An update of 1,000 real nodes, of which 5 % are not well with it at first, 2 % lose power on the way, and one group is bad as a whole: gates
hold exactly as they were set, while the daemon is killed ten times. No device is updated twice, and none is forgotten.

MUSTER_TEST_FLEET, _IMAGE (bytes) and _KILLS make it smaller.
"""
import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import wait_for  # noqa: E402
from update_fleet import MODEL, Fleet, FleetSite, Works, await_online, count_updates, is_drawn, list_updates, upload  # noqa: E402

UNITS = int(os.environ.get("MUSTER_TEST_FLEET", "1000"))
IMAGE = int(os.environ.get("MUSTER_TEST_IMAGE", "1000000"))
KILLS = int(os.environ.get("MUSTER_TEST_KILLS", "10"))
# Power fails within the first 40 operations on the flash, which an image of less than 600 kB may not take.
SEED, FAILURES, POWER_CUTS = 11, 0.05, 0.02
CANARY, BAD = 10, UNITS // 5
# Nodes must have come back from the daemon's death by then; those that are not well take as long.
CONFIRM_WITHIN = 30 + UNITS // 20
ERRORS, AT_ONCE, BAD_VERSION, GOOD_VERSION = 20, UNITS // 12, "2.0.0", "2.0.1"
OVER = ("confirmed", "failed", "reverted", "cancelled")


def groups_of(api, rollout):
    return api.get(f"/rollouts/{rollout['id']}/groups?sort=position")["items"]


def count_over(api, rollout):
    return sum(count_updates(api, rollout, status=status) for status in OVER)


def begin(api, artifact, name, **more):
    rollout = api.post("/rollouts", {"name": name, "artifact_id": artifact["id"], "filter": f"model={MODEL}", "error_threshold": ERRORS,
                                     "max_concurrent": AT_ONCE, "confirm_within": CONFIRM_WITHIN, **more})
    return api.call("POST", f"/rollouts/{rollout['id']}/start")


def kill_on_the_way(site, rollout, kills, total, is_done):
    """Kills the daemon each time when so much more is over, until KILLS times or until it is done."""
    for number in range(kills):
        goal = total * (number + 1) // (kills + 1)
        wait_for(lambda goal=goal: is_done() or count_over(site.api, rollout) >= goal, 240, f"{goal} of {total} over", 0.1)
        print(f"kill at {count_over(site.api, rollout)} of {total}, {count_updates(site.api, rollout, status='running')} under way", flush=True)
        site.kill()


def await_status(api, rollout, status):
    return wait_for(lambda: (now := api.get(f"/rollouts/{rollout['id']}"))["status"] == status and now, 240,
                    f"{status}: {api.get(f'/rollouts/{rollout['id']}')} {groups_of(api, rollout)}", 0.2)


def check_bad_group(site, fleets, artifact, kills):
    """The canary and the second group pass in spite of those that fail; the bad group stops it all before the last begins."""
    good, bad = fleets
    api, last = site.api, UNITS // 10
    rollout = begin(api, artifact, "Bad", plan=[{"name": "Canary", "count": CANARY}, {"name": "Most", "count": good.count - CANARY},
                                                {"name": "Bad", "count": BAD - last}, {"name": "Last"}])
    drawn = {serial for serial in good.serials if is_drawn(SEED, "failure", serial, FAILURES)}
    assert len(drawn & set(good.serials[:CANARY])) * 100 < ERRORS * CANARY and drawn, drawn
    kill_on_the_way(site, rollout, kills, good.count, lambda: api.get(f"/rollouts/{rollout['id']}")["status"] == "paused")
    paused = await_status(api, rollout, "paused")
    assert paused["reason"].startswith("Bad: "), paused
    wait_for(lambda: count_updates(api, rollout, status="running") == 0, 120, "the end of those under way", 0.2)
    groups = groups_of(api, rollout)
    assert [group["status"] for group in groups] == ["done", "done", "failed", "waiting"], groups
    tries, bad_tries = good.count_tries(BAD_VERSION), bad.count_tries(BAD_VERSION)
    assert set(tries.values()) == {1}, {serial: n for serial, n in tries.items() if n != 1}
    cut = {serial for serial in good.serials if is_drawn(SEED, "power", serial, POWER_CUTS)}
    resets = site.log_path(good.name).read_text()
    assert cut and all(resets.count(f"{serial}: reset\n") >= 2 for serial in cut), cut
    statuses = {update["device_id"]: update for update in list_updates(api, rollout)}
    assert len(statuses) == UNITS, len(statuses)
    for serial, device in zip(good.serials, good.ids):
        assert statuses[device]["status"] == ("reverted" if serial in drawn else "confirmed"), (serial, statuses[device])
    first = -(-ERRORS * (BAD - last) // 100)  # so many failures stop the group
    begun = [serial for serial in bad.serials if bad_tries[serial]]
    assert first <= len(begun) < first + AT_ONCE and max(bad_tries.values()) == 1, (first, len(begun))
    assert not set(begun) & set(bad.serials[BAD - last:]), begun
    for serial, device in zip(bad.serials, bad.ids):
        assert statuses[device]["status"] == ("reverted" if serial in begun else "waiting"), (serial, statuses[device])
    print(f"{len(drawn)} of {good.count} reverted as drawn, {len(cut)} lost power; the bad group stopped after {len(begun)} of {BAD - last}", flush=True)
    api.call("POST", f"/rollouts/{rollout['id']}/cancel")
    assert count_updates(api, rollout, status="cancelled") == BAD - len(begun)


def check_mended(site, fleets, artifact, kills):
    """A version that is well: every unit comes to run it, those that were drawn by the second attempt."""
    api, drawn = site.api, {serial for fleet in fleets for serial in fleet.serials if is_drawn(SEED, "failure", serial, FAILURES)}
    rollout = begin(api, artifact, "Mended")
    kill_on_the_way(site, rollout, kills, UNITS, lambda: api.get(f"/rollouts/{rollout['id']}")["status"] == "finished")
    await_status(api, rollout, "finished")
    assert count_updates(api, rollout, status="reverted") == len(drawn)
    api.call("POST", f"/rollouts/{rollout['id']}/retry-failed")
    await_status(api, rollout, "finished")
    assert count_updates(api, rollout, status="confirmed") == UNITS
    tries = {serial: n for fleet in fleets for serial, n in fleet.count_tries(GOOD_VERSION).items()}
    wrong = {serial: n for serial, n in tries.items() if n != (2 if serial in drawn else 1)}
    assert not wrong, wrong
    wait_for(lambda: api.get(f"/devices/?firmware_version={GOOD_VERSION}&limit=1")["total"] == UNITS, 30, "every record")


def main():
    with FleetSite(sys.argv[1]) as site:
        site.start()
        works = Works(site.build, site.folder)
        fleets = Fleet(site, "GOOD", UNITS - BAD), Fleet(site, "OTHER", BAD)
        bad_image, good_image = works.make(BAD_VERSION, IMAGE), works.make(GOOD_VERSION, IMAGE)
        faults = ["--seed", SEED, "--update-failures", FAILURES, "--update-power-cuts", POWER_CUTS]
        fleets[0].start(works, *faults)
        fleets[1].start(works, *faults, "--bad-version", f"{BAD_VERSION}=no-confirm")
        await_online(site, UNITS)
        check_bad_group(site, fleets, upload(site.api, bad_image), KILLS - KILLS // 2)
        check_mended(site, fleets, upload(site.api, good_image), KILLS // 2)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{spent.ru_utime + spent.ru_stime:.0f} s of processor", flush=True)


if __name__ == "__main__":
    main()

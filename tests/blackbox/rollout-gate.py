#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollout heeds beside successes and failures: the telemetry gate, which stops it by what devices measure and keeps its evidence, and the
limit of bandwidth, which all its downloads share. With real nodes; what they measure is told by the API, ahead of its time."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, wait_for  # noqa: E402
from update_fleet import MODEL, Fleet, FleetSite, Works, await_online, upload  # noqa: E402

UNITS, FIRST, SIZE, CRAWL, RATE = 16, 8, 300_000, 20, 600
SOAK, AHEAD = 2, 200  # seconds


def refused(call, pointer):
    try:
        call()
    except ApiError as error:
        assert error.status == 422 and [row["pointer"] for row in error.body["errors"]] == [pointer], error
        return
    raise AssertionError(f"{pointer} was not refused")


def groups_of(api, rollout):
    return api.get(f"/rollouts/{rollout['id']}/groups?sort=position")["items"]


def tell(api, fleet, metric, change):
    """METRIC of each unit for ten minutes before now and for some time after, when those of the first group say CHANGE more. Half of them go up a
    little and half of them go down."""
    now, items = int(time.time() * 1000), []
    for number, device in enumerate(fleet.ids):
        level, drift = 20 + number % 5, 0.01 * (number % 4 + 1) * (-1 if number % 2 else 1)
        later = drift + (change if number < FIRST else 0)
        items += [{"device_id": device, "metric": metric, "value": level, "timestamp": now - 1000 * second} for second in range(1, 600)]
        items += [{"device_id": device, "metric": metric, "value": level + later, "timestamp": now + 500 * half} for half in range(2 * AHEAD)]
    for at in range(0, len(items), 4000):
        answer = api.post("/monitoring/data", {"items": items[at:at + 4000]})
        assert answer["refused"] == 0, answer


def begin(api, artifact, name, **more):
    rollout = api.post("/rollouts", {"name": name, "artifact_id": artifact["id"], "filter": f"model={MODEL}", "confirm_within": 10, **more})
    return api.call("POST", f"/rollouts/{rollout['id']}/start")


def await_status(api, rollout, *statuses):
    return wait_for(lambda: (now := api.get(f"/rollouts/{rollout['id']}"))["status"] in statuses and now, 120,
                    f"{statuses}: {api.get(f'/rollouts/{rollout['id']}')} {groups_of(api, rollout)}")


def check_refused(api, artifact):
    sent = {"name": "x", "artifact_id": artifact["id"], "filter": "", "soak": SOAK}
    for gate, pointer in (({}, "/gate/metric"), ([{"metric": "load"}, {"watch": "smoke", "metric": "load"}], "/gate/1/watch"), ({"metric": "load", "alpha": 1}, "/gate/alpha")):
        refused(lambda gate=gate: api.post("/rollouts", {**sent, "gate": gate}), pointer)
    refused(lambda: api.post("/rollouts", {**sent, "gate": {"watch": "errors"}, "soak": 0}), "/soak")


def check_good(site, works, fleet):
    """Nothing is worse: the next group begins, and why it may is kept."""
    api, artifact = site.api, upload(site.api, works.make("2.0.0", SIZE))
    tell(api, fleet, "load", 0)
    rollout = begin(api, artifact, "Good", plan=[{"count": FIRST}], soak=SOAK,
                    gate=[{"metric": "load", "before": 600, "alpha": 0.05}, {"watch": "errors", "alpha": 0.05}])
    await_status(api, rollout, "finished")
    first, last = groups_of(api, rollout)
    evidence = first["evidence"]
    assert evidence["verdict"] == "good" and not evidence["stops"] and [watch["watch"] for watch in evidence["watches"]] == ["metric", "errors"], evidence
    load = evidence["watches"][0]
    assert load["updated"]["devices"] == load["rest"]["devices"] == FIRST and load["updated"]["silent"] == 0, load
    assert load["alpha"] == 0.0125 and load["against_before"]["exact"] and load["against_before"]["p"] > 0.1 and load["against_rest"]["p"] > 0.1, load
    assert last["status"] == "done" and last["evidence"]["watches"][0]["rest"]["devices"] == 0, last


def check_worse(site, works, fleet):
    """The group that was updated is worse than it was, and than the rest: that does not begin until a person says so."""
    api, artifact = site.api, upload(site.api, works.make("2.1.0", SIZE))
    tell(api, fleet, "heat", 5)
    rollout = begin(api, artifact, "Worse", plan=[{"count": FIRST}], soak=SOAK, gate={"metric": "heat", "before": 600})
    paused = await_status(api, rollout, "paused")
    assert "heat became higher with the update" in paused["reason"], paused
    first, last = groups_of(api, rollout)
    assert (first["status"], last["status"], last["running"]) == ("failed", "waiting", 0), (first, last)
    watch = first["evidence"]["watches"][0]
    assert first["evidence"]["stops"] and watch["verdict"] == "worse", first
    assert watch["against_before"]["p"] == 2 ** -FIRST and watch["against_rest"]["p"] < 0.001, watch
    assert abs(watch["updated"]["median_after"] - watch["updated"]["median_before"] - 5) < 0.5, watch
    shown = site.ctl("rollout", "gate", "Worse")
    assert shown.returncode == 0 and "worse" in shown.stdout and "heat" in shown.stdout, shown
    assert not set(list(fleet.count_tries("2.1.0").values())[FIRST:]) - {0}
    api.call("POST", f"/rollouts/{rollout['id']}/resume")
    await_status(api, rollout, "finished")
    assert set(fleet.count_tries("2.1.0").values()) == {1}


def check_bandwidth(site, works, fleet):
    """All downloads together go no faster than they may; how fast that is can be changed while they are on their way."""
    api, artifact = site.api, upload(site.api, works.make("2.2.0", SIZE))
    started = time.monotonic()
    rollout = begin(api, artifact, "Slow", max_rate=CRAWL)
    wait_for(lambda: api.get(f"/updates?rollout_id={rollout['id']}&status=running&limit=1")["total"] == UNITS, 30, "all on their way")
    api.call("PUT", f"/rollouts/{rollout['id']}", {"max_rate": RATE})
    await_status(api, rollout, "finished")
    took, least = time.monotonic() - started, UNITS * artifact["size"] / (RATE * 1000) - 0.3
    print(f"{UNITS * artifact['size'] / 1e6:.1f} MB at {RATE} kB/s took {took:.1f} s", flush=True)
    assert took >= least, (took, least)
    assert set(fleet.count_tries("2.2.0").values()) == {1}


def main():
    with FleetSite(sys.argv[1]) as site:
        site.start()
        works = Works(site.build, site.folder)
        fleet = Fleet(site, "UNIT", UNITS)
        fleet.start(works)
        await_online(site, UNITS)
        check_refused(site.api, upload(site.api, works.make("1.9.0", SIZE)))
        check_good(site, works, fleet)
        check_worse(site, works, fleet)
        check_bandwidth(site, works, fleet)


if __name__ == "__main__":
    main()

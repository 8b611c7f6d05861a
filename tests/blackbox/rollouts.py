#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that sign firmware, and updates of many devices: groups one after the other, a gate for a second person, thresholds that stop, retrying,
the daemon's death in between, and what keeps a device out."""
import datetime
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402
from sparkplug_node import UINT8, UINT32, Node  # noqa: E402

PASSPHRASE, OTHER = "a long enough passphrase", "quite another passphrase"


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


class Fleet:
    """Devices whose nodes do what they are told, each on its own thread; those in BAD revert."""

    def __init__(self, site, count, ca_file):
        self.bad, self.nodes, self.ids = set(), {}, []
        for number in range(count):
            device = site.api.post("/devices/", {"name": f"Heater {number}", "serial": f"F-{number}", "model": "TH-10"})["id"]
            account = site.api.call("POST", f"/devices/{device}/account")
            ca_file.write_text(account["ca_certificate"])
            node = Node(account, ca_file=str(ca_file))
            node.fleet, node.number = self, number
            self.nodes[device], self.ids = node, [*self.ids, device]
            node.take_order = lambda order, node=node: threading.Thread(target=self.work, args=(node, order), daemon=True).start()
        self.held = threading.Event()
        self.held.set()

    def work(self, node, order):
        """As an agent does: an order that it knows is no new one."""
        if order["Update/Action"] != "install" or order["Update/Id"] == node.update_id:
            return
        node.update_id = order["Update/Id"]
        node.tell("downloading", 0)
        self.held.wait(60)
        if node.number in self.bad:
            node.tell("reverted", error="self-test-failed: told so")
            return
        node.install(order)
        node.confirm()

    def told(self, version):
        """How many orders for VERSION each has got, an order that came again not counted."""
        return [len({order["Update/Id"] for order in node.orders if order.get("Update/Version") == version}) for node in self.nodes.values()]


def make_image(folder, version):
    payload, image = folder / "payload", folder / f"{version}.mfi"
    payload.write_bytes(os.urandom(20_000))
    tool = str(Path(sys.argv[1]) / "firmware/tools/muster-image")
    if not (folder / "seed").exists():
        subprocess.run([tool, "keygen", folder / "seed", folder / "public"], check=True, capture_output=True)
    subprocess.run([tool, "pack", "--model", "TH-10", "--version", version, "--key", folder / "seed", payload, image], check=True, capture_output=True)
    return image.read_bytes()


def bring(api, name, data):
    made = api.post("/firmware/uploads", {"file_name": name})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made}/finish")


def upload(api, folder, version):
    return bring(api, f"{version}.mfi", make_image(folder, version))


def shows_good(folder, data, public_key):
    (folder / "signed").write_bytes(data)
    (folder / "key").write_text(public_key + "\n")
    answer = subprocess.run([str(Path(sys.argv[1]) / "firmware/tools/muster-image"), "show", "--key", folder / "key", folder / "signed"], capture_output=True, text=True, check=True)
    return '"ok"' in answer.stdout.split("signature")[-1], answer.stdout


def check_keys(site, folder):
    api = site.api
    for body, pointer in (({"name": "x", "passphrase": "short"}, "/passphrase"), ({"name": "x"}, "/passphrase"), ({"name": "x", "public_key": "z" * 64}, "/public_key"),
                          ({"name": "x", "passphrase": PASSPHRASE, "secret_key": "z" * 64}, "/secret_key")):
        assert [row["pointer"] for row in refused(lambda body=body: api.post("/signing-keys", body), 422)["errors"]] == [pointer], body
    old = api.post("/signing-keys", {"name": "2026", "passphrase": PASSPHRASE})
    assert old["place"] == "site" and old["status"] == "active" and "sealed" not in old, old
    taken = api.post("/signing-keys", {"name": "Factory", "passphrase": PASSPHRASE, "secret_key": (folder / "seed").read_text().strip()})
    assert taken["public_key"] == (folder / "public").read_text().strip(), taken
    refused(lambda: api.post("/signing-keys", {"name": "Again", "public_key": taken["public_key"]}), 409)
    assert upload(api, folder, "0.1.0")["trust"] == "signed"
    artifact = upload(api, folder, "0.2.0")
    refused(lambda: api.post(f"/firmware/{artifact['id']}/sign", {"signing_key_id": old["id"], "passphrase": "wrong"}), 403)
    new = api.post(f"/signing-keys/{old['id']}/rotate", {"name": "2027", "passphrase": PASSPHRASE, "new_passphrase": OTHER})
    assert new["endorsed_by_id"] == old["id"] and len(new["endorsement"]) == 128 and api.get(f"/signing-keys/{old['id']}")["status"] == "replaced", new
    signed = api.post(f"/firmware/{artifact['id']}/sign", {"signing_key_id": new["id"], "passphrase": OTHER, "second_key_id": old["id"], "second_passphrase": PASSPHRASE})
    assert signed["trust"] == "signed" and signed["sha256"] != artifact["sha256"], signed
    data = api.exchange("GET", f"/firmware/{artifact['id']}/content")[2]
    for key in (old, new):
        good, said = shows_good(folder, data, key["public_key"])
        assert good, said
    assert api.call("POST", f"/signing-keys/{new['id']}/revoke", {"reason": "lost"})["status"] == "revoked"
    # Its other signature is as good as it was.
    left = api.get(f"/firmware/{artifact['id']}")
    assert (left["trust"], left["signing_key_id"]) == ("signed", old["id"]), left
    assert api.call("POST", f"/signing-keys/{old['id']}/revoke", {"reason": "lost too"})["status"] == "revoked"
    assert api.get(f"/firmware/{artifact['id']}")["trust"] == "revoked"
    refused(lambda: api.post(f"/firmware/{artifact['id']}/sign", {"signing_key_id": new["id"], "passphrase": OTHER}), 409)
    seed = (folder / "seed").read_text().strip()
    for path in (site.folder / "data").glob("muster.db*"):
        stored = path.read_bytes()
        assert seed.encode() not in stored and bytes.fromhex(seed) not in stored and PASSPHRASE.encode() not in stored, path


def start(api, rollout):
    return api.call("POST", f"/rollouts/{rollout['id']}/start")


def await_rollout(api, rollout, status):
    return wait_for(lambda: (now := api.get(f"/rollouts/{rollout['id']}"))["status"] == status and now, 60, f"{status}: {api.get(f'/rollouts/{rollout_id(rollout)}')}")


def rollout_id(rollout):
    return rollout["id"]


def groups_of(api, rollout):
    return api.get(f"/rollouts/{rollout['id']}/groups?sort=position")["items"]


def check_preflight(api, artifact, unsigned):
    other = api.post("/devices/", {"name": "Pump", "serial": "P-1", "model": "XP-2"})["id"]
    def ready_now():  # who is online is written a moment after it is known
        now = api.post("/rollouts/preflight", {"name": "x", "artifact_id": artifact["id"], "filter": ""})
        return now if now["ready"] == 5 else None

    table = wait_for(ready_now, 30, "all online")
    row = next(row for row in table["items"] if row["device_id"] == other)
    assert row["verdict"] == "never" and any("model" in reason for reason in row["reasons"]) and any("adopted" in reason for reason in row["reasons"]), row
    assert table["total"] == len(table["items"]) == table["ready"] + table["later"] + table["never"], table
    soon = {clock: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%H:%M") for clock, hours in (("from", 11), ("to", 12))}
    api.call("PUT", "/settings/firmware.require-signature", {"value": True})
    for asked, verdict, word in (({"window": soon}, "later", "window opens at"), ({"artifact_id": unsigned["id"]}, "never", "no signature")):
        table = api.post("/rollouts/preflight", {"name": "x", "artifact_id": artifact["id"], "filter": "serial=F-0", **asked})
        [row] = table["items"]
        assert row["verdict"] == verdict and any(word in reason for reason in row["reasons"]), row
    api.call("PUT", "/settings/firmware.require-signature", {"value": None})
    body = refused(lambda: api.post("/rollouts/preflight", {"name": "x", "artifact_id": artifact["id"], "filter": "nope=1"}), 422)
    assert body["errors"][0]["pointer"] == "/filter", body


def check_reserves(site, fleet, artifact):
    """A battery that is low and an image that is too large keep a device out, of forced rollouts too; a joiner waits until it is charged."""
    api, device, node = site.api, fleet.ids[0], fleet.nodes[fleet.ids[0]]
    rollout = {"name": "Low", "artifact_id": artifact["id"], "filter": "serial=F-0", "kind": "forced"}

    def tell(charge, space):
        node.more = [("Power/Battery", UINT8, charge), ("Properties/Image Space", UINT32, space)]
        node.birth()

    def await_row(verdict, words):
        def look():
            [row] = api.post("/rollouts/preflight", rollout)["items"]
            return (row["verdict"], row["reasons"]) == (verdict, words)

        wait_for(look, 20, f"{verdict}, {words}: {api.post('/rollouts/preflight', rollout)['items']}")

    low, small = "its battery is at 12 %, at least 20 % are needed", f"it has room for 20000 bytes, and the firmware has {artifact['size']}"
    tell(12, 20_000)
    await_row("never", [small])
    metric = wait_for(lambda: next(iter(api.get(f"/monitoring/metrics?device_id={device}&name=Power/Battery")["items"]), None), 20, "the metric")
    api.call("PUT", f"/monitoring/metrics/{metric['id']}", {"unit": "%"})  # until now it may have been volts
    await_row("never", [low, small])
    tell(12, artifact["size"])
    await_row("never", [low])
    draft = api.post("/rollouts", rollout)
    refused(lambda: start(api, draft), 409)
    api.call("PUT", "/settings/firmware.least-charge", {"value": 10})
    await_row("ready", [])
    api.call("PUT", "/settings/firmware.least-charge", {"value": None})
    await_row("never", [low])
    told = site.ctl("--json", "rollout", "preflight", "Low")
    assert low in told.stdout, told
    api.call("PUT", f"/rollouts/{draft['id']}", {"filter": "model=TH-10", "dynamic": True})
    fleet.held.clear()
    start(api, draft)
    wait_for(lambda: fleet.told(artifact["version"]) == [0, 1, 1, 1, 1], 30, "the others to be told")
    tell(80, artifact["size"])
    wait_for(lambda: fleet.told(artifact["version"]) == [1] * 5, 60, "the charged device to be told")
    fleet.held.set()
    wait_for(lambda: api.get(f"/rollouts/{draft['id']}")["succeeded"] == 5, 60, "all five")
    api.call("POST", f"/rollouts/{draft['id']}/cancel")  # it would wait for late joiners for ever


def check_groups(site, fleet, artifact):
    """One, then two, then the rest once a person lets them; killed in between, nobody is told twice."""
    api = site.api
    for change, pointer in (({"filter": None}, "/filter"), ({"artifact_id": None}, "/artifact_id"), ({"plan": [{"count": 0}]}, "/plan/0"), ({"window": {"from": "25:00"}}, "/window"),
                            ({"kind": "time_forced"}, "/force_at")):
        sent = {"name": "x", "artifact_id": artifact["id"], "filter": "model=TH-10", **change}
        body = refused(lambda sent=sent: api.post("/rollouts", {name: value for name, value in sent.items() if value is not None}), 422)
        assert body["errors"][0]["pointer"].startswith(pointer), (body, pointer)
    plan = [{"name": "Canary", "count": 1}, {"count": 2}, {"name": "Rest", "manual": True}]
    rollout = api.post("/rollouts", {"name": "May", "artifact_id": artifact["id"], "filter": "model=TH-10", "plan": plan})
    fleet.held.clear()
    start(api, rollout)
    wait_for(lambda: sum(fleet.told("1.1.0")) == 1, 30, "the canary")
    assert [group["status"] for group in groups_of(api, rollout)] == ["running", "waiting", "waiting"], groups_of(api, rollout)
    body = refused(lambda: api.call("PUT", f"/rollouts/{rollout['id']}", {"filter": ""}), 422)
    assert body["errors"][0]["pointer"] == "/filter", body
    site.stop_daemon(signal.SIGKILL)
    site.restart()
    for node in fleet.nodes.values():
        node.client.disconnect()
        wait_for(lambda node=node: node.connect() or True, 30, "the broker")
    fleet.held.set()
    wait_for(lambda: [group["status"] for group in groups_of(api, rollout)] == ["done", "done", "gate"], 60, "the gate")
    assert sum(fleet.told("1.1.0")) == 3 and max(fleet.told("1.1.0")) == 1, fleet.told("1.1.0")
    api.call("POST", f"/rollouts/{rollout['id']}/groups/3/open")
    await_rollout(api, rollout, "finished")
    assert fleet.told("1.1.0") == [1] * 5, fleet.told("1.1.0")
    done = wait_for(lambda: (now := api.get(f"/rollouts/{rollout['id']}"))["succeeded"] == 5 and now, 10, "the figures")
    assert (done["total"], done["running"], done["failed"]) == (5, 0, 0), done
    assert {row["status"] for row in api.get(f"/updates?rollout_id={rollout['id']}")["items"]} == {"confirmed"}
    assert {api.get(f"/devices/{device}")["firmware_version"] for device in fleet.ids} == {"1.1.0"}
    refused(lambda: api.call("DELETE", f"/rollouts/{rollout['id']}"), 409)


def check_errors(site, fleet, artifact):
    """The first group fails: the rest is not touched. Mended, the failed ones alone are tried again."""
    api, fleet.bad = site.api, {0, 1}
    rollout = api.post("/rollouts", {"name": "June", "artifact_id": artifact["id"], "filter": "model=TH-10", "plan": [{"count": 2}], "error_threshold": 50, "max_concurrent": 1})
    start(api, rollout)
    paused = await_rollout(api, rollout, "paused")
    assert "updates failed" in paused["reason"], paused
    assert sum(fleet.told("1.2.0")) <= 2 and max(fleet.told("1.2.0")[2:]) == 0, fleet.told("1.2.0")
    fleet.bad = set()
    api.call("POST", f"/rollouts/{rollout['id']}/retry-failed")
    await_rollout(api, rollout, "finished")
    told = fleet.told("1.2.0")
    assert told[2:] == [1, 1, 1] and told[0] >= 1 and sum(told[:2]) == 3, told
    refused(lambda: api.call("POST", f"/rollouts/{rollout['id']}/retry-failed"), 409)


def check_approval(site, artifact):
    api = site.api
    rollout = api.post("/rollouts", {"name": "July", "artifact_id": artifact["id"], "filter": "serial=F-0", "needs_approval": True})
    for ask in ("resume", "approve"):
        refused(lambda ask=ask: api.call("POST", f"/rollouts/{rollout['id']}/{ask}"), 409)
    assert start(api, rollout)["status"] == "approval"
    refused(lambda: api.call("POST", f"/rollouts/{rollout['id']}/approve"), 403)
    refused(lambda: api.call("POST", f"/rollouts/{rollout['id']}/resume"), 409)
    api.post("/users/add", {"name": "Ada", "email": "ada@example.org", "password": "a long enough password", "role": "operator"})
    ada = {"Authorization": "Bearer " + api.call("POST", "/users/auth", {"email": "ada@example.org", "password": "a long enough password"})["access_token"]}
    changed = api.post("/rollouts", {"name": "By two", "artifact_id": artifact["id"], "filter": "serial=none", "needs_approval": True})
    api.call("PUT", f"/rollouts/{changed['id']}", {"filter": "serial=F-0"}, ada)
    start(api, changed)
    refused(lambda: api.call("POST", f"/rollouts/{changed['id']}/approve", None, ada), 403)
    assert api.call("POST", f"/rollouts/{changed['id']}/cancel")["status"] == "cancelled"
    body = refused(lambda: api.call("PUT", f"/rollouts/{rollout['id']}", {"error_threshold": 100}), 422)
    assert body["errors"][0]["pointer"] == "/error_threshold", body
    approved = api.call("POST", f"/rollouts/{rollout['id']}/approve", None, ada)
    assert approved["status"] == "running" and approved["approved_by"].startswith("person:"), approved
    await_rollout(api, rollout, "finished")


def check_unfit(api, artifact):
    """One device is refused what a rollout would leave it out of, in the same words; what nobody knows is no reason."""
    api.call("PUT", f"/firmware/{artifact['id']}", {"hardware_to": "3"})
    for fields, word in (({"model": "TH-11"}, "its model is TH-11, the firmware is for TH-10"), ({"model": "TH-10", "hardware_revision": "rev9"}, "its hardware is rev9")):
        device = api.post("/devices/", {"name": "Unfit", "serial": "U-0", **fields})["id"]
        told = refused(lambda device=device: api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]}), 409)["detail"]
        rollout = {"name": "Unfit", "artifact_id": artifact["id"], "filter": "serial=U-0"}
        reasons = api.post("/rollouts/preflight", rollout)["items"][0]["reasons"]
        assert word in told and any(reason in told for reason in reasons), (told, reasons)
        api.call("DELETE", f"/devices/{device}")
    device = api.post("/devices/", {"name": "Unknown"})["id"]
    update = api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]})
    api.call("POST", f"/updates/{update['id']}/cancel")
    api.call("PUT", f"/firmware/{artifact['id']}", {"hardware_to": None})


def check_withdrawn(api, artifact):
    """Nothing that waits is given what was withdrawn: one of its own is cancelled, a rollout pauses and goes on once it is restored."""
    alone, within = (api.post("/devices/", {"name": name, "model": "TH-10", "serial": name})["id"] for name in ("W-0", "W-1"))
    api.post("/update-targets", {"device_id": within, "controller_id": "w-1"})
    update = api.post("/updates", {"device_id": alone, "artifact_id": artifact["id"]})
    rollout = api.post("/rollouts", {"name": "Withdrawn", "artifact_id": artifact["id"], "filter": "serial=W-1"})
    later = api.post("/rollouts", {"name": "Later", "artifact_id": artifact["id"], "filter": "serial=W-1", "starts_at": "2040-01-01T00:00:00Z"})
    assert start(api, rollout)["status"] == "running" and start(api, later)["status"] == "scheduled"
    api.call("POST", f"/firmware/{artifact['id']}/withdraw")
    ended = wait_for(lambda: (now := api.get(f"/updates/{update['id']}"))["status"] == "cancelled" and now, 10, "the update's end")
    assert "was withdrawn" in ended["error"], ended
    for one in (rollout, later):
        paused = await_rollout(api, one, "paused")
        assert "was withdrawn" in paused["reason"], paused
        assert "withdrawn" in refused(lambda one=one: api.call("POST", f"/rollouts/{one['id']}/resume"), 409)["detail"]
    assert "withdrawn" in refused(lambda: api.call("POST", f"/updates/{update['id']}/retry"), 409)["detail"]
    assert [row["status"] for row in api.get(f"/updates?rollout_id={rollout['id']}")["items"]] == ["waiting"]
    api.call("POST", f"/firmware/{artifact['id']}/restore")
    assert api.call("POST", f"/rollouts/{rollout['id']}/resume")["status"] == "running"
    assert api.call("POST", f"/rollouts/{later['id']}/resume")["status"] == "scheduled"
    assert api.call("POST", f"/updates/{update['id']}/retry")["status"] == "waiting"
    for path in (f"/updates/{update['id']}", f"/rollouts/{rollout['id']}", f"/rollouts/{later['id']}"):
        assert api.call("POST", f"{path}/cancel")["status"] == "cancelled"
    for device in (alone, within):
        api.call("PUT", f"/devices/{device}", {"model": "Gone"})


def check_cancel(site, fleet, artifact):
    api = site.api
    rollout = api.post("/rollouts", {"name": "August", "artifact_id": artifact["id"], "filter": "model=TH-10", "starts_at": "2040-01-01T00:00:00Z"})
    assert start(api, rollout)["status"] == "scheduled"
    assert api.call("POST", f"/rollouts/{rollout['id']}/pause")["status"] == "paused"
    assert api.call("POST", f"/rollouts/{rollout['id']}/resume")["status"] == "scheduled"
    assert api.call("POST", f"/rollouts/{rollout['id']}/cancel")["status"] == "cancelled" and sum(fleet.told("1.4.0")) == 0
    refused(lambda: start(api, rollout), 409)


def check_unstartable(api, artifact):
    """A time that comes for firmware that was withdrawn meanwhile: people are told, once."""
    soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)).isoformat().replace("+00:00", "Z")
    rollout = api.post("/rollouts", {"name": "Too late", "artifact_id": artifact["id"], "filter": "model=TH-10", "starts_at": soon})
    assert start(api, rollout)["status"] == "scheduled"
    api.call("POST", f"/firmware/{artifact['id']}/withdraw")
    assert "withdrawn" in await_rollout(api, rollout, "paused")["reason"]
    refused(lambda: api.call("POST", f"/rollouts/{rollout['id']}/resume"), 409)
    api.call("POST", f"/rollouts/{rollout['id']}/cancel")
    api.call("POST", f"/firmware/{artifact['id']}/restore")


def check_alone(site, fleet, artifact, other):
    """What failed in a rollout that has ended is tried again alone, but not what was withdrawn, and not where it is by now."""
    api = site.api
    for given, by_hand in ((artifact, False), (other, True)):
        fleet.bad = {0}
        rollout = api.post("/rollouts", {"name": given["version"], "artifact_id": given["id"], "filter": "model=TH-10", "error_threshold": 50})
        start(api, rollout)
        await_rollout(api, rollout, "finished")
        [failed] = api.get(f"/updates?rollout_id={rollout['id']}&status=reverted")["items"]
        fleet.bad = set()
        if by_hand:
            update = api.post("/updates", {"device_id": fleet.ids[0], "artifact_id": given["id"]})["id"]
        else:
            update = failed["id"]
            api.call("POST", f"/firmware/{given['id']}/withdraw")
            for path in (f"/updates/{update}/retry", f"/rollouts/{rollout['id']}/retry-failed"):
                refused(lambda path=path: api.call("POST", path), 409)
            api.call("POST", f"/firmware/{given['id']}/restore")
            api.call("POST", f"/updates/{update}/retry")
        wait_for(lambda update=update: api.get(f"/updates/{update}")["status"] == "confirmed", 30, "what was tried alone")
        refused(lambda rollout=rollout: api.call("POST", f"/rollouts/{rollout['id']}/retry-failed"), 409)
        assert fleet.told(given["version"])[1:] == [1, 1, 1, 1], fleet.told(given["version"])


def check_ctl(site, artifact):
    for arguments in (["rollout"], ["rollout", "add", "name=By hand", f"artifact_id={artifact['id']}", "filter=serial=F-1"], ["rollout", "preflight", "By hand"],
                      ["rollout", "groups", "May"], ["rollout", "show", "May"]):
        answer = site.ctl(*arguments)
        assert answer.returncode == 0 and answer.stdout, (arguments, answer)


class UpdatedSite(Site):
    """It listens at the same addresses again after it was killed."""

    def restart(self):
        self.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{self.https_port}", "--broker-listen", f"127.0.0.1:{self.broker_port}")
        self.broker_port = int(self.api.get("/messaging/status")["uri"].rstrip("/").rsplit(":", 1)[1])


def main():
    with UpdatedSite(sys.argv[1]) as site:
        site.https_port, site.broker_port = free_port(), 0
        folder = site.folder / "images"
        folder.mkdir()
        site.restart()
        make_image(folder, "0.0.1")
        check_keys(site, folder)
        fleet = Fleet(site, 5, folder / "ca.pem")
        wait_for(lambda: all(site.api.get(f"/devices/{device}")["firmware_version"] == "1.0.0" for device in fleet.ids), 30, "all births")
        artifact = upload(site.api, folder, "1.1.0")
        image = make_image(folder, "1.1.9")
        check_preflight(site.api, artifact, bring(site.api, "unsigned.mfi", image[:112] + bytes(144) + image[256:]))
        check_reserves(site, fleet, upload(site.api, folder, "1.0.5"))
        check_groups(site, fleet, artifact)
        check_errors(site, fleet, upload(site.api, folder, "1.2.0"))
        check_approval(site, upload(site.api, folder, "1.3.0"))
        last = upload(site.api, folder, "1.4.0")
        check_cancel(site, fleet, last)
        check_unstartable(site.api, last)
        check_unfit(site.api, last)
        check_withdrawn(site.api, upload(site.api, folder, "1.4.5"))
        check_alone(site, fleet, upload(site.api, folder, "1.5.0"), upload(site.api, folder, "1.6.0"))
        check_ctl(site, last)


if __name__ == "__main__":
    main()

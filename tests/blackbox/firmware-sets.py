#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of firmware: several parts that are made into one, given to a device by itself and by a rollout, fetched by its update client in their order;
and what is refused of them."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_ddi import Client, path_of  # noqa: E402
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402

OCTETS = {"Content-Type": "application/octet-stream"}


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


def bring(api, file_name, data, **members):
    made = api.post("/firmware/uploads", {"file_name": file_name, "size": len(data)})
    api.call("PUT", f"/firmware/uploads/{made['id']}/content?offset=0", data, OCTETS)
    return api.post(f"/firmware/uploads/{made['id']}/finish", members)


class Bench:
    def __init__(self, site, port):
        self.site, self.api, self.port = site, site.api, port
        self.system = bring(self.api, "system.bin", b"the system", name="panel-system", version="6.1", part="os", models=["Panel"])
        self.app = bring(self.api, "app.bin", b"the application", name="panel-app", version="2.0", part="application")

    def device(self, name, model="Panel"):
        """A device that asks for updates by itself, and its client."""
        made = self.api.post("/devices/", {"name": name, "model": model})["id"]
        target = self.api.post("/update-targets", {"device_id": made, "controller_id": name})["id"]
        token = self.api.call("POST", f"/update-targets/{target}/token")["token"]
        return made, Client(self.port, name, f"TargetToken {token}")

    def make(self, version, *parts, **more):
        return self.api.post("/firmware-sets", {"name": "Panel", "version": version, "artifact_ids": [part["id"] for part in parts], **more})


def check_making(bench):
    api = bench.api
    made = bench.make("2.0", bench.app, bench.system, kind="os_app", description="Both")
    assert (made["name"], made["version"], made["kind"], made["number"]) == ("Panel", "2.0", "os_app", 1), made
    members = api.get(f"/firmware-sets/{made['id']}/members?sort=position")["items"]
    assert [row["artifact_id"] for row in members] == [bench.app["id"], bench.system["id"]], members
    for parts, pointer in (([], "/artifact_ids"), (None, "/artifact_ids"), (["no"], "/artifact_ids/0"), ([bench.app["id"], made["id"]], "/artifact_ids/1")):
        body = refused(lambda parts=parts: api.post("/firmware-sets", {"name": "x", "version": "1", "artifact_ids": parts}), 422)
        assert body["errors"][0]["pointer"] == pointer, body
    assert len(api.get("/firmware-sets")["items"]) == 1, "half of a set stayed"
    assert api.call("PUT", f"/firmware-sets/{made['id']}", {"description": "Both parts"})["description"] == "Both parts"
    refused(lambda: api.call("DELETE", f"/firmware/{bench.app['id']}"), 409)
    answer = bench.site.ctl("--json", "firmware-sets", "make", "Panel", "9.9", "panel-system", "panel-app", "kind=os_app")
    assert answer.returncode == 0, answer
    other = json.loads(answer.stdout)
    answer = bench.site.ctl("firmware-sets", "parts", other["id"])
    assert answer.returncode == 0 and bench.app["id"] in answer.stdout, answer
    assert bench.site.ctl("firmware-sets", "delete", other["id"]).returncode == 0
    assert [row["id"] for row in api.get("/firmware-sets")["items"]] == [made["id"]]
    print("ok making", flush=True)
    return made


def check_giving(bench, made):
    """Both parts are fetched, in their order; what is withdrawn is given by no set either."""
    api = bench.api
    device, client = bench.device("panel-1")
    api.call("POST", f"/firmware/{bench.app['id']}/withdraw")
    assert "withdrawn" in refused(lambda: api.post("/updates", {"device_id": device, "set_id": made["id"]}), 409)["detail"]
    api.call("POST", f"/firmware/{bench.app['id']}/restore")
    update = api.post("/updates", {"device_id": device, "set_id": made["id"]})
    assert (update["to_version"], update["artifact_id"]) == ("2.0", None), update
    refused(lambda: api.call("DELETE", f"/firmware-sets/{made['id']}"), 409)
    deployment = client.ask("GET", client.links()["deploymentBase"])["deployment"]
    chunks = deployment["chunks"]
    assert [(chunk["part"], chunk["name"], chunk["version"]) for chunk in chunks] == [("bApp", "panel-app", "2.0"), ("os", "panel-system", "6.1")], chunks
    fetched = [client.exchange("GET", path_of(chunk["artifacts"][0]["_links"]["download"]["href"]))[2] for chunk in chunks]
    assert fetched == [b"the application", b"the system"], fetched
    client.feedback(update["number"], "closed", "success")
    assert api.get(f"/updates/{update['id']}")["status"] == "confirmed"
    assert api.get(f"/devices/{device}")["firmware_version"] == "2.0"
    assert "1 devices run" in refused(lambda: api.call("DELETE", f"/firmware-sets/{made['id']}"), 409)["detail"]
    print("ok giving", flush=True)


def check_rollout(bench):
    """Pre-flight looks at each part, and a rollout gives the set to whom it fits."""
    api = bench.api
    made = bench.make("3.0", bench.app, bench.system)
    fits, client = bench.device("panel-2")
    lamp, _ = bench.device("lamp-1", model="Lamp")
    group = api.post("/device-groups", {"name": "All"})["id"]
    for device in (fits, lamp):
        api.post(f"/device-groups/{group}/members", {"device_id": device})
    rollout = {"name": "Three", "set_id": made["id"], "device_group_id": group}
    told = api.post("/rollouts/preflight", rollout)
    verdicts = {row["device_id"]: row for row in told["items"]}
    assert verdicts[lamp]["verdict"] == "never" and verdicts[lamp]["reasons"][0] == "its model is Lamp, the firmware is for Panel", verdicts
    assert verdicts[fits]["verdict"] != "never", verdicts
    rollout = api.post("/rollouts", rollout)
    api.call("POST", f"/rollouts/{rollout['id']}/start")
    update = wait_for(lambda: api.get(f"/updates?rollout_id={rollout['id']}")["items"], 30, "its update")
    assert [(row["device_id"], row["set_id"]) for row in update] == [(fits, made["id"])], update
    links = wait_for(lambda: client.links() if "deploymentBase" in client.links() else None, 30, "the group to begin")
    assert len(client.ask("GET", links["deploymentBase"])["deployment"]["chunks"]) == 2
    client.feedback(update[0]["number"], "closed", "success")
    wait_for(lambda: api.get(f"/rollouts/{rollout['id']}")["status"] == "finished", 30, "the rollout to finish")
    # A device that runs the set is not given it again.
    told = api.post("/rollouts/preflight", {"name": "Again", "set_id": made["id"], "device_group_id": group})
    assert next(row for row in told["items"] if row["device_id"] == fits)["reasons"][0] == "it runs 3.0 already", told
    print("ok rollout", flush=True)


def main():
    port = free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}")
        bench = Bench(site, port)
        check_giving(bench, check_making(bench))
        check_rollout(bench)


if __name__ == "__main__":
    main()

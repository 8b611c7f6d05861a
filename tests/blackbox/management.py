#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hawkBit's Management API as its tools use it: who is let in, targets, software modules and their files, distribution sets, actions, paging and
filters, the configuration; and that what it does stands in the site's own records."""
import base64
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_ddi import Client, Http, Management  # noqa: E402
from muster_site import Site, free_port  # noqa: E402

PASSWORD = "a long enough password"
DATA = os.urandom(700_000)


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_who_is_let_in(site, port, admin):
    plain = Http(port)
    status, headers, body = plain.exchange("GET", "/rest/v1/targets")
    assert status == 401 and headers["WWW-Authenticate"].startswith("Basic") and json.loads(body)["errorCode"], headers
    for wrong in (basic("admin", "admin"), basic("nobody@example.org", PASSWORD), {"Authorization": "Basic !"}, {"Authorization": "Bearer nope"}):
        assert plain.exchange("GET", "/rest/v1/targets", headers=wrong)[0] == 401, wrong
    for role in ("administrator", "operator", "viewer"):
        site.api.post("/users/add", {"name": role, "email": f"{role}@example.org", "password": PASSWORD, "role": role})
    operator, viewer = (Management(port, f"{role}@example.org", PASSWORD) for role in ("operator", "viewer"))
    assert operator.get("userinfo") == {"tenant": "DEFAULT", "username": "operator"}
    begin = time.monotonic()
    for _ in range(20):
        operator.get("targets")
    # A password takes its tenth of a second once, not with each request.
    assert len(site.api.get("/users/?limit=10")["items"]) >= 2 and time.monotonic() - begin < 20
    assert Management(port, "operator@example.org", PASSWORD + "x").exchange("GET", "/rest/v1/targets")[0] == 401
    viewer.get("softwaremodules")
    viewer.call("POST", "softwaremodules", [{"name": "x", "version": "1"}], 403)
    operator.call("GET", "system/configs", expect=403)
    key = site.api.post("/api-keys", {"name": "build server", "role": "operator"})["key"]
    Management(port, "anything", key).get("targets")
    assert plain.exchange("GET", "/rest/v1/targets", headers={"Authorization": f"Bearer {key}"})[0] == 200
    person = next(row for row in site.api.get("/users/?role=operator")["items"])
    site.api.call("PUT", f"/users/{person['id']}", {"disabled": True})
    assert operator.exchange("GET", "/rest/v1/targets")[0] in (401, 403)


def test_targets(site, port, admin):
    made = admin.call("POST", "targets", [{"controllerId": f"dev{n}", "name": f"Device {n}", "securityToken": f"t{n}"} for n in range(12)], 201)
    assert [row["controllerId"] for row in made] == [f"dev{n}" for n in range(12)]
    admin.call("POST", "targets", [{"controllerId": "fresh", "name": "x"}, {"controllerId": "dev3", "name": "twice"}], 409)
    admin.get("targets/fresh", 404)
    admin.call("POST", "targets", [{"name": "nameless"}], 400)
    admin.call("POST", "targets", {"controllerId": "one/two é", "name": "Odd"}, 201)
    assert admin.get(f"targets/{quote('one/two é', safe='')}")["name"] == "Odd"
    page = admin.get("targets?offset=2&limit=3&sort=controllerId:ASC")
    assert page["total"] == 13 and page["size"] == 3 and [row["controllerId"] for row in page["content"]] == ["dev10", "dev11", "dev2"], page
    assert admin.get("targets?sort=controllerId:DESC&limit=1")["content"][0]["controllerId"] == "one/two é"
    admin.get("targets?sort=colour:ASC", 400)
    Client(port, "dev5", "TargetToken t5").ask("PUT", "/configData", {"data": {"hw": "2", "Board": "Lamp"}})
    for q, wanted in (("controllerid==dev1", ["dev1"]), ("controllerId==dev1*", ["dev1", "dev10", "dev11"]), ("attribute.hw==2", ["dev5"]),
                      ("controllerid==dev*;attribute.board==lamp", ["dev5"]), ("name=='device 7',controllerid==dev8", ["dev7", "dev8"]),
                      ("updatestatus==registered;controllerid=in=(dev1,dev2)", ["dev1", "dev2"]), ("attribute.hw!=2;controllerid==dev5", [])):
        got = [row["controllerId"] for row in admin.get(f"targets?sort=controllerId:ASC&q={quote(q)}")["content"]]
        assert got == wanted, (q, got)
    assert "character 13" in admin.get(f"targets?q={quote('controllerid=dev')}", 400)["message"]
    admin.call("PUT", "targets/dev0", {"name": "Renamed", "description": "In the hall", "securityToken": "new"})
    Client(port, "dev0", "TargetToken new").ask("GET")
    target = next(row for row in site.api.get("/update-targets?limit=100")["items"] if row["controller_id"] == "dev0")
    device = site.api.get(f"/devices/{target['device_id']}")
    assert device["name"] == "Renamed" and device["notes"] == "In the hall" and device["status"] == "deployed", device
    admin.call("DELETE", "targets/dev0", expect=204)
    admin.call("DELETE", "targets/dev0", expect=404)
    assert site.api.exchange("GET", f"/devices/{target['device_id']}")[0] == 404
    # A device that is more than a target stays.
    lamp = site.api.post("/devices/", {"name": "Lamp"})["id"]
    site.api.post("/update-targets", {"device_id": lamp, "controller_id": "lamp"})
    admin.call("DELETE", "targets/lamp", expect=204)
    assert site.api.get(f"/devices/{lamp}")["name"] == "Lamp"


def test_modules(site, port, admin):
    module = admin.call("POST", "softwaremodules", [{"name": "kernel", "version": "6.1", "type": "os", "vendor": "ACME"}], 201)[0]
    assert module["vendor"] == "ACME" and not module["deleted"], module
    digests = {f"{kind}sum": hashlib.new(kind, DATA).hexdigest() for kind in ("md5", "sha1", "sha256")}
    query = "?" + "&".join(f"{name}={value}" for name, value in digests.items())
    made = admin.upload(module["id"], "build/out/kernel.bin", DATA, query=query)
    assert made["providedFilename"] == "kernel.bin" and made["size"] == len(DATA), made
    admin.upload(module["id"], "kernel.bin", DATA, expect=409)
    admin.upload(module["id"], "other.bin", DATA, expect=400, query=f"?sha1sum={'0' * 40}")
    other = admin.upload(module["id"], "other.bin", b"--b0undar\r\n-b0undary\r\n--\r\n", query="?filename=renamed.bin")
    assert other["providedFilename"] == "renamed.bin"
    assert [row["providedFilename"] for row in admin.get(f"softwaremodules/{module['id']}/artifacts")] == ["kernel.bin", "renamed.bin"]
    path = f"/rest/v1/softwaremodules/{module['id']}/artifacts/{made['id']}/download"
    assert admin.exchange("GET", path)[2] == DATA
    status, _, part = admin.exchange("GET", path, headers={"Range": "bytes=100-199"})
    assert status == 206 and part == DATA[100:200]
    for body, kind in ((b"x", "multipart/form-data"), (b"x", "multipart/form-data; boundary=b"), (b"--b\r\nContent-Disposition: form-data; name=\"no\"\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b")):
        assert admin.exchange("POST", f"/rest/v1/softwaremodules/{module['id']}/artifacts", body, {"Content-Type": kind})[0] == 400, body
    assert admin.exchange("POST", f"/rest/v1/softwaremodules/{module['id']}/artifacts", b"x", {"Content-Type": "application/json"})[0] == 415
    admin.call("DELETE", f"softwaremodules/{module['id']}/artifacts/{other['id']}", expect=204)
    admin.get(f"softwaremodules/{module['id']}/artifacts/{other['id']}", 404)
    admin.call("PUT", f"softwaremodules/{module['id']}", {"description": "The kernel"})
    found = admin.get(f"softwaremodules?q={quote('name==kern*;version==6.1')}")
    assert found["total"] == 1 and found["content"][0]["description"] == "The kernel", found
    record = next(row for row in site.api.get("/firmware?limit=100")["items"] if row["number"] == module["id"])
    assert record["name"] == "kernel" and record["status"] == "ready" and record["sha256"] == digests["sha256sum"], record
    admin.call("DELETE", f"softwaremodules/{module['id']}", expect=204)
    assert not list((site.folder / "data/spool").iterdir())


def test_sets_and_actions(site, port, admin):
    distribution, module = admin.make_set("image", "2.0", {"image.swu": DATA})
    assert [row["id"] for row in admin.get(f"distributionsets/{distribution}")["modules"]] == [module]
    assert [row["id"] for row in admin.get(f"distributionsets/{distribution}/assignedSM")] == [module]
    admin.call("POST", "distributionsets", [{"name": "empty", "version": "1", "modules": [{"id": 99999}]}], 404)
    admin.call("POST", f"distributionsets/{distribution}/assignedTargets", [{"id": "nobody"}], 404)
    admin.call("POST", f"distributionsets/{distribution}/assignedTargets", [{"id": "dev1", "type": "perhaps"}], 400)
    admin.call("POST", f"distributionsets/{distribution}/assignedTargets", [{"id": "dev1", "maintenanceWindow": {"schedule": "0 30 2 ? * *", "duration": "01:00:00"}}], 400)
    assert admin.call("GET", "targets/dev1/assignedDS", expect=204) is None
    action = admin.assign(distribution, "dev1", type="soft")
    again = admin.call("POST", f"distributionsets/{distribution}/assignedTargets", [{"id": "dev1"}])
    assert again["alreadyAssigned"] == 1 and again["assigned"] == 0 and again["assignedActions"] == [], again
    assert admin.get("targets/dev1/assignedDS")["id"] == distribution
    assert admin.call("GET", "targets/dev1/installedDS", expect=204) is None
    told = admin.action("dev1", action)
    assert (told["type"], told["status"], told["forceType"], told["active"]) == ("update", "pending", "soft", True), told
    assert admin.get("targets/dev1")["updateStatus"] == "pending"
    assert admin.get("actions?q=active==true")["total"] == admin.get("targets/dev1/actions")["total"] == 1
    assert admin.get(f"actions?q={quote('target.controllerid==dev1;status==pending')}")["content"][0]["id"] == action
    admin.call("PUT", f"targets/dev1/actions/{action}", {"forceType": "soft"}, 400)
    assert admin.call("PUT", f"targets/dev1/actions/{action}", {"forceType": "forced"})["forceType"] == "forced"
    admin.get(f"targets/dev2/actions/{action}", 404)
    update = next(row for row in site.api.get("/updates?limit=100")["items"] if row["number"] == action)
    assert update["kind"] == "forced" and update["set_id"], update
    # What is in use is withdrawn, and may be deleted twice.
    client = Client(port, "dev1", "TargetToken t1")
    client.feedback(action, "closed", "success", ["done"])
    assert admin.get("targets/dev1/installedDS")["id"] == distribution
    statuses = admin.statuses("dev1", action)
    assert statuses[0]["type"] == "finished" and statuses[0]["messages"] == ["done"] and [row["id"] for row in statuses] == sorted((row["id"] for row in statuses), reverse=True), statuses
    for _ in range(2):
        admin.call("DELETE", f"softwaremodules/{module}", expect=204)
    assert admin.get(f"softwaremodules/{module}")["deleted"]
    waiting = admin.call("POST", "targets/dev2/assignedDS", [{"id": admin.make_set("next", "3", {"a.swu": b"a"})[0], "confirmationRequired": True}])["assignedActions"][0]["id"]
    assert admin.action("dev2", waiting)["detailStatus"] == "wait_for_confirmation"
    admin.call("PUT", f"targets/dev2/actions/{waiting}/confirmation", {"confirmation": "confirmed"}, 204)
    assert admin.action("dev2", waiting)["detailStatus"] == "running"
    admin.cancel("dev2", waiting)
    assert admin.action("dev2", waiting)["detailStatus"] == "canceled"
    # Beforehand: what waits has it with that.
    asked = admin.call("POST", "targets/dev4/assignedDS", [{"id": admin.make_set("later", "3", {"a.swu": b"a"})[0], "confirmationRequired": True}])["assignedActions"][0]["id"]
    told = admin.get("targets/dev4/autoConfirm")
    assert told["active"] is False and told["_links"]["activate"]["href"].endswith("/targets/dev4/autoConfirm/activate"), told
    admin.call("POST", "targets/dev4/autoConfirm/activate", {"initiator": "ann", "remark": "x" * 513}, 400)
    admin.call("POST", "targets/dev4/autoConfirm/activate", {"initiator": "ann", "remark": "go on"}, 204)
    told = admin.get("targets/dev4/autoConfirm")
    assert (told["active"], told["initiator"], told["remark"]) == (True, "ann", "go on") and told["activatedAt"] > 0 and "deactivate" in told["_links"], told
    assert admin.action("dev4", asked)["detailStatus"] == "running" and admin.get("targets/dev4")["autoConfirmActive"]
    admin.call("POST", "targets/dev4/autoConfirm/deactivate", expect=204)
    assert admin.get("targets/dev4/autoConfirm")["active"] is False
    admin.call("POST", "targets/nobody/autoConfirm/activate", expect=404)
    admin.cancel("dev2", waiting, expect=405)


def test_configuration(site, port, admin):
    admin.configure(pollingTime="00:00:07", pollingOverdueTime="01:00:00", authentication_gatewaytoken_enabled=True, authentication_gatewaytoken_key="a gateway key")
    assert site.api.get("/settings")["items"]
    settings = {row["key"]: row["value"] for row in site.api.get("/settings")["items"]}
    assert settings["ddi.polling-time"] == 7 and settings["ddi.overdue-time"] == 3600 and settings["ddi.gateway-tokens"] is True and settings["ddi.gateway-token"] is None, settings
    assert admin.get("system/configs/pollingTime")["value"] == "00:00:07"
    assert admin.get("system/configs")["authentication.gatewaytoken.key"] == {"value": "a gateway key"}
    assert Client(port, "dev3", "GatewayToken a gateway key").ask("GET")["config"]["polling"]["sleep"] == "00:00:07"
    for key, value in (("pollingTime", "7"), ("pollingTime", "00:00:00"), ("authentication.targettoken.enabled", "maybe"), ("authentication.gatewaytoken.key", "short")):
        admin.call("PUT", f"system/configs/{key}", {"value": value}, 400)
    admin.call("PUT", "system/configs/colour", {"value": "red"}, 404)
    admin.call("DELETE", "system/configs/pollingTime", expect=204)
    assert admin.get("system/configs/pollingTime")["value"] == "00:05:00"


def main():
    port = free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}")
        admin = Management(port, "anyone", (site.folder / "data/token").read_text().strip())
        for test in (test_who_is_let_in, test_targets, test_modules, test_sets_and_actions, test_configuration):
            begin = time.monotonic()
            test(site, port, admin)
            print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()

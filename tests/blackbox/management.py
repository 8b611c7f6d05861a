#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hawkBit's Management API as its tools use it: who is let in, targets, software modules and their files, distribution sets, actions, rollouts, tags
and filters, paging, the configuration; and that what it does stands in the site's own records."""
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
from muster_site import Site, free_port, wait_for  # noqa: E402

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
    for window in ({"schedule": "0 30 2 * * *", "duration": "01:00:00", "timezone": "+00:00"}, {"schedule": "0 30 2 ? * *", "duration": "1h"}, {"duration": "01:00:00"},
                   {"schedule": "0 30 2 ? * *", "duration": "01:00:00", "timezone": "CET"}, {"schedule": "0 30 2 1 1 ? 2020", "duration": "01:00:00", "timezone": "+00:00"}):
        admin.call("POST", f"distributionsets/{distribution}/assignedTargets", [{"id": "dev1", "maintenanceWindow": window}], 400)
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


def threshold(percent):
    return {"condition": "THRESHOLD", "expression": str(percent)}


def test_rollouts(site, port, admin):
    """One record with the site's own rollouts: groups, thresholds, and who lets it go on."""
    distribution, _ = admin.make_set("rolled", "4.0", {"a.swu": b"rolled"})
    names = [f"roll{n}" for n in range(10)]
    admin.call("POST", "targets", [{"controllerId": name, "name": name, "securityToken": f"s-{name}"} for name in names], 201)
    body = {"name": "Autumn", "description": "All of them", "distributionSetId": distribution, "targetFilterQuery": "controllerid==roll*", "amountGroups": 5, "type": "soft", "weight": 700,
            "successCondition": threshold(50), "successAction": {"action": "NEXTGROUP", "expression": ""}, "errorCondition": threshold(80), "errorAction": {"action": "PAUSE", "expression": ""}}
    for wrong in ({"targetFilterQuery": ""}, {"targetFilterQuery": "controllerid=roll"}, {"distributionSetId": 99999}, {"amountGroups": 0}, {"amountGroups": 101}, {"name": None}, {"type": "perhaps"},
                  {"successCondition": threshold(101)}, {"errorCondition": {"condition": "COUNT", "expression": "1"}}, {"errorAction": {"action": "EXPLODE"}}, {"confirmationRequired": "yes"},
                  {"groups": [{"name": "half", "targetPercentage": 50}]}, {"groups": [{"targetFilterQuery": "name==x"}]}, {"groups": [{"targetPercentage": 0}, {}]},
                  {"groups": [{"targetFilterQuery": "name=x"}, {}]}, {"groups": [{"confirmationRequired": 1}]}, {"groups": ["all"]}):
        admin.call("POST", "rollouts", {**body, **wrong}, 404 if "distributionSetId" in wrong else 400)
    made = admin.call("POST", "rollouts", body, 201)
    number = made["id"]
    assert (made["status"], made["totalTargets"], made["type"], made["weight"], made["distributionSetId"]) == ("ready", 10, "soft", 700, distribution), made
    assert made["totalTargetsPerStatus"]["notstarted"] == 10 and made["_links"]["triggerNextGroup"]["href"].endswith(f"/rollouts/{number}/triggerNextGroup"), made
    record = next(row for row in site.api.get("/rollouts?limit=100")["items"] if row["number"] == number)
    assert (record["name"], record["status"], record["target_query"], record["success_threshold"], record["error_threshold"]) == ("Autumn", "draft", "controllerid==roll*", 50, 80), record
    groups = admin.get(f"rollouts/{number}/deploygroups?sort=id:ASC")
    assert groups["total"] == 5 and [(row["name"], row["totalTargets"], row["status"]) for row in groups["content"]] == [(f"group-{n}", 2, "ready") for n in range(1, 6)], groups
    assert [row["name"] for row in admin.get(f"rollouts/{number}/deploygroups?offset=1&limit=2")["content"]] == ["group-2", "group-3"]
    assert admin.call("PUT", f"rollouts/{number}", {"name": "Autumn 2026"})["name"] == "Autumn 2026"
    admin.call("POST", f"rollouts/{number}/pause", expect=409)
    admin.call("POST", f"rollouts/{number}/start", expect=204)
    first, second = (admin.get(f"rollouts/{number}/deploygroups")["content"][n] for n in (0, 1))
    assert admin.get(f"rollouts/{number}")["status"] == "running" and first["id"] != second["id"]
    assert admin.get(f"rollouts?q={quote('name==Autumn*;status==running')}")["content"][0]["id"] == number
    members = admin.get(f"rollouts/{number}/deploygroups/{first['id']}/targets")
    given = admin.get(f"targets/{members['content'][0]['controllerId']}/actions")["content"][0]
    assert (given["rollout"], given["rolloutName"], given["forceType"], given["weight"]) == (number, "Autumn 2026", "soft", 700), given
    assert members["total"] == 2 and {row["controllerId"] for row in members["content"]} <= set(names), members
    assert admin.get(f"rollouts/{number}/deploygroups/{first['id']}/targets?q={quote('controllerid==' + members['content'][0]['controllerId'])}")["total"] == 1
    admin.get(f"rollouts/{number}/deploygroups/{first['id'] + 100}", 404)

    def finish(row, end="success"):
        client = Client(port, row["controllerId"], f"TargetToken s-{row['controllerId']}")
        action = int(client.links()["deploymentBase"].split("/deploymentBase/")[1].split("?")[0])
        client.feedback(action, "closed", end)

    def group(index):
        return admin.get(f"rollouts/{number}/deploygroups")["content"][index]
    # Half of a group is enough for the next; and a person need not wait for that.
    wait_for(lambda: group(0)["status"] == "running", 10, "the first group")
    finish(members["content"][0])
    wait_for(lambda: group(0)["status"] == "finished" and group(1)["status"] == "running", 10, "the second group")
    admin.call("POST", f"rollouts/{number}/triggerNextGroup", expect=204)
    wait_for(lambda: group(1)["status"] == "running" and group(2)["status"] == "running", 10, "the third group beside the second")
    admin.call("POST", f"rollouts/{number}/pause", expect=204)
    assert admin.get(f"rollouts/{number}")["status"] == "paused"
    admin.call("POST", f"rollouts/{number}/triggerNextGroup", expect=409)
    admin.call("POST", f"rollouts/{number}/resume", expect=204)
    # What fails in a group that was begun by hand counts at once.
    for row in admin.get(f"rollouts/{number}/deploygroups/{group(2)['id']}/targets")["content"]:
        finish(row, "failure")
    wait_for(lambda: group(2)["status"] == "error" and admin.get(f"rollouts/{number}")["status"] == "paused", 10, "the rollout pauses")
    wait_for(lambda: admin.get(f"rollouts/{number}")["totalTargetsPerStatus"] == {"running": 0, "notstarted": 7, "scheduled": 0, "cancelled": 0, "finished": 1, "error": 2}, 10, "its figures")
    admin.call("POST", f"rollouts/{number}/stop", expect=204)
    assert admin.get(f"rollouts/{number}")["status"] == "stopped"
    wait_for(lambda: admin.get(f"rollouts/{number}")["totalTargetsPerStatus"]["cancelled"] == 7, 10, "the others are cancelled")
    admin.call("DELETE", f"rollouts/{number}", expect=204)
    admin.get(f"rollouts/{number + 1000}", 404)
    # Shares are of what is left there, and of all here. One that pauses after a group waits for a person.
    plain = {**body, "name": "Shares", "groups": [{"name": "few", "targetPercentage": 20, "successAction": {"action": "PAUSE"}}, {"targetPercentage": 50}, {"errorCondition": threshold(5)}]}
    draft = admin.call("POST", "rollouts", plain, 201)["id"]
    assert [(row["name"], row["totalTargets"]) for row in admin.get(f"rollouts/{draft}/deploygroups")["content"]] == [("few", 2), ("group-2", 4), ("group-3", 3)], "nine do not run it yet"
    plan = next(row for row in site.api.get("/rollouts?limit=100")["items"] if row["number"] == draft)["plan"]
    assert [row.get("manual", False) for row in plan] == [False, True, False] and plan[2]["error_threshold"] == 5, plan
    admin.call("DELETE", f"rollouts/{draft}", expect=204)
    admin.get(f"rollouts/{draft}", 404)
    # Its time, and two pairs of eyes.
    later = admin.call("POST", "rollouts", {**body, "name": "Later", "startAt": int((time.time() + 3600) * 1000)}, 201)
    assert later["status"] == "ready" and site.api.get("/rollouts?status=scheduled")["items"][0]["number"] == later["id"]
    admin.call("POST", f"rollouts/{later['id']}/start", expect=204)
    assert admin.get(f"rollouts/{later['id']}")["status"] == "running"
    admin.call("POST", f"rollouts/{later['id']}/stop", expect=204)
    admin.configure(rollout_approval_enabled=True)
    asked, refused = (admin.call("POST", "rollouts", {**body, "name": name}, 201) for name in ("Asked", "Refused"))
    assert asked["status"] == "waiting_for_approval"
    admin.call("POST", f"rollouts/{asked['id']}/approve", expect=403)
    site.api.post("/users/add", {"name": "second", "email": "second@example.org", "password": PASSWORD, "role": "operator"})
    second = Management(port, "second@example.org", PASSWORD)
    second.call("POST", f"rollouts/{asked['id']}/approve?remark=looked%20at", expect=204)
    second.call("POST", f"rollouts/{asked['id']}/start", expect=204)
    told = admin.get(f"rollouts/{asked['id']}")
    assert (told["status"], told["approvalRemark"]) == ("running", "looked at") and told["approveDecidedBy"], told
    second.call("POST", f"rollouts/{refused['id']}/deny?remark=no", expect=204)
    assert admin.get(f"rollouts/{refused['id']}")["status"] == "approval_denied" and admin.get(f"rollouts/{refused['id']}")["approvalRemark"] == "no"
    second.call("POST", f"rollouts/{refused['id']}/approve", expect=409)
    admin.call("DELETE", f"rollouts/{asked['id']}", expect=204)
    admin.configure(rollout_approval_enabled=False)


def test_groups_with_filters(site, port, admin):
    """Each group has those of its filter that the ones before it have left; some groups ask for consent, and others do not."""
    distribution, _ = admin.make_set("by group", "4.1", {"a.swu": b"by group"})
    names = [f"{kind}{n}" for kind in ("pump", "valve") for n in range(4)]
    admin.call("POST", "targets", [{"controllerId": name, "name": name, "securityToken": f"s-{name}"} for name in names], 201)
    clients = {name: Client(port, name, f"TargetToken s-{name}") for name in names}
    body = {"name": "Halls", "distributionSetId": distribution, "targetFilterQuery": "controllerid==pump*,controllerid==valve*", "successCondition": threshold(50), "confirmationRequired": True,
            "groups": [{"name": "first pumps", "targetFilterQuery": "controllerid==pump*", "targetPercentage": 50, "confirmationRequired": False},
                       {"name": "valves", "targetFilterQuery": "controllerid==valve*"}, {"name": "the rest"}]}
    problem = admin.call("POST", "rollouts", {**body, "groups": body["groups"][:2]}, 400)
    assert "2 of the targets are in none" in problem["message"], problem
    number = admin.call("POST", "rollouts", body, 201)["id"]
    path = f"rollouts/{number}"

    def groups():
        return admin.get(f"{path}/deploygroups")["content"]
    wanted = [("first pumps", "controllerid==pump*", False, 2), ("valves", "controllerid==valve*", True, 4), ("the rest", body["targetFilterQuery"], True, 2)]
    for state in ("as a draft", "as it runs"):
        assert [(row["name"], row["targetFilterQuery"], row["confirmationRequired"], row["totalTargets"]) for row in groups()] == wanted, (state, groups())
        if state == "as a draft":
            admin.call("POST", f"{path}/start", expect=204)
            wait_for(lambda: groups()[0]["totalTargets"] == 2 and groups()[2]["totalTargets"] == 2, 10, "its figures")
    members = [{row["controllerId"] for row in admin.get(f"{path}/deploygroups/{group['id']}/targets")["content"]} for group in groups()]
    assert members[1] == {f"valve{n}" for n in range(4)} and members[0] | members[2] == {f"pump{n}" for n in range(4)}, members

    def offered(name, kind):
        """The number of what NAME is offered as KIND, as soon as no group is being decided about."""
        return int(wait_for(lambda: clients[name].links().get(kind), 10, kind).rsplit("/", 1)[1].split("?")[0])
    # The first group is not asked; one of the others not before its turn.
    wait_for(lambda: groups()[0]["status"] == "running", 10, "the first group")
    assert not clients["valve0"].links().keys() & {"confirmationBase", "deploymentBase"}, clients["valve0"].links()
    for name in members[0]:
        clients[name].feedback(offered(name, "deploymentBase"), "closed", "success")
    wait_for(lambda: groups()[1]["status"] == "running", 10, "the valves")
    action = offered("valve0", "confirmationBase")
    assert "deploymentBase" not in clients["valve0"].links()
    assert admin.action("valve0", action)["detailStatus"] == "wait_for_confirmation" and admin.statuses("valve0", action)[0]["type"] == "wait_for_confirmation"
    record = next(row for row in site.api.get("/updates?limit=200")["items"] if row["number"] == action)
    assert (record["status"], record["confirmation"]) == ("waiting", "needed"), record
    assert admin.get(f"{path}")["confirmationRequired"] and site.api.get(f"/rollouts/{record['rollout_id']}")["confirmation_required"]
    # Who says no, keeps it waiting; who says yes, gets it. A person may do so from afar.
    clients["valve0"].ask("POST", f"/confirmationBase/{action}/feedback", {"confirmation": "denied", "code": 1, "details": ["not now"]})
    assert "deploymentBase" not in clients["valve0"].links() and admin.action("valve0", action)["detailStatus"] == "wait_for_confirmation"
    clients["valve0"].ask("POST", f"/confirmationBase/{action}/feedback", {"confirmation": "confirmed"})
    other = offered("valve1", "confirmationBase")
    admin.call("PUT", f"targets/valve1/actions/{other}/confirmation", {"confirmation": "confirmed"}, 204)
    for name, given in (("valve0", action), ("valve1", other)):
        assert offered(name, "deploymentBase") == given
        clients[name].feedback(given, "closed", "success")
    wait_for(lambda: groups()[2]["status"] == "running", 10, "the rest, at half of the valves")
    admin.call("POST", f"{path}/stop", expect=204)


def test_consent_takes_no_place(site, port, admin):
    """Of a rollout that lets one device be at it at once, those that think about it hold nobody up. Others than update clients cannot be asked."""
    distribution, _ = admin.make_set("slowly", "4.2", {"a.swu": b"slowly"})
    record = next(row for row in site.api.get("/firmware-sets?limit=100")["items"] if row["version"] == "4.2")
    names = ["slow0", "slow1"]
    admin.call("POST", "targets", [{"controllerId": name, "name": name, "securityToken": f"s-{name}"} for name in names], 201)
    thinking, asked = (Client(port, name, f"TargetToken s-{name}") for name in names)
    draft = {"name": "One by one", "set_id": record["id"], "target_query": "controllerid==slow*", "max_concurrent": 1, "confirmation_required": True}
    for wrong in ({"filter": ""}, {"target_query": None, "filter": "model=TH-10"}, {"confirmation_required": False, "target_query": None, "filter": "", "plan": [{"confirmation_required": True}]}):
        status, _, answer = site.api.exchange("POST", "/rollouts", {name: value for name, value in {**draft, **wrong}.items() if value is not None})
        assert status == 422 and json.loads(answer)["errors"][0]["pointer"] == "/confirmation_required", (wrong, status, answer)
    rollout = site.api.post("/rollouts", draft)
    site.api.call("POST", f"/rollouts/{rollout['id']}/start")
    wait_for(lambda: "confirmationBase" in thinking.links(), 10, "the question")
    for _ in range(3):
        assert "deploymentBase" not in thinking.links()
    number = int(asked.links()["confirmationBase"].rsplit("/", 1)[1].split("?")[0])
    asked.ask("POST", f"/confirmationBase/{number}/feedback", {"confirmation": "confirmed"})
    assert f"/deploymentBase/{number}?" in asked.links()["deploymentBase"]
    site.api.call("POST", f"/rollouts/{rollout['id']}/cancel")


def test_filters_and_tags(site, port, admin):
    """A tag is a group of devices; a filter that gives a set is a rollout that takes late joiners."""
    hall, roof = admin.call("POST", "targettags", [{"name": "Hall", "description": "Below", "colour": "red"}, {"name": "Roof"}], 201)
    admin.call("POST", "targettags", [{"name": "Hall"}], 409)
    assert {row["name"] for row in site.api.get("/device-groups?limit=10")["items"]} == {"Hall", "Roof"}
    admin.call("POST", f"targettags/{hall['id']}/assigned", ["dev5", "dev6"])
    admin.call("POST", f"targettags/{hall['id']}/assigned", [{"controllerId": "dev6"}, {"controllerId": "dev7"}])
    admin.call("POST", f"targettags/{roof['id']}/assigned/dev6", expect=204)
    admin.call("POST", f"targettags/{roof['id']}/assigned", ["nobody"], 404)
    page = admin.get(f"targettags/{hall['id']}/assigned?limit=2")
    assert page["total"] == 3 and [row["controllerId"] for row in page["content"]] == ["dev5", "dev6"], page
    assert [row["name"] for row in admin.get("targets/dev6/tags")] == ["Hall", "Roof"]
    admin.call("DELETE", f"targettags/{hall['id']}/assigned/dev7", expect=204)
    admin.call("DELETE", f"targettags/{hall['id']}/assigned/dev7", expect=404)
    for q, wanted in (("tag==hall", ["dev5", "dev6"]), ("tag==hall;tag!=roof", ["dev5"]), ("tag=in=(Roof,Yard)", ["dev6"])):
        assert [row["controllerId"] for row in admin.get(f"targets?sort=controllerId:ASC&q={quote(q)}")["content"]] == wanted, q
    assert admin.call("PUT", f"targettags/{roof['id']}", {"name": "Top"})["name"] == "Top" and admin.get(f"targettags?q={quote('name==Top')}")["total"] == 1
    admin.call("DELETE", f"targettags/{roof['id']}", expect=204)
    made = admin.call("POST", "targetfilters", {"name": "Those of the hall", "query": "tag==hall"}, 201)
    admin.call("POST", "targetfilters", {"name": "Broken", "query": "tag=hall"}, 400)
    admin.call("POST", "targetfilters", {"name": "Those of the hall", "query": "tag==hall"}, 409)
    path = f"targetfilters/{made['id']}"
    assert admin.call("GET", f"{path}/autoAssignDS", expect=204) is None and "autoAssignDistributionSet" not in made
    distribution, _ = admin.make_set("by filter", "5.0", {"a.swu": b"by filter"})
    admin.call("POST", f"{path}/autoAssignDS", {"id": 99999}, 404)
    admin.call("POST", f"{path}/autoAssignDS", {"id": distribution, "confirmationRequired": "no"}, 400)
    admin.call("POST", f"{path}/autoAssignDS", {"id": distribution, "type": "soft", "weight": 900, "confirmationRequired": True})
    told = admin.get(path)
    assert (told["autoAssignDistributionSet"], told["autoAssignActionType"], told["autoAssignWeight"], told["confirmationRequired"]) == (distribution, "soft", 900, True), told
    assert admin.get(f"{path}/autoAssignDS")["id"] == distribution
    rollout = next(row for row in site.api.get("/rollouts?limit=100")["items"] if row["name"] == "Those of the hall")
    assert (rollout["status"], rollout["dynamic"], rollout["set_id"] is not None) == ("running", True, True), rollout
    wait_for(lambda: site.api.get(f"/rollouts/{rollout['id']}")["total"] == 2, 10, "its devices")
    assert admin.get("targets/dev5/assignedDS")["id"] == distribution
    waiting = next(row for row in admin.get("targets/dev5/actions")["content"] if row["active"])
    assert waiting["detailStatus"] == "wait_for_confirmation" and admin.get(f"actions?q={quote('detailstatus==wait_for_confirmation;target.controllerid==dev5')}")["total"] == 1, waiting
    # Another query is another rollout: those that were given the set go on.
    admin.call("PUT", path, {"query": "controllerid==dev8"})
    assert site.api.get(f"/rollouts/{rollout['id']}")["dynamic"] is False and admin.get("targets/dev8/assignedDS")["id"] == distribution
    assert admin.get(path)["confirmationRequired"] and admin.get("targets/dev8/actions")["content"][0]["detailStatus"] == "wait_for_confirmation"
    admin.call("DELETE", f"{path}/autoAssignDS", expect=204)
    assert "autoAssignDistributionSet" not in admin.get(path)
    admin.call("DELETE", path, expect=204)
    admin.get(path, 404)


def test_late_joiners(site, port, admin):
    """Whoever comes to match gets it, however it comes to that; whoever does not, does not."""
    distribution, _ = admin.make_set("for latecomers", "5.1", {"a.swu": b"late"})
    names = ["late-attribute", "late-tag", "late-status", "late-never"]
    admin.call("POST", "targets", [{"controllerId": name, "name": name, "securityToken": f"s-{name}"} for name in names], 201)
    tag, = admin.call("POST", "targettags", [{"name": "Latecomers"}], 201)
    made = admin.call("POST", "targetfilters", {"name": "Latecomers", "query": "attribute.hw==77,tag==latecomers,controllerid==late-new*,(controllerid==late-status;updatestatus==error)"}, 201)
    admin.call("POST", f"targetfilters/{made['id']}/autoAssignDS", {"id": distribution})
    admin.get("targets/late-tag/assignedDS", 204)
    # All are looked at once when it begins, and then those that something is heard of.
    rollout = next(row for row in site.api.get("/rollouts?limit=100")["items"] if row["name"] == "Latecomers")
    wait_for(lambda: site.api.get(f"/rollouts/{rollout['id']}")["status"] == "running", 10, "its begin")
    time.sleep(6)
    client = Client(port, "late-attribute", "TargetToken s-late-attribute")
    client.ask("PUT", "/configData", {"mode": "merge", "data": {"hw": "77"}})
    admin.call("POST", f"targettags/{tag['id']}/assigned/late-tag", expect=204)
    admin.call("POST", "targets", [{"controllerId": "late-new", "name": "New", "securityToken": "s-late-new"}], 201)
    other = admin.assign(admin.make_set("fails", "1", {"a.swu": b"fails"})[0], "late-status")
    failing = Client(port, "late-status", "TargetToken s-late-status")
    failing.feedback(other, "closed", "failure")

    def given():
        return {name for name in (*names, "late-new") if admin.exchange("GET", f"/rest/v1/targets/{name}/assignedDS")[0] == 200 and admin.get(f"targets/{name}/assignedDS")["id"] == distribution}
    wait_for(lambda: len(given()) == 4, 60, "the late joiners")
    assert given() == {"late-attribute", "late-tag", "late-status", "late-new"}, given()
    wait_for(lambda: site.api.get(f"/rollouts/{rollout['id']}")["total"] == 4, 10, "its figures")
    admin.call("DELETE", f"targetfilters/{made['id']}", expect=204)


def test_metadata(site, port, admin):
    """What is said of a module, and what of it devices are told."""
    distribution, module = admin.make_set("noted", "6.0", {"a.swu": b"noted"})
    admin.call("POST", f"softwaremodules/{module}/metadata", [{"key": "slot", "value": "B", "targetVisible": True}, {"key": "ticket", "value": "4711"}], 201)
    admin.call("POST", f"softwaremodules/{module}/metadata", [{"key": "slot", "value": "C"}], 409)
    admin.call("POST", f"softwaremodules/{module}/metadata", [{"key": "empty"}], 400)
    page = admin.get(f"softwaremodules/{module}/metadata?sort=key:DESC")
    assert page["content"] == [{"key": "ticket", "value": "4711", "targetVisible": False}, {"key": "slot", "value": "B", "targetVisible": True}], page
    assert admin.call("PUT", f"softwaremodules/{module}/metadata/slot", {"value": "A"}) == {"key": "slot", "value": "A", "targetVisible": True}
    admin.assign(distribution, "dev9")
    client = Client(port, "dev9", "TargetToken t9")
    chunk, = client.ask("GET", client.links()["deploymentBase"])["deployment"]["chunks"]
    assert chunk["metadata"] == [{"key": "slot", "value": "A"}], chunk
    admin.call("DELETE", f"softwaremodules/{module}/metadata/slot", expect=204)
    admin.get(f"softwaremodules/{module}/metadata/slot", 404)
    chunk, = client.ask("GET", client.links()["deploymentBase"])["deployment"]["chunks"]
    assert "metadata" not in chunk, chunk


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
        for test in (test_who_is_let_in, test_targets, test_modules, test_sets_and_actions, test_rollouts, test_groups_with_filters, test_consent_takes_no_place, test_filters_and_tags, test_late_joiners, test_metadata, test_configuration):
            begin = time.monotonic()
            test(site, port, admin)
            print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()

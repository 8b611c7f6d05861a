#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hawkBit's DDI v1 as its clients see it: every resource, who is let in, what is told when, and what of their mistakes is forgiven."""
import datetime
import hashlib
import http.client
import json
import os
import ssl
import sys
import time
import zoneinfo
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_ddi import Authority, Client, Management, path_of  # noqa: E402
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402

GATEWAY = "gateway-secret-1"
IMAGE = os.urandom(100_000)
README = b"read me\n"


class Bench:
    def __init__(self, site, port):
        self.site, self.port, self.count = site, port, 0
        self.management = Management(port, "anyone", (site.folder / "data/token").read_text().strip())

    def target(self, **more):
        """A new device, its client, and nothing to do for it."""
        self.count += 1
        name = f"dev-{self.count}"
        made = self.management.make_target(name, securityToken=f"token-{self.count}", **more)
        assert made["securityToken"] == f"token-{self.count}" and made["updateStatus"] == "registered", made
        return name, Client(self.port, name, f"TargetToken token-{self.count}")

    def make_set(self, files=None, part="os"):
        self.count += 1
        return self.management.make_set(f"image-{self.count}", "1.0.1", files or {"up.swu": IMAGE}, part)

    def given(self, **more):
        """A device that was given an update: its name, its client, the action, its module."""
        distribution, module = self.make_set()
        name, client = self.target()
        return name, client, self.management.assign(distribution, name, **more), module


def test_who_is_let_in(bench):
    name, client = bench.target()
    answer = client.ask("GET")
    assert answer["config"]["polling"]["sleep"] == "00:05:00" and set(answer["_links"]) == {"configData"}, answer
    for authorization in (None, "TargetToken wrong", "TargetToken ", "TargetToken", "Bearer token-1", f"GatewayToken {GATEWAY}", "TargetToken " + "x" * 5000):
        status, headers, body = Client(bench.port, name, authorization).exchange("GET", client.base)
        assert status == 401 and body == b"" and "WWW-Authenticate" not in headers, (authorization, status, headers, body)
    assert Client(bench.port, "nobody", "TargetToken token-1").exchange("GET", "/DEFAULT/controller/v1/nobody")[0] == 401
    assert Client(bench.port, name, client.headers["Authorization"], tenant="OTHER").exchange("GET", f"/OTHER/controller/v1/{name}")[0] == 401
    lower = Client(bench.port, name, client.headers["Authorization"], tenant="default")
    assert lower.links()["configData"].endswith(f"/default/controller/v1/{name}/configData")
    bench.management.configure(authentication_targettoken_enabled=False)
    client.ask("GET", expect=401)
    bench.management.configure(authentication_gatewaytoken_enabled=True, authentication_gatewaytoken_key=GATEWAY, authentication_targettoken_enabled=True)
    Client(bench.port, name, f"GatewayToken {GATEWAY}").ask("GET")
    Client(bench.port, name, f"GatewayToken {GATEWAY}x").ask("GET", expect=401)
    told = {"X-Controller-Id": name, "X-Authority-0": "aa", "X-Authority-1": "bb"}
    Client(bench.port, name).ask("GET", expect=401, headers=told)
    bench.management.configure(authentication_header_enabled=True, authentication_header_authority="cc, bb")
    Client(bench.port, name).ask("GET", headers=told)
    Client(bench.port, name).ask("GET", headers={"X-Controller-Id": name, "X-Authority": "bb"})
    Client(bench.port, name).ask("GET", expect=401, headers={**told, "X-Controller-Id": "other"})
    Client(bench.port, name).ask("GET", expect=401, headers={"X-Controller-Id": name, "X-Authority": "dd"})


def test_links_follow_the_proxy(bench):
    name, client = bench.target()
    links = client.ask("GET", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "updates.example:8443"})["_links"]
    assert links["configData"]["href"] == f"https://updates.example:8443/DEFAULT/controller/v1/{name}/configData", links


def test_config_data(bench):
    name, client = bench.target()
    assert "configData" in client.links()
    client.ask("PUT", "/configData", {"mode": "merge", "data": {"hw": "test", "serial": "4711"}, "id": "", "time": 7, "status": {}})
    assert "configData" not in client.links()
    client.ask("PUT", "/configData", {"data": {"serial": None, "os": "x"}})
    assert bench.management.get(f"targets/{name}/attributes") == {"hw": "test", "os": "x"}
    client.ask("PUT", "/configData", {"mode": "remove", "data": {"hw": ""}})
    client.ask("PUT", "/configData", b'{"data":{"raw":"\x01\xfc"}}')
    assert bench.management.get(f"targets/{name}/attributes") == {"os": "x", "raw": "?\ufffd"}
    for body in ({"data": {"a": 1}}, {"data": {"a" * 129: "x"}}, {"mode": "nothing", "data": {}}, [], {"data": {f"k{n}": "v" for n in range(101)}}):
        client.ask("PUT", "/configData", body, expect=400)


def test_deployment(bench):
    distribution, module = bench.make_set({"up.swu": IMAGE, "read me.txt": README})
    name, client = bench.target()
    action = bench.management.assign(distribution, name)
    links = client.links()
    assert set(links) == {"configData", "deploymentBase"} and f"/deploymentBase/{action}?c=" in links["deploymentBase"], links
    answer = client.ask("GET", links["deploymentBase"])
    assert answer["id"] == str(action) and set(answer) == {"id", "deployment"}, answer
    deployment = answer["deployment"]
    assert (deployment["download"], deployment["update"]) == ("forced", "forced") and "maintenanceWindow" not in deployment, deployment
    chunk, = deployment["chunks"]
    assert chunk["part"] == "os" and chunk["version"] == "1.0.1" and [row["filename"] for row in chunk["artifacts"]] == ["read me.txt", "up.swu"], chunk
    for row, data in zip(chunk["artifacts"], (README, IMAGE)):
        assert row["size"] == len(data) and row["hashes"] == {kind: hashlib.new(kind, data).hexdigest() for kind in ("sha1", "md5", "sha256")}, row
        assert set(row["_links"]) == {"download", "md5sum", "download-http", "md5sum-http"}, row
        status, headers, body = client.exchange("GET", path_of(row["_links"]["download"]["href"]))
        assert status == 200 and body == data and headers["Content-Type"] == "application/octet-stream", headers
        status, headers, body = client.exchange("GET", path_of(row["_links"]["md5sum-http"]["href"]))
        assert status == 200 and body.decode() == f"{hashlib.md5(data).hexdigest()}  {row['filename']}" and headers["Content-Type"].startswith("text/plain"), body
    assert client.ask("GET", f"/softwaremodules/{module}/artifacts") == chunk["artifacts"]
    types = [row["type"] for row in bench.management.statuses(name, action)]
    assert types.count("retrieved") == 1 and "download" in types, types
    client.ask("GET", links["deploymentBase"])
    assert [row["type"] for row in bench.management.statuses(name, action)].count("retrieved") == 1
    return name, client, action, module


def test_not_of_others(bench):
    _, _, action, module = bench.given()
    _, other = bench.target()
    for path in (f"/deploymentBase/{action}", f"/cancelAction/{action}", f"/installedBase/{action}", f"/confirmationBase/{action}",
                 f"/softwaremodules/{module}/artifacts", f"/softwaremodules/{module}/artifacts/up.swu", "/deploymentBase/999999"):
        other.ask("GET", path, expect=404)
    other.feedback(action, "closed", "success", expect=404)


def test_ranges(bench):
    name, client, action, module = bench.given()
    path = f"{client.base}/softwaremodules/{module}/artifacts/up.swu"
    status, headers, body = client.exchange("HEAD", path)
    assert status == 200 and body == b"" and headers["Content-Length"] == str(len(IMAGE)), headers
    tag = headers["ETag"]
    assert tag == f'"{hashlib.sha1(IMAGE).hexdigest()}"' and headers["Accept-Ranges"] == "bytes" and "Last-Modified" in headers, headers
    assert headers["Content-Disposition"].startswith("attachment"), headers
    for text, part in (("bytes=50000-", IMAGE[50000:]), ("bytes=0-0", IMAGE[:1]), ("bytes=-10", IMAGE[-10:])):
        status, headers, body = client.exchange("GET", path, headers={"Range": text})
        assert status == 206 and body == part and headers["Content-Range"].endswith(f"/{len(IMAGE)}"), (text, status, headers)
    status, headers, body = client.exchange("GET", path, headers={"Range": "bytes=103-121,399-424,-5"})
    assert status == 206 and headers["Content-Type"].startswith("multipart/byteranges; boundary="), headers
    assert all(piece in body for piece in (IMAGE[103:122], IMAGE[399:425], IMAGE[-5:])) and len(body) < 1000
    for text in (f"bytes={len(IMAGE)}-", "bytes=9-1", "bytes=x"):
        status, headers, _ = client.exchange("GET", path, headers={"Range": text})
        assert status == 416 and headers["Content-Range"] == f"bytes */{len(IMAGE)}", (text, status, headers)
    for headers, wanted in (({"If-None-Match": tag}, 304), ({"If-Match": '"x"'}, 412), ({"If-Match": tag}, 200),
                            ({"Range": "bytes=0-1", "If-Range": tag}, 206), ({"Range": "bytes=0-1", "If-Range": '"x"'}, 200)):
        assert client.exchange("GET", path, headers=headers)[0] == wanted, headers
    # Only a whole download is noted.
    assert [row["type"] for row in bench.management.statuses(name, action)].count("download") == 2
    # Without a token where the site says so, and then of one's own updates alone.
    assert Client(bench.port, name).exchange("GET", path)[0] == 401
    bench.management.configure(anonymous_download_enabled=True)
    assert Client(bench.port, name).exchange("GET", path)[2] == IMAGE
    assert Client(bench.port, name).exchange("GET", path.replace("up.swu", "none"))[0] == 404
    Client(bench.port, name).ask("GET", f"/deploymentBase/{action}", expect=401)
    bench.management.configure(anonymous_download_enabled=False)


def test_entity_tags(bench):
    _, client, action, _ = bench.given()
    client.ask("PUT", "/configData", {"data": {}})
    for path in ("", f"/deploymentBase/{action}"):
        status, headers, body = client.exchange("GET", client.base + path)
        assert status == 200 and headers["ETag"] == f'"0{hashlib.md5(body).hexdigest()}"' and headers["Content-Type"] == "application/json", headers
        status, headers, body = client.exchange("GET", client.base + path, headers={"If-None-Match": headers["ETag"], "Accept": "application/hal+json"})
        assert status == 304 and body == b"", (path, status)
        assert client.exchange("GET", client.base + path, headers={"Accept": "application/hal+json"})[1]["Content-Type"] == "application/hal+json"


def test_feedback(bench):
    name, client, action, _ = bench.given()
    client.ask("GET", f"/deploymentBase/{action}")
    for execution in ("proceeding", "scheduled", "resumed", "download", "downloaded", "rejected"):
        client.feedback(action, execution, details=[f"now {execution}"], progress={"cnt": 1, "of": 2})
    assert bench.management.action(name, action)["status"] == "pending"
    assert "deploymentBase" in client.links()
    # As SWUpdate sends it: a number for its id, raw bytes, and quotes that nobody escaped.
    client.ask("POST", f"/deploymentBase/{action}/feedback",
               b'{"id":4,"time":"20261120T211101","status":{"result":{"finished":"none"},"execution":"proceeding","details":["\x1b[1m\xfc"]}}')
    history = client.ask("GET", f"/deploymentBase/{action}?actionHistory=-1")["actionHistory"]
    assert history["status"] == "RUNNING" and history["messages"][0] == "?[1m\ufffd" and "now rejected" in history["messages"], history
    assert client.ask("GET", f"/deploymentBase/{action}?actionHistory=2")["actionHistory"]["messages"] == history["messages"][:2]
    for body in (b"", b"x", b"{}", b'{"status":{"execution":"odd","result":{"finished":"none"}}}'):
        client.ask("POST", f"/deploymentBase/{action}/feedback", body, expect=400)
    client.ask("POST", f"/deploymentBase/{action}/feedback", b"x" * 300_000, expect=413)
    client.ask("POST", f"/deploymentBase/{action}/feedback",
               b'{"status":{"result":{"finished":"success"},"execution":"closed","details":["wrote "/dev/sda""]}}')
    done = bench.management.action(name, action)
    assert done["status"] == "finished" and done["detailStatus"] == "finished" and not done["active"], done
    assert bench.management.get(f"targets/{name}")["updateStatus"] == "in_sync"
    links = client.links()
    assert set(links) == {"configData", "installedBase"}, links
    installed = client.ask("GET", links["installedBase"] + "?actionHistory=1")
    assert installed["id"] == str(action) and installed["actionHistory"]["status"] == "FINISHED", installed
    assert client.ask("GET", f"/deploymentBase/{action}")["id"] == str(action)
    client.feedback(action, "closed", "failure", expect=410)
    client.feedback(action, "proceeding", expect=410)
    # What it runs it may still download.
    row = installed["deployment"]["chunks"][0]["artifacts"][0]
    assert client.exchange("GET", path_of(row["_links"]["download"]["href"]))[2] == IMAGE


def test_failure(bench):
    name, client, action, _ = bench.given()
    client.feedback(action, "closed", "failure", ["it broke"])
    assert bench.management.action(name, action)["detailStatus"] == "error"
    assert bench.management.get(f"targets/{name}")["updateStatus"] == "error" and "deploymentBase" not in client.links()
    gone, client, action, _ = bench.given()
    client.feedback(action, "canceled", details=["gave up"])
    assert bench.management.action(gone, action)["detailStatus"] == "canceled"


def test_cancel(bench):
    name, client, action, _ = bench.given()
    client.ask("GET", f"/deploymentBase/{action}")
    client.ask("GET", f"/cancelAction/{action}", expect=404)
    client.feedback(action, "closed", "success", kind="cancelAction", expect=405)
    bench.management.cancel(name, action, force=True, expect=405)
    bench.management.cancel(name, action)
    links = client.links()
    assert "deploymentBase" not in links and links["cancelAction"].endswith(f"/cancelAction/{action}"), links
    assert client.ask("GET", links["cancelAction"]) == {"id": str(action), "cancelAction": {"stopId": str(action)}}
    client.ask("GET", f"/deploymentBase/{action}", expect=404)
    for execution in ("canceled", "proceeding"):
        client.feedback(action, execution, kind="cancelAction")
        assert bench.management.action(name, action)["detailStatus"] == "canceling", execution
    client.feedback(action, "rejected", kind="cancelAction", details=["cannot stop"])
    assert bench.management.action(name, action)["detailStatus"] == "running" and "deploymentBase" in client.links()
    bench.management.cancel(name, action)
    client.feedback(action, "closed", "failure", kind="cancelAction")
    assert bench.management.action(name, action)["detailStatus"] == "running"
    bench.management.cancel(name, action)
    client.feedback(action, "closed", "success", kind="cancelAction")
    assert bench.management.action(name, action)["detailStatus"] == "canceled" and set(client.links()) == {"configData"}
    # Whoever is done anyhow has won.
    name, client, action, _ = bench.given()
    client.ask("GET", f"/deploymentBase/{action}")
    bench.management.cancel(name, action)
    client.feedback(action, "closed", "success")
    assert bench.management.action(name, action)["detailStatus"] == "finished"
    # By force, once it was asked.
    name, client, action, _ = bench.given()
    client.ask("GET", f"/deploymentBase/{action}")
    bench.management.cancel(name, action)
    bench.management.cancel(name, action, force=True)
    assert bench.management.action(name, action)["detailStatus"] == "canceled"


def test_one_after_the_other(bench):
    name, client, first, _ = bench.given()
    client.ask("GET", f"/deploymentBase/{first}")
    second = bench.management.assign(bench.make_set()[0], name)
    assert f"/cancelAction/{first}" in client.links()["cancelAction"]
    client.feedback(first, "closed", "success", kind="cancelAction")
    assert f"/deploymentBase/{second}?" in client.links()["deploymentBase"]


def test_kinds(bench):
    name, client, action, _ = bench.given(type="soft")
    link = client.links()["deploymentBase"]
    deployment = client.ask("GET", link)["deployment"]
    assert (deployment["download"], deployment["update"]) == ("attempt", "attempt"), deployment
    bench.management.call("PUT", f"targets/{name}/actions/{action}", {"forceType": "forced"})
    assert client.links()["deploymentBase"] != link
    deployment = client.ask("GET", f"/deploymentBase/{action}")["deployment"]
    assert (deployment["download"], deployment["update"]) == ("forced", "forced"), deployment
    _, client, action, _ = bench.given(type="timeforced", forcetime=int((time.time() + 3600) * 1000))
    assert client.ask("GET", f"/deploymentBase/{action}")["deployment"]["update"] == "attempt"
    _, client, action, _ = bench.given(type="timeforced", forcetime=int((time.time() - 3600) * 1000))
    assert client.ask("GET", f"/deploymentBase/{action}")["deployment"]["update"] == "forced"
    distribution, _ = bench.make_set(part="application")
    name, client = bench.target()
    action = bench.management.assign(distribution, name)
    assert client.ask("GET", f"/deploymentBase/{action}")["deployment"]["chunks"][0]["part"] == "bApp"


def find_target(bench, name):
    return next(row for row in bench.site.api.get("/update-targets?limit=1000")["items"] if row["controller_id"] == name)


def test_download_only(bench):
    """Those that take "do not install" for "done" are told nothing; others close it by "downloaded"."""
    name, client, action, _ = bench.given(type="downloadonly")
    assert "deploymentBase" not in client.links()
    target = find_target(bench, name)
    bench.site.api.call("PUT", f"/update-targets/{target['id']}", {"window_policy": "skip"})
    deployment = client.ask("GET", client.links()["deploymentBase"])["deployment"]
    assert (deployment["download"], deployment["update"]) == ("forced", "skip"), deployment
    client.feedback(action, "downloaded")
    assert not bench.management.action(name, action)["active"]
    assert "installedBase" not in client.links(), "what was only fetched is told to be installed"


def clock(zone, hours):
    return (datetime.datetime.now(zone) + datetime.timedelta(hours=hours)).strftime("%H:%M")


def test_windows(bench):
    """Outside of its window an update is withheld, or may be fetched and not installed: as the client's record says, or else the site's settings."""
    api = bench.site.api
    name = api.get("/site")["timezone"]
    zone = zoneinfo.ZoneInfo(name) if name else None
    made = api.post("/firmware/uploads", {"file_name": "timed.bin", "size": len(README)})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", README, {"Content-Type": "application/octet-stream"})
    artifact = api.post(f"/firmware/uploads/{made}/finish", {"name": "Timed", "version": "3.0"})["id"]
    closed, opened = ({"from": clock(zone, begin), "to": clock(zone, begin + 2)} for begin in (11, -1))
    for window, policy, site_policy, told in ((closed, "withhold", "skip", None), (closed, "skip", "withhold", ("forced", "skip", "unavailable")),
                                              (closed, "site", "withhold", None), (closed, "site", "skip", ("forced", "skip", "unavailable")),
                                              (opened, "withhold", "withhold", ("forced", "forced", "available")), (opened, "skip", "skip", ("forced", "forced", "available"))):
        name, client = bench.target()
        target = find_target(bench, name)
        api.call("PUT", "/settings/ddi.window-policy", {"value": site_policy})
        api.call("PUT", f"/update-targets/{target['id']}", {"window_policy": policy})
        update = api.post("/updates", {"device_id": target["device_id"], "artifact_id": artifact, "window": window})
        links, case = client.links(), (window, policy, site_policy)
        assert ("deploymentBase" in links) == (told is not None), (case, links)
        if told is None:
            client.ask("GET", f"/deploymentBase/{update['number']}", expect=404)
            assert api.get(f"/updates/{update['id']}")["status"] == "waiting", case
            continue
        deployment = client.ask("GET", links["deploymentBase"])["deployment"]
        assert (deployment["download"], deployment["update"], deployment["maintenanceWindow"]) == told, (case, deployment)
    api.call("PUT", "/settings/ddi.window-policy", {"value": None})


def calendar(at, seconds):
    """A maintenance window of hawkBit's that opens once, at AT (UTC), for SECONDS."""
    return {"schedule": at.strftime("%-S %-M %-H %-d %-m ? %Y"), "duration": f"00:00:{seconds:02}", "timezone": "+00:00"}


def test_calendars(bench):
    """A window by a calendar of Quartz: withheld until it opens, and once it does not come any more the action is cancelled."""
    now = datetime.datetime.now(datetime.timezone.utc)
    name, client, action, _ = bench.given(maintenanceWindow=calendar(now + datetime.timedelta(seconds=100), 5))
    assert bench.management.action(name, action)["maintenanceWindow"]["duration"] == "00:00:05"
    answer = client.ask("GET")
    assert "deploymentBase" not in answer["_links"] and answer["config"]["polling"]["sleep"] in ("00:01:39", "00:01:40", "00:01:41", "00:01:38"), answer
    target = find_target(bench, name)
    bench.site.api.call("PUT", f"/update-targets/{target['id']}", {"window_policy": "skip"})
    outside = client.links()["deploymentBase"]
    deployment = client.ask("GET", outside)["deployment"]
    assert (deployment["download"], deployment["update"], deployment["maintenanceWindow"]) == ("forced", "skip", "unavailable"), deployment
    name, client, action, _ = bench.given(maintenanceWindow=calendar(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1), 2))
    target = find_target(bench, name)
    bench.site.api.call("PUT", f"/update-targets/{target['id']}", {"window_policy": "skip"})
    link = wait_for(lambda: next((href for href in (client.links().get("deploymentBase"),) if href and client.ask("GET", href)["deployment"]["maintenanceWindow"] == "available"), None),
                    10, "the window opens")
    assert client.ask("GET", link)["deployment"]["update"] == "forced"
    cancel = wait_for(lambda: client.links().get("cancelAction"), 10, "the window is over")
    assert cancel.endswith(f"/cancelAction/{action}") and bench.management.action(name, action)["detailStatus"] == "canceling", cancel
    client.feedback(action, "closed", "success", kind="cancelAction")
    assert bench.management.action(name, action)["detailStatus"] == "canceled" and "deploymentBase" not in client.links()
    # One that the device was never told of is gone at once.
    name, client, action, _ = bench.given(maintenanceWindow=calendar(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1), 1))
    wait_for(lambda: client.links() is not None and bench.management.action(name, action)["detailStatus"] == "canceled", 10, "it is cancelled")


def test_installed_files_stay(bench):
    """What a device runs it may ask for again: its files are not deleted."""
    name, client, action, module = bench.given()
    client.ask("GET", client.links()["deploymentBase"])
    client.feedback(action, "closed", "success")
    file, = bench.management.get(f"softwaremodules/{module}/artifacts")
    bench.management.call("DELETE", f"softwaremodules/{module}/artifacts/{file['id']}", expect=409)
    installed = client.links()["installedBase"]
    row = client.ask("GET", installed)["deployment"]["chunks"][0]["artifacts"][0]
    assert client.exchange("GET", path_of(row["_links"]["download"]["href"]))[2] == IMAGE


def test_confirmation(bench):
    name, client, action, _ = bench.given(confirmationRequired=True)
    links = client.links()
    assert "deploymentBase" not in links and f"/confirmationBase/{action}?c=" in links["confirmationBase"], links
    client.ask("GET", f"/deploymentBase/{action}", expect=404)
    answer = client.ask("GET", links["confirmationBase"])
    assert answer["id"] == str(action) and answer["confirmation"]["chunks"] and "deployment" not in answer, answer
    base = client.ask("GET", "/confirmationBase")
    assert base["autoConfirm"] == {"active": False} and set(base["_links"]) == {"activateAutoConfirm", "confirmationBase"}, base
    client.ask("POST", f"/confirmationBase/{action}/feedback", {"confirmation": "perhaps"}, expect=400)
    client.ask("POST", f"/confirmationBase/{action}/feedback", {"confirmation": "denied", "code": 1, "details": ["not now"]})
    assert bench.management.action(name, action)["detailStatus"] == "wait_for_confirmation" and "confirmationBase" in client.links()
    client.ask("POST", f"/confirmationBase/{action}/feedback", {"confirmation": "confirmed"})
    assert f"/deploymentBase/{action}?" in client.links()["deploymentBase"]
    client.ask("POST", f"/confirmationBase/{action}/feedback", {"confirmation": "confirmed"}, expect=410)
    client.ask("GET", f"/confirmationBase/{action}", expect=404)
    # Beforehand: what waits has it with that, and what comes later too.
    name, client, action, _ = bench.given(confirmationRequired=True)
    client.ask("POST", "/confirmationBase/activateAutoConfirm", {"initiator": "ann", "remark": "go on"})
    client.ask("POST", "/confirmationBase/activateAutoConfirm", expect=409)
    assert f"/deploymentBase/{action}?" in client.links()["deploymentBase"]
    auto = client.ask("GET", "/confirmationBase")["autoConfirm"]
    assert auto["active"] and auto["initiator"] == "ann" and auto["remark"] == "go on" and auto["activatedAt"] > 0, auto
    client.feedback(action, "closed", "success")
    later = bench.management.assign(bench.make_set()[0], name, confirmationRequired=True)
    assert f"/deploymentBase/{later}?" in client.links()["deploymentBase"]
    client.ask("POST", "/confirmationBase/deactivateAutoConfirm")
    assert client.ask("GET", "/confirmationBase")["autoConfirm"] == {"active": False}


def test_installed_by_hand(bench):
    name, client = bench.target()
    client.ask("PUT", "/installedBase", {"name": "image", "version": "0.9"})
    client.ask("PUT", "/installedBase", {"name": "image"}, expect=400)
    device = bench.site.api.get(f"/devices/{find_target(bench, name)['device_id']}")
    assert device["firmware_version"] == "0.9", device


def test_certificates(bench):
    """Over HTTPS a client may show a certificate: one of a trusted authority says who it is; whoever shows none is let in as before."""
    folder = bench.site.folder / "clients"
    folder.mkdir()
    authority, other = Authority(folder, "authority"), Authority(folder, "other-authority")
    name, client = bench.target()
    own = authority.context(name)

    def ask(context, controller=name, headers=None):
        connection = http.client.HTTPSConnection("127.0.0.1", bench.https, timeout=30, context=context)
        connection.request("GET", f"/DEFAULT/controller/v1/{controller}", headers=headers or {})
        status = connection.getresponse().status
        connection.close()
        return status
    plain = ssl._create_unverified_context()
    assert ask(own) == 401 and ask(plain) == 401 and ask(plain, headers=client.headers) == 200
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": str(authority.pem)})
    wait_for(lambda: ask(own) == 200, 10, "the certificate counts")
    assert ask(plain) == 401 and ask(plain, headers=client.headers) == 200
    assert ask(own, bench.target()[0]) == 401, "another's name"
    assert ask(other.context(f"{name}-other"), f"{name}-other") == 401, "another authority"
    assert ask(authority.context("stranger"), "stranger") == 200, "waits to be adopted"
    assert ask(authority.context("server", usage="serverAuth"), "server") == 401, "made for something else"
    assert ask(authority.context("forged"), "forged", {"X-Controller-Id": name}) == 200 and ask(other.context("liar"), "liar", {"X-Authority": "authority"}) == 401
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": str(folder / "none.pem")})
    wait_for(lambda: ask(own) == 401, 10, "without the file nobody is let in")
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": None})
    assert ask(own) == 401 and ask(own, headers=client.headers) == 200


def test_adoption(bench):
    """Whoever is not known is not made up: it waits for somebody to adopt it."""
    name = "new/device 1"
    client = Client(bench.port, name, f"GatewayToken {GATEWAY}")
    assert set(client.links()) == {"configData"}
    client.ask("PUT", "/configData", {"data": {"serial": "S-77", "hw": "board-9", "vendor": "ACME"}})
    assert client.ask("GET").get("_links") is None

    def find():
        return next((row for row in bench.site.api.get("/discovery/?limit=1000")["items"] if row["family_key"] == f"ddi:{name}" and row["serial"]), None)

    candidate = wait_for(find, 10, "the candidate")
    assert candidate["adoptable"] and candidate["family"] == "ddi" and candidate["serial"] == "S-77" and candidate["model"] == "board-9", candidate
    assert not [row for row in bench.site.api.get("/update-targets?limit=1000")["items"] if row["controller_id"] == name]
    bench.site.api.post(f"/discovery/{candidate['key'].replace('/', '%2F').replace(' ', '%20')}/adopt", {"name": "Nine"})
    target = find_target(bench, name)
    token = bench.site.api.call("POST", f"/update-targets/{target['id']}/token")["token"]
    own = Client(bench.port, name, f"TargetToken {token}")
    own.ask("PUT", "/configData", {"data": {"serial": "S-77"}})
    action = bench.management.assign(bench.make_set()[0], name)
    assert f"/deploymentBase/{action}?" in own.links()["deploymentBase"]
    device = bench.site.api.get(f"/devices/{target['device_id']}")
    assert device["name"] == "Nine" and device["serial"] == "S-77" and device["family"] == "ddi", device
    wait_for(lambda: bench.site.api.get(f"/devices/{target['device_id']}/status")["live"]["state"] == "online", 10, "it to be online")


def test_restart(bench):
    """What is open survives."""
    name, client, action, _ = bench.given()
    link = client.links()["deploymentBase"]
    bench.site.stop_daemon()
    bench.site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{bench.port}")
    client.connection = bench.management.connection = None
    assert client.links()["deploymentBase"] == link
    client.feedback(action, "closed", "success")
    assert bench.management.action(name, action)["detailStatus"] == "finished"


def main():
    port, https = free_port(), free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}", "--listen", f"127.0.0.1:{https}")
        bench = Bench(site, port)
        bench.https = https
        tests = [test_who_is_let_in, test_links_follow_the_proxy, test_config_data, test_deployment, test_not_of_others, test_ranges, test_entity_tags,
                 test_feedback, test_failure, test_cancel, test_one_after_the_other, test_kinds, test_download_only, test_windows, test_calendars, test_installed_files_stay, test_confirmation,
                 test_installed_by_hand, test_certificates, test_adoption, test_restart]
        chosen = sys.argv[2:]
        for test in tests:
            if chosen and test.__name__ not in chosen:
                continue
            begin = time.monotonic()
            try:
                test(bench)
            except (AssertionError, ApiError):
                print(f"FAILED {test.__name__}", flush=True)
                raise
            print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()

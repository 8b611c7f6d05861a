#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firmware from its upload to the device: files in pieces, what they say of themselves, what is refused; a node's whole way through good,
broken and cancelled updates, over the daemon's death; firmware that came from outside."""
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402
from sparkplug_node import STRING, Node  # noqa: E402

PIECE = 100_000


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


def make_image(site, folder, version, counter=0, size=300_000, sign=True):
    tool = str(Path(sys.argv[1]) / "firmware/tools/muster-image")
    payload, image = folder / f"payload-{version}", folder / f"heater-{version}.mfi"
    payload.write_bytes(os.urandom(size))
    if not (folder / "seed").exists():
        subprocess.run([tool, "keygen", folder / "seed", folder / "public"], check=True, capture_output=True)
    subprocess.run([tool, "pack", "--model", "TH-10", "--version", version, "--hardware", "1-3", "--counter", str(counter), "--key", folder / "seed",
                    payload, image], check=True, capture_output=True)
    data = image.read_bytes()
    return data if sign else data[:112] + bytes(144) + data[256:]


def upload(api, name, data, members=None, **more):
    made = api.post("/firmware/uploads", {"file_name": name, "size": len(data), **more})
    for at in range(0, len(data), PIECE):
        api.call("PUT", f"/firmware/uploads/{made['id']}/content?offset={at}", data[at:at + PIECE], {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made['id']}/finish", members or {})


def check_uploads(site, folder):
    api, image = site.api, make_image(site, folder, "1.0.0", 2)
    made = api.post("/firmware/uploads", {"file_name": "heater.mfi", "size": len(image), "sha256": hashlib.sha256(image).hexdigest()})
    put = f"/firmware/uploads/{made['id']}/content"
    headers = {"Content-Type": "application/octet-stream"}
    assert api.call("PUT", f"{put}?offset=0", image[:PIECE], headers)["received"] == PIECE
    assert "go on from there" in refused(lambda: api.call("PUT", f"{put}?offset=5", image[5:], headers), 409)["detail"]
    refused(lambda: api.post(f"/firmware/uploads/{made['id']}/finish"), 409)
    site.stop_daemon(signal.SIGKILL)
    site.restart()
    assert api.get(f"/firmware/uploads/{made['id']}")["received"] == PIECE
    refused(lambda: api.call("PUT", f"{put}?offset={PIECE}", image[PIECE:] + b"more", headers), 413)
    api.call("PUT", f"{put}?offset={PIECE}", image[PIECE:], headers)
    artifact = api.post(f"/firmware/uploads/{made['id']}/finish", {"release_notes": "First."})
    assert (artifact["name"], artifact["version"], artifact["format"], artifact["trust"], artifact["status"]) == ("TH-10", "1.0.0", "image", "foreign", "ready"), artifact
    assert (artifact["models"], artifact["hardware_from"], artifact["hardware_to"], artifact["security_counter"]) == (["TH-10"], "1", "3", 2), artifact
    assert artifact["sha256"] == hashlib.sha256(image).hexdigest() and artifact["release_notes"] == "First.", artifact
    refused(lambda: api.get(f"/firmware/uploads/{made['id']}"), 404)
    status, sent, data = api.exchange("GET", f"/firmware/{artifact['id']}/content", None, {"Range": "bytes=256-299"})
    assert (status, data, sent["Content-Range"]) == (206, image[256:300], f"bytes 256-299/{len(image)}"), (status, sent)
    file = api.get(f"/firmware/{artifact['id']}/files")["items"][0]
    assert (file["md5"], file["sha1"]) == (hashlib.md5(image).hexdigest(), hashlib.sha1(image).hexdigest()), file
    return image


def check_refusals(api, image, folder):
    broken = bytearray(image)
    broken[-1] ^= 1
    cut, header = image[:-100], bytearray(image)
    header[60] ^= 1
    for data, word in ((bytes(broken), "damaged"), (cut, "its header says"), (image[:100], "within its header"), (b"070701nonsense", "no whole archive"),
                       (b":10000000", "damaged"), (b"UF2\n\x57\x51\x5d\x9e" + bytes(504), "damaged"), (b"hsqs" + bytes(200), "no whole bundle")):
        body = refused(lambda data=data: upload(api, "broken.bin", data, {"name": "x", "version": "1"}), 422)
        assert body["errors"][0]["pointer"] == "/file" and word in body["errors"][0]["detail"], (body, word)
    body = refused(lambda: upload(api, "raw.bin", b"raw bytes"), 422)
    assert [row["pointer"] for row in body["errors"]] == ["/version"], body
    body = refused(lambda: upload(api, "other.mfi", image, {"version": "7.0.0"}), 422)
    assert [row["pointer"] for row in body["errors"]] == ["/version"], body
    body = refused(lambda: upload(api, "x.bin", b"x", {"version": "1", "models": [3]}), 422)
    assert [row["pointer"] for row in body["errors"]] == ["/models"], body
    raw = upload(api, "raw.bin", b"raw bytes", {"version": "1.5", "models": ["TH-10"]})
    assert (raw["name"], raw["format"], raw["trust"]) == ("raw", "bin", "unsigned"), raw
    for change, pointer in (({"models": "TH-10"}, "/models"), ({"models": [3]}, "/models"), ({"hardware_from": "4", "hardware_to": "3"}, "/hardware_to")):
        body = refused(lambda change=change: api.call("PUT", f"/firmware/{raw['id']}", change), 422)
        assert [row["pointer"] for row in body["errors"]] == [pointer], (change, body)
    refused(lambda: api.call("POST", f"/firmware/{raw['id']}/restore"), 409)
    empty = api.post("/firmware", {"name": "none yet", "version": "1"})["id"]
    for deed in ("withdraw", "restore"):
        status = api.call("POST", f"/firmware/{empty}/{deed}")["status"]
    assert status == "draft", status
    # The days for which deleted bytes are kept count from then on.
    kept = folder / "data/firmware" / raw["sha256"][:2] / raw["sha256"]
    os.utime(kept, (1, 1))
    api.call("DELETE", f"/firmware/{raw['id']}")
    assert kept.stat().st_mtime > 1, kept
    made = api.post("/firmware/uploads", {"file_name": "two.bin"})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", b"piece", {"Content-Type": "application/octet-stream"})
    with open(folder / "data/firmware/uploads" / made, "rb") as held:  # as a piece that is on its way in holds it
        fcntl.flock(held, fcntl.LOCK_EX)
        refused(lambda: api.post(f"/firmware/uploads/{made}/finish", {"name": "two", "version": "2"}), 409)
        refused(lambda: api.call("PUT", f"/firmware/uploads/{made}/content?offset=5", b"more", {"Content-Type": "application/octet-stream"}), 409)
    two = api.post(f"/firmware/uploads/{made}/finish", {"name": "two", "version": "2"})
    assert two["size"] == 5, two

    # What could not be written down is finished again without its bytes being sent again, and leaves nothing.
    uploads = folder / "data/firmware/uploads"
    for path in uploads.iterdir():
        api.call("DELETE", f"/firmware/uploads/{path.name}")
    files = {path for path in (folder / "data/firmware").rglob("*") if path.is_file()}
    made = api.post("/firmware/uploads", {"file_name": "two.bin", "size": 5, "artifact_id": two["id"]})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", b"again", {"Content-Type": "application/octet-stream"})
    for _ in range(2):
        assert "has a file two.bin already" in refused(lambda: api.post(f"/firmware/uploads/{made}/finish"), 409)["detail"]
    assert api.get(f"/firmware/uploads/{made}")["received"] == 5
    assert {path for path in (folder / "data/firmware").rglob("*") if path.is_file()} == files | {uploads / made}
    key, [file] = api.post("/api-keys", {"name": "tool", "role": "operator"})["key"], api.get(f"/firmware/{two['id']}/files")["items"]
    api.call("DELETE", f"/rest/v1/softwaremodules/{two['number']}/artifacts/{file['number']}", None, {"Authorization": f"Bearer {key}"})
    again = api.post(f"/firmware/uploads/{made}/finish")
    assert again["sha256"] == hashlib.sha256(b"again").hexdigest() and api.exchange("GET", f"/firmware/{two['id']}/content")[2] == b"again", again
    assert not list(uploads.iterdir())
    # Bytes that are here already, too.
    assert upload(api, "same.bin", b"again", {"name": "same", "version": "1"})["sha256"] == again["sha256"]
    assert not list(uploads.iterdir()) and api.exchange("GET", f"/firmware/{two['id']}/content")[2] == b"again"


def update_of(api, update):
    return api.get(f"/updates/{update['id']}")


def await_update(api, update, **wanted):
    def reached():
        now = update_of(api, update)
        return now if all(now[name] == value for name, value in wanted.items()) else None

    return wait_for(reached, 30, f"{wanted} of {update_of(api, update)}")


def await_order(node, count):
    return wait_for(lambda: node.orders[count - 1] if len(node.orders) >= count else None, 30, f"order no. {count}")


def check_good_update(site, node, device, folder):
    """Killed in the middle, the daemon goes on where it was, and tells nobody twice."""
    api, image = site.api, make_image(site, folder, "1.1.0", 3)
    artifact = upload(api, "heater.mfi", image)
    update = api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]})
    assert (update["from_version"], update["to_version"], update["attempt"]) == ("1.0.0", "1.1.0", 1), update
    refused(lambda: api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]}), 409)
    refused(lambda: api.call("DELETE", f"/firmware/{artifact['id']}"), 409)
    order = await_order(node, 1)
    assert (order["Update/Action"], order["Update/Id"], order["Update/Size"], order["Update/Version"]) == ("install", update["id"], len(image), "1.1.0"), order
    assert "Update/Index Size" not in order, "a node that says nothing of indexes is told of one"
    await_update(api, update, status="running", delivery="node", phase="told", size=len(image), fetched=None)
    node.update_id = order["Update/Id"]
    node.tell("downloading", 40)
    await_update(api, update, phase="downloading", progress=40)
    sequence = api.get("/journal/?limit=1")["items"][0]["sequence"]
    for percent in range(41, 60):
        node.tell("downloading", percent)
    await_update(api, update, progress=59)
    assert api.get("/journal/?limit=1")["items"][0]["sequence"] == sequence, "progress is journalled"
    node.disconnect()
    site.stop_daemon(signal.SIGKILL)
    site.restart()
    wait_for(lambda: node.connect() or True, 30, "the broker")
    wait_for(lambda: api.get(f"/devices/{device}/status")["live"]["state"] == "online", 30, "the node online again")
    assert node.install(order) == image and len(node.orders) == 1, node.orders
    await_update(api, update, status="running", phase="confirming")
    node.confirm()
    done = await_update(api, update, status="confirmed")
    assert done["finished_at"] and not done["error"], done
    record = api.get(f"/devices/{device}")
    assert (record["firmware_version"], record["firmware_origin"], record["hardware_revision"]) == ("1.1.0", "update", "sim-1"), record
    kinds = [row["kind"] for row in api.get(f"/updates/{update['id']}/events?sort=id")["items"]]
    assert kinds[:3] == ["assigned", "told", "downloading"] and kinds[-1] == "confirmed" and kinds.count("told") == 1, kinds
    assert api.exchange("GET", "/" + order["Update/URL"].split("/", 3)[3])[0] == 404, "the address outlives its update"
    return artifact


def check_revert_and_retry(site, node, device, folder):
    api = site.api
    artifact = upload(api, "heater.mfi", make_image(site, folder, "1.2.0", 3))
    before = len(node.orders)
    update = api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]})
    first = await_order(node, before + 1)
    node.update_id = first["Update/Id"]
    node.tell("reverted", error="self-test-failed: no sensor answers")
    failed = await_update(api, update, status="reverted")
    assert failed["error"].startswith("self-test-failed"), failed
    again = api.call("POST", f"/updates/{update['id']}/retry")
    assert (again["attempt"], again["error"]) == (2, None) and again["number"] != update["number"], again
    second = await_order(node, before + 2)
    assert second["Update/Id"] != first["Update/Id"] and second["Update/URL"] != first["Update/URL"], second
    node.update_id = second["Update/Id"]
    node.tell("downloading", 10)
    await_update(api, update, phase="downloading")
    assert api.call("POST", f"/updates/{update['id']}/cancel")["status"] == "cancelling"
    cancel = await_order(node, before + 3)
    assert (cancel["Update/Action"], cancel["Update/Id"]) == ("cancel", second["Update/Id"]), cancel
    node.update_id = ""
    node.tell("idle")
    await_update(api, update, status="cancelled")
    refused(lambda: api.call("POST", f"/updates/{update['id']}/cancel"), 409)


def check_outside(api, node, device):
    node.version = "6.6.6"
    node.tell(more=[("Properties/Firmware Version", STRING, "6.6.6")])
    record = wait_for(lambda: next((r for r in [api.get(f"/devices/{device}")] if r["firmware_version"] == "6.6.6"), None), 20, "the new version")
    assert record["firmware_origin"] == "outside", record


def check_withdrawn(api, artifact, device):
    assert api.call("POST", f"/firmware/{artifact['id']}/withdraw")["status"] == "withdrawn"
    assert "withdrawn" in refused(lambda: api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]}), 409)["detail"]
    assert api.call("POST", f"/firmware/{artifact['id']}/restore")["status"] == "ready"


def check_counter(site, folder, device):
    artifact = upload(site.api, "heater.mfi", make_image(site, folder, "2.9.0", 2))
    assert "higher security counter" in refused(lambda: site.api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]}), 409)["detail"]


def stored(site):
    return {path.name: path for path in (site.folder / "data/firmware").rglob("*") if len(path.name) == 64}


def check_collected(site, folder):
    """Bytes that were old go when no record names them; those of an update under way, and of what waits to be given, stay."""
    api = site.api
    gone, under_way, kept = (upload(api, f"{version}.mfi", make_image(site, folder, version)) for version in ("4.0.0", "4.1.0", "4.2.0"))
    device = api.post("/devices/", {"name": "Another", "model": "TH-10"})["id"]
    api.post("/updates", {"device_id": device, "artifact_id": under_way["id"]})
    api.call("DELETE", f"/firmware/{gone['id']}")
    api.call("PUT", "/settings/firmware.keep-days", {"value": 1})
    three_days_ago = time.time() - 3 * 24 * 3600
    for path in stored(site).values():
        os.utime(path, (three_days_ago, three_days_ago))
    site.stop_daemon(signal.SIGKILL)
    site.restart()
    wait_for(lambda: gone["sha256"] not in stored(site), 30, "the deleted bytes to go")
    assert {artifact["sha256"] for artifact in (under_way, kept)} <= set(stored(site)), stored(site)
    for artifact in (under_way, kept):
        assert hashlib.sha256(api.exchange("GET", f"/firmware/{artifact['id']}/content")[2]).hexdigest() == artifact["sha256"]


def check_ctl(site, folder):
    image = make_image(site, folder, "3.0.0", sign=False)
    (folder / "new.mfi").write_bytes(image)
    answer = site.ctl("--json", "firmware", "upload", str(folder / "new.mfi"), "release_notes=By hand")
    assert answer.returncode == 0, answer
    assert json.loads(answer.stdout)["trust"] == "unsigned", answer.stdout
    for arguments in (["firmware"], ["updates"], ["updates", "events", site.api.get("/updates")["items"][0]["id"]]):
        answer = site.ctl(*arguments)
        assert answer.returncode == 0 and answer.stdout, answer


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
        image = check_uploads(site, folder)
        check_refusals(site.api, image, site.folder)
        device = site.api.post("/devices/", {"name": "Heater", "serial": "H-1", "model": "TH-10"})["id"]
        account = site.api.call("POST", f"/devices/{device}/account")
        ca_file = folder / "ca.pem"
        ca_file.write_text(account["ca_certificate"])
        node = Node(account, ca_file=str(ca_file))
        wait_for(lambda: site.api.get(f"/devices/{device}")["firmware_version"] == "1.0.0", 20, "the node's birth")
        artifact = check_good_update(site, node, device, folder)
        check_revert_and_retry(site, node, device, folder)
        check_outside(site.api, node, device)
        check_withdrawn(site.api, artifact, device)
        check_counter(site, folder, device)
        check_ctl(site, folder)
        check_collected(site, folder)


if __name__ == "__main__":
    main()

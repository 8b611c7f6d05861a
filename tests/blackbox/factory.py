#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""factory.py BUILD IMAGE: units are made of emulated boards whose flash is blank: AVRDUDE writes the program of IMAGE (where it is installed), they get their identity over
their serial lines, are tested by a plan with an operator's answers, and become devices; through failures, lost lines and deaths of the daemon each keeps its
serial number, and no number comes twice."""
import csv
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tty
import xml.etree.ElementTree as xml
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from blank_board import Blank, read_program  # noqa: E402
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402

TOOL = Path(__file__).resolve().parents[1] / "lib/fake_flash_tool.py"
PRINTER = Path(__file__).resolve().parents[1] / "lib/fake_label_printer.py"
PATIENCE = 120  # an emulator is slow on a busy machine
STEPS = [{"name": "Who it is", "action": "identity"}, {"name": "Its own checks", "action": "self-test"},
         {"name": "Supply", "action": "read", "metric": "Supply", "minimum": 3, "maximum": 5.5, "unit": "V"},
         {"name": "Set the level", "action": "write", "metric": "Output/Level", "value": 42},
         {"name": "Level", "action": "read", "metric": "Output/Level", "minimum": 42, "maximum": 42, "unit": "%"},
         {"name": "Light", "action": "blink"}]
for step in STEPS[:5]:
    step["timeout_ms"] = 60000


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


def pointers(body):
    return [row["pointer"] for row in body["errors"]]


class Bench:
    def __init__(self, site, program):
        self.site, self.api, self.program, self.boards = site, site.api, program, []
        self.product = self.api.post("/products", {"name": "Heater", "sku": "H-1", "warranty_months": 24})["id"]
        self.place = self.api.post("/locations", {"name": "Shelf 3"})["id"]
        self.plan = self.api.post("/test-plans", {"name": "Heater's test", "model": "muster-uno", "steps": STEPS})["id"]

    def board(self, **more):
        self.boards.append(Blank(self.site.folder / f"board-{len(self.boards)}", self.program, **more))
        return self.boards[-1]

    def batch(self, name, prefix, **more):
        return self.api.post("/factory/batches", {"name": name, "product_id": self.product, "location_id": self.place, "plan_id": self.plan, "serial_prefix": prefix, "wanted": 10,
                                                  "model": "muster-uno", "hardware_revision": "rev1", **more})["id"]

    def add(self, batch, *places):
        return [row["id"] for row in self.api.post(f"/factory/batches/{batch}/units", {"ports": list(places)})["items"]]

    def unit(self, unit):
        return self.api.get(f"/factory/units/{unit}")

    def await_status(self, unit, *statuses):
        try:
            return wait_for(lambda: row if (row := self.unit(unit))["status"] in statuses else None, PATIENCE, f"{statuses} of {unit}", 0.2)
        except TimeoutError as error:
            raise AssertionError(f"is not {statuses}: {self.unit(unit)}") from error

    def answer(self, unit, passed=True, **more):
        self.await_status(unit, "asking")
        return self.api.post(f"/factory/units/{unit}/answer", {"passed": passed, **more})

    def stop(self):
        for board in self.boards:
            board.stop()


def upload(api, name, data):
    made = api.post("/firmware/uploads", {"file_name": name, "size": len(data)})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made}/finish", {"name": name, "version": "1.0.0"})["id"]


def check_refusals(bench):
    api = bench.api
    for step, wrong in (({"action": "read", "metric": "x", "minimum": 2, "maximum": 1}, "minimum"), ({"action": "read"}, "metric"), ({"action": "fly"}, "action"),
                        ({"action": "blink", "value": 1}, "value"), ({"action": "ask"}, "text"), ({"action": "identity", "colour": "red"}, "colour")):
        body = refused(lambda step=step: api.post("/test-plans", {"name": "x", "steps": [STEPS[0], {"name": "y", **step}]}), 422)
        assert pointers(body) == [f"/steps/1/{wrong}"], (step, body)
    assert pointers(refused(lambda: api.post("/test-plans", {"name": "x", "steps": []}), 422)) == ["/steps"]
    goods = api.post("/products", {"name": "Screws", "tracking": "quantity"})["id"]
    api.post("/devices/", {"name": "An old one", "serial": "OLD-07"})
    good = {"name": "x", "product_id": bench.product, "wanted": 9, "serial_prefix": "OLD-", "serial_digits": 2}
    for more, wrong in (({"product_id": goods}, "/product_id"), ({}, "/serial_next"), ({"serial_next": 95}, "/serial_digits"), ({"serial_prefix": "a/b"}, "/serial_prefix"),
                        ({"serial_prefix": "x" * 20, "serial_digits": 5}, "/serial_prefix")):
        body = refused(lambda more=more: api.post("/factory/batches", {**good, **more}), 422)
        assert pointers(body) == [wrong], (more, body)
    batch = bench.batch("Refused", "OLD-", serial_next=8, wanted=1)
    for ports, wrong in (([], "/ports"), (["ttyUSB0"], "/ports/0"), (["tcp:nowhere"], "/ports/0"), (["/dev/a", "/dev/a"], "/ports/1"), ([{"port": "/dev/a", "flash_port": "--erase"}], "/ports/0"),
                         ([5], "/ports/0")):
        assert pointers(refused(lambda ports=ports: bench.add(batch, *ports), 422)) == [wrong], ports
    assert "wanted" in refused(lambda: bench.add(batch, "/dev/a", "/dev/b"), 409)["detail"]
    unit = bench.add(batch, "/dev/nowhere")[0]
    row = bench.await_status(unit, "failed")
    assert (row["step"], row["serial"]) == ("Give the identity", None) and "/dev/nowhere" in row["error"], row
    api.call("PUT", f"/factory/batches/{batch}", {"status": "closed"})
    assert "closed" in refused(lambda: api.call("POST", f"/factory/units/{unit}/retry"), 409)["detail"]
    assert "still named by 1 factory unit; close it" in refused(lambda: api.call("DELETE", f"/factory/batches/{batch}"), 409)["detail"]
    plan = api.post("/test-plans", {"name": "Gone", "steps": STEPS})["id"]
    run = api.post(f"/test-plans/{plan}/runs", {"port": "/dev/nowhere"})["id"]
    wait_for(lambda: api.get(f"/test-runs/{run}")["status"] == "failed", PATIENCE, "the end of the run")
    api.call("DELETE", f"/test-plans/{plan}")
    row = api.get(f"/test-runs/{run}")
    assert row["name"] == "Gone" and "/dev/nowhere" in row["error"], row
    refusal = refused(lambda: api.call("DELETE", f"/test-plans/{bench.plan}"), 409)["detail"]
    assert "still named by" in refusal and "another plan" in refusal, refusal
    print("ok what cannot be made is refused, and why", flush=True)


def check_flash_ends(bench):
    """A board whose firmware cannot be written has failed; one that is stopped lets go of the tool and of its port."""
    api, port = bench.api, bench.site.folder / "board"
    api.call("PUT", "/settings/flash.esptool", {"value": str(TOOL)})
    batch = bench.batch("Sunday", "S-", artifact_id=upload(api, "x.bin", b"program"), tool="esptool", part="esp32c3")
    Path(f"{port}.fault").write_text("write")
    unit = bench.add(batch, {"port": "/dev/null", "flash_port": str(port)})[0]
    row = bench.await_status(unit, "failed")
    assert (row["step"], row["serial"]) == ("Write the firmware", None) and "No serial data" in row["error"], row
    Path(f"{port}.fault").write_text("hang")
    api.call("POST", f"/factory/units/{unit}/retry")
    wait_for(lambda: len(Path(f"{port}.calls").read_text().splitlines()) == 2, PATIENCE, "the tool that hangs")
    api.call("POST", f"/factory/units/{unit}/cancel")
    row = bench.await_status(unit, "cancelled")
    wait_for(lambda: api.get(f"/flash-runs/{row['flash_run_id']}")["status"] == "cancelled", PATIENCE, "the end of the tool")
    print("ok what becomes of a board whose firmware is not written", flush=True)


def check_ports(bench):
    """A port has one user at a time, of whichever room; who waits says for whom, and goes on when that is done."""
    api, port = bench.api, bench.site.folder / "shared"
    Path(f"{port}.fault").write_text("hang")
    writing = api.post("/flash-batches", {"name": "Spares", "artifact_id": upload(api, "y.bin", b"other"), "tool": "esptool", "part": "esp32c3", "ports": [str(port)]})["id"]
    wait_for(lambda: Path(f"{port}.calls").exists(), PATIENCE, "the tool that hangs")
    # Neither a test nor a unit, be it for its line or for its tool, comes to the port meanwhile.
    run = api.post(f"/test-plans/{bench.plan}/runs", {"port": str(port)})["id"]
    batch = bench.batch("Ports", "B-", wanted=2)
    unit = bench.add(batch, {"port": "/dev/null", "flash_port": str(port)})[0]
    for path in (f"/test-runs/{run}", f"/factory/units/{unit}"):
        row = wait_for(lambda path=path: row if (row := api.get(path))["waits_for"] else None, PATIENCE, "the word of who has the port")
        assert (row["status"], row["waits_for"]) == ("waiting", "“Spares” writes firmware there"), row
    used = {row["port"]: row for row in api.get("/flash-ports")["items"]}
    assert used[str(port)]["busy"] and used[str(port)]["used_by"] == "“Spares” writes firmware there", used
    assert "Spares" in bench.site.ctl("flash", "ports").stdout and "Spares" in bench.site.ctl("factory", "units", "Ports").stdout
    api.call("POST", f"/factory/units/{unit}/cancel")
    assert (row := bench.unit(unit))["status"] == "cancelled" and not row["waits_for"], row
    api.call("POST", f"/flash-batches/{writing}/cancel")
    row = wait_for(lambda: row if (row := api.get(f"/test-runs/{run}"))["status"] == "failed" else None, PATIENCE, "the run's turn")
    assert not row["waits_for"] and row["started_at"], row
    # The reverse: a unit is being made at /dev/null, and a flash batch waits for it.
    unit = bench.add(batch, "/dev/null")[0]
    bench.await_status(unit, "provisioning")
    behind = api.post("/flash-batches", {"name": "Behind", "artifact_id": upload(api, "z.bin", b"third"), "tool": "esptool", "part": "esp32c3", "ports": ["/dev/null"]})["id"]
    row = wait_for(lambda: row if (row := api.get(f"/flash-runs?batch_id={behind}")["items"][0])["waits_for"] else None, PATIENCE, "the word of the unit")
    assert (row["status"], row["waits_for"]) == ("waiting", "“Ports” makes a unit there"), row
    api.call("POST", f"/flash-batches/{behind}/cancel")
    api.call("POST", f"/factory/units/{unit}/cancel")
    bench.await_status(unit, "cancelled")
    wait_for(lambda: not any(row["busy"] for row in api.get("/flash-ports")["items"]), PATIENCE, "the ports free")
    print("ok a port is one room's at a time, and who waits says for whom", flush=True)


class Labels:
    """What the site's label printer printed: files of a folder."""

    def __init__(self, site):
        self.site, self.folder = site, site.folder / "printed"
        self.folder.mkdir()
        self.set("printer", f"{PRINTER} '{self.folder}'")

    def set(self, key, value):
        self.site.api.call("PUT", f"/settings/labels.{key}", {"value": value})

    def files(self):
        return sorted(self.folder.glob("label-*"))

    def await_label(self, unit, wanted):
        return wait_for(lambda: row if (row := self.site.api.get(f"/factory/units/{unit}"))["label"] == wanted else None, PATIENCE, f"the label {wanted}", 0.1)

    def print_again(self, unit, wanted):
        assert self.site.api.call("POST", f"/factory/units/{unit}/label", {})["label"] == "waiting"
        return self.await_label(unit, wanted)


def check_labels(labels, rows):
    """Each unit that passed had its label printed once; a printer that fails loses neither unit nor label."""
    api, unit = labels.site.api, rows[0]["id"]
    for row in rows:
        assert labels.await_label(row["id"], "printed")["label_error"] is None
    codes = {api.call("POST", f"/devices/{row['device_id']}/label")["code"] for row in rows}
    assert len(labels.files()) == 2 and all(file.read_bytes().startswith(b"%PDF-") for file in labels.files()), labels.files()
    if shutil.which("pdftotext"):
        texts = [subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True).stdout for file in labels.files()]
        assert all(any(row["serial"] in text for text in texts) for row in rows), texts
    (labels.folder / "fault").write_text("the printer has no paper")
    row = labels.print_again(unit, "failed")
    assert row["status"] == "passed" and "no paper" in row["label_error"], row
    (labels.folder / "fault").unlink()
    labels.set("language", "zpl")
    assert labels.print_again(unit, "printed")["label_error"] is None
    zpl = labels.files()[2].read_text()
    assert zpl.startswith("^XA") and any(f"^FDMA,{code}^FS" in zpl for code in codes) and rows[0]["serial"] in zpl, zpl
    # A device speaks ZPL, whatever the command is sent.
    master, slave = os.openpty()
    tty.setraw(slave)
    labels.set("printer", os.ttyname(slave))
    labels.set("language", "pdf")
    labels.print_again(unit, "printed")
    assert os.read(master, 65536).decode() == zpl
    os.close(slave)
    os.close(master)
    for printer, word in (("/dev/no-printer", "does not print"), ("no-such-command", "no-such-command"), ("lp 'unclosed", "labels.printer"), (None, "no label printer")):
        labels.set("printer", printer)
        assert word in labels.print_again(unit, "failed")["label_error"], (printer, bench_row(labels, unit))
    assert api.call("POST", f"/factory/units/{unit}/label", {"outcome": "printed"})["label"] == "printed"
    labels.set("printer", f"{PRINTER} '{labels.folder}'")
    assert labels.site.ctl("factory", "label", "Monday", rows[0]["serial"]).returncode == 0
    labels.await_label(unit, "printed")
    waiting = next(row for row in api.get("/factory/units?limit=1000")["items"] if row["status"] != "passed")
    assert "passed" in refused(lambda: api.call("POST", f"/factory/units/{waiting['id']}/label", {}), 409)["detail"]
    print("ok labels are printed by themselves, and again when the printer failed", flush=True)


def bench_row(labels, unit):
    return labels.site.api.get(f"/factory/units/{unit}")


def check_made(bench, unit):
    """The device that became of a board that passed."""
    row = bench.await_status(unit, "passed", "failed")
    assert row["status"] == "passed", row
    assert (row["step"], row["error"], row["question"]) == (None, None, None), row
    assert {step["verdict"] for step in row["report"]["steps"]} == {"passed"}, row
    device = bench.api.get(f"/devices/{row['device_id']}")
    assert (device["serial"], device["model"], device["hardware_revision"], device["firmware_version"]) == (row["serial"], "muster-uno", "rev1", "1.0.0"), device
    assert (device["product_id"], device["location_id"], device["status"], device["adoption"]) == (bench.product, bench.place, "in_stock", "none"), device
    label = bench.api.call("POST", f"/devices/{row['device_id']}/label")
    assert label["code"] == f"MUSTER:1:{row['serial']}:{label['secret'].replace('-', '')}", label
    assert "link_key" not in row
    return row


def check_flow(bench):
    flashing = shutil.which("avrdude") is not None
    more = {"artifact_id": upload(bench.api, "uno.bin", bench.program), "tool": "avrdude", "part": "m328p", "programmer": "arduino"} if flashing else {}
    batch = bench.batch("Monday", "M-", labels="site", **more)
    boards = [bench.board(loader=flashing) for _ in range(2)]
    units = bench.add(batch, *(board.place for board in boards))
    assert {bench.answer(unit, note="bright")["status"] for unit in units} == {"testing"}
    rows = [check_made(bench, unit) for unit in units]
    assert sorted(row["serial"] for row in rows) == ["M-0001", "M-0002"], rows
    steps = {step["name"]: step for step in rows[0]["report"]["steps"]}
    assert steps["Supply"]["measured"] == 5.001 and steps["Level"]["measured"] == 42 and steps["Light"]["note"] == "bright" and steps["Light"]["person"], steps
    assert [check["name"] for check in steps["Its own checks"]["checks"]] == ["supply", "clock", "stack free"], steps
    if flashing:
        runs = bench.api.get(f"/flash-runs?batch_id={bench.api.get(f'/factory/batches/{batch}')['flash_batch_id']}")["items"]
        assert {run["id"] for run in runs} == {row["flash_run_id"] for row in rows} and {run["status"] for run in runs} == {"done"}, runs
    assert bench.api.get(f"/products/{bench.product}")["on_hand"] == 2
    print("ok two boards at once become units" + ("" if flashing else " # without AVRDUDE, which is not here"), flush=True)
    return batch, boards, rows


def check_papers(bench, batch, rows):
    lines = list(csv.DictReader(io.StringIO(bench.api.get(f"/factory/batches/{batch}/record?format=csv"))))
    assert sorted((line["serial"], line["status"], line["Supply"], line["Light"]) for line in lines) == [(serial, "passed", "5.001", "passed") for serial in ("M-0001", "M-0002")], lines
    record = bench.api.get(f"/factory/batches/{batch}/record?format=json")
    assert record["batch"]["passed"] == 2 and {unit["id"] for unit in record["units"]} == {row["id"] for row in rows}, record
    suite = xml.fromstring(bench.api.get(f"/factory/units/{rows[0]['id']}/report?format=junit")).find("testsuite")
    names = [case.get("name") for case in suite.iter("testcase")]
    assert suite.get("failures") == "0" and suite.get("tests") == str(len(names)) and "Supply" in names, names
    keys = dict(line.split() for line in bench.api.get(f"/factory/keys?batch_id={batch}").splitlines())
    assert set(keys) == {"M-0001", "M-0002"} and all(len(bytes.fromhex(key)) == 32 for key in keys.values()) and len(set(keys.values())) == 2
    # Who read which keys stands in the journal, for good.
    for row in rows:
        assert bench.unit(row["id"])["key_read_at"], row
        entry = bench.api.get(f"/journal?entity=factory_unit&entity_id={row['id']}&limit=10")["items"][0]
        assert "key_read_at" in entry["after"] and entry["actor"].startswith("local:") and entry["final"], entry
    print("ok the batch record, the reports and the keys", flush=True)


def check_failures(bench):
    """What fails says where and why, and passes under the same serial number once it is mended."""
    strict = [{**STEPS[2], "minimum": 5.002}, {"name": "Nothing", "action": "read", "metric": "Nothing", "timeout_ms": 60000}, {"name": "Look", "action": "ask", "text": "Is it straight?"}]
    plan = bench.api.post("/test-plans", {"name": "Strict", "steps": strict})["id"]
    batch = bench.batch("Tuesday", "T-", plan_id=plan, wanted=3)
    board = bench.board()
    unit = bench.add(batch, board.address)[0]
    bench.answer(unit, False, note="it leans")
    row = bench.await_status(unit, "failed")
    assert (row["serial"], row["step"], row["device_id"]) == ("T-0001", "Supply", None) and "measured 5.001 V, must be at least 5.002" == row["error"], row
    steps = {step["name"]: step for step in row["report"]["steps"]}
    assert "no metric" in steps["Nothing"]["detail"] and "it leans" in steps["Look"]["detail"] and steps["Take into stock"]["verdict"] == "skipped", steps
    assert xml.fromstring(bench.api.get(f"/factory/units/{unit}/report?format=junit")).find("testsuite").get("failures") == "3"
    # Who puts it on again as another board is told which it is; the number that it would have had is not lost.
    other = bench.await_status(bench.add(batch, board.address)[0], "failed")
    assert "T-0001" in other["error"] and other["serial"] is None, other
    bench.api.call("PUT", f"/test-plans/{plan}", {"steps": [{**strict[0], "minimum": 5.001}, strict[2]]})
    bench.api.call("POST", f"/factory/units/{unit}/retry")
    # The line is lost while the operator looks.
    bench.await_status(unit, "asking")
    board.stop()
    bench.answer(unit)
    row = bench.await_status(unit, "failed")
    assert row["step"] == "Look" and "lost" in row["error"], row
    board.start(port=board.port)
    bench.api.call("POST", f"/factory/units/{unit}/retry")
    bench.answer(unit)
    row = check_made(bench, unit)
    assert (row["serial"], row["attempt"]) == ("T-0001", 3), row
    assert bench.api.get(f"/factory/batches/{batch}")["serial_next"] == 2
    board.stop()
    print("ok what failed says why, and keeps its serial number when it is tried again", flush=True)


def check_deaths(site, bench):
    """The daemon is killed when a number was just given, and ends while it asks."""
    batch = bench.batch("Wednesday", "W-", wanted=5)
    boards = [bench.board() for _ in range(2)]
    first = bench.add(batch, boards[0].address)[0]
    wait_for(lambda: bench.unit(first)["serial"], PATIENCE, "its number")
    site.stop_daemon(signal.SIGKILL)
    site.start_daemon("--no-mdns")
    assert bench.unit(first)["serial"] == "W-0001"
    second = bench.add(batch, boards[1].address)[0]
    for unit in (first, second):
        bench.await_status(unit, "asking")
    assert site.stop_daemon() == 0
    site.start_daemon("--no-mdns")
    for unit in (first, second):
        bench.answer(unit)
    rows = [check_made(bench, unit) for unit in (first, second)]
    assert [row["serial"] for row in rows] == ["W-0001", "W-0002"] and rows[0]["attempt"] == 3, rows
    for board in boards:
        board.stop()
    unit = bench.add(batch, "/dev/null")[0]
    bench.await_status(unit, "provisioning")
    assert bench.api.call("POST", f"/factory/units/{unit}/cancel")
    assert bench.await_status(unit, "cancelled")["serial"] is None
    print("ok a killed daemon goes on where it was, and no number comes twice", flush=True)


def check_plan_alone(site, bench, board, row):
    """The plan against a unit that was made, by hand."""
    run = json.loads(site.ctl("--json", "test-plan", "run", "Heater's test", board.address).stdout)["id"]

    def await_run(*statuses):
        return wait_for(lambda: found if (found := bench.api.get(f"/test-runs/{run}"))["status"] in statuses else None, PATIENCE, f"{statuses} of the run", 0.2)

    assert await_run("asking")["question"] == "Does the board's light blink?"
    assert site.ctl("test-plan", "no", run, "it is dark").returncode == 0
    done = await_run("passed", "failed")
    assert (done["status"], done["serial"], done["device_id"], done["step"]) == ("failed", row["serial"], row["device_id"], "Light"), done
    assert "it is dark" in site.ctl("test-plan", "report", run, "junit").stdout
    assert row["serial"] in site.ctl("test-plan", "runs", "Heater's test").stdout
    assert bench.api.get(f"/devices/{row['device_id']}")["status"] == "in_stock"
    board.stop()
    blank = bench.board()
    run = bench.api.post(f"/test-plans/{bench.plan}/runs", {"port": blank.address})["id"]
    assert "no serial number yet" in await_run("failed")["error"]
    print("ok a plan is run against a board that was made", flush=True)
    return blank


def spawn_node(site, name, *options):
    site.spawn(name, [site.program("muster-node"), "--no-mdns", "--no-sync", "--address", "127.0.0.1", "--state-dir", str(site.folder / name), *map(str, options)])


def check_one_click(site, bench, row):
    """A unit that was made here, seen on the network, is adopted without its label: the secret is in its record."""
    api, port = bench.api, free_port()
    label = api.call("POST", f"/devices/{row['device_id']}/label")
    spawn_node(site, "networked", "--serial", row["serial"], "--secret", label["secret"], "--pairing-port", port)
    wait_for(lambda: socket.create_connection(("127.0.0.1", port)).close() is None, PATIENCE, "the unit's pairing")
    api.post("/discovery/addresses", {"address": f"127.0.0.1:{port}"})
    found = wait_for(lambda: next((c for c in api.get("/discovery/?limit=1000")["items"] if c.get("serial") == row["serial"] and c["pairable"]), None), PATIENCE, "the unit in discovery")
    assert found["device_id"] == row["device_id"], found
    adopted = wait_for(lambda: api.post(f"/discovery/{found['key']}/adopt"), PATIENCE, "the adoption", 0.5)
    assert (adopted["id"], adopted["adoption"], adopted["product_id"]) == (row["device_id"], "adopted", bench.product), adopted
    wait_for(lambda: api.get(f"/devices/{row['device_id']}/status")["live"]["state"] == "online", PATIENCE, "the unit online")
    print("ok a unit that was made here is adopted with one click", flush=True)


def check_gateway(site, bench, batch, row):
    """A gateway that was given the keys of a batch speaks for its units: their records are those that were made here."""
    api = bench.api
    gateway = api.post("/devices/", {"name": "Gateway", "serial": "GW-1", "kind": "gateway"})["id"]
    account = api.call("POST", f"/devices/{gateway}/account")
    (site.folder / "account.json").write_text(json.dumps({
        "group_id": account["group_id"], "tls_name": account["tls_name"], "ca_certificate": account["ca_certificate"], "broker_hosts": [account["host"]],
        "broker_port": account["port"], "accounts": [{"username": account["username"], "password": account["password"]}]}))
    (site.folder / "keys").write_text(api.get(f"/factory/keys?batch_id={batch}"))
    spawn_node(site, "gateway", "--serial", "GW-1", "--adopted-by", site.folder / "account.json", "--gateway", row["port"], "--unit-keys", site.folder / "keys")
    wait_for(lambda: api.get(f"/devices/{row['device_id']}")["gateway_id"] == gateway, PATIENCE, "the unit behind its gateway", 0.2)
    device = api.get(f"/devices/{row['device_id']}")
    assert (device["adoption"], device["serial"], device["product_id"]) == ("adopted", row["serial"], bench.product), device
    one = api.get(f"/factory/keys?gateway_id={gateway}")
    assert one.split()[0] == row["serial"] and len(one.splitlines()) == 1, one
    assert site.ctl("factory", "gateway-keys", "GW-1").stdout == one
    other = api.post("/devices/", {"name": "Gateway 2", "serial": "GW-2", "kind": "gateway"})["id"]
    assert "reached through" in refused(lambda: api.get(f"/factory/keys?gateway_id={other}"), 409)["detail"]
    print("ok a gateway takes the keys of units that were made here, and is given its own alone", flush=True)


def check_ctl(site, bench, board):
    made = site.ctl("factory", "add", "name=By hand", "product=Heater", "wanted=1", "serial_prefix=X-", "plan=Heater's test", "location=Shelf 3")
    assert made.returncode == 0, made
    assert site.ctl("factory", "next", "By hand", board.address).returncode == 0
    wait_for(lambda: "light blink" in site.ctl("factory", "units", "By hand").stdout, PATIENCE, "the question", 1)
    assert site.ctl("factory", "yes", "By hand", "1", "bright").returncode == 0
    wait_for(lambda: "X-0001" in (out := site.ctl("factory", "record", "By hand").stdout) and "passed" in out, PATIENCE, "the record", 1)
    assert site.ctl("factory", "keys", "By hand").stdout.startswith("X-0001 ")
    assert json.loads(site.ctl("factory", "report", "By hand", "X-0001").stdout)["report"]["steps"]
    print("ok by musterctl", flush=True)


def check_vouched(site, bench, row):
    """A report that somebody changes beside the daemon is found, and whose it is."""
    verdict = bench.api.get("/journal/verify")
    assert verdict["intact"], verdict
    assert site.stop_daemon() == 0
    with sqlite3.connect(site.folder / "data/muster.db") as database:
        assert database.execute("UPDATE factory_unit SET report = replace (report, '5.001', '5.101') WHERE id = ?", (row["id"],)).rowcount == 1
    database.close()
    site.start_daemon("--no-mdns")
    verdict = bench.api.get("/journal/verify")
    assert not verdict["intact"] and [problem["kind"] for problem in verdict["problems"]] == ["altered"] and row["id"] in verdict["problems"][0]["detail"], verdict
    print("ok a report that was changed is found", flush=True)


def main():
    program = read_program(sys.argv[2])
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        bench = Bench(site, program)
        try:
            check_refusals(bench)
            check_flash_ends(bench)
            check_ports(bench)
            labels = Labels(site)
            batch, boards, rows = check_flow(bench)
            check_labels(labels, rows)
            check_papers(bench, batch, rows)
            check_failures(bench)
            check_deaths(site, bench)
            made = next(row for row in rows if row["port"] == boards[0].address)
            blank = check_plan_alone(site, bench, boards[0], made)
            check_ctl(site, bench, blank)
            check_one_click(site, bench, made)
            check_gateway(site, bench, batch, next(row for row in rows if row is not made))
            check_vouched(site, bench, made)
        finally:
            bench.stop()


if __name__ == "__main__":
    main()

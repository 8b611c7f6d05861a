#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""musterctl against the running daemon with real nodes: what a technician types, its output and its exit status."""
import csv
import io
import json
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402

OK, FAILED, USAGE, NOT_FOUND, CONFLICT, UNREACHABLE, FORBIDDEN = range(7)


def run(site, *arguments, expect=OK, **kwargs):
    """The standard output of musterctl ARGUMENTS; its exit status must be EXPECT, with a reason unless that is 0."""
    done = site.ctl(*arguments, **kwargs)
    what = f"musterctl {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
    assert done.returncode == expect, what
    assert expect == OK or done.stderr.startswith("musterctl: "), what
    return done.stdout if expect == OK else done.stderr


def run_json(site, *arguments, **kwargs):
    return json.loads(run(site, *arguments, "--json", **kwargs))


def columns(text):
    """The rows of a table as lists of cells."""
    return [re.split(r" {2,}", line.strip()) for line in text.splitlines()]


def test_records(site):
    assert run(site, "devices").startswith("No devices.")
    made = run_json(site, "device", "add", "name=Pump 7", "kind=actuator", "serial=SN-7", "location=Hall B")
    assert made["revision"] == 1 and made["status"] == "in_stock", made
    run(site, "device", "add", "name=Pump 7", "serial=SN-8")
    run(site, "device", "add", "name=Again", "serial=SN-7", expect=CONFLICT)
    assert "name" in run(site, "device", "add", "serial=SN-9", expect=FAILED)
    header, first, second = columns(run(site, "devices", "--sort", "serial"))
    assert header[:4] == ["NAME", "LIVE", "STATUS", "KIND"] and first[5] == "SN-7" and second[5] == "SN-8", (header, first, second)
    assert "SN-7" in run(site, "device", "show", made["id"])
    assert "give the id" in run(site, "device", "show", "Pump 7", expect=CONFLICT)
    run(site, "device", "show", "nobody", expect=NOT_FOUND)
    changed = run_json(site, "device", "set", "SN-7", "name=Main pump", "location=")
    assert changed["name"] == "Main pump" and changed["location"] is None and changed["revision"] == 2, changed
    assert "  mac: " in run(site, "device", "set", "SN-7", "mac=nonsense", expect=FAILED)
    run(site, "device", "set", "SN-7", "frob=1", expect=USAGE)
    assert [row["serial"] for row in run_json(site, "devices", "kind=actuator", "-q", "main")["items"]] == ["SN-7"]
    run(site, "device", "status", "SN-7", "deployed")
    assert "allowed next:" in run(site, "device", "status", "SN-7", "sold", expect=CONFLICT)


def test_journal(site):
    device = run_json(site, "device", "show", "SN-7")
    entries = run_json(site, "journal", "--entity", "device", "--id", device["id"])["items"]
    rename = next(entry for entry in entries if (entry["after"] or {}).get("name") == "Main pump" and entry["action"] == "update")
    assert "Main pump" in run(site, "journal", "-n", "20")
    run(site, "undo", "999999", expect=NOT_FOUND)
    undone = run_json(site, "undo", str(rename["sequence"]))
    assert undone["sequence"] > rename["sequence"], undone
    device = run_json(site, "device", "show", "SN-7")
    assert device["name"] == "Pump 7" and device["location"] == "Hall B", device
    run(site, "undo", str(rename["sequence"]), expect=CONFLICT)
    (entry,) = run_json(site, "journal", "--operation", str(rename["sequence"]))["items"]
    assert entry["undone_by"] == undone["sequence"] and not entry["undoable"] and str(entry["undone_by"]) in entry["reason"], entry
    run(site, "undo", str(entry["undone_by"]))
    run(site, "undo", str(rename["sequence"]))
    first = run_json(site, "journal", "operations")["items"][-1]
    assert first["summary"] == "Make the site" and not first["undoable"] and first["final"] in first["reason"], first
    assert "cannot be undone" in run(site, "journal", "--operation", str(first["sequence"]))
    assert "cannot be undone" in run(site, "undo", str(first["sequence"]), expect=CONFLICT)


def test_samples(site):
    token = run(site, "token", "SN-7").strip()
    device = run_json(site, "device", "show", "SN-7")
    now = int(time.time() * 1000)
    for i in range(5):
        site.api.call("POST", "/monitoring/data", {"device_id": device["id"], "timestamp": now - 4000 + 1000 * i, "metrics": {"flow/main": 1.5 * i}},
                      {"Authorization": f"Bearer {token}"})
    rows = list(csv.reader(io.StringIO(run(site, "query", "SN-7", "--metric", "flow/main", "--csv"))))
    assert rows[0] == ["time", "metric", "value"] and [float(row[2]) for row in rows[1:]] == [0, 1.5, 3, 4.5, 6], rows
    mean = run_json(site, "query", "SN-7", "--from", "10m", "--agg", "mean", "--step", "1h")["samples"][0]["points"]
    assert sum(point[1] for point in mean) > 0, mean
    assert run(site, "query", "SN-8").strip() == "No samples in that time."


def watch_for(site, count, *arguments):
    """musterctl watch, begun; the caller sends what it waits for."""
    return subprocess.Popen([site.program("musterctl"), "--socket", str(site.socket), "watch", "--count", str(count), *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def adopt_node(site):
    (label,) = site.start_fleet(1)
    run(site, "discover", "--add", label["pairing"])
    found = wait_for(lambda: next((c for c in run_json(site, "discover")["items"] if c["pairable"]), None), 20, "the node's candidate")
    assert label["serial"] in run(site, "discover"), label
    run(site, "ignore", found["key"])
    assert found["key"] not in run(site, "discover") and found["key"] in run(site, "discover", "--ignored")
    run(site, "unignore", found["key"])
    wrong = site.ctl("adopt", found["key"], "--secret", "0000-0000-0000-0000-0000-0000-0001")
    assert wrong.returncode != OK and wrong.stderr.startswith("musterctl: "), wrong
    run(site, "adopt", "nobody", "--secret", label["secret"], expect=NOT_FOUND)
    text = run(site, "adopt", label["serial"], "--secret", "-", "--name", "Node one", input=label["secret"] + "\n")
    assert text.startswith("Adopted Node one ("), text
    wait_for(lambda: run_json(site, "device", "show", "Node one")["live_state"] == "online", 20, "the node online")
    return label


def test_node(site):
    adopt_node(site)
    watcher = watch_for(site, 3, "Node one")
    out, err = watcher.communicate(timeout=30)
    assert watcher.returncode == OK and len(out.splitlines()) >= 3 and out.split("\t")[1] == "Node one", (out, err)
    assert "mqtt" in run(site, "device", "status", "Node one")
    metrics = wait_for(lambda: run_json(site, "device", "metrics", "Node one")["items"], 20, "its metrics")
    writable = next(metric for metric in metrics if metric["writable"] and metric["datatype"] == "boolean" and "Node Control" not in metric["name"])
    assert writable["name"] in run(site, "--complete", "command", "Node one", "write").splitlines()
    assert run(site, "command", "Node one", "write", writable["name"], "true", "--wait") == "write confirmed\n"
    run(site, "command", "Node one", "write", "no such metric", "1", expect=site.ctl("command", "Node one", "write", "no such metric", "1").returncode or FAILED)
    assert columns(run(site, "events", "Node one"))[0][:3] == ["WHEN", "SEVERITY", "EVENT"]
    run(site, "release", "Node one")
    assert run_json(site, "device", "show", "Node one")["adoption"] == "released"


def follow(site, arguments, poke, what):
    """Runs a command that goes on for ever and POKEs the daemon until WHAT is in a line of it."""
    process = subprocess.Popen([site.program("musterctl"), "--socket", str(site.socket), *arguments], stdout=subprocess.PIPE, text=True, bufsize=1)
    try:
        def heard():
            poke()
            line = process.stdout.readline() if select.select([process.stdout], [], [], 0.1)[0] else ""
            return what in line and not line.startswith('{"items":')  # that is what there was before

        wait_for(heard, 20, f"“{what}” of musterctl {' '.join(arguments)}")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def test_follow(site):
    device = run_json(site, "device", "show", "SN-8")
    follow(site, ["events", "SN-8", "--watch", "--json"], lambda: site.api.post(f"/devices/{device['id']}/events", {"kind": "poked"}), '"poked"')
    key = run_json(site, "discover")["items"][0]["key"]

    def poke():
        run(site, "ignore", key)
        run(site, "unignore", key)

    follow(site, ["discover", "--watch", "--json"], poke, '"ignored"')


def test_site(site):
    status = run_json(site, "status")
    assert status["site"]["name"] == site.name and status["overview"]["devices"]["total"] >= 2, status
    assert site.name in run(site, "status")
    settings = run_json(site, "settings")["items"]
    assert settings and all(setting["key"] in run(site, "settings") for setting in settings)
    run(site, "settings", "get", "no.such.setting", expect=NOT_FOUND)
    run(site, "settings", "set", "no.such.setting", "1", expect=NOT_FOUND)
    run(site, "groups")
    records, samples, files = run(site, "backup").split()
    assert Path(records).exists() and samples == records.replace(".db", "-samples.db") and Path(samples).exists() and (Path(files) / "keys/journal.key").exists()


def test_named_units(site):
    """The very units, a signature; names of files and views that change."""
    product = site.api.post("/products", {"name": "Beacon", "unit_price": "5"})["id"]
    site.api.post(f"/products/{product}/receive", {"serials": "BC-1+4"})
    order = site.api.post("/orders", {"customer": "Ann", "items": [{"product_id": product, "quantity": 3}]})
    number = order["order_number"]

    def status(serial):
        return run_json(site, "device", "show", serial)["status"]

    run(site, "orders", "allocate", number, "unit=BC-4")
    assert status("BC-4") == "reserved"
    run(site, "orders", "allocate", number, "unit=SN-7", expect=CONFLICT)
    run(site, "orders", "allocate", number, "bogus", expect=2)
    shipped = run_json(site, "orders", "ship", number, "unit=BC-5", "unit=BC-4", "carrier=Post")
    assert sorted(item["serial"] for item in shipped["items"]) == ["BC-4", "BC-5"] and shipped["carrier"] == "Post", shipped
    assert (status("BC-5"), site.api.get(f"/orders/{order['id']}")["status"]) == ("sold", "processing")
    strokes = site.folder / "strokes.json"
    strokes.write_text("[[[0, 0], [0.5, 1]]]")
    confirmed = run_json(site, "deliveries", "confirm", shipped["delivery_number"], "recipient=Ann", f"signature={strokes}")
    assert confirmed["status"] == "delivered" and confirmed["recipient"] == "Ann" and confirmed["signature"], confirmed
    strokes.write_text("nonsense")
    assert "no strokes" in run(site, "deliveries", "confirm", shipped["delivery_number"], f"signature={strokes}", expect=1)
    sheet = site.folder / "sheet.txt"
    sheet.write_text("how it is mounted")
    attachment = run(site, "attachments", "add", "product", "Beacon", str(sheet)).strip()
    run(site, "attachments", "rename", attachment, "mounting.txt")
    assert site.api.get(f"/attachments/{attachment}")["name"] == "mounting.txt"
    view = run(site, "views", "add", "device", "Mine", "status=in_stock").strip()
    changed = run_json(site, "views", "set", view, "--name", "Sold", "status=sold")
    assert (changed["name"], changed["query"]) == ("Sold", {"status": "sold"}), changed
    assert run_json(site, "views", "set", view, "--columns", "name,serial")["query"] == {"status": "sold"}


def test_telemetry(site):
    api = site.api
    lamp = api.post("/devices/", {"name": "Telemetry lamp"})["id"]
    file = site.folder / "samples.csv"
    file.write_text("time;power\n2026-01-01T00:00:00Z;3600\n2026-01-01T00:00:10Z;1,8e3\n2026-01-01T00:00:20Z;9\nnever;1\n")
    assert "row 5: timestamp must be a time" in run(site, "telemetry", "import", str(file), "--device", lamp, "--preview", "--decimal-comma")
    assert run_json(site, "telemetry", "import", str(file), "-d", "Telemetry lamp", "--decimal-comma")["stored"] == 3
    assert "timestamp" in run(site, "telemetry", "import", __file__, expect=1)
    made = run_json(site, "telemetry", "derived", "add", "name=energy", "unit=Wh", "expression=power", "method=integral", "device=Telemetry lamp")
    assert made["device_id"] == lamp and "at character 8" in run(site, "telemetry", "derived", "set", "energy", "expression=power *", expect=1)
    assert run_json(site, "telemetry", "derived", "recalculate", "energy", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z") == {"stored": 3}
    query = ["query", lamp, "-m", "energy", "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-02T00:00:00Z", "--csv"]
    assert run(site, *query).splitlines()[2].endswith("energy,7.5"), run(site, *query)
    mark = run_json(site, "telemetry", "exclude", "Telemetry lamp", "2026-01-01T00:00:05Z", "2026-01-01T00:00:15Z", "a bad probe", "energy")
    assert len(run(site, *query).splitlines()) == 3 and "a bad probe" in run(site, "telemetry", "exclusions", "device=Telemetry lamp")
    run(site, "telemetry", "restore", mark["id"])
    assert len(run(site, *query).splitlines()) == 4 and "Nothing is excluded" in run(site, "telemetry", "exclusions")
    assert run_json(site, "telemetry", "annotate", "Filter changed", "device=Telemetry lamp", "at=2026-01-01T00:00:00Z")["text"] == "Filter changed"
    assert "Filter changed" in run(site, "telemetry", "annotations")
    assert run_json(site, "telemetry", "metrics", lamp, "power", "maximum=4000", "unit=W")["maximum"] == 4000
    assert run_json(site, "telemetry", "metrics", lamp, "power", "max_rate=5")["unit"] == "W" and "4000" in run(site, "telemetry", "metrics", lamp)
    assert "usage: musterctl telemetry" in run(site, "telemetry", "nothing", expect=2)


def test_remote(site, port):
    remote = ["--connect", f"https://127.0.0.1:{port}"]
    token = ["--token-file", str(site.folder / "data" / "token")]

    def call(*options, expect):
        done = subprocess.run([site.program("musterctl"), *remote, *options, "devices", "--json"], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == expect, (options, done)
        return done.stderr if expect else json.loads(done.stdout)

    refusal = call(*token, expect=UNREACHABLE)
    fingerprint = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", refusal).group()
    pin = ["--fingerprint", fingerprint.replace(":", "").lower()]
    assert call(*pin, *token, expect=OK)["total"] >= 2
    assert "--token-file" in call(*pin, expect=FORBIDDEN)
    assert "not the one that was trusted" in call("--fingerprint", "00" * 32, *token, expect=UNREACHABLE)
    assert call("--fingerprint", "short", *token, expect=FAILED)


def test_restart(site, options):
    device = run_json(site, "device", "show", "SN-7")
    watcher = watch_for(site, 2, "SN-7")

    def send(value):
        site.api.post("/monitoring/data", {"device_id": device["id"], "metrics": {"flow/main": value}})

    # Nothing says when the subscription is taken: samples are sent until one comes through.
    first = None
    for value in range(1, 100):
        send(value)
        if select.select([watcher.stdout], [], [], 0.1)[0]:
            first = watcher.stdout.readline()
            break
    assert first and first.split("\t")[1:3] == ["Pump 7", "flow/main"], first
    site.stop_daemon()
    site.start_daemon(*options)
    for value in range(1000, 1200):
        send(value)
        if watcher.poll() is not None:
            break
        time.sleep(0.1)
    out, err = watcher.communicate(timeout=10)
    assert watcher.returncode == OK and float(out.splitlines()[-1].split("\t")[3]) >= 1000, (out, err)
    assert "Trying again" in err, err


def test_unreachable(site):
    site.stop_daemon()
    assert "Is musterd running?" in run(site, "status", expect=UNREACHABLE)
    assert run(site, "--complete", "device", "show") == ""


def test_people(site):
    run(site, "users", "add", "Ann Admin", "email=Ann@Example.org", "role=administrator", input="correct horse battery\n")
    made = run_json(site, "users", "add", "Vic Viewer", "email=vic@example.org", "role=viewer", input="\n")
    assert made["role"] == "viewer" and not made["has_password"] and not made["is_admin"], made
    assert run(site, "users", "password", "vic@example.org", input="staple battery\n") == "Vic Viewer: password changed\n"
    assert "  password: must have" in run(site, "users", "password", "Vic Viewer", input="short\n", expect=FAILED)
    header, *rows = columns(run(site, "users"))
    assert header[:3] == ["NAME", "ROLE", "E-MAIL"] and [row[:3] for row in rows] == [["Ann Admin", "administrator", "ann@example.org"], ["Vic Viewer", "viewer", "vic@example.org"]], rows
    assert len(columns(run(site, "users", "role=viewer"))) == 2
    run(site, "users", "set", "Vic Viewer", "phone=+49 1")
    assert "+49 1" in run(site, "users", "show", "vic@example.org")
    run(site, "users", "delete", "Ann Admin", expect=CONFLICT)
    run(site, "users", "show", "nobody", expect=NOT_FOUND)
    run(site, "users", "frobnicate", expect=USAGE)
    run(site, "login", "vic@example.org", input="wrong password\n", expect=FORBIDDEN)
    assert run(site, "login", "vic@example.org", input="staple battery\n") == "signed in as Vic Viewer (viewer)\n"
    kept = site.folder / "state/muster/sign-ins"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert run(site, "whoami").startswith("Vic Viewer\tviewer\tperson:")
    assert "administrator" in run(site, "device", "add", "name=Not mine", expect=FORBIDDEN)
    key = run(site, "keys", "add", "script", "role=viewer").strip()
    assert key.startswith("mk_") and "script" in run(site, "keys")
    (site.folder / "key").write_text(key + "\n")
    assert run(site, "--token-file", str(site.folder / "key"), "whoami").startswith("script\tviewer\tkey:")
    # tokens that are old are renewed before they are used, by one of several programs
    kept.write_text(re.sub(r"(?m)^at=.*", "at=0", kept.read_text()))
    programs = [subprocess.Popen([site.program("musterctl"), "--socket", str(site.socket), "whoami"], env=site.env, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert all(program.communicate(timeout=60)[0].startswith("Vic Viewer") for program in programs)
    # and one that is refused is renewed then
    kept.write_text(re.sub(r"(?m)^access=.*", "access=a.b.c", kept.read_text()))
    assert run(site, "whoami").startswith("Vic Viewer") and "a.b.c" not in kept.read_text()
    run(site, "keys", "delete", "script")
    run(site, "--token-file", str(site.folder / "key"), "whoami", expect=FORBIDDEN)
    assert run(site, "logout") == "signed out\n" and run(site, "logout") == "nobody was signed in\n"
    assert run(site, "whoami").split("\t")[1] == "administrator"
    assert "password" in run(site, "--complete", "users").splitlines() and "delete" in run(site, "--complete", "keys").splitlines()


def main():
    with Site(sys.argv[1]) as site:
        port = free_port()
        options = ["--no-mdns", "--listen", f"127.0.0.1:{port}"]
        site.start_daemon(*options)
        for test, *arguments in ((test_records,), (test_journal,), (test_samples,), (test_node,), (test_follow,), (test_site,), (test_people,), (test_named_units,), (test_telemetry,), (test_remote, port),
                                 (test_restart, options), (test_unreachable,)):
            begin = time.monotonic()
            test(site, *arguments)
            print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()

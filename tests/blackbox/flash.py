#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards at cables: several at once and each port by itself, what fails is told and tried again alone, a hung tool is stopped, and a daemon that
died goes on; with a tool of ours at esptool's place, and with AVRDUDE against a boot loader where that is installed."""
import os
import shutil
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402
from stk500 import Loader  # noqa: E402

TOOL = Path(__file__).resolve().parents[1] / "lib/fake_flash_tool.py"


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


def upload(api, name, data):
    made = api.post("/firmware/uploads", {"file_name": name, "size": len(data)})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made}/finish", {"name": name, "version": "1"})["id"]


class Bench:
    """Boards as files in a folder."""

    def __init__(self, site):
        self.api, self.folder = site.api, site.folder / "boards"
        self.folder.mkdir()
        self.data = os.urandom(5000)
        self.artifact = upload(self.api, "board.bin", self.data)

    def port(self, name, fault=""):
        path = self.folder / name
        Path(f"{path}.fault").write_text(fault)
        return str(path)

    def calls(self, port):
        path = Path(f"{port}.calls")
        return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []

    def begin(self, name, ports, **more):
        return self.api.post("/flash-batches", {"name": name, "artifact_id": self.artifact, "tool": "esptool", "part": "esp32c3", "address": 0x10000, "ports": ports, **more})["id"]

    def batch(self, batch):
        return self.api.get(f"/flash-batches/{batch}")

    def runs(self, batch):
        return self.api.get(f"/flash-runs?batch_id={batch}&sort=number&limit=1000")["items"]

    def await_end(self, batch, status="finished"):
        return wait_for(lambda: self.batch(batch) if self.batch(batch)["status"] == status else None, 60, f"the end of {self.runs(batch)}")


def check_refusals(bench):
    api = bench.api
    good = {"name": "x", "artifact_id": bench.artifact, "tool": "esptool", "part": "esp32c3", "ports": ["/dev/ttyUSB0"]}
    for more, pointer in (({"part": None}, "/part"), ({"part": "--erase"}, "/part"), ({"ports": []}, "/ports"), ({"ports": ["--help"]}, "/ports/0"),
                          ({"ports": ["/dev/a", "/dev/a"]}, "/ports/1"), ({"ports": [7]}, "/ports/0"), ({"ports": ["x} ; exec id ; set y {"]}, "/ports/0"), ({"ports": ["spy://loop://?file=/tmp/x"]}, "/ports/0"), ({"tool": "avrdude"}, "/programmer")):
        body = refused(lambda more=more: api.post("/flash-batches", {**good, **more}), 422)
        assert [row["pointer"] for row in body["errors"]] == [pointer], (more, body)
    api.call("PUT", "/settings/flash.openocd", {"value": "/nowhere/openocd"})
    body = refused(lambda: api.post("/flash-batches", {**good, "tool": "openocd", "programmer": "stlink"}), 503)
    assert "flash.openocd" in body["detail"], body
    tools = {row["tool"]: row for row in api.get("/flash-tools")["items"]}
    assert tools["esptool"]["program"] == str(TOOL) and tools["openocd"]["program"] is None and "flash.openocd" in tools["openocd"]["problem"], tools
    assert api.get("/flash-batches")["total"] == 0
    assert isinstance(api.get("/flash-ports")["items"], list)
    print("ok what cannot be done is refused, and why", flush=True)


def check_batch(bench):
    ports = [bench.port(f"good-{number}") for number in range(6)] + [bench.port("mute", "write"), bench.port("forgetful", "verify")]
    batch = bench.begin("Friday", ports)
    done = bench.await_end(batch)
    assert (done["total"], done["succeeded"], done["failed"]) == (8, 6, 2), done
    runs = bench.runs(batch)
    for run, port in zip(runs, ports):
        assert run["port"] == port and run["attempt"] == 1 and run["started_at"] and run["finished_at"], run
        if run["status"] == "done":
            assert Path(port).read_bytes() == bench.data and bench.calls(port) == ["write_flash", "verify_flash"] and run["progress"] == 100, run
    mute, forgetful = runs[6:]
    assert mute["status"] == forgetful["status"] == "failed", runs
    assert "No serial data received" in mute["error"] and bench.calls(mute["port"]) == ["write_flash"], mute
    assert "mismatch" in forgetful["error"], forgetful
    log = bench.api.get(f"/flash-runs/{mute['id']}/log")
    assert "Connecting to" in log and "No serial data received" in log and log.startswith("$ "), log
    print("ok eight boards at once, each with its own end and log", flush=True)

    bench.port("mute")
    bench.port("forgetful")
    assert bench.api.call("POST", f"/flash-batches/{batch}/retry-failed")["status"] == "open"
    done = bench.await_end(batch)
    assert (done["succeeded"], done["failed"]) == (8, 0), done
    assert all(len(bench.calls(port)) == 2 for port in ports[:6]), "what was done is done again"
    assert [run["attempt"] for run in bench.runs(batch)] == [1] * 6 + [2] * 2
    done = bench.api.post(f"/flash-batches/{batch}/runs", {"ports": ports[:2]})
    assert done["total"] == 10, done
    assert bench.await_end(batch)["succeeded"] == 10
    bench.api.call("POST", f"/firmware/{bench.artifact}/withdraw")
    bench.api.post(f"/flash-batches/{batch}/runs", {"ports": ports[:1]})
    assert bench.await_end(batch)["failed"] == 1 and "withdrawn" in bench.runs(batch)[-1]["error"], bench.runs(batch)[-1]
    bench.api.call("POST", f"/firmware/{bench.artifact}/restore")
    bench.api.call("POST", f"/flash-batches/{batch}/retry-failed")
    assert bench.await_end(batch)["succeeded"] == 11
    print("ok what failed is tried again alone, and the next boards join", flush=True)


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, FileNotFoundError):
        return False


def hung_pid(bench, port):
    return int(wait_for(lambda: Path(f"{port}.calls").read_text().splitlines(), 30, "the tool's start")[-1].split()[2])


def check_cancel(bench):
    hung, other = bench.port("hung", "hang"), bench.port("hung-2", "hang")
    batch = bench.begin("Stopped", [hung, other])
    pids = [hung_pid(bench, port) for port in (hung, other)]
    # A port has one board at a time: the next in another batch waits for it.
    behind = bench.begin("Behind", [hung])
    assert bench.runs(behind)[0]["status"] == "waiting"
    body = refused(lambda: bench.api.call("DELETE", f"/firmware/{bench.artifact}"), 409)
    assert "Stopped" in body["detail"] or "Behind" in body["detail"], body
    bench.port("hung")
    bench.api.call("POST", f"/flash-batches/{batch}/cancel")
    done = bench.await_end(batch, "cancelled")
    assert {run["status"] for run in bench.runs(batch)} == {"cancelled"} and done["succeeded"] == 0, done
    wait_for(lambda: not any(is_alive(pid) for pid in pids), 10, "the tools' end")
    assert bench.await_end(behind)["succeeded"] == 1
    print("ok cancelled, and the port is free for the next", flush=True)


def check_timeout(bench):
    bench.api.call("PUT", "/settings/flash.timeout", {"value": 5})
    batch = bench.begin("Late", [bench.port("late", "hang")])
    assert bench.await_end(batch)["failed"] == 1
    assert "not done within 5 s" in bench.runs(batch)[0]["error"], bench.runs(batch)
    bench.api.call("PUT", "/settings/flash.timeout", {"value": 300})
    print("ok a tool that hangs is stopped", flush=True)


def check_restart(site, bench):
    """The daemon dies, and its tools with it; it goes on with what was not done."""
    bench.api.call("PUT", "/settings/flash.parallel", {"value": 1})
    ports = [bench.port("first"), bench.port("second", "hang"), bench.port("third")]
    batch = bench.begin("Resumed", ports)
    pid = hung_pid(bench, ports[1])
    site.stop_daemon(signal.SIGKILL)
    wait_for(lambda: not is_alive(pid), 10, "the tool's end with the daemon")
    bench.port("second")
    site.start_daemon("--no-mdns")
    done = bench.await_end(batch)
    assert done["succeeded"] == 3 and [run["attempt"] for run in bench.runs(batch)] == [1, 2, 1], bench.runs(batch)
    assert bench.calls(ports[0]) == ["write_flash", "verify_flash"], "a board that was done is written again"
    print("ok a killed daemon goes on where it was", flush=True)


def check_logs(site, bench):
    """A log has its bounds, and goes with its run."""
    port, folder = bench.port("chatty", "chatty"), site.folder / "data/flash"
    batch = bench.begin("Chatty", [port])
    assert bench.await_end(batch)["succeeded"] == 1
    log = folder / f"{bench.runs(batch)[0]['id']}.log"
    text = log.read_bytes()
    assert 4 << 20 <= len(text) <= (4 << 20) + 200 or b"verify_flash" in text[:200], (len(text), text[:200])
    bench.port("chatty")
    bench.api.post(f"/flash-batches/{batch}/runs", {"ports": [port]})
    assert bench.await_end(batch)["succeeded"] == 2
    stray = folder / "01890000-0000-7000-8000-000000000000.log"
    stray.write_text("of a run that is no more")
    site.stop_daemon()
    site.start_daemon("--no-mdns")
    wait_for(lambda: not stray.exists(), 10, "the log without a run to go")
    assert all((folder / f"{run['id']}.log").exists() for run in bench.runs(batch))
    print("ok logs are bounded, and go with their runs", flush=True)


def check_ctl(site, bench):
    ports = [f"port={bench.port('by-hand-1')}", f"port={bench.port('by-hand-2', 'write')}"]
    made = site.ctl("flash", "add", "name=By hand", "artifact=board.bin", "tool=esptool", "part=esp32c3", *ports)
    assert made.returncode == 0, made
    batch = next(row for row in site.api.get("/flash-batches")["items"] if row["name"] == "By hand")["id"]
    bench.await_end(batch)
    runs = site.ctl("flash", "runs", "By hand").stdout
    assert "done" in runs.lower() and "No serial data" in runs, runs
    assert "Connecting to" in site.ctl("flash", "log", "By hand", "2").stdout
    assert site.ctl("flash", "log", "By hand", "3").returncode != 0
    assert str(TOOL) in site.ctl("flash", "tools").stdout
    print("ok by musterctl", flush=True)


def check_avrdude(bench):
    """The real tool, with a boot loader at the other end of its line."""
    loader = Loader()
    data = os.urandom(1500)
    hexes = upload(bench.api, "uno.hex", to_hex(data))
    ports = [f"net:127.0.0.1:{loader.port}", "net:127.0.0.1:1"]
    batch = bench.api.post("/flash-batches", {"name": "Uno", "artifact_id": hexes, "tool": "avrdude", "part": "m328p", "programmer": "arduino", "ports": ports})["id"]
    bench.await_end(batch)
    good, bad = bench.runs(batch)
    log = bench.api.get(f"/flash-runs/{good['id']}/log")
    assert good["status"] == "done" and bytes(loader.flash[:len(data)]) == data, log
    assert bad["status"] == "failed" and bad["error"], bad
    loader.close()
    print("ok AVRDUDE writes and reads back", flush=True)


def to_hex(data):
    lines = []
    for at in range(0, len(data), 16):
        row = bytes([len(data[at:at + 16]), at >> 8, at & 255, 0]) + data[at:at + 16]
        lines.append(":" + row.hex().upper() + f"{-sum(row) & 255:02X}")
    return ("\n".join([*lines, ":00000001FF"]) + "\n").encode()


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        site.api.call("PUT", "/settings/flash.esptool", {"value": str(TOOL)})
        bench = Bench(site)
        check_refusals(bench)
        check_batch(bench)
        check_cancel(bench)
        check_timeout(bench)
        check_restart(site, bench)
        check_logs(site, bench)
        check_ctl(site, bench)
        if shutil.which("avrdude"):
            check_avrdude(bench)
        else:
            print("ok # SKIP there is no AVRDUDE", flush=True)


if __name__ == "__main__":
    main()

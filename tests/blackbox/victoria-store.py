#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples in VictoriaMetrics, the real program: what was stored on this machine before stays to be seen, what comes is acknowledged once it is
durable though the server is away, and whatever is killed in between (the server, the daemon, both) nothing is lost and nothing is there twice.
Then through what stands before a cluster: other addresses for writing and reading, a tenant, a token.

What the daemon answers is compared with a list of what was acknowledged; what the server holds is asked of the server itself.
"""
import base64
import http.client
import http.server
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402

BASE = (int(time.time()) - 7200) // 60 * 60  # seconds
USER, PASSWORD, TOKEN, TENANT = "muster", "secret words", "a.token", "12:3"


class Server:
    """VictoriaMetrics with a user and a password."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        with open(self.folder / "victoria.log", "ab") as log:
            self.process = subprocess.Popen(["victoria-metrics", f"-storageDataPath={self.folder}/victoria", f"-httpListenAddr=127.0.0.1:{self.port}", "-retentionPeriod=100y",
                                             f"-httpAuth.username={USER}", f"-httpAuth.password={PASSWORD}", "-memory.allowedBytes=64MB"], stdout=log, stderr=log)
        wait_for(lambda: self.ask("/health")[0] == 200, 20, "VictoriaMetrics")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def ask(self, target, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        try:
            connection.request("POST" if form else "GET", target, urlencode(form) if form else None,
                               {"Authorization": f"Basic {token}", "Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionError:
            return 0, b""
        finally:
            connection.close()

    def count(self, device):
        """Values that it holds of DEVICE: those that belong to a sample are none."""
        self.ask("/internal/force_flush")
        _, data = self.ask("/api/v1/export", {"match[]": f'muster_sample{{device="{device}"}}', "start": BASE - 86400, "end": BASE + 86400})
        return sum(len(json.loads(line)["values"]) for line in data.splitlines())


class Gate(http.server.BaseHTTPRequestHandler):
    """What stands before a cluster: a token, and the tenant in the path."""

    protocol_version = "HTTP/1.1"
    server_to, refused = None, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        part = {"/api/v1/import": "insert", "/api/v1/export": "select", "/api/v1/admin/tsdb/delete_series": "delete"}
        before, _, path = self.path.partition("/prometheus")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.answer(401, b"no token")
        if before != f"/{part.get(path)}/{TENANT}":
            self.refused.append(self.path)
            return self.answer(404, b"no such path")
        connection = http.client.HTTPConnection("127.0.0.1", self.server_to.port, timeout=30)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        connection.request("POST", path, body, {"Authorization": f"Basic {token}", "Content-Type": self.headers["Content-Type"]})
        answer = connection.getresponse()
        return self.answer(answer.status, answer.read())

    do_GET = do_POST

    def answer(self, status, data):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Plant:
    """A site whose samples go to the server, and what it acknowledged."""

    def __init__(self, site, server):
        self.site, self.server, self.api, self.second = site, server, site.api, 0
        self.expected = {}  # device → metric → {ms: value}
        self.ids = [self.api.post("/devices/", {"name": f"Device {n}", "serial": f"VM-{n}"})["id"] for n in range(4)]

    def start(self, **env):
        self.site.start_daemon(env={**self.site.env, "MUSTER_TEST_VICTORIA_GRACE": "13500", **env})

    def set(self, **settings):
        for key, value in settings.items():
            name = f"samples.victoria-{key.replace('_', '-')}"
            self.api.call("PUT", f"/settings/{name}", {"value": value})
            setting = next(item for item in self.api.get("/settings")["items"] if item["key"] == name)
            assert setting["needs_restart"] and (setting["secret"] or setting["value"] == value), setting

    def note(self, number, metric, ms, value):
        self.expected.setdefault(self.ids[number], {}).setdefault(metric, {})[ms] = value

    def send_lines(self, seconds):
        """Of each second a row a device: a decimal, a number that no decimal of few digits is, large integers, booleans and texts."""
        lines = []
        for _ in range(seconds):
            self.second += 1
            stamp = (BASE + self.second) * 10**9
            for n in range(4):
                values = {"t": 21.5 + self.second / 10, "noise": (self.second + n) / 3, "total": 2**53 - self.second, "wide": 2**62 + self.second, "on": self.second % 3 == 0,
                          "mode": ["off", "heating", 'with "quotes", ü'][self.second % 3]}
                fields = [f"t={values['t']!r}", f"noise={values['noise']!r}", f"total={values['total']}i", f"wide={values['wide']}i", f"on={'t' if values['on'] else 'f'}",
                          'mode="' + values["mode"].replace('"', '\\"') + '"']
                # the third device's clock has microseconds
                lines.append(f"m,serial=VM-{n} {','.join(fields)} {stamp + (123456000 if n == 2 else 0)}")
                for metric, value in values.items():
                    self.note(n, f"m/{metric}", (BASE + self.second) * 1000 + (123.456 if n == 2 else 0), value)
        status, _, body = self.api.exchange("POST", "/write", "\n".join(lines).encode(), {"Content-Type": "text/plain; charset=utf-8"})
        assert status == 204, (status, body)

    def send_readings(self, number, seconds_ago, value):
        """Late, as JSON: another value for a time that may be there already."""
        stamp = BASE + self.second - seconds_ago
        answer = self.api.post("/monitoring/data", {"device_id": self.ids[number], "timestamp": stamp * 1000, "metrics": {"m/t": value, "extra": None}})
        assert answer["stored"] == 2, answer
        self.note(number, "m/t", stamp * 1000, value)
        self.note(number, "extra", stamp * 1000, None)

    def check(self, what):
        for device, metrics in self.expected.items():
            answer = self.api.get(f"/monitoring/data/{device}?from={stamp_of(BASE - 10)}&to={stamp_of(BASE + 7200)}&points=0")
            found = {series["metric"]: {ms: value for ms, value, *_ in series["points"]} for series in answer["samples"]}
            assert set(found) == set(metrics), (what, set(found) ^ set(metrics))
            for metric, points in metrics.items():
                got = found[metric]
                wanted = {round(ms) if ms == int(ms) else ms: value for ms, value in points.items()}
                assert len(got) == len(wanted), (what, metric, len(got), len(wanted))
                for (ms, value), (other, stored) in zip(sorted(wanted.items()), sorted(got.items())):
                    assert abs(ms - other) < 1 and value == stored and type(value) is type(stored) or value == stored, (what, metric, ms, value, other, stored)
        print("ok", what, flush=True)

    def metric(self, name):
        text = self.api.exchange("GET", "/metrics")[2].decode()
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))

    def trouble(self):
        services = json.loads(self.api.exchange("GET", "/health/ready")[2])["services"]
        return next(service["trouble"] for service in services if service["name"] == "samples")

    def wait_until_safe(self):
        wait_for(lambda: self.metric("muster_victoria_waiting_spools") == 0 and not self.is_unsent(), 60, "all samples to be safe", 0.5)

    def is_unsent(self):
        """Whether the spool that is open has something: then its journal is no empty one."""
        return self.safe_count() < sum(len(points) for metrics in self.expected.values() for points in metrics.values()) - self.local

    def safe_count(self):
        return sum(self.server.count(device) for device in self.ids)


def stamp_of(second):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def check_before(plant):
    """Samples of this machine, and settings that make no sense."""
    plant.send_lines(3)
    made = plant.api.post("/retention-classes", {"name": "Noise", "pattern": "m/noise", "raw_days": 3000})
    plant.classes = [made["id"]]
    plant.local = sum(len(points) for metrics in plant.expected.values() for points in metrics.values())
    plant.set(url=plant.server.url, tenant="twelve")
    plant.site.stop_daemon()
    plant.start()
    assert "samples.victoria-tenant" in plant.trouble(), plant.trouble()
    plant.check("settings that make no sense: this machine goes on")
    assert plant.api.get("/monitoring/retention")["kept_in"] == "muster"
    plant.set(tenant=None, user=USER, password="wrong")
    plant.site.stop_daemon()
    plant.start()
    plant.send_lines(2)
    wait_for(lambda: "samples.victoria-password" in (plant.trouble() or ""), 20, "the trouble with the password")
    assert plant.api.get(f"/monitoring/data?device_id={plant.ids[0]}")["items"][0]["samples"], "the newest are known without the server"
    plant.set(password=PASSWORD)
    plant.site.stop_daemon()
    plant.start()


def check_kills(plant):
    plant.send_lines(20)
    plant.check("samples of this machine, the spool and the server together")
    plant.wait_until_safe()
    assert plant.trouble() is None, plant.trouble()
    plant.check("all of it in the server")
    plant.send_lines(5)
    wait_for(lambda: plant.metric("muster_victoria_waiting_spools") > 0, 20, "the spool to be on its way")
    time.sleep(1.5)  # taken, and not on the server's disk
    plant.server.kill()
    plant.send_lines(30)
    plant.send_readings(0, 10, 99.25)
    plant.send_readings(1, 40, 3.5)
    wait_for(lambda: "samples stay in the spool" in (plant.trouble() or ""), 30, "the trouble without the server")
    shown = plant.site.ctl("settings")
    assert shown.returncode == 0 and plant.server.url in shown.stdout and PASSWORD not in shown.stdout, shown
    status, _, body = plant.api.exchange("GET", f"/monitoring/data/{plant.ids[0]}?from={stamp_of(BASE)}")
    assert status == 503 and plant.server.url.encode() in body.replace(b"\\/", b"/"), (status, body)
    plant.site.stop_daemon(signal.SIGKILL)
    plant.start()
    plant.send_lines(5)
    plant.server.start()
    plant.check("after the server and the daemon were killed")
    plant.wait_until_safe()
    plant.check("and all of it in the server again")
    plant.server.kill()
    plant.server.start()
    plant.check("and still after another kill")
    assert plant.metric("muster_sample_store_info") == 1 and plant.metric("muster_victoria_samples_kept_total") == 0
    assert plant.metric("muster_samples_lost_total") == 0


def check_answers(plant):
    query = {"devices": plant.ids, "metrics": ["m/t"], "from": stamp_of(BASE), "to": stamp_of(BASE + 599), "step": 86400, "aggregate": "mean", "by": "none"}
    points = [value for device in plant.ids for value in plant.expected[device]["m/t"].values()]
    (series,) = plant.api.post("/monitoring/query", query)["series"]
    ((_, mean),) = series["samples"][0]["points"]
    assert abs(mean - sum(points) / len(points)) < 1e-9, (series, sum(points) / len(points))
    thin = plant.api.get(f"/monitoring/data/{plant.ids[0]}?from={stamp_of(BASE)}&to={stamp_of(BASE + 600)}&metric=m/t&points=8")["samples"][0]["points"]
    values = plant.expected[plant.ids[0]]["m/t"].values()
    assert len(thin) <= 8 and max(value for _, value in thin) == max(values) and min(value for _, value in thin) == min(values), thin
    _, _, text = plant.api.exchange("GET", f"/monitoring/export?format=csv&devices={plant.ids[2]}&metric=m/noise&from={stamp_of(BASE)}&to={stamp_of(BASE + 600)}")
    rows = [line.split(",") for line in text.decode().splitlines()[1:]]
    assert [float(row[3]) for row in rows] == list(plant.expected[plant.ids[2]]["m/noise"].values()) and rows[0][0].endswith(".123456Z"), rows[:3]
    print("ok charts, groups and exports", flush=True)


def check_retention(plant):
    """How long the server keeps samples is the server's: no class is taken that would not hold for them."""
    api = plant.api
    totals = api.get("/monitoring/retention")
    assert totals["kept_in"] == "victoria-metrics" and totals["samples"] == plant.local, (totals, plant.local)
    assert api.post("/retention-classes/preview", {"max_bytes": 1})["kept_in"] == "victoria-metrics"
    path = f"/retention-classes/{plant.classes[0]}"
    for method, target, body in (("POST", "/retention-classes", {"name": "Warmth", "pattern": "m/t", "raw_days": 1}), ("PUT", path, {"raw_days": 1})):
        status, _, answer = api.exchange(method, target, json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert status == 409 and b"-retentionPeriod" in answer and b"samples.victoria-url" in answer, (status, answer)
    shown = plant.site.ctl("retention", "stats").stdout
    assert "Noise" in shown and "-retentionPeriod" in shown, shown
    api.call("DELETE", path)
    assert api.get("/retention-classes")["total"] == 0
    print("ok retention is the server's", flush=True)


def check_cluster(plant):
    gates = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate) for _ in range(2)]
    Gate.server_to = plant.server
    for gate in gates:
        threading.Thread(target=gate.serve_forever, daemon=True).start()
    plant.set(url=f"http://127.0.0.1:{gates[0].server_port}/", select_url=f"http://127.0.0.1:{gates[1].server_port}", tenant=TENANT, token=TOKEN, user=None, password=None)
    plant.site.stop_daemon()
    plant.start()
    plant.send_lines(5)
    plant.send_readings(3, 20, -1.5)
    plant.wait_until_safe()
    assert plant.trouble() is None and not Gate.refused, (plant.trouble(), Gate.refused)
    plant.check("through the doors of a cluster")


def main():
    if not shutil.which("victoria-metrics"):
        print("victoria-metrics is not installed")
        return 77
    with Site(sys.argv[1]) as site:
        server = Server(site.folder)
        site.start_daemon()
        plant = Plant(site, server)
        try:
            server.start()
            check_before(plant)
            check_kills(plant)
            check_answers(plant)
            check_retention(plant)
            check_cluster(plant)
        finally:
            if server.process:
                server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())

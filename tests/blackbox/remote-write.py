#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus remote-write: bodies that protoc and libsnappy encode, and a real Prometheus that sends what it scrapes."""
import ctypes
import ctypes.util
import http.server
import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402
from tls_api import TlsApi  # noqa: E402

PROTOCOL = Path(__file__).resolve().parents[2] / "data" / "protocol"
HEADERS = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}
failures = []


def check(condition, *what):
    if not condition:
        failures.append(what)
        print("FAILED:", *what)


def snappy(data):
    library = ctypes.CDLL(ctypes.util.find_library("snappy") or "libsnappy.so.1")
    library.snappy_max_compressed_length.restype, library.snappy_max_compressed_length.argtypes = ctypes.c_size_t, [ctypes.c_size_t]
    size = ctypes.c_size_t(library.snappy_max_compressed_length(len(data)))
    out = ctypes.create_string_buffer(size.value)
    assert library.snappy_compress(data, ctypes.c_size_t(len(data)), out, ctypes.byref(size)) == 0
    return out.raw[: size.value]


def encode(*series):
    """Each series: ({label: value}, [(milliseconds, value as protobuf text)])."""
    def text(labels, samples):
        pairs = " ".join(f"labels {{ name: {json.dumps(k)} value: {json.dumps(v)} }}" for k, v in labels.items())
        return f"timeseries {{ {pairs} {' '.join(f'samples {{ timestamp: {t} value: {v} }}' for t, v in samples)} }}"

    plain = subprocess.run(["protoc", f"--proto_path={PROTOCOL}", "--encode=prometheus.WriteRequest", "prometheus_write.proto"],
                           input="\n".join(text(*one) for one in series).encode(), capture_output=True, check=True).stdout
    return snappy(plain)


def points(site, device, metric):
    answer = site.api.get(f"/monitoring/data/{device}?points=0&metric={metric}")
    return answer["samples"][0]["points"] if answer["samples"] else []


def write(api, body, headers=None):
    status, _, text = api.exchange("POST", "/api/v1/write", body, {**HEADERS, **(headers or {})})
    return status, text.decode()


def test_encoded(site, lamp, meter):
    now = int(time.time() * 1000)
    good = encode(({"__name__": "temp", "device": "Lamp", "zone": "b"}, [(now - 2000, 21.5), (now - 1000, "nan"), (now, -3)]),
                  ({"__name__": "temp", "serial": "M-7", "instance": "x:1"}, [(now, 7)]))
    check(write(site.api, good) == (204, ""), "a good body", write(site.api, good))
    check(points(site, lamp, "temp/zone=b") == [[now - 2000, 21.5], [now - 1000, None], [now, -3]], "samples", points(site, lamp, "temp/zone=b"))
    check(points(site, meter, "temp/instance=x:1") == [[now, 7]], "another's samples")
    # The other series is stored; the text says which one is not, and why.
    status, text = write(site.api, encode(({"__name__": "temp", "device": "Nobody"}, [(now, 1)]), ({"__name__": "other", "device": "Lamp"}, [(now, 2)])))
    check(status == 400 and text.startswith("1 samples are refused, 1 are stored:\ntemp{device=\"Nobody\"}: none of its labels"), "unknown device", status, text)
    check(points(site, lamp, "other") == [[now, 2]], "what was good of a bad body")
    status, text = write(site.api, encode(({"__name__": "future", "device": "Lamp"}, [(now + 3 * 86400000, 1)])))
    check(status == 400 and "a day ahead" in text, "future", status, text)
    old = now - 30 * 86400000
    check(write(site.api, encode(({"__name__": "old", "device": "Lamp"}, [(old, 4.25)])))[0] == 204, "history")
    check(site.api.get(f"/monitoring/data/{lamp}?metric=old&from={time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(old // 1000 - 5))}")["samples"][0]["points"] == [[old, 4.25]], "history is stored")


def test_refused(site):
    for body, what in ((b"", "empty"), (b"plain text", "not snappy"), (snappy(b"\x0a\x7f"), "no message"), (b"\xff\xff\xff\x7f" + b"\x00" * 9, "a bomb")):
        status, text = write(site.api, body)
        check(status == 400 and text.endswith("\n"), what, status, text)
    check(write(site.api, snappy(b""))[0] == 204, "nothing at all")
    check(write(site.api, snappy(b""), {"Content-Encoding": "gzip"})[0] == 415, "another packing")
    check(write(site.api, snappy(b""), {"Content-Type": "application/x-protobuf;proto=io.prometheus.write.v2.Request"})[0] == 415, "version 2")


def test_device_token(site, port, lamp):
    token = site.api.call("POST", f"/devices/{lamp}/token")["token"]
    now = int(time.time() * 1000)
    device = TlsApi(port, token)
    check(write(device, encode(({"__name__": "mine", "instance": "10.9.9.9:1"}, [(now, 5)])))[0] == 204, "a device's own token")
    check(points(site, lamp, "mine/instance=10.9.9.9:1") == [[now, 5]], "its own samples")
    check(write(TlsApi(port), encode())[0] == 401, "nobody")
    return token


class Exporter(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b'# TYPE room_temperature gauge\nroom_temperature{sensor="a"} 21.25\n')

    def log_message(self, *_):
        pass


def test_prometheus(site, port, meter):
    exporter = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=exporter.serve_forever, daemon=True).start()
    token = site.api.post("/api-keys", {"name": "Prometheus", "role": "technician"})["key"]
    (site.folder / "prometheus.yml").write_text(json.dumps({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [{"job_name": "room", "static_configs": [{"targets": [f"127.0.0.1:{exporter.server_address[1]}"], "labels": {"serial": "M-7"}}]}],
        "remote_write": [{
            "url": f"https://127.0.0.1:{port}/api/v1/write", "authorization": {"credentials": token}, "tls_config": {"insecure_skip_verify": True},
            "queue_config": {"batch_send_deadline": "500ms"}, "metadata_config": {"send_interval": "1s"},
            "write_relabel_configs": [{"action": "labeldrop", "regex": "instance|job"}, {"source_labels": ["__name__"], "regex": "room_temperature|up", "action": "keep"}],
        }],
    }))
    site.spawn("prometheus", ["prometheus", f"--config.file={site.folder}/prometheus.yml", f"--storage.tsdb.path={site.folder}/prometheus",
                              f"--web.listen-address=127.0.0.1:{free_port()}"])
    wait_for(lambda: len(points(site, meter, "room_temperature/sensor=a")) >= 3, 40, "Prometheus's samples")
    check({value for _, value in points(site, meter, "room_temperature/sensor=a")} == {21.25}, "what it scraped")
    check(points(site, meter, "up")[-1][1] == 1, "it says that the room is up")
    exporter.shutdown()
    exporter.server_close()
    # The series ends by the mark of staleness: null.
    wait_for(lambda: points(site, meter, "room_temperature/sensor=a")[-1][1] is None, 20, "the end of the series")
    wait_for(lambda: points(site, meter, "up")[-1][1] == 0, 20, "the room is down")
    check("non-recoverable" not in site.log_path("prometheus").read_text(), "Prometheus complained", site.log_path("prometheus").read_text()[-2000:])


def main():
    port = free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--listen", f"127.0.0.1:{port}", "--no-mdns")
        lamp = site.api.post("/devices/", {"name": "Lamp"})["id"]
        meter = site.api.post("/devices/", {"name": "Meter", "serial": "M-7"})["id"]
        test_encoded(site, lamp, meter)
        test_refused(site)
        test_device_token(site, port, lamp)
        if shutil.which("prometheus"):
            test_prometheus(site, port, meter)
        else:
            print("no prometheus here: not tried")
    sys.exit(1 if failures else 0)


main()

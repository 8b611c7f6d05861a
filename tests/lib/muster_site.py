# SPDX-License-Identifier: GPL-3.0-or-later
"""A site on this machine for tests and rehearsals: message bus, Avahi, musterd, simulated nodes, and the API over the Unix socket.

Everything lives in one temporary folder and ends with the Site. Nothing outside loopback is touched.
"""
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

LIB = Path(__file__).resolve().parent


def free_port():
    """A TCP port of loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory_kb(process):
    """Its resident memory."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1])


class ApiError(Exception):
    """A problem document, or whatever else came instead of success."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=30):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Api:
    """Requests over the Unix socket. One connection, made again when it breaks."""

    def __init__(self, path, timeout=30):
        self.path, self.timeout, self.connection = path, timeout, None

    def make_connection(self):
        return UnixConnection(self.path, self.timeout)

    def exchange(self, method, target, body=None, headers=None):
        """(status, headers, bytes), whatever the status."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} if data is not None else {}
        sent.update(headers or {})
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = self.make_connection()
            try:
                self.connection.request(method, target, data, sent)
                answer = self.connection.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection = None
                if attempt == 2 or method not in ("GET", "HEAD"):
                    raise
            except OSError:
                self.connection = None
                raise

    def call(self, method, target, body=None, headers=None):
        """The decoded answer of a success; ApiError for anything else."""
        status, _, data = self.exchange(method, target, body, headers)
        text = data.decode() if data else ""
        try:
            value = json.loads(text) if text else None
        except ValueError:
            value = text
        if not 200 <= status < 300:
            raise ApiError(status, value)
        return value

    def get(self, target):
        return self.call("GET", target)

    def post(self, target, body=None, headers=None):
        return self.call("POST", target, body if body is not None else {}, headers)


def wait_for(check, timeout=20, what="", interval=0.05):
    """The first true answer of CHECK; failures count as not yet."""
    end, last = time.monotonic() + timeout, None
    while time.monotonic() < end:
        try:
            value = check()
            if value:
                return value
        except (OSError, ApiError, http.client.HTTPException) as error:
            last = error
        time.sleep(interval)
    raise TimeoutError(f"{what or 'it'} did not happen within {timeout} s ({last})")


def in_threads(site, jobs, work, threads=16):
    """Calls WORK (api, job) for every job; the results in order."""
    results, failures, lock, position = [None] * len(jobs), [], threading.Lock(), iter(range(len(jobs)))

    def run():
        api = Api(site.socket)
        while True:
            with lock:
                number = next(position, None)
            if number is None:
                return
            try:
                results[number] = work(api, jobs[number])
            except (TimeoutError, ApiError, OSError) as error:
                failures.append(error)
                return

    crew = [threading.Thread(target=run) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if failures:
        raise failures[0]
    return results


class Site:
    """A data folder with its daemon; bus and Avahi when asked for."""

    def __init__(self, build, folder=None, name="Rehearsal site", quiet=True):
        self.build = Path(build).resolve()
        self.owned = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="muster-site-"))
        self.name, self.quiet = name, quiet
        self.socket = self.folder / "api.sock"
        self.api = Api(self.socket)
        self.processes, self.daemon, self.env = [], None, dict(os.environ)
        self.env["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={self.folder}/no-bus"
        self.env["MUSTER_LABEL_PRESS"] = self.program("muster-label-press")
        self.env["XDG_STATE_HOME"] = str(self.folder / "state")  # where musterctl keeps who signed in
        # what sanitizers report of any program here lands in the folder, and is found by close()
        self.env["ASAN_OPTIONS"] = self.env["UBSAN_OPTIONS"] = f"detect_leaks=1:halt_on_error=1:print_stacktrace=1:log_path={self.folder}/sanitizer"
        self.env["LSAN_OPTIONS"] = f"suppressions={LIB.parent}/lsan.supp:print_suppressions=0"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def program(self, name):
        places = {"musterd": "backend/daemon", "musterctl": "src/ctl", "muster": "src/console", "muster-label-press": "src/print"}
        return str(self.build / places.get(name, "firmware/posix") / name)

    def log_path(self, name):
        return self.folder / f"{name}.log"

    def spawn(self, name, argv, env=None):
        with open(self.log_path(name), "ab") as log:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env or self.env)
        self.processes.append(process)
        return process

    def start_avahi(self, timeout=10):
        """A message bus and an avahi-daemon on loopback alone. False where this machine does not let us."""
        bus = self.folder / "bus"
        script = LIB / "avahi-on-loopback"
        self.spawn("avahi", ["sh", str(script), str(self.folder), str(LIB)])
        self.env["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={bus}"
        try:
            wait_for(lambda: (self.folder / "avahi-running").exists(), timeout, "avahi-daemon")
            return True
        except TimeoutError:
            return False

    def start_daemon(self, *options, wait=True, timeout=20, env=None):
        argv = [self.program("musterd"), "--headless", "--data-dir", str(self.folder / "data"), "--socket", str(self.socket),
                "--site-name", self.name, "--broker-listen", "127.0.0.1:0", *options]
        self.daemon = self.spawn("musterd", argv, env)
        if wait:
            wait_for(self.is_ready, timeout, "musterd")
        return self.daemon

    def is_ready(self):
        if self.daemon.poll() is not None:
            raise RuntimeError(f"musterd ended with {self.daemon.returncode}:\n{self.log_path('musterd').read_text()[-2000:]}")
        return self.api.exchange("GET", "/health/ready")[0] == 200

    @property
    def is_sanitized(self):
        """Whether the daemon runs under a sanitizer, which keeps freed memory back: its size then says nothing."""
        return "libasan" in Path(f"/proc/{self.daemon.pid}/maps").read_text()

    def stop_daemon(self, sig=signal.SIGTERM, timeout=20):
        self.daemon.send_signal(sig)
        self.api.connection = None
        return self.daemon.wait(timeout)

    def start_fleet(self, count, *options):
        """Simulated nodes; their labels, once written, as a list. Loopback is shared with other sites of this
        machine, so each has serial numbers of its own."""
        labels = self.folder / "labels.jsonl"
        prefix = "R" + hashlib.sha256(str(self.folder).encode()).hexdigest()[:6].upper()
        self.fleet = self.spawn("fleet", [self.program("muster-fleet"), str(count), "--state-dir", str(self.folder / "fleet"),
                                          "--address", "127.0.0.1", "--prefix", prefix, "--print-labels", str(labels), *options])

        def read():
            lines = labels.read_text().splitlines() if labels.exists() else []
            return [json.loads(line) for line in lines] if len(lines) >= count else None

        return wait_for(read, 60, "the fleet's labels")

    def ctl(self, *arguments, **kwargs):
        return subprocess.run([self.program("musterctl"), "--socket", str(self.socket), *arguments], env=self.env,
                              capture_output=True, text=True, timeout=60, check=False, **kwargs)

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        # a halt on undefined behaviour is told on the standard error output, wherever else the reports go
        findings = [text for path in sorted([*self.folder.glob("sanitizer.*"), *self.folder.glob("*.log")])
                    if any(word in (text := path.read_text(errors="replace")) for word in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error: "))]
        if self.owned:
            shutil.rmtree(self.folder, ignore_errors=True)
        if findings:
            raise AssertionError("the sanitizers found:\n" + "\n".join(findings))

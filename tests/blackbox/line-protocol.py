#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples as InfluxDB's clients send them, on the running daemon: the line protocol to the letter, who may send, what is refused and how it is told,
and the client libraries of InfluxDB themselves.

What is expected of a line is in InfluxDB's reference of the line protocol; what becomes of names is ours: MEASUREMENT/KEY=VALUE/…/FIELD, the tag that
names the device and a field `value` left out.
"""
import base64
import gzip
import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402
from npm_parts import install  # noqa: E402
from tls_api import TlsApi  # noqa: E402

SENDERS = Path(__file__).with_name("influx-senders.js")
BASE = (int(time.time()) - 7200) // 60 * 60  # seconds; each case has a second of its own
FIRST, SECOND = "LP 1,=x", "LP-2"  # a serial number that a sender must escape
ESCAPED = FIRST.replace(" ", "\\ ").replace(",", "\\,").replace("=", "\\=")


class Senders:
    """Devices that send, and what is stored of them."""

    def __init__(self, site, port):
        self.site, self.port, self.clock = site, port, BASE
        self.ids = {serial: site.api.post("/devices/", {"name": f"Device {serial}", "serial": serial})["id"] for serial in (FIRST, SECOND)}
        self.token = (site.folder / "data/token").read_text().strip()

    def write(self, body, target="/write", expect=204, headers=None, api=None):
        """The answer's text. EXPECT: the status, or several."""
        status, _, data = (api or self.site.api).exchange("POST", target, body if isinstance(body, bytes) else body.encode(), headers or {"Content-Type": "text/plain; charset=utf-8"})
        assert status in (expect if isinstance(expect, tuple) else (expect,)), (target, body[:300], status, data)
        return data.decode()

    def tick(self):
        """A second that no other case has."""
        self.clock += 1
        return self.clock

    def stored(self, serial, begin, end=None):
        """{metric: [[ms, value], …]} of the seconds from BEGIN to before END."""
        stamps = [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(begin)) + ".000Z", time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime((end or begin + 1) - 1)) + ".999999Z"]
        answer = self.site.api.get(f"/monitoring/data/{self.ids[serial]}?from={stamps[0]}&to={stamps[1]}&points=0")
        return {series["metric"]: series["points"] for series in answer["samples"]}

    def values(self, serial, second):
        return {metric: [value for _, value in points] for metric, points in self.stored(serial, second).items()}


# One line each ({t}: the time in nanoseconds), and what is stored of it.
LINES = [
    ("m,serial=LP-2 temperature=21.5 {t}", {"m/temperature": 21.5}),
    ("m,serial=LP-2 value=21.5 {t}", {"m": 21.5}),
    ("m,serial=LP-2,room=hall value=1 {t}", {"m/room=hall": 1}),
    ("m,zone=2,serial=LP-2,area=north\\ wing a=1,b=2 {t}", {"m/area=north wing/zone=2/a": 1, "m/area=north wing/zone=2/b": 2}),
    ("m\\,n\\ o,serial=LP-2 a=1 {t}", {"m,n o/a": 1}),
    ("m=n,serial=LP-2 a=1 {t}", {"m=n/a": 1}),
    ("m,serial=LP-2 a\\ b\\,c\\=d=1 {t}", {"m/a b,c=d": 1}),
    ("m,serial=LP-2,k\\ e\\,y\\==v\\,\\ \\=w a=1 {t}", {"m/k e,y==v, =w/a": 1}),
    ("m,serial=LP-2 back\\slash=1,c:\\d=2 {t}", {"m/back\\slash": 1, "m/c:\\d": 2}),
    ("wärme,serial=LP-2,ort=Küche größe=1 {t}", {"wärme/ort=Küche/größe": 1}),
    ("m,serial=LP-2 a=1,b=1.0,c=-1.5e3,d=+2.5E-1,e=0.1,f=1e22,g=-0 {t}", {"m/a": 1, "m/b": 1, "m/c": -1500, "m/d": 0.25, "m/e": 0.1, "m/f": 1e22, "m/g": 0}),
    ("m,serial=LP-2 a=1i,b=-9223372036854775808i,c=9223372036854775807i,d=9007199254740993i {t}",
     {"m/a": 1, "m/b": -9223372036854775808, "m/c": 9223372036854775807, "m/d": 9007199254740993}),
    ("m,serial=LP-2 a=1u,b=9223372036854775807u,c=18446744073709551615u {t}", {"m/a": 1, "m/b": 9223372036854775807, "m/c": 18446744073709551615.0}),
    ("m,serial=LP-2 a=t,b=T,c=true,d=True,e=TRUE,f=f,g=F,h=false,i=False,j=FALSE {t}",
     {f"m/{name}": number < 5 for number, name in enumerate("abcdefghij")}),
    ('m,serial=LP-2 a="text",b="",c="with \\"quotes\\" and \\\\ and \\n",d="a=1,b c",e="1i",f="ünicode 🔥" {t}',
     {"m/a": "text", "m/b": "", "m/c": 'with "quotes" and \\ and \\n', "m/d": "a=1,b c", "m/e": "1i", "m/f": "ünicode 🔥"}),
    ('m,serial=LP-2 a="two\nlines",b=1 {t}', {"m/a": "two\nlines", "m/b": 1}),
    ("m,serial=LP-2   a=1   {t}  ", {"m/a": 1}),
    ("   m,serial=LP-2 a=1 {t}", {"m/a": 1}),
    ("m,serial=LP-2 a=1 {t}\r", {"m/a": 1}),
    ("m,host=LP-2 a=1 {t}", {"m/a": 1}),
    ("m,device=LP-2 a=1 {t}", {"m/a": 1}),
    ("m,device_id={id} a=1 {t}", {"m/a": 1}),
    ("m,host=Device\\ LP-2 a=1 {t}", {"m/a": 1}),
    # as Telegraf tells of disks: the tag `device` names something else, `host` the sender
    ("disk,device=sda1,fstype=ext4,host=LP-2,path=/ free=5i {t}", {"disk/device=sda1/fstype=ext4/path=//free": 5}),
]


def check_lines(senders):
    times = []
    body = ""
    for line, _ in LINES:
        times.append(senders.tick())
        body += line.replace("{t}", f"{times[-1]}000000000").replace("{id}", senders.ids[SECOND]) + "\n"
    senders.write(body)
    for (line, expected), second in zip(LINES, times):
        found = senders.values(SECOND, second)
        assert found == {metric: [value] for metric, value in expected.items()}, (line, found)
        for metric, value in expected.items():
            assert isinstance(found[metric][0], bool) == isinstance(value, bool), (line, metric, found)
    second = senders.tick()
    senders.write(f"m,serial={ESCAPED} a=1 {second}000000000")  # and no end of line
    assert senders.values(FIRST, second) == {"m/a": [1]}
    second = senders.tick()
    senders.write(f"\n# a comment, serial=LP-2 a=9 {second}000000000\n\n  # another\r\n\r\nm,serial=LP-2 a=1 {second}000000000\r\nm,serial=LP-2 b=2 {second}000000000\r\n#")
    assert senders.values(SECOND, second) == {"m/a": [1], "m/b": [2]}
    for body in ("", "\n", "# nothing\n"):
        senders.write(body)


def check_times(senders):
    # precision: (parameter, digits behind a second)
    for target in ("/write", "/api/v2/write?org=site&bucket=telemetry"):
        for precision, unit in (("ns", 9), ("us", 6), ("ms", 3), ("s", 0), (None, 9), *((("u", 6), ("n", 9)) if target == "/write" else ())):
            second = senders.tick()
            fraction = "123456789"[:unit]
            parameter = "" if precision is None else ("&" if "?" in target else "?") + f"precision={precision}"
            senders.write(f"m,serial=LP-2 a=1 {second}{fraction}", target + parameter)
            found = senders.stored(SECOND, second)
            # microseconds are kept
            expected = second * 1000 + (int(fraction[:6].ljust(6, "0")) / 1000 if fraction else 0)
            assert len(found["m/a"]) == 1 and abs(found["m/a"][0][0] - expected) < 1, (target, precision, found, expected)
    minute, hour = BASE - 3600, BASE // 3600 * 3600 - 7200
    senders.write(f"m,serial=LP-2 minutes=1 {minute // 60}", "/write?precision=m")
    senders.write(f"m,serial=LP-2 hours=1 {hour // 3600}", "/write?precision=h")
    assert senders.stored(SECOND, minute)["m/minutes"] == [[minute * 1000, 1]] and senders.stored(SECOND, hour)["m/hours"] == [[hour * 1000, 1]]
    before = time.time() * 1000
    senders.write("m,serial=LP-2 now=1\nm,serial=LP-2 now2=2,now3=3")
    found = {s["metric"]: s["points"] for i in senders.site.api.get(f"/monitoring/data?device_id={senders.ids[SECOND]}&metric=m/now,m/now2,m/now3")["items"] for s in i["samples"]}
    assert set(found) == {"m/now", "m/now2", "m/now3"} and all(before - 1000 <= p[0][0] <= time.time() * 1000 + 1000 for p in found.values()), found
    text = senders.write("m,serial=LP-2 a=1 1", "/write?precision=fortnight", expect=(400, 422))
    assert "precision" in text, text
    second = senders.tick()
    for value in (1, 2, 3):  # the last one wins
        senders.write(f"m,serial=LP-2 again={value} {second}000000000")
    assert senders.values(SECOND, second)["m/again"] == [3]


def check_gzip(senders):
    second = senders.tick()
    packed = gzip.compress("".join(f"m,serial=LP-2 a={n} {second}{n:03}\n" for n in range(500)).encode())
    for name in ("gzip", "GZIP"):
        senders.write(packed, "/write?precision=ms", headers={"Content-Encoding": name})
    assert senders.values(SECOND, second)["m/a"] == list(range(500))
    text = senders.write(packed[:-20], "/write?precision=ms", 400, {"Content-Encoding": "gzip"})
    assert "gzip" in text, text
    senders.write(b"no gzip at all", "/write", 400, {"Content-Encoding": "gzip"})
    senders.write(packed, "/write", 415, {"Content-Encoding": "br"})
    # what would become larger than is taken is not unpacked to its end
    bomb = gzip.compress(b"# " + b"0" * (600 * 1024 * 1024), 9)
    begin = time.monotonic()
    senders.write(bomb, "/write", 413, {"Content-Encoding": "gzip"})
    assert time.monotonic() - begin < 5


# (a line, what its refusal must name)
BROKEN = [
    ("m,serial=LP-2", "field"), ("m,serial=LP-2 ", "field"), ("m", "field"), (",serial=LP-2 a=1 {t}", "measurement"), ("m,serial=LP-2 a= {t}", "a"),
    ("m,serial=LP-2 =1 {t}", "field"), ("m,serial=LP-2 a=1 b=2 {t}", ""), ("m,serial= a=1 {t}", "serial"), ("m,serial=LP-2,=x a=1 {t}", "tag"),
    ("m,serial=LP-2,x a=1 {t}", "x"), ("m,serial=LP-2 a=1x {t}", "1x"), ("m,serial=LP-2 a=yes {t}", "yes"), ("m,serial=LP-2 a=1.5i {t}", "1.5i"),
    ("m,serial=LP-2 a=9223372036854775808i {t}", "9223372036854775808i"), ("m,serial=LP-2 a=-1u {t}", "-1u"), ("m,serial=LP-2 a=NaN {t}", "NaN"),
    ("m,serial=LP-2 a=inf {t}", "inf"), ("m,serial=LP-2 a=1e999 {t}", "1e999"), ("m,serial=LP-2 a=0x10 {t}", "0x10"),
    ("m,serial=LP-2 a=1 12x", "12x"), ("m,serial=LP-2 a=1 1.5", "1.5"), ("m,serial=LP-2 a=1 99999999999999999999999", "99999999999999999999999"),
    ("m,serial=NOT-THERE a=1 {t}", "NOT-THERE"), ("m a=1 {t}", "device"), ("m,room=hall a=1 {t}", "device"),
    ("m,serial=LP-2 a=1 -1000000000", ""), ("m,serial=LP-2 a=1 4102444800000000000", "ahead"), ('m,serial=LP-2 a="open {t}', ""),
]


def check_partial(senders):
    for line, named in BROKEN:
        second = senders.tick()
        stamp = f"{second}000000000"
        # a string that does not end takes the rest of the body with it
        lines = [f"m,serial=LP-2 good=1 {stamp}", f"m,serial=LP-2 good2=2 {stamp}", line.replace("{t}", stamp)] + ([] if "open" in line else [f"m,serial=LP-2 good3=3 {stamp}"])
        text = senders.write("\n".join(lines) + "\n", expect=400)
        assert "line 3" in text and named in text, (line, text)
        assert "line 1" not in text and "line 2" not in text, (line, text)
        found = senders.values(SECOND, second)
        expected = {"m/good": [1], "m/good2": [2], "m/good3": [3]}
        if len(lines) == 3:
            del expected["m/good3"]
        assert found == expected, (line, found)
    second = senders.tick()
    text = senders.write(f"m,serial=NOT-THERE a=1 {second}000000000", expect=400)
    assert "NOT-THERE" in text and ("add" in text.lower() or "create" in text.lower()), ("the fix is not told", text)
    document = json.loads(text)
    assert "detail" in document or "error" in document or "message" in document, document
    text = senders.write(f"m,serial=LP-2 a=1 {second}000000000\n" + "broken\n" * 10000, expect=400)
    assert len(text) < 10000 and "line 2" in text, ("every line is told", len(text))
    assert senders.values(SECOND, second) == {"m/a": [1]}
    text = senders.write(b"m,serial=LP-2 a=1 \xff\xfe\nm,serial=LP-2 b=1 " + f"{second}000000000".encode(), expect=400)
    assert "line 1" in text and senders.values(SECOND, second) == {"m/a": [1], "m/b": [1]}, text
    text = senders.write(b'm,serial=LP-2 c="\xff",d=1 ' + f"{second}000000000\n".encode(), expect=400)
    assert "line 1" in text and "UTF-8" in text, text


def check_rights(senders):
    line = "m,serial=LP-2 a=1"
    own = senders.site.api.call("POST", f"/devices/{senders.ids[SECOND]}/token")["token"]
    key = senders.site.api.post("/api-keys", {"name": "telegraf", "role": "operator"})["key"]
    viewer = senders.site.api.post("/api-keys", {"name": "reader", "role": "viewer"})["key"]

    def status(target="/write", body=line, **headers):
        return TlsApi(senders.port).exchange("POST", target, body.encode(), {name.replace("_", "-"): value for name, value in headers.items()})[0]

    def basic(user, password):
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    assert status() == 401
    for token in (senders.token, own, key):
        for scheme in ("Token", "Bearer", "token"):
            assert status(Authorization=f"{scheme} {token}") == 204, (scheme, token[:4])
        assert status(Authorization=basic("muster", token)) == 204
        assert status(f"/write?u=muster&p={quote(token)}&db=telegraf") == 204
        assert status(f"/write?db=telegraf&u={quote('any body')}&p={quote(token)}&rp=autogen&consistency=any") == 204
        assert status("/api/v2/write?org=site&bucket=telemetry&precision=ns", Authorization=f"Token {token}") == 204
    assert status(Authorization=f"Token {viewer}") == 403
    for wrong in ("x", own + "x", own[:-1]):
        assert status(Authorization=f"Token {wrong}") == 401 and status(f"/write?u=muster&p={quote(wrong)}") == 401 and status(Authorization=basic("muster", wrong)) == 401
    assert status(f"/devices/?u=muster&p={quote(senders.token)}", body='{"name":"x"}') in (401, 422), "a token in an address opens what is not written by it"
    # a device writes for itself alone, and need not say who it is
    second = senders.tick()
    assert status("/write?precision=s", f"m own=1 {second}\nm,room=hall own=2 {second}", Authorization=f"Token {own}") == 204
    assert senders.values(SECOND, second) == {"m/own": [1], "m/room=hall/own": [2]}
    second = senders.tick()
    answer = TlsApi(senders.port, own).exchange("POST", "/write?precision=s", f"m,serial={ESCAPED} other=1 {second}\nm,serial=LP-2 mine=1 {second}".encode(), {})
    assert answer[0] in (400, 403) and b"line 1" in answer[2], answer
    assert senders.values(FIRST, second) == {}


def check_questions(senders):
    """What clients ask before they write."""
    api = TlsApi(senders.port)
    for method in ("GET", "HEAD"):
        status, headers, data = api.exchange(method, "/ping")
        assert status == 204 and data == b"" and {name.lower(): value for name, value in headers.items()}.get("x-influxdb-version"), (method, status, headers)
    status, _, data = api.exchange("GET", "/ping?verbose=true")
    assert status in (200, 204), status
    status, _, data = api.exchange("GET", "/health")
    assert status == 200 and json.loads(data)["status"] == "pass", (status, data)
    signed = TlsApi(senders.port, senders.token)
    for method, target, body in (("POST", "/query?q=CREATE+DATABASE+%22telegraf%22", b""), ("POST", "/query?db=&q=create%20database%20telegraf", None), ("GET", "/query?q=SHOW+DATABASES", None),
                                 ("POST", "/query", b"q=CREATE+DATABASE+telegraf")):
        status, _, data = signed.exchange(method, target, body, {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})
        assert status == 200 and "error" not in json.loads(data)["results"][0], (method, target, status, data)
    status, _, data = signed.exchange("GET", "/query?q=SELECT+*+FROM+m")
    assert status == 400 and b"monitoring" in data, (status, data)


def check_large(senders):
    """A body of 100,000 lines, and one that is too large; time does not stand still for others."""
    second = BASE - 86400
    body = "".join(f"m,serial=LP-2 large={n} {second * 1000 + n}\n" for n in range(100_000))
    begin = time.monotonic()
    senders.write(body, "/write?precision=ms")
    print(f"     100,000 lines of one body: {time.monotonic() - begin:.2f} s")
    assert len(senders.stored(SECOND, second, second + 100)["m/large"]) == 100_000
    connection = senders.site.api.make_connection()
    connection.putrequest("POST", "/write")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    assert connection.getresponse().status == 413


def check_clients(senders, build):
    folder, second = install(build), senders.tick()
    senders.clock += 100
    done = subprocess.run(["node", str(SENDERS), str(folder), f"https://127.0.0.1:{senders.port}", senders.token, SECOND, f"{second}000"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["online"], done.stdout
    found = senders.stored(SECOND, second, second + 100)
    values = {metric: [value for _, value in points] for metric, points in found.items()}
    assert values.pop("one/a b=c,d=e/level") == [1.5] and values.pop("one/level") == [-2] and values.pop("one/a b=c,d=e/on") == [True], values
    assert values.pop("one/a b=c,d=e/text") == ['say "hi" \\ there'], values
    assert values == {"two/level": [n / 4 for n in range(100)], "two/count": list(range(100)), "two/total": list(range(100)), "two/on": [n % 2 == 0 for n in range(100)],
                      "two/text": [f"line {n}" for n in range(100)]}, {metric: row[:3] for metric, row in values.items()}


def check_restart(senders):
    """204 is a promise."""
    second = senders.tick()
    senders.write(f"m,serial=LP-2 kept=1 {second}000000000")
    senders.site.daemon.kill()
    senders.site.daemon.wait()
    senders.site.api.connection = None
    senders.site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{senders.port}")
    wait_for(lambda: senders.values(SECOND, second) == {"m/kept": [1]}, 5, "what was acknowledged")


def main():
    with Site(sys.argv[1]) as site:
        port = free_port()
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        site.api.call("PUT", "/settings/http.rate-per-token", {"value": 0})
        senders = Senders(site, port)
        for check in (check_lines, check_times, check_gzip, check_partial, check_rights, check_questions, check_large, check_restart):
            check(senders)
            print(f"ok {check.__name__[6:]}", flush=True)
        check_clients(senders, sys.argv[1])
        print("ok clients")
    return 0


if __name__ == "__main__":
    sys.exit(main())

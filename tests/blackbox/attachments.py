#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that belong to records, on the running daemon: what is taken, how it is kept and served, and that undo brings it back."""
import hashlib
import json
import os
import stat
import struct
import sys
import time
import zlib
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, wait_for  # noqa: E402


def png(shade):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
REFUSED = {"drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "page": b"<!DOCTYPE html><html><body>hi</body></html>",
           "program": b"\x7fELF\x02\x01\x01" + b"\0" * 200, "script": b"#!/bin/sh\necho hi\n", "archive": b"PK\x03\x04" + b"\0" * 100}


def announce(site, target, media_type, length):
    """The status of the answer to the headers of a body that is never sent."""
    connection = site.api.make_connection()
    connection.putrequest("POST", target)
    connection.putheader("Content-Type", media_type)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection.getresponse().status


def attach(site, owner, name, body, expect=201, entity="device", purpose="photo"):
    status, _, data = site.api.exchange("POST", f"/attachments?entity={entity}&entity_id={owner}&name={quote(name)}&purpose={purpose}", body,
                                        {"Content-Type": "application/octet-stream"})
    assert status == expect, (name, status, data)
    return json.loads(data)


def kept(site, sha256):
    return site.folder / "data/attachments" / sha256[:2] / sha256


def test_keeping(site, device):
    picture = png(1)
    made = attach(site, device, "../../etc/Lamp \"x\".png", picture)
    assert made["name"] == "Lamp _x_.png" and made["media_type"] == "image/png" and made["size"] == len(picture), made
    assert made["sha256"] == hashlib.sha256(picture).hexdigest()
    path = kept(site, made["sha256"])
    assert path.read_bytes() == picture and stat.S_IMODE(path.stat().st_mode) == 0o600
    attach(site, device, "again.png", picture)
    assert site.api.get(f"/attachments?entity=device&entity_id={device}")["total"] == 2
    assert len([file for file in (site.folder / "data/attachments").rglob("*") if file.is_file()]) == 1
    return made


def test_serving(site, made):
    target = f"/attachments/{made['id']}/content"
    status, headers, body = site.api.exchange("GET", target)
    assert status == 200 and body == png(1) and headers["Content-Type"] == "image/png" and headers["X-Content-Type-Options"] == "nosniff", headers
    assert headers["Content-Disposition"].startswith("inline; filename*=UTF-8''Lamp%20_x_.png") and "sandbox" in headers["Content-Security-Policy"], headers
    assert site.api.exchange("GET", target, None, {"If-None-Match": headers["ETag"]})[0] == 304
    for text, part in (("bytes=1-3", b"PNG"), ("bytes=-4", png(1)[-4:]), (f"bytes={len(body) - 2}-", body[-2:])):
        status, headers, got = site.api.exchange("GET", target, None, {"Range": text})
        assert status == 206 and got == part and headers["Content-Range"].endswith(f"/{len(body)}"), (text, status, got)
    status, headers, got = site.api.exchange("GET", target, None, {"Range": "bytes=0-1,3-4"})
    assert status == 206 and headers["Content-Type"].startswith("multipart/byteranges; boundary=") and got.count(b"Content-Range: bytes ") == 2, got
    for text in ("bytes=99999-", "bytes=3-1", "bytes=a-b"):
        assert site.api.exchange("GET", target, None, {"Range": text})[0] == 416, text
    assert site.api.exchange("GET", target, None, {"Range": "lines=1-2"})[0] == 200
    assert site.api.exchange("GET", target, None, {"If-Match": '"other"'})[0] == 412


def test_types(site, device):
    for name, body in REFUSED.items():
        attach(site, device, f"{name}.png", body, expect=415)
    attach(site, device, "empty.txt", b"", expect=400)
    sheet = attach(site, device, "sheet.pdf", PDF, purpose="datasheet")
    assert sheet["media_type"] == "application/pdf" and sheet["purpose"] == "datasheet"
    text = attach(site, device, "notes.html", "Only words, ü\n".encode())
    assert text["media_type"] == "text/plain", text
    headers = site.api.exchange("GET", f"/attachments/{text['id']}/content")[1]
    assert headers["Content-Disposition"].startswith("attachment;"), headers


def test_limits(site, device):
    site.api.call("PUT", "/settings/attachments.limit", {"value": 1})
    attach(site, device, "large.txt", b"words " * 200_000, expect=413)
    attach(site, device, "small.txt", b"words " * 100_000)
    assert announce(site, f"/attachments?entity=device&entity_id={device}&name=huge.txt", "text/plain", 64 * 1024 * 1024 + 1) == 413
    site.api.call("PUT", "/settings/attachments.limit", {"value": None})
    attach(site, "0190aaaa-0000-7000-8000-000000000000", "x.png", png(1), expect=404)
    attach(site, device, "x.png", png(1), expect=404, entity="nonsense")
    assert not [file for file in (site.folder / "data/attachments").iterdir() if file.is_file()]
    assert not list((site.folder / "data/spool").iterdir())


def test_undo(site, device):
    made = attach(site, device, "once.png", png(7))
    assert site.api.exchange("DELETE", f"/attachments/{made['id']}")[0] == 204
    assert site.api.exchange("GET", f"/attachments/{made['id']}/content")[0] == 404 and kept(site, made["sha256"]).exists()
    last = site.api.get("/journal/?entity=attachment&limit=1")["items"][0]
    site.api.call("POST", f"/journal/{last['sequence']}/undo")
    assert site.api.exchange("GET", f"/attachments/{made['id']}/content")[2] == png(7)
    renamed = site.api.call("PUT", f"/attachments/{made['id']}", {"name": "twice.png", "purpose": "document"})
    assert renamed["name"] == "twice.png" and renamed["sha256"] == made["sha256"]


def test_owner_goes(site):
    device = site.api.post("/devices/", {"name": "Short-lived"})["id"]
    made = attach(site, device, "its.png", png(9))
    site.api.call("DELETE", f"/devices/{device}")
    assert site.api.exchange("GET", f"/attachments/{made['id']}")[0] == 404
    last = site.api.get("/journal/?entity=device&limit=1")["items"][0]
    site.api.call("POST", f"/journal/{last['sequence']}/undo")
    assert site.api.exchange("GET", f"/attachments/{made['id']}/content")[2] == png(9)


def test_old_go(site, device):
    """At the start of the daemon the bytes go that no record has named for longer than their days; all others stay."""
    def age(made, days):
        then = time.time() - days * 24 * 3600
        os.utime(kept(site, made["sha256"]), (then, then))

    named, deleted, fresh = (attach(site, device, f"{n}.png", png(n)) for n in (21, 22, 23))
    for made in (deleted, fresh):
        assert site.api.exchange("DELETE", f"/attachments/{made['id']}")[0] == 204
    for made, days in ((named, 1000), (deleted, 91), (fresh, 89)):
        age(made, days)
    site.stop_daemon()
    site.start_daemon("--no-mdns")
    wait_for(lambda: not kept(site, deleted["sha256"]).exists(), 10, "the old attachment to go")
    assert kept(site, fresh["sha256"]).exists()
    assert site.api.exchange("GET", f"/attachments/{named['id']}/content")[2] == png(21)
    assert "old attachments are not removed" not in site.log_path("musterd").read_text()


def test_picture(site):
    """The first picture of a product stands for it; others wait until they are chosen; it goes and comes with its attachment."""
    product = site.api.post("/products/", {"name": "Lamp"})["id"]
    attach(site, product, "sheet.png", png(31), entity="product", purpose="datasheet")
    assert site.api.get(f"/products/{product}")["picture_id"] is None
    first, second = (attach(site, product, f"{n}.png", png(n), entity="product", purpose="picture")["id"] for n in (32, 33))
    assert site.api.get(f"/products/{product}")["picture_id"] == first
    site.api.call("PUT", f"/products/{product}", {"picture_id": second})
    site.api.call("DELETE", f"/attachments/{second}")
    assert site.api.get(f"/products/{product}")["picture_id"] is None
    last = site.api.get(f"/journal/?entity=attachment&entity_id={second}&limit=1")["items"][0]
    site.api.call("POST", f"/journal/{last['sequence']}/undo")
    assert site.api.get(f"/products/{product}")["picture_id"] == second


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        device = site.api.post("/devices/", {"name": "Lamp"})["id"]
        made = test_keeping(site, device)
        test_serving(site, made)
        for test, *arguments in ((test_types, device), (test_limits, device), (test_undo, device), (test_owner_goes,), (test_picture,), (test_old_go, device)):
            test(site, *arguments)
        print("8 passed, 0 failed")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents and labels on paper: what musterctl writes as PDF is read again, texts by pdftotext, codes by a bar code reader."""
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_secret():
    """A label secret as firmware/PAIRING.md has it: 26 characters of base 32 and two that check them."""
    secret = os.urandom(16)
    bits = int.from_bytes(secret, "big") << 2
    text = "".join(ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))
    check = int.from_bytes(hashlib.blake2b(secret).digest()[:2], "big") >> 6
    text += ALPHABET[check >> 5] + ALPHABET[check & 31]
    return "-".join(text[i:i + 4] for i in range(0, 28, 4))


def run(site, *arguments, expect=0):
    done = site.ctl(*arguments)
    assert done.returncode == expect, f"musterctl {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout if expect == 0 else done.stderr


def read_text(path):
    return subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout


def read_codes(path, resolutions=(300, 200, 240)):
    """The set of what the bar codes of every page say. The reader misses a sharp symbol now and then, as a scanner does: it looks more than once."""
    stem, codes = str(path).removesuffix(".pdf"), set()
    for resolution in resolutions:
        subprocess.run(["pdftoppm", "-r", str(resolution), "-png", path, stem], check=True)
        pages = sorted(Path(path).parent.glob(Path(stem).name + "-*.png"))
        codes |= set(subprocess.run(["zbarimg", "-q", *pages], capture_output=True, text=True).stdout.split())
        for page in pages:
            page.unlink()
    return codes


def test_labels(site, folder):
    secrets = {f"SN-{i:04}": make_secret() for i in range(25)}
    for serial, secret in secrets.items():
        site.api.post("/devices/", {"name": f"Boiler sensor {serial}", "serial": serial, "model": "MX-200", "secret": secret})
    path = folder / "labels.pdf"
    assert run(site, "print", "labels", "--secrets", "-o", str(path), *secrets).strip() == str(path)
    text, codes = read_text(path), read_codes(path)
    for serial, secret in secrets.items():
        assert secret in text and f"Boiler sensor {serial}" in text, (serial, text)
        assert f"QR-Code:MUSTER:1:{serial}:{secret.replace('-', '')}" in codes, (serial, codes)
        assert f"CODE-128:{serial}" in codes, (serial, codes)
    assert text.count("\f") == 2, "25 labels are two sheets of 21"

    # who asked is on record
    device = site.api.get("/devices/?serial=SN-0003")["items"][0]
    events = site.api.get(f"/devices/{device['id']}/events?kind=label")["items"]
    assert len(events) == 1 and "secret" in events[0]["message"] and secrets["SN-0003"] not in str(events), events

    # without being asked for, no secret is told
    plain = folder / "plain.pdf"
    run(site, "print", "labels", "-o", str(plain), "--format", "roll-62x29", "SN-0001")
    assert read_codes(plain) == {"CODE-128:SN-0001"} and secrets["SN-0001"] not in read_text(plain)
    assert len(site.api.get(f"/devices/{device['id']}/events?kind=label")["items"]) == 1


def test_every_format(site, folder):
    for line in run(site, "print", "formats").splitlines():
        name, path = line.split()[0], folder / "format.pdf"
        run(site, "print", "labels", "--secrets", "--format", name, "-o", str(path), "SN-0002")
        codes = read_codes(path)
        assert any(code.startswith("QR-Code:MUSTER:1:SN-0002:") for code in codes), (name, codes)
        assert "CODE-128:SN-0002" in codes, (name, codes)


def test_order(site, folder):
    product = site.api.post("/products/", {"name": "Boiler sensor", "sku": "BS-1", "unit_price": "100.00"})
    hall = site.api.post("/locations/", {"name": "Hall 1", "kind": "hall"})
    rack = site.api.post("/locations/", {"name": "Rack 9", "kind": "rack", "parent_id": hall["id"], "code": "R9"})
    site.api.post(f"/products/{product['id']}/receive", {"serials": "P100+2", "location_id": rack["id"]})
    order = site.api.post("/orders/", {
        "customer": "Example Ltd", "shipping_address": "Example Street 1\n12345 Town", "reference": "PO-77",
        "items": [{"product_id": product["id"], "quantity": 2, "unit_price": "100.00"},
                  {"kind": "tax", "rate": 1900, "description": "VAT 19 %"}]})
    number = order["order_number"]
    site.api.call("PUT", f"/orders/{order['id']}/status", {"status": "confirmed"})

    path = folder / "pick.pdf"
    run(site, "print", "pick-list", number, "-o", str(path))
    text = read_text(path)
    assert f"CODE-128:{number}" in read_codes(path)
    assert len(re.findall(r"Hall 1 › Rack 9 +Boiler sensor +P10[0-2] +1", text)) == 2, text

    path = folder / "invoice.pdf"
    run(site, "print", "invoice", number, "-o", str(path), "--paper", "na_letter")
    text = read_text(path)
    for piece in (r"Example Street 1", r"PO-77", r"Subtotal +200\.00 EUR", r"Tax +38\.00 EUR", r"Total +238\.00 EUR"):
        assert re.search(piece, text), (piece, text)
    assert re.search(r"\b[1-9]\d? [A-Z][a-z]{2} 20\d\d\b", text), ("a date that reads the same everywhere", text)

    shipped = site.api.post(f"/orders/{order['id']}/ship", {"carrier": "Example Freight", "tracking_number": "TN-1"})
    delivery = site.api.get(f"/deliveries/?order_id={order['id']}")["items"][0]
    strokes = [[[0.1, 0.5], [0.5, 0.2], [0.9, 0.8]]]
    site.api.call("PUT", f"/deliveries/{delivery['id']}/confirm", {"recipient": "B. Example", "signature": strokes})
    path = folder / "note.pdf"
    run(site, "print", "delivery-note", delivery["delivery_number"], "-o", str(path))
    text = read_text(path)
    for piece in (number, "TN-1", "Example Freight", "B. Example", r"Boiler sensor +P10[0-2] +1"):
        assert re.search(piece, text), (piece, text, shipped)

    # labels of places
    path = folder / "places.pdf"
    run(site, "print", "labels", "--places", "-o", str(path), "R9")
    assert read_codes(path) == {"CODE-128:R9"} and "Hall 1 › Rack 9" in read_text(path)

    stocktake = site.api.post("/stocktakes/", {"name": "January", "location_id": hall["id"]})
    path = folder / "count.pdf"
    run(site, "print", "count-sheet", stocktake["id"], "-o", str(path))
    assert re.search(r"P10[0-2] +Boiler sensor", read_text(path)), read_text(path)


def test_refusals(site, folder):
    assert "SO-1999-000001" in run(site, "print", "invoice", "SO-1999-000001", expect=3)
    for wrong in (("print", "poem", "x"), ("print", "labels"), ("print", "labels", "--format", "huge", "SN-0001"),
                  ("print", "labels", "--paper", "papyrus", "SN-0001")):
        run(site, *wrong, expect=2)
    assert "cannot write" in run(site, "print", "labels", "SN-0001", "-o", str(folder / "nowhere" / "x.pdf"), expect=1)


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        folder = site.folder / "paper"
        folder.mkdir()
        for test in (test_labels, test_every_format, test_order, test_refusals):
            test(site, folder)
            print("passed:", test.__name__, flush=True)


if __name__ == "__main__":
    main()

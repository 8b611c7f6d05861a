#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's everyday work in the window: many units at a time with Undo and with refusals, an export of what is shown, loans, goods
that are moved by hand, a purchase from the reorder list, files of a product, and the overview that opens each of them."""
import csv
import struct
import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from file_portal import ENVIRONMENT, FilePortal  # noqa: E402
from muster_site import wait_for  # noqa: E402
from store import furnish  # noqa: E402


def holds(*parts):
    return lambda text: all(part in text for part in parts)


def png(width, height):
    """A picture of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\x20\x80\xd0" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def units(site, text):
    return {row["serial"]: row for row in site.api.get(f"/devices/?q={text}&limit=100")["items"]}


def search(window, text):
    window.keys("ctrl+f", "ctrl+a")
    window.keyboard_text(text)


def show(window, tab, row):
    """The inventory's view TAB, once it shows ROW."""
    window.keys("ctrl+4")
    window.click("page tab", tab, 10)
    window.find("table row", row, 10)


def select_all(window, text, count):
    search(window, text)
    window.says(f"{count} matches", 10)
    window.click("toggle button", "Select")
    window.click("button", f"Select All {count}", 10)
    window.says(f"{count} selected")


def move(steps, site, window, store):
    with steps.step("six units are moved at once; the toast takes all of it back"):
        show(window, "Units", holds("DS-0101"))
        select_all(window, "DS-02", 6)
        window.picture("records-01-selected")
        window.click("button", "Move…")
        dialog = window.find("alert", "Move 6 Units", 10)
        window.picture("records-02-move")
        window.keys("Return")
        window.find("list", "To", 10)
        window.keyboard_text("Goods in")
        window.wait(lambda: window.look("list item", holds("Goods in")), 10, "Goods in among the places")
        window.keys("Return")
        window.click("button", "Move", within=dialog)
        wait_for(lambda: {row["location_id"] for row in units(site, "DS-02").values()} == {store.places["IN"]}, 10, "the units in the other place")
        window.says("6 done", 10)
        window.picture("records-03-moved")
        window.undo()
        wait_for(lambda: {row["location_id"] for row in units(site, "DS-02").values()} == {store.places["A-1-2"]}, 10, "the units where they were")


def refuse(steps, site, window):
    with steps.step("products with stock are not deleted: the sheet says why of each, and tries them again; Ctrl+Z brings back the rest"):
        before = {row["name"] for row in site.api.get("/products/")["items"]}
        show(window, "Products", holds("Gateway"))
        window.click("toggle button", "Select")
        window.click("button", "Select All 6", 10)
        window.click("button", "Delete")
        sheet = window.dialog("Result", 20)
        window.find("toggle button", "Failed 5", 10, within=sheet)
        window.find("list item", "Gateway", 10, within=sheet)
        window.picture("records-04-refused")
        assert {row["name"] for row in site.api.get("/products/")["items"]} == before - {"Muster node"}
        jobs = site.api.get("/jobs/?limit=1")["total"]
        window.click("button", "Retry Failed", within=sheet)
        wait_for(lambda: window.look("dialog", "Result"), 20, "the result of the second try")
        assert site.api.get("/jobs/?limit=1")["total"] == jobs, "trying again made another job"
        window.keys("Escape")
        window.gone("dialog", "Result", 10)
        window.keys("ctrl+z")
        wait_for(lambda: {row["name"] for row in site.api.get("/products/")["items"]} == before, 10, "the product that was deleted")


def export(steps, site, window, portal):
    with steps.step("Ctrl+E writes exactly the columns, the filter and the order that are shown"):
        file = site.folder / "units.csv"
        show(window, "Units", holds("DS-02"))
        search(window, "EM-22")
        window.find("label", holds("matches"), 10)
        portal.next = file
        window.keys("ctrl+e")
        wait_for(lambda: file.exists() and file.stat().st_size > 0, 10, "the file")
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
        shown = [row for row in rows if row]
        assert {row["serial"] for row in shown} == set(units(site, "EM-22")), shown
        assert "serial" in shown[0] and "notes" not in shown[0], shown[0]


def lend(steps, site, window):
    with steps.step("a unit is lent, stands among the loans, and is taken back"):
        show(window, "Units", holds("EM-22"))
        search(window, "EM-2210")
        window.find("table row", holds("EM-2210"), 10)
        window.keys("Return")
        window.click("button", "Lend…", 10)
        dialog = window.find("alert", "Lend", 10)
        window.type(window.find("text", "Borrower", within=dialog), "Robin Example")
        window.picture("records-05-lend")
        window.click("button", "Lend", within=dialog)
        window.gone("alert", "Lend", 10)
        loan = wait_for(lambda: next(iter(site.api.get("/loans/")["items"]), None), 10, "the loan")
        assert loan["borrower"] == "Robin Example" and loan["returned_at"] is None, loan
        window.keys("alt+Left")
        window.click("page tab", "Loans", 10)
        window.find("table row", holds("Robin Example"), 10)
        window.click("toggle button", "Overdue")
        window.says("Nothing Matches", 10)
        window.click("toggle button", "Overdue")
        window.find("table row", holds("Robin Example"), 10)
        window.picture("records-06-loans")
        window.click("toggle button", "Select")
        window.click("button", "Select All 1", 10)
        window.says("1 selected", 10)
        window.picture("records-09-orders")
        window.click("button", "Take Back")
        wait_for(lambda: site.api.get(f"/loans/{loan['id']}")["returned_at"], 10, "it is back")


def jobs(steps, site, window):
    with steps.step("the overview's tile opens the jobs that have run"):
        window.keys("ctrl+1")
        window.click("button", lambda name: name.startswith("Jobs Running: "), 10)
        window.find("list item", holds("Moved to Goods in"), 10)
        window.picture("records-09-jobs")
        window.keys("Escape")


def reorder(steps, site, window):
    with steps.step("the reorder list becomes a purchase order"):
        window.keys("ctrl+1")
        window.click("button", lambda name: name.startswith("To Reorder: 3"), 10)
        button = window.find("button", "Make Purchase Order", 10)
        window.picture("records-07-reorder")
        before = site.api.get("/orders/?kind=purchase&limit=1")["total"]
        window.press(button)
        wait_for(lambda: site.api.get("/orders/?kind=purchase&limit=1")["total"] == before + 1, 10, "the order")
        window.says("is made", 10)


def attach(steps, site, window, portal, store):
    with steps.step("a picture and a datasheet are attached to a product; the list shows the picture"):
        picture, sheet = site.folder / "lamp.png", site.folder / "sheet.pdf"
        picture.write_bytes(png(64, 48))
        sheet.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
        show(window, "Products", holds("Gateway"))
        search(window, "Gateway")
        window.find("label", holds("match"), 10)
        window.keys("Return")
        for file in (picture, sheet):
            portal.next = file
            window.click("button", "Attach…", 10)
            window.find("list item", holds(file.name), 10)
        kept = {row["name"]: row["purpose"] for row in site.api.get(f"/attachments/?entity=product&entity_id={store.products['gateway']}")["items"]}
        assert kept == {"lamp.png": "picture", "sheet.pdf": "datasheet"}, kept
        assert site.api.get(f"/products/{store.products['gateway']}")["picture_id"] is not None
        window.picture("records-08-files")
        window.undo()
        wait_for(lambda: site.api.get(f"/attachments/?entity=product&entity_id={store.products['gateway']}")["total"] == 1, 10, "one file less")
        window.keys("alt+Left")


def steps_of_many(steps, site, window, store):
    with steps.step("the order that is chosen in the list is cancelled, which frees what was set aside, and Undo sets it aside again"):
        meters = store.products["meter"]
        before = site.api.get(f"/products/{meters}")["reserved"]
        window.keys("ctrl+5")
        window.find("table row", holds("Sample Bakery"), 15)
        search(window, "Sample Bakery")
        window.says("1 match", 10)
        window.click("toggle button", "Select")
        window.click("button", "Select All 1", 10)
        window.says("1 selected", 10)
        window.picture("records-09-orders")
        window.click("toggle button", "Set Status", 10)
        window.find("menu", timeout=10)
        window.keys("Up", "Return")
        wait_for(lambda: site.api.get(f"/orders/{store.orders['confirmed']['id']}")["status"] == "cancelled", 15, "the order cancelled")
        assert site.api.get(f"/products/{meters}")["reserved"] < before
        window.says("1 done", 15)
        window.keys("ctrl+z")
        wait_for(lambda: site.api.get(f"/products/{meters}")["reserved"] == before, 15, "what was set aside")


def come_back(steps, site, window, store):
    with steps.step("a delivery that comes back asks where it is put"):
        delivery = next(row for row in site.api.get("/deliveries/")["items"] if row["tracking_number"] == "EF-100200")
        site.api.call("PUT", f"/deliveries/{delivery['id']}/status", {"status": "failed"})
        window.open_found(delivery["delivery_number"])
        window.click("button", "Returned…", 15)
        dialog = window.find("alert", "It Has Come Back", 10)
        window.picture("records-10-come-back")
        window.keys("Return")
        window.find("list", "Put into", 10)
        window.keyboard_text("Repair")
        window.find("list item", holds("Repair bench"), 10)
        window.keys("Return")
        window.click("button", "Put into Stock", within=dialog)
        wait_for(lambda: site.api.get(f"/deliveries/{delivery['id']}")["status"] == "returned", 15, "the delivery returned")
        bench = site.api.get(f"/devices/?location_id={store.places['BENCH']}&product_id={store.products['door']}")
        assert bench["total"] == 6 and {row["status"] for row in bench["items"]} <= {"in_stock", "reserved"}, bench


def people(steps, site, window, portal):
    with steps.step("Ctrl+N adds a person, Ctrl+E writes the people that are shown"):
        for name in ("Anna Berger", "Tom Weber"):
            site.api.post("/users/add", {"name": name, "email": f"{name.split()[0].lower()}@example.org"})
        window.open_found("People")
        window.find("list item", "Anna Berger", 15)
        window.keys("ctrl+n")
        window.dialog("Add a Person", 10)
        window.keys("Escape")
        window.gone("dialog", "Add a Person", 10)
        file = site.folder / "people.csv"
        window.keys("ctrl+f")
        window.keyboard_text("weber")
        window.gone("list item", "Anna Berger", 10)
        portal.next = file
        window.keys("ctrl+e")
        wait_for(lambda: file.exists() and file.stat().st_size > 0, 10, "the file")
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
        assert [(row["name"], row["email"]) for row in rows] == [("Tom Weber", "tom@example.org")], rows


def test(build, steps):
    with FilePortal() as portal, local_site_and_window(build, "records", env=ENVIRONMENT) as (site, window):
        store = furnish(site.api)
        move(steps, site, window, store)
        refuse(steps, site, window)
        export(steps, site, window, portal)
        lend(steps, site, window)
        jobs(steps, site, window)
        reorder(steps, site, window)
        attach(steps, site, window, portal, store)
        steps_of_many(steps, site, window, store)
        come_back(steps, site, window, store)
        people(steps, site, window, portal)


if __name__ == "__main__":
    sys.exit(run_main(test))

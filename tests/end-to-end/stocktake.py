#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A count from start to Undo, by the keys of a hand scanner: what is missing, extra, moved and unknown shows; the site goes away meanwhile."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, note, run_main  # noqa: E402
from muster_site import wait_for  # noqa: E402
from window import Atspi  # noqa: E402
import stock_data  # noqa: E402

OPTIONS = ("--listen", "127.0.0.1:0", "--broker-listen", "127.0.0.1:0", "--no-mdns")


def scan(code):
    """As a hand scanner types: all at once, ended by Enter."""
    subprocess.run(["wtype", "-s", "150", "-d", "2", code, "-k", "Return", "-s", "50"], check=True, timeout=30)


def shows(window, text, timeout=10):
    """Text anywhere on the screen, whatever shows it."""
    return window.find(None, lambda name: text in name, timeout)


def counts_of(site):
    stocktake = site.api.get("/stocktakes/")["items"][0]
    return stocktake, site.api.get(f"/stocktakes/{stocktake['id']}")["counts"]


def stock_of(site):
    """What a count must be able to change, and an Undo to bring back."""
    devices = {row["serial"]: (row["status"], row["location_id"]) for row in site.api.get("/devices/?limit=1000")["items"]}
    levels = {(row["product_id"], row["location_id"]): row["quantity"] for row in site.api.get("/stock-levels/?limit=1000")["items"] if row["quantity"]}
    products = {row["sku"]: (row["on_hand"], row["reserved"]) for row in site.api.get("/products/?limit=1000")["items"]}
    return devices, levels, products


def start(steps, window):
    with steps.step("a count of Rack A is started from the list of counts"):
        window.keys("ctrl+4")
        window.click("page tab", "Counts", 10)
        window.click("button", "Start a Count…", 10)
        window.dialog("Start a Count")
        window.keys("Return")
        window.find("list", "Place", 10)
        window.keyboard_text("Rack A")
        window.wait(lambda: window.look("list item", lambda name: "Rack A" in name), 10, "Rack A among the places")
        window.keys("Return")
        window.picture("40-start-count")
        window.click("button", "Save", within=window.dialog("Start a Count"))
        window.gone("dialog", "Start a Count", 10)
        shows(window, "Last Scans")
        window.picture("41-count-begun", 1.0)


def count(steps, site, window, stock):
    with steps.step("scanned keys count, wherever the focus is; nothing lands in a field"):
        for code in ("T7-2601", "T7-2602", "T7-2603"):
            scan(code)
        wait_for(lambda: len(site.api.get(f"/stocktakes/{counts_of(site)[0]['id']}/scans")["items"]) == 3, 15, "three scans at the site")
        entry = window.find("text", "Scan, or type a code")
        assert window.text(entry) == "", window.text(entry)
        window.find("list item", lambda name: "T7-2603" in name)
    with steps.step("a unit of another place is moved, a retired one extra, a stranger unknown"):
        for code in ("P3-00871", "L1-9001", "XYZ-12345"):
            scan(code)
        shows(window, "Moved here 1", 15)
        shows(window, "Extra 1")
        shows(window, "Unknown code 1")
        window.picture("42-count-results")
    with steps.step("goods are counted by their number"):
        entry = window.find("text", "Scan, or type a code")
        window.type(entry, "NM-WB")
        quantity = window.find("spin button", "How many")
        Atspi.Value.set_current_value(quantity, 28)
        window.click("button", "Count")
        wait_for(lambda: any(row["counted"] == 28 for row in site.api.get(f"/stocktakes/{counts_of(site)[0]['id']}/lines?limit=1000")["items"]), 10, "28 brackets")
    with steps.step("what is missing stands in its list"):
        found = counts_of(site)[1]
        shows(window, f"Missing {found['missing']}")
        window.find("list item", lambda name: "T7-2604" in name)


def away(steps, site, window):
    with steps.step("while the site is away, scans are kept here, and the banner says so"):
        site.stop_daemon()
        shows(window, "The site is away", 15)
        for code in ("T7-2605", "T7-2606"):
            scan(code)
        shows(window, "2 scans are kept here", 10)
        window.picture("43-count-away")
    with steps.step("they arrive once when it is back"):
        stocktake_id = None
        site.start_daemon(*OPTIONS)
        stocktake_id = counts_of(site)[0]["id"]
        wait_for(lambda: {"T7-2605", "T7-2606"} <= {row["code"] for row in site.api.get(f"/stocktakes/{stocktake_id}/scans?limit=100")["items"]}, 40, "the scans")
        codes = [row["code"] for row in site.api.get(f"/stocktakes/{stocktake_id}/scans?limit=100")["items"]]
        assert codes.count("T7-2605") == 1 and codes.count("T7-2606") == 1, codes
        window.gone("label", lambda name: "The site is away" in name, 30)


def apply(steps, site, window, stock):
    before = stock_of(site)
    missing = counts_of(site)[1]["missing"]
    with steps.step("the result becomes the stock"):
        window.click("button", "Review and Apply…", 15)
        window.find("button", "Apply, Retire What Is Missing", 10)
        window.picture("44-count-review")
        window.click("button", "Apply, Retire What Is Missing")
        # The toast with its Undo does not wait for long looks.
        wait_for(lambda: counts_of(site)[0]["status"] == "applied", 15, "the count applied")
        after = stock_of(site)
        assert after[0]["T7-2604"][0] == "retired", after[0]["T7-2604"]
        assert after[0]["T7-2601"] == before[0]["T7-2601"], after[0]["T7-2601"]
        assert after[0]["P3-00871"][1] != before[0]["P3-00871"][1], "what was found here is here now"
        assert after[2]["NM-WB"][0] == before[2]["NM-WB"][0] - 2, (before[2]["NM-WB"], after[2]["NM-WB"])
        note(f"{missing} were missing")
    with steps.step("one Undo takes all of it back"):
        window.undo()
        wait_for(lambda: counts_of(site)[0]["status"] == "counting", 10, "the count open again")
        assert stock_of(site) == before, "something is not as it was"
        window.picture("46-count-undone")


def test(build, steps):
    with local_site_and_window(build, "Hall 2") as (site, window):
        stock = stock_data.fill(site.api)
        site.api.call("PUT", f"/devices/{stock['devices']['L1-9001']}/status", {"status": "retired"})
        start(steps, window)
        count(steps, site, window, stock)
        away(steps, site, window)
        apply(steps, site, window, stock)


if __name__ == "__main__":
    sys.exit(run_main(test))

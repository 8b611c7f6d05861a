#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's whole workflow on real parts: bought and received by scanning, ordered, reserved, shipped, delivered, adopted with one
click, plotted, queried. What the administrator does goes through the window; the customer is another session, over the API."""
import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import Device, note, run_main, site_and_window  # noqa: E402
from window import Window, can_press  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import wait_for  # noqa: E402
from tls_api import TlsApi  # noqa: E402

PRODUCT, SKU = "Climate sensor", "CS-2"
CUSTOMER = {"name": "Jana Albrecht", "email": "jana@example.org", "password": "right-horse-battery"}
SIGNATURE = [[[0.1, 0.5], [0.2, 0.3], [0.35, 0.7]], [[0.5, 0.5], [0.8, 0.45]]]


def holds(*parts):
    return lambda text: all(part in text for part in parts)


class Customer:
    """Somebody else's session, over HTTPS: a customer at home."""

    def __init__(self, site):
        self.api = TlsApi(8443, host=os.environ["MUSTER_CONSOLE_ADDRESS"])
        # who is first becomes administrator
        site.api.post("/users/add", {"name": "Mara Keller", "email": "mara@example.org", "password": "battery-horse-right"})
        site.api.post("/users/add", {**CUSTOMER, "role": "customer"})
        token = self.api.post("/users/auth", {"email": CUSTOMER["email"], "password": CUSTOMER["password"]})["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method, target, body=None):
        return self.api.call(method, target, body, self.headers)


def read_label(device):
    """The code on its label, read before it goes back into its box."""
    device.start()
    secret = device.label_secret()
    device.unplug()
    return f"MUSTER:1:{device.serial}:{secret.replace('-', '')}"


def in_stock(site):
    return site.api.get("/devices/?status=in_stock&limit=1")["total"]


def buy(steps, site, window, codes):
    with steps.step("the administrator writes a purchase: name, product by typing, Enter"):
        window.keys("ctrl+5")
        window.says("No Orders Yet", 10)
        window.picture("store-01-no-orders")
        window.tab_to("radio button", "All")
        window.keys("Right", "Right", "space")
        window.wait(lambda: window.is_on(window.find("radio button", "Purchases")), 15, "purchases chosen")
        window.keys("ctrl+n")
        window.find("label", "New Purchase", 10)
        window.find("text", "Name", 10)
        enter(window, "Name", "Acme Instruments")
        node = window.tab_to("text", "Add a product")
        window.type(node, f"{len(codes)} x {SKU}")
        window.find("list item", PRODUCT, 10)
        window.picture("store-02-suggested")
        window.keys("Return")
        window.says("Total 99.80")
        window.picture("store-03-purchase")
        window.click("button", "Save and Confirm")
        window.find("label", holds("PO-"), 10)
        window.find("grouping", "Confirmed", 10)


def enter(window, name, text):
    """Types TEXT into the entry NAME, and Enter."""
    node = window.tab_to("text", name)
    window.type(node, text)
    time.sleep(0.3)
    window.keys("Return")


def receive(steps, site, window, codes):
    with steps.step("units are received by scanning the codes of their labels, one after the other"):
        window.click("button", "Receive…")
        for number, code in enumerate(codes, 1):
            window.find("text", "Serial number or code", 10)
            enter(window, "Serial number or code", code)
            window.says(f"{number} of {len(codes)} received", 10)
        window.picture("store-04-received")
    with steps.step("what nobody ordered is listed"):
        enter(window, "Serial number or code", "NOT-OURS-1")
        window.says("Not Expected", 10)
        window.picture("store-05-unexpected")
    with steps.step("the arrival is confirmed with a name, without a signature"):
        window.click("button", "Confirm Arrival…")
        dialog = window.dialog("Confirm Arrival")
        assert not window.look("button", "Confirm", within=dialog, where=can_press), "confirmed by nobody"
        window.type(window.find("text", "Who takes it", within=dialog), "M. Keller")
        window.press(next(node for node in window.look("check box", "Without signature", within=dialog) if node.get_n_actions()))
        window.picture("store-06-confirm")
        window.click("button", "Confirm", within=dialog, where=can_press)
        window.gone("dialog", "Confirm Arrival", 10)
        assert in_stock(site) == len(codes)


def order(steps, site, window, customer):
    with steps.step("a customer orders one and sees nothing of anybody else"):
        product = customer.call("GET", "/products/")["items"][0]
        made = customer.call("POST", "/orders/", {"items": [{"product_id": product["id"], "quantity": 1}], "shipping_address": "Jana Albrecht\nAm Hang 4\n72070 Tübingen"})
        assert made["status"] == "pending" and made["total_amount"] == "49.90", made
        assert [row["id"] for row in customer.call("GET", "/orders/")["items"]] == [made["id"]]
    return made


def confirm(steps, site, window, made):
    with steps.step("it stands in the window by itself; the administrator opens and confirms it"):
        window.keys("ctrl+5")
        window.keys("alt+Left", "alt+Left")
        window.find("radio button", "Purchases", 10)
        window.tab_to("radio button", "Purchases")
        window.keys("Left", "space")
        window.find("table row", holds(made["order_number"]), 10)
        window.picture("store-07-orders")
        window.keys("ctrl+f")
        window.keyboard_text(made["order_number"][-6:])
        window.find("table row", holds(made["order_number"], CUSTOMER["name"]), 10)
        window.keys("Return")
        window.find("label", made["order_number"], 10)
        window.says("2 available", 10)
        window.picture("store-08-pending")
        window.click("button", "Confirm")
        window.find("grouping", "Confirmed", 10)
        window.find("grouping", "Reserved: 1 of 1", 10)
        assert site.api.get("/devices/?status=reserved&limit=1")["total"] == 1


def ship(steps, site, window, made, customer):
    with steps.step("it is shipped, with carrier and tracking number"):
        window.click("button", "Ship…")
        dialog = window.dialog("Ship")
        window.find("button", "Ship 1", 10, within=dialog)
        window.type(window.find("text", "Carrier", within=dialog), "DHL")
        window.type(window.find("text", "Tracking number", within=dialog), "JD014600012345")
        window.picture("store-09-ship")
        window.click("button", "Ship 1", within=dialog, where=can_press)
        window.gone("dialog", "Ship", 10)
        window.find("grouping", "Shipped", 10)
        window.find("grouping", "Shipped: 1 of 1", 10)
        window.picture("store-10-shipped")
    with steps.step("the customer follows it and says, with a signature, that it is there"):
        delivery = customer.call("GET", "/deliveries/")["items"][0]
        assert delivery["tracking_number"] == "JD014600012345", delivery
        customer.call("PUT", f"/deliveries/{delivery['id']}/confirm", {"recipient": CUSTOMER["name"], "signature": SIGNATURE})
        window.find("grouping", "Delivered", 10)
        window.find("grouping", "Delivered: 1 of 1", 10)
        window.picture("store-11-delivered")
    return delivery


def deploy(steps, site, window, made, delivery, devices):
    sold = site.api.get(f"/deliveries/{delivery['id']}")["items"][0]["serial"]
    device = next(device for device in devices if device.serial == sold)
    with steps.step("switched on, it is offered as what was delivered, and one click adopts it"):
        window.keys("ctrl+2")
        device.start()
        window.find("list item", device.name, 20)
        window.says("Expected: delivered with GR-", 10)
        window.picture("store-12-expected")
        began = time.monotonic()
        window.click("button", f"Adopt {device.name}", 10, where=can_press)
        window.says("is adopted", 15)
        note(f"one click to adopted: {time.monotonic() - began:.2f} s")
        assert not window.look("dialog"), "something was asked"
    with steps.step("the line of the order has its tick"):
        window.keys("ctrl+5")
        window.find("label", made["order_number"], 10)
        window.find("grouping", "Adopted: 1 of 1", 15)
        window.picture("store-13-adopted")
    return device, site.api.get(f"/devices/?serial={sold}")["items"][0]


def watch(steps, site, window, device, record):
    with steps.step("its data arrive, live, and are plotted on its page"):
        window.keys("ctrl+3", "ctrl+f")
        window.keyboard_text(device.serial)
        window.find("table row", holds(record["name"]), 10)
        window.keys("Return")
        chart = window.find("image", holds("Chart of values in"), 25)
        window.wait(lambda: re.search(r": last -?[\d.]+ ", Window.description(chart)), 25, "a value in the chart")
        window.picture("store-14-plotted")
    with steps.step("the administrator queries what it measured"):
        metrics = site.api.get(f"/devices/{record['id']}/metrics")["items"]
        numeric = next(row["name"] for row in metrics if isinstance((row.get("latest") or {}).get("value"), float))
        series = wait_for(lambda: site.api.get(f"/monitoring/data/{record['id']}?metric={numeric.replace('/', '%2F')}"), 10, "samples")
        assert series, series
        assert record["status"] in ("sold", "deployed"), record["status"]


def test(build, steps):
    with site_and_window(build, "Hall 2") as (site, window):
        devices = [Device(site, f"MN1-0S{number}1", f"{PRODUCT} {number}") for number in (1, 2)]
        codes = [read_label(device) for device in devices]
        site.api.post("/products/", {"name": PRODUCT, "sku": SKU, "unit_price": "49.90", "tracking": "serial", "kind": "sensor"})
        buy(steps, site, window, codes)
        receive(steps, site, window, codes)
        customer = Customer(site)
        made = order(steps, site, window, customer)
        confirm(steps, site, window, made)
        delivery = ship(steps, site, window, made, customer)
        device, record = deploy(steps, site, window, made, delivery, devices)
        watch(steps, site, window, device, record)


if __name__ == "__main__":
    sys.exit(run_main(test))

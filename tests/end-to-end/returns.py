#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was sold leaves, and comes back: the very units are named by scanning them, and the return waits for these and no others."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from muster_site import wait_for  # noqa: E402
from window import can_press  # noqa: E402


def sell(site):
    """An order of three units and of five cables, set aside."""
    rack = site.api.post("/locations/", {"name": "Rack 9", "kind": "rack", "code": "R9"})["id"]
    sensor = site.api.post("/products/", {"name": "Boiler sensor", "sku": "BS-1", "unit_price": "100.00"})["id"]
    cable = site.api.post("/products/", {"name": "Cable", "sku": "CB-1", "unit_price": "3.00", "tracking": "quantity"})["id"]
    site.api.post(f"/products/{sensor}/receive", {"serials": "P100+3", "location_id": rack})
    site.api.post(f"/products/{cable}/receive", {"quantity": 20, "location_id": rack})
    order = site.api.post("/orders/", {"customer": "Example Ltd", "items": [{"product_id": sensor, "quantity": 3}, {"product_id": cable, "quantity": 5}]})
    site.api.call("PUT", f"/orders/{order['id']}/status", {"status": "confirmed"})
    return order


def ship(steps, site, window, order):
    with steps.step("what is set aside leaves: all of it, unless less is chosen"):
        window.open_found(order["order_number"])
        window.click("button", "Ship…", 20)
        dialog = window.dialog("Ship", 20)
        assert all(window.is_on(window.find("check box", serial, 20, within=dialog)) for serial in ("P100", "P101", "P102"))
        window.click("button", "Ship 8", 15, within=dialog, where=can_press)
        window.gone("dialog", "Ship", 20)
        site.api.connection = None  # the daemon may have closed it meanwhile
        delivery = wait_for(lambda: site.api.get(f"/deliveries/?order_id={order['id']}")["items"], 15, "the delivery")[0]
        site.api.call("PUT", f"/deliveries/{delivery['id']}/confirm", {"recipient": "B. Example"})


def scan(code):
    """As a hand scanner types: all at once, ended by Enter."""
    subprocess.run(["wtype", "-s", "100", "-d", "4", code + "\n"], check=True, timeout=60)


def test(build, steps):
    with local_site_and_window(build, "Returns") as (site, window):
        order = sell(site)
        ship(steps, site, window, order)
        with steps.step("the order's units stand in the dialog, none of them chosen"):
            window.click("button", "Return…", 20)
            dialog = window.dialog("Return", 20)
            checks = [window.find("check box", serial, 20, within=dialog) for serial in ("P100", "P101", "P102")]
            assert not any(window.is_on(check) for check in checks)
            assert not can_press(window.find("button", "Make Return", within=dialog))
        with steps.step("what was not shipped with it is refused, what was is chosen"):
            scan("P103")
            window.says("P103 was not shipped with this order", within=dialog)
            scan("p101")
            window.says("p101 comes back", within=dialog)
            window.wait(lambda: window.is_on(window.find("check box", "P101", within=dialog)), 10, "the choice")
            window.picture("returns-1-scanned")
        with steps.step("another comes back as well, and the return names both and no more"):
            scan("P102")
            window.says("P102 comes back", within=dialog)
            window.click("button", "Make Return", 15, within=dialog, where=can_press)
            window.gone("dialog", "Return", 20)
            site.api.connection = None
            made = wait_for(lambda: site.api.get("/orders/?kind=return")["items"], 15, "the return")[0]
            lines = site.api.get(f"/orders/{made['id']}")["items"]
            serials = {site.api.get(f"/devices/{line['device_id']}")["serial"] for line in lines if line["kind"] == "item"}
            assert serials == {"P101", "P102"}, lines
            assert [(line["quantity"], line["unit_price"]) for line in lines] == [(1, "100.00")] * 2, lines
            window.picture("returns-2-made")


if __name__ == "__main__":
    sys.exit(run_main(test))

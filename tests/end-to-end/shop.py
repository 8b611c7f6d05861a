#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A customer at the console: signs in, chooses in the shop, orders, finds the order among their own, and sees by itself how it goes on."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from muster_site import wait_for  # noqa: E402
from store import furnish  # noqa: E402

CUSTOMER, MAIL, PASSWORD = "Cleo Example", "cleo@example.org", "correct horse battery"


def sign_in(steps, window):
    with steps.step("a customer signs in, and has the rooms of a customer"):
        window.click("toggle button", lambda name: name.startswith("At this console: "))
        window.click("button", lambda name: name.startswith("Sign In"))
        window.type(window.find("text", "E-mail address"), MAIL)
        window.type(window.find("text", "Password"), PASSWORD)
        window.click("button", "Sign In")
        window.find("list item", "My Orders", 15)
        window.gone("list item", "Inventory", 10)


def rest(steps, window):
    with steps.step("the window is connected and stays so"):
        window.find("label", "This machine", 10)
        for _ in range(4):
            assert not window.look("label", "Reconnecting…"), "the window believes that it lost the daemon"
            time.sleep(0.2)


def order(steps, site, window):
    with steps.step("two products become an order"):
        window.open_found("Shop")
        for count, product in enumerate(("Door sensor", "Door sensor", "Gateway"), 1):
            window.click("button", f"Order {product}", 10)
            window.find("button", f"Your Order ({count})", 10)
        window.picture("shop-01-basket")
        window.click("button", "Your Order (3)", 10)
        button = window.find("button", "Save", 10)
        window.picture("shop-02-order")
        before = site.api.get("/orders/?kind=sales&limit=1")["total"]
        window.press(button)
        wait_for(lambda: site.api.get("/orders/?kind=sales&limit=1")["total"] == before + 1, 10, "the order")
        made = site.api.get("/orders/?kind=sales&sort=-created_at&limit=1")["items"][0]
        assert (made["customer"], made["customer_email"], made["status"]) == (CUSTOMER, MAIL, "pending"), made
        window.says(made["order_number"], 10)
        window.picture("shop-03-made")
        return made


def look(steps, site, window, made):
    with steps.step("the order stands among the customer's own, and only those do"):
        window.keys("alt+Left")
        window.open_found("My Orders")
        window.find("table row", lambda name: made["order_number"] in name, 10)
        assert len(window.look("table row", lambda name: "SO-" in name)) == 1
        window.picture("shop-04-mine")
    with steps.step("that the site confirms it is seen without asking"):
        site.api.call("PUT", f"/orders/{made['id']}/status", {"status": "confirmed"})
        window.find("table row", lambda name: made["order_number"] in name and "Confirmed" in name, 10)
        window.picture("shop-05-confirmed")


def test(build, steps):
    with local_site_and_window(build, "shop") as (site, window):
        furnish(site.api)
        site.api.post("/users/add", {"name": "Ada Brandt", "email": "ada@example.org", "password": PASSWORD, "role": "administrator"})
        site.api.post("/users/add", {"name": CUSTOMER, "email": MAIL, "password": PASSWORD, "role": "customer"})
        sign_in(steps, window)
        rest(steps, window)
        made = order(steps, site, window)
        look(steps, site, window, made)


if __name__ == "__main__":
    sys.exit(run_main(test))

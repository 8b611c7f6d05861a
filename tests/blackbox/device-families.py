#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that speak MQTT in their makers' ways, against the real daemon and its broker: found, adopted without pairing, read, told, gone."""
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from mqtt import Client  # noqa: E402
from mqtt_devices import Tasmota  # noqa: E402
from muster_site import ApiError, Site, wait_for  # noqa: E402


class Plant:
    """The site as the devices and the test see it."""

    def __init__(self, site):
        self.site, self.api = site, site.api

    def make_account(self, name, family):
        """A record for a device to come, and what it signs in with."""
        device = self.api.post("/devices/", {"name": name})["id"]
        account = self.api.post(f"/devices/{device}/account", {"family": family})
        (self.site.folder / "ca.pem").write_text(account["ca_certificate"])
        return device, account

    def connector(self, account):
        def connect(name, will):
            return Client("127.0.0.1", account["port"], name, account["username"], account["password"], str(self.site.folder / "ca.pem"),
                          account["tls_name"], will)
        return connect

    def candidate(self, **wanted):
        return next((row for row in self.api.get("/discovery/")["items"] if all(row[key] == value for key, value in wanted.items())), None)

    def metric(self, device, name):
        return next((row for row in self.api.get(f"/devices/{device}/metrics")["items"] if row["name"] == name), None)

    def latest(self, device, name):
        row = self.metric(device, name)
        return row["latest"]["value"] if row and row["latest"] else None

    def stored(self, device, metric):
        rows = self.api.get(f"/monitoring/data/{device}?metric={quote(metric, safe='')}")["samples"]
        return [value for _, value in rows[0]["points"]] if rows else []

    def state(self, device):
        return self.api.get(f"/devices/{device}/status")["live"]["state"]

    def command(self, device, **body):
        number = self.api.post(f"/devices/{device}/command", body)["id"]
        return wait_for(lambda: next((row for row in self.api.get(f"/devices/{device}/commands")["items"]
                                      if row["id"] == number and row["state"] not in ("pending", "sent")), None), 15, "the command's end")


def check_tasmota_with_account(plant):
    """At the site's own broker: the account comes first, and what signs in with it is the record's device."""
    device, account = plant.make_account("plug", "tasmota")
    plug = Tasmota(plant.connector(account), topic=account["username"])
    wait_for(lambda: plant.api.get(f"/devices/{device}")["family_key"] == "tasmota:A8032AB12345", 10, "the recognition")
    wait_for(lambda: plant.latest(device, "SI7021/Temperature") == 21.5, 10, "samples")
    assert plant.metric(device, "SI7021/Temperature")["unit"] == "°C" and plant.metric(device, "ENERGY/Power")["unit"] == "W"
    wait_for(lambda: plant.state(device) == "online", 10, "it is online")
    assert plant.command(device, kind="write", metric="POWER", value=True)["state"] == "confirmed"
    assert plug.power == [True]
    wait_for(lambda: plant.latest(device, "POWER") is True, 5, "the state's echo as a sample")
    assert set(plant.stored(device, "SI7021/Temperature")) == {21.5}
    plug.client.die()
    wait_for(lambda: plant.state(device) == "offline", 15, "its will")
    print("ok tasmota by an account", flush=True)


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        plant = Plant(site)
        check_tasmota_with_account(plant)


if __name__ == "__main__":
    main()

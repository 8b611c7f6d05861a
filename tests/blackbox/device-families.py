#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that speak MQTT in their makers' ways, against the real daemon and its broker: found, adopted without pairing, read, told, gone."""
import os
import shutil
import socket
import sys
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from mqtt import Client  # noqa: E402
from mqtt_devices import Esphome, Homie4, Homie5, Rtl433, Shelly1, Shelly2, Tasmota, Zigbee2Mqtt  # noqa: E402
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402


def start_broker(site):
    """Somebody's broker without accounts, as many have at home."""
    port = free_port()
    (site.folder / "broker.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n" + ("user root\n" if os.geteuid() == 0 else ""))
    site.spawn("plant-broker", [shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin:/sbin"), "-c", str(site.folder / "broker.conf")])
    wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, 5, "the broker")
    return port


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

    def adopt(self, **wanted):
        """The candidate that is so, made a device without any pairing."""
        found = wait_for(lambda: self.candidate(**wanted), 10, f"a candidate {wanted}")
        assert found["adoptable"] and not found["pairable"] and found["state"] == "new", found
        return self.api.post(f"/discovery/{quote(found['key'], safe='')}/adopt")

    def metric(self, device, name):
        return next((row for row in self.api.get(f"/devices/{device}/metrics")["items"] if row["name"] == name), None)

    def latest(self, device, name):
        row = self.metric(device, name)
        return row["latest"]["value"] if row and row["latest"] else None

    def gateway(self, device):
        return self.api.get(f"/devices/{device}")["gateway_id"]

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
    row = next(row for row in plant.api.get("/families/")["items"] if row["family"] == "tasmota")
    assert row["found"] == 1 and row["devices"] == 1 and row["help"], row
    shown = plant.site.ctl("families").stdout
    assert "tasmota" in shown and "Zigbee2MQTT" in shown, shown
    assert "tasmota" in plant.site.ctl("device", "show", "plug").stdout
    # an account speaks for its own device alone
    other = plant.site.ctl("account", "plug", "nonsense")
    assert other.returncode != 0 and "family" in other.stderr, other
    plug.say("tele/other/LWT", "Online", retain=True)
    spy = []
    plug.client.subscribe("tele/#", lambda topic, payload, retained: spy.append(topic))
    plug.client.die()
    wait_for(lambda: plant.state(device) == "offline", 15, "its will")
    assert not [topic for topic in spy if "/other/" in topic], spy
    print("ok tasmota by an account", flush=True)


def check_without_tls(plant):
    """A device that knows no TLS: nowhere, unless the site lets it; then by its family's account and for its own topics alone."""
    site, api = plant.site, plant.api
    rows = {row["key"]: row for row in api.get("/settings/")["items"]}
    assert rows["broker.plain"]["value"] is False and rows["broker.plain"]["needs_restart"] and rows["broker.plain-port"]["value"] == 1883, rows
    assert api.get("/messaging/status")["plain_port"] is None
    port = free_port()
    site.ctl("settings", "set", "broker.plain", "true")
    site.ctl("settings", "set", "broker.plain-port", str(port))
    assert site.stop_daemon() == 0
    site.start_daemon("--no-mdns")
    wait_for(lambda: api.get("/messaging/status")["plain_port"] == port, 10, "the listener")
    assert f"unencrypted at port {port}" in site.ctl("status").stdout
    device, account = plant.make_account("old relay", "shelly-gen1")
    assert account["plain_port"] == port != account["port"], account

    def connect(name, will, user=account):
        return Client("127.0.0.1", user["plain_port"], name, user["username"], user["password"], will=will)

    relay = Shelly1(connect, name=account["username"])
    wait_for(lambda: plant.latest(device, "relay/0/power") == 120.5, 10, "samples")
    assert plant.command(device, kind="write", metric="relay/0", value=True)["state"] == "confirmed" and relay.on
    relay.say("shellies/another/relay/0/power", 7)
    relay.say(f"spBv1.0/muster/NBIRTH/{account['username']}", "x")
    # a node's account does not open the door that is not locked
    _, node = plant.make_account("node", None)
    assert node["plain_port"] is None, node
    try:
        connect("node", None, {**node, "plain_port": port})
        raise AssertionError("a node signed in without TLS")
    except ConnectionRefusedError:
        pass
    assert not any(row["key"].endswith("another") for row in api.get("/discovery/")["items"])
    assert api.get("/messaging/status")["malformed"] == 0
    relay.client.die()
    wait_for(lambda: plant.state(device) == "offline", 15, "its will")
    print("ok a device without TLS", flush=True)


def check_tasmota(plant, connect):
    plug = Tasmota(connect, topic="saw", mac="A8032AB12346", relays=2)
    device = plant.adopt(mac="a8:03:2a:b1:23:46", family="tasmota", manufacturer="Tasmota", model="Nous A1T", firmware_version="14.3.0", name="Workshop plug")
    assert device["family_key"] == "tasmota:A8032AB12346" and device["adoption"] == "adopted" and device["node_id"] is None and device["kind"] == "actuator"
    number = device["id"]
    # what was heard before is there at once
    wait_for(lambda: plant.latest(number, "ENERGY/Power") == 42, 10, "samples")
    assert plant.metric(number, "POWER2")["writable"] and not plant.metric(number, "ENERGY/Power")["writable"]
    assert plant.metric(number, "Wifi/Signal")["unit"] == "dBm" and plant.metric(number, "SI7021/Humidity")["maximum"] == 100
    assert not plant.metric(number, "Wifi/SSId") and not plant.metric(number, "Time")
    plug.sensor(23.25)
    wait_for(lambda: plant.latest(number, "SI7021/Temperature") == 23.25, 5, "a new sample")
    assert plant.command(number, kind="write", metric="POWER2", value=True)["state"] == "confirmed"
    assert plug.power == [False, True]
    try:
        plant.command(number, kind="write", metric="ENERGY/Power", value=3)
        raise AssertionError("a reading was written")
    except ApiError as error:
        assert error.status == 409, error
    plug.client.die()
    wait_for(lambda: plant.state(number) == "offline", 15, "its will")
    refused = plant.command(number, kind="write", metric="POWER2", value=False)
    assert refused["state"] == "failed" and "offline" in refused["error"]
    plug = Tasmota(connect, topic="saw", mac="A8032AB12346", relays=2)
    wait_for(lambda: plant.state(number) == "online", 10, "its return")
    # released it is a candidate again, and no longer read
    plant.api.call("POST", f"/devices/{number}/release")
    wait_for(lambda: plant.candidate(family_key="tasmota:A8032AB12346")["state"] == "known", 5, "the candidate's state")
    plug.sensor(99)
    # its configuration withdrawn it is gone from the network; the record stays
    plug.forget()
    wait_for(lambda: not plant.candidate(family_key="tasmota:A8032AB12346", present=True), 10, "the withdrawal")
    assert plant.api.get(f"/devices/{number}")["name"] == "Workshop plug"
    assert 99 not in plant.stored(number, "SI7021/Temperature")
    print("ok tasmota", flush=True)


def check_shelly(plant, connect):
    first = Shelly1(connect)
    device = plant.adopt(mac="e0:98:06:8d:01:23", family="shelly-gen1", model="SHSW-PM")
    wait_for(lambda: plant.latest(device["id"], "relay/0/power") == 120.5, 10, "samples")
    assert plant.latest(device["id"], "relay/0/energy") == 100 and plant.metric(device["id"], "relay/0/energy")["unit"] == "Wh"
    assert plant.metric(device["id"], "relay/0")["datatype"] == "boolean" and plant.latest(device["id"], "overtemperature") is False
    assert not plant.metric(device["id"], "temperature_f")
    assert plant.command(device["id"], kind="write", metric="relay/0", value=True)["state"] == "confirmed" and first.on
    first.client.die()
    wait_for(lambda: plant.state(device["id"]) == "offline", 15, "its will")
    print("ok shelly, first generation", flush=True)

    second = Shelly2(connect)
    device = plant.adopt(mac="a8:03:2a:b1:23:99", family="shelly", name="Pump", firmware_version="1.4.4")
    wait_for(lambda: plant.latest(device["id"], "switch:0/voltage") == 237.5, 10, "samples")
    assert plant.metric(device["id"], "switch:0/apower")["unit"] == "W" and not plant.metric(device["id"], "switch:0/aenergy/by_minute/0")
    second.notify(ts=time.time(), **{"switch:0": {"id": 0, "apower": 11.5}})
    wait_for(lambda: plant.latest(device["id"], "switch:0/apower") == 11.5, 5, "a notified sample")
    assert plant.command(device["id"], kind="write", metric="switch:0/output", value=True)["state"] == "confirmed" and second.on
    second.broken = True
    refused = plant.command(device["id"], kind="write", metric="switch:0/output", value=False)
    assert refused["state"] == "failed" and "Invalid argument" in refused["error"], refused
    second.client.die()
    wait_for(lambda: plant.state(device["id"]) == "offline", 15, "its will")
    print("ok shelly, second generation", flush=True)


def check_esphome(plant, connect):
    node = Esphome(connect)
    device = plant.adopt(mac="a4:cf:12:f0:3d:5e", family="esphome", name="Kitchen", firmware_version="2025.5.0")
    wait_for(lambda: plant.latest(device["id"], "sensor/temperature") == 22.4, 10, "samples")
    assert plant.metric(device["id"], "sensor/temperature")["unit"] == "°C"
    assert plant.metric(device["id"], "switch/boiler")["writable"]
    assert plant.command(device["id"], kind="write", metric="switch/boiler", value=True)["state"] == "confirmed" and node.on
    assert not plant.candidate(family="ha-discovery", mac="a4:cf:12:f0:3d:5e")
    node.client.die()
    wait_for(lambda: plant.state(device["id"]) == "offline", 15, "its will")
    print("ok esphome", flush=True)


def check_zigbee(plant, connect):
    bridge = Zigbee2Mqtt(connect)
    lamp = plant.adopt(serial=bridge.lamp, family="zigbee2mqtt", manufacturer="IKEA", name="hall/lamp", kind="light")["id"]
    door = plant.adopt(serial=bridge.door, family="zigbee2mqtt", name="back door")["id"]
    gateway = plant.adopt(family_key="zigbee2mqtt:bridge:zigbee2mqtt", kind="gateway")["id"]
    # so that one alert of the bridge stands for all behind it
    for device in (lamp, door):
        wait_for(lambda: plant.gateway(device) == gateway, 5, "what it is reached through")
    assert plant.gateway(gateway) is None
    # what a person says stands
    plant.api.call("PUT", f"/devices/{door}", {"gateway_id": lamp})
    bridge.devices()
    time.sleep(0.3)
    assert plant.gateway(door) == lamp
    bridge.report()
    wait_for(lambda: plant.latest(lamp, "brightness") == 200 and plant.latest(door, "battery") == 97, 10, "samples")
    assert plant.metric(lamp, "brightness")["maximum"] == 254 and plant.metric(door, "voltage")["unit"] == "mV" and plant.metric(lamp, "color/x")["writable"]
    assert plant.command(lamp, kind="write", metric="state", value=True)["state"] == "confirmed" and bridge.on
    assert plant.command(gateway, kind="write", metric="permit_join", value=True)["state"] == "confirmed" and bridge.joins
    bridge.rename(bridge.lamp, "stairs")
    wait_for(lambda: plant.candidate(serial=bridge.lamp)["family_key"] == f"zigbee2mqtt:{bridge.lamp}", 5, "the new name")
    assert plant.command(lamp, kind="write", metric="state", value=False)["state"] == "confirmed" and not bridge.on
    bridge.say(f"zigbee2mqtt/{bridge.names[bridge.door]}/availability", {"state": "offline"}, retain=True)
    wait_for(lambda: plant.state(door) == "offline", 15, "the door's availability")
    assert plant.state(lamp) == "online"
    del bridge.names[bridge.door]
    bridge.devices()
    wait_for(lambda: not plant.candidate(serial=bridge.door, present=True), 5, "the door's removal")
    bridge.client.die()
    wait_for(lambda: plant.state(lamp) == "offline" and plant.state(gateway) == "offline", 15, "all behind the bridge")
    print("ok zigbee2mqtt", flush=True)


def check_discovery(plant, connect):
    receiver = Rtl433(connect)
    gauge = plant.adopt(family="ha-discovery", name="Rain gauge", manufacturer="Acurite")["id"]
    station = plant.adopt(family="ha-discovery", serial="ST-77", firmware_version="1.2")["id"]
    wait_for(lambda: plant.gateway(gauge) == station, 5, "the device that it says it comes by")
    receiver.measure(18.37)
    wait_for(lambda: plant.latest(gauge, "sensor/temperature") == 18.4 and plant.latest(station, "sensor/wind") == 4.5, 10, "samples by templates")
    assert plant.metric(station, "sensor/wind")["unit"] == "m/s" and not plant.candidate(name="zigbee2mqtt_0x1")
    assert plant.command(station, kind="write", metric="switch/relay", value=True)["state"] == "confirmed" and receiver.relay == "ON"
    receiver.forget()
    wait_for(lambda: not plant.candidate(serial="ST-77", present=True), 5, "the removal")
    wait_for(lambda: any(row["kind"] == "withdrawn" for row in plant.api.get(f"/devices/{station}/events")["items"]), 5, "the event of it")
    receiver.client.die()
    wait_for(lambda: plant.state(gauge) == "offline", 15, "its will")
    print("ok discovery of home assistant", flush=True)


def check_homie(plant, connect):
    root = Homie5(connect)
    boiler = plant.adopt(family="homie", name="Boiler")["id"]
    probe = plant.adopt(family="homie", name="Probe")["id"]
    # all of it was retained: shown as old, not stored as new
    wait_for(lambda: plant.latest(boiler, "heating/setpoint") == 55.5, 10, "samples")
    assert plant.metric(boiler, "heating/setpoint")["maximum"] == 80 and plant.metric(boiler, "heating/starts")["datatype"] == "int64"
    assert plant.command(boiler, kind="write", metric="heating/setpoint", value=60)["state"] == "confirmed"
    try:
        plant.command(boiler, kind="write", metric="heating/setpoint", value=90)
        raise AssertionError("beyond its range")
    except ApiError as error:
        assert error.status == 422, error
    wait_for(lambda: plant.state(probe) == "online", 10, "the child")
    root.client.die()
    wait_for(lambda: plant.state(boiler) == "offline" and plant.state(probe) == "offline", 15, "the child goes with its root")
    print("ok homie 5", flush=True)

    Homie4(connect)
    house = plant.adopt(family="homie", name="Greenhouse")["id"]
    wait_for(lambda: plant.latest(house, "air/temperature") == 27.5, 10, "samples")
    wait_for(lambda: (plant.metric(house, "air/temperature") or {}).get("unit") == "°C", 5, "its unit")
    assert plant.command(house, kind="write", metric="vent/open", value=True)["state"] == "confirmed"
    print("ok homie 4", flush=True)


def check_old(plant):
    """What the broker kept is no news after a restart of the daemon."""
    site, house = plant.site, plant.candidate(name="Greenhouse")["device_id"]
    stored = plant.stored(house, "air/temperature")
    assert site.stop_daemon() == 0
    site.start_daemon("--no-mdns")
    wait_for(lambda: plant.candidate(name="Greenhouse", present=True), 15, "the candidate's return")
    wait_for(lambda: plant.state(house) == "online", 15, "its state")
    assert plant.stored(house, "air/temperature") == stored
    print("ok what is old stays old", flush=True)


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        check_tasmota_with_account(Plant(site))
        check_without_tls(Plant(site))
    with Site(sys.argv[1]) as site:
        port = start_broker(site)
        site.start_daemon("--no-mdns")
        site.api.call("PUT", "/settings/broker.external-uri", {"value": f"mqtt://127.0.0.1:{port}"})
        assert site.stop_daemon() == 0
        site.start_daemon("--no-mdns")
        wait_for(lambda: site.api.get("/messaging/status")["state"] == "up", 10, "the connection to the broker")
        plant = Plant(site)

        def connect(name, will):
            return Client("127.0.0.1", port, name, will=will)

        for check in (check_tasmota, check_shelly, check_esphome, check_zigbee, check_discovery, check_homie):
            check(plant, connect)
        check_old(plant)
        assert site.stop_daemon() == 0


if __name__ == "__main__":
    main()

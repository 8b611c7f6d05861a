# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of other makes, as far as their MQTT goes."""
import json

from mqtt import Client


class Device:
    """CONNECT: makes a Client; will and name are the device's own."""

    def __init__(self, connect):
        self.client = connect(self.name, self.will())
        self.start()

    def will(self):
        return None

    def say(self, topic, payload, retain=False):
        self.client.publish(topic, json.dumps(payload) if isinstance(payload, (dict, list)) else payload, retain=retain, qos=1)


class Tasmota(Device):
    """A plug that meters, with a sensor (Tasmota 14, SetOption19 0)."""

    def __init__(self, connect, topic="plug", mac="A8032AB12345", relays=1):
        self.name = self.topic = topic
        self.mac, self.relays, self.power = mac, relays, [False] * relays
        super().__init__(connect)

    def will(self):
        return f"tele/{self.topic}/LWT", "Offline"

    def start(self):
        self.client.subscribe(f"cmnd/{self.topic}/+", self.command)
        self.describe()
        self.say(f"tele/{self.topic}/LWT", "Online", retain=True)
        self.sensor()

    def describe(self, name="Workshop plug"):
        config = {"ip": "192.0.2.7", "dn": name, "fn": ["Saw", "Lamp", None, None], "hn": f"{self.topic}-0837", "mac": self.mac, "md": "Nous A1T",
                  "ty": 0, "if": 0, "cam": 0, "ofln": "Offline", "onln": "Online", "state": ["OFF", "ON", "TOGGLE", "HOLD"], "sw": "14.3.0", "t": self.topic,
                  "ft": "%prefix%/%topic%/", "tp": ["cmnd", "stat", "tele"], "rl": [1] * self.relays + [0] * (8 - self.relays), "swc": [-1] * 8,
                  "btn": [0] * 8, "so": {"4": 0, "11": 0}, "lk": 0, "lt_st": 0, "bat": 0, "dslp": 0, "sho": [], "ver": 1}
        self.say(f"tasmota/discovery/{self.mac}/config", config, retain=True)
        self.say(f"tasmota/discovery/{self.mac}/sensors", {"sn": self.make_sensor(), "ver": 1}, retain=True)

    def forget(self):
        for part in ("config", "sensors"):
            self.say(f"tasmota/discovery/{self.mac}/{part}", "", retain=True)

    def make_sensor(self, temperature=21.5):
        return {"Time": "2026-11-28T12:00:00", "SI7021": {"Temperature": temperature, "Humidity": 48.1, "DewPoint": 10.1},
                "ENERGY": {"TotalStartTime": "2026-01-01T00:00:00", "Total": 12.345, "Today": 0.5, "Power": 42, "Factor": 0.95, "Voltage": 231, "Current": 0.19},
                "TempUnit": "C"}

    def make_state(self):
        return {"Time": "2026-11-28T12:00:00", "Uptime": "0T01:00:00", "UptimeSec": 3600, "Heap": 25, "LoadAvg": 19, "MqttCount": 1, **self.make_power(),
                "Wifi": {"AP": 1, "SSId": "plant", "BSSId": "A8:03:2A:00:00:01", "Channel": 6, "Mode": "11n", "RSSI": 78, "Signal": -61}}

    def make_power(self):
        names = ["POWER"] if self.relays == 1 else [f"POWER{i + 1}" for i in range(self.relays)]
        return {name: "ON" if on else "OFF" for name, on in zip(names, self.power)}

    def sensor(self, temperature=21.5):
        self.say(f"tele/{self.topic}/STATE", self.make_state())
        self.say(f"tele/{self.topic}/SENSOR", self.make_sensor(temperature))

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        word, value = topic.rsplit("/", 1)[1], payload.decode()
        if word.startswith("POWER"):
            index = int(word[5:] or 1) - 1
            self.power[index] = {"ON": True, "OFF": False, "TOGGLE": not self.power[index]}.get(value, self.power[index])
            name = list(self.make_power())[index]
            self.say(f"stat/{self.topic}/RESULT", {name: self.make_power()[name]})
            self.say(f"stat/{self.topic}/{name}", self.make_power()[name])
        elif word == "STATE":
            self.say(f"stat/{self.topic}/RESULT", self.make_state())
        elif word == "STATUS":
            self.say(f"stat/{self.topic}/STATUS10", {"StatusSNS": self.make_sensor()})
        else:
            self.say(f"stat/{self.topic}/RESULT", {"Command": "Unknown"})

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


class Shelly1(Device):
    """A Shelly 1PM, first generation."""

    def __init__(self, connect, name="shelly1pm-E098068D0123", mac="E098068D0123"):
        self.name, self.mac, self.on = name, mac, False
        super().__init__(connect)

    def will(self):
        return f"shellies/{self.name}/online", "false"

    def start(self):
        self.client.subscribe("shellies/command", lambda topic, payload, retained: self.ask(payload))
        self.client.subscribe(f"shellies/{self.name}/command", lambda topic, payload, retained: self.ask(payload))
        self.client.subscribe(f"shellies/{self.name}/relay/0/command", self.command)
        self.say(f"shellies/{self.name}/online", "true", retain=True)
        self.ask(b"announce")
        self.ask(b"update")

    def ask(self, what):
        if what == b"announce":
            self.say("shellies/announce", {"id": self.name, "model": "SHSW-PM", "mac": self.mac, "ip": "192.0.2.8", "new_fw": False,
                                           "fw_ver": "20230913-112003/v1.14.0-gcb84623"})
        elif what == b"update":
            self.state()
            for path, value in (("relay/0/power", "120.50"), ("relay/0/energy", 6000), ("input/0", 0), ("temperature", "41.20"),
                                ("temperature_f", "106.16"), ("overtemperature", 0)):
                self.say(f"shellies/{self.name}/{path}", value)

    def state(self):
        self.say(f"shellies/{self.name}/relay/0", "on" if self.on else "off")

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        self.on = {b"on": True, b"off": False, b"toggle": not self.on}[payload]
        self.state()


class Shelly2(Device):
    """A Shelly Plus 1PM: JSON-RPC over MQTT."""

    def __init__(self, connect, name="shellyplus1pm-a8032ab12399"):
        self.name, self.on, self.broken = name, False, False
        super().__init__(connect)

    def will(self):
        return f"{self.name}/online", "false"

    def start(self):
        self.client.subscribe(f"{self.name}/rpc", self.call)
        self.say(f"{self.name}/online", "true", retain=True)

    def notify(self, **params):
        self.say(f"{self.name}/events/rpc", {"src": self.name, "dst": f"{self.name}/events", "method": "NotifyStatus", "params": params})

    def status(self):
        return {"ble": {}, "cloud": {"connected": False}, "input:0": {"id": 0, "state": False},
                "switch:0": {"id": 0, "source": "init", "output": self.on, "apower": 8.9, "voltage": 237.5, "current": 0.04,
                             "aenergy": {"total": 6.532, "by_minute": [45.199, 47.141, 88.397], "minute_ts": 1626935779}, "temperature": {"tC": 23.5, "tF": 74.4}},
                "sys": {"mac": "A8032AB12399", "uptime": 11081, "ram_free": 146376}, "wifi": {"sta_ip": "192.0.2.9", "status": "got ip", "rssi": -64}}

    def call(self, topic, payload, retained):
        request = json.loads(payload)
        answer = {"id": request["id"], "src": self.name, "dst": request["src"]}
        if request["method"] == "Shelly.GetDeviceInfo":
            answer["result"] = {"name": "Pump", "id": self.name, "mac": "A8032AB12399", "model": "SNSW-001P16EU", "gen": 2,
                                "fw_id": "20241011-114455/1.4.4-g6d2a586", "ver": "1.4.4", "app": "Plus1PM", "auth_en": False}
        elif request["method"] == "Shelly.GetStatus":
            answer["result"] = self.status()
        elif request["method"] == "Switch.Set" and not self.broken:
            was, self.on = self.on, request["params"]["on"]
            answer["result"] = {"was_on": was}
        else:
            answer["error"] = {"code": -103, "message": "Invalid argument 'on'!"}
        self.say(f"{request['src']}/rpc", answer)
        if request["method"] == "Switch.Set" and not self.broken:
            self.notify(**{"switch:0": {"id": 0, "output": self.on, "source": "MQTT"}})


class Esphome(Device):
    """A node with the MQTT component, its discovery for Home Assistant on."""

    def __init__(self, connect, name="kitchen", mac="a4cf12f03d5e"):
        self.name, self.mac, self.on = name, mac, False
        super().__init__(connect)

    def will(self):
        return f"{self.name}/status", "offline"

    def start(self):
        self.client.subscribe(f"{self.name}/switch/boiler/command", self.command)
        self.client.subscribe("esphome/discover", lambda topic, payload, retained: self.introduce())
        self.introduce()
        device = {"ids": self.mac, "name": "Kitchen", "sw": "2025.5.0 (ESPHome)", "mdl": "esp32dev", "mf": "Espressif"}
        base = {"avty_t": f"{self.name}/status", "dev": device}
        self.say(f"homeassistant/sensor/{self.name}/temperature/config",
                 {"dev_cla": "temperature", "unit_of_meas": "°C", "stat_cla": "measurement", "name": "Temperature", "stat_t": f"{self.name}/sensor/temperature/state",
                  "uniq_id": "ESPsensortemperature", **base}, retain=True)
        self.say(f"homeassistant/switch/{self.name}/boiler/config",
                 {"name": "Boiler", "stat_t": f"{self.name}/switch/boiler/state", "cmd_t": f"{self.name}/switch/boiler/command", "uniq_id": "ESPswitchboiler", **base}, retain=True)
        self.say(f"{self.name}/status", "online", retain=True)
        self.say(f"{self.name}/sensor/temperature/state", "22.4", retain=True)
        self.say(f"{self.name}/debug", "[D][sensor:094]: 'Temperature': Sending state 22.40000 °C")
        self.state()

    def introduce(self):
        self.say(f"esphome/discover/{self.name}", {"ip": "192.0.2.10", "name": self.name, "friendly_name": "Kitchen", "port": 6053, "version": "2025.5.0",
                                                   "mac": self.mac, "platform": "ESP32", "board": "esp32dev", "network": "wifi"}, retain=True)

    def state(self):
        self.say(f"{self.name}/switch/boiler/state", "ON" if self.on else "OFF", retain=True)

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        self.on = payload == b"ON"
        self.state()


class Zigbee2Mqtt(Device):
    """The bridge with a lamp and a door contact (2.x)."""

    name = "zigbee2mqtt"
    lamp, door = "0x00158d0001a2b3c4", "0x00158d0001a2b3c5"

    def __init__(self, connect):
        self.names, self.on, self.joins = {self.lamp: "hall/lamp", self.door: "back door"}, False, False
        super().__init__(connect)

    def will(self):
        return "zigbee2mqtt/bridge/state", json.dumps({"state": "offline"})

    def start(self):
        self.client.subscribe("zigbee2mqtt/+/+/set", self.command)
        self.client.subscribe("zigbee2mqtt/+/set", self.command)
        self.client.subscribe("zigbee2mqtt/bridge/request/#", self.request)
        self.say("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
        self.info()
        self.devices()
        for name in self.names.values():
            self.say(f"zigbee2mqtt/{name}/availability", {"state": "online"}, retain=True)

    def report(self):
        self.state()
        self.say(f"zigbee2mqtt/{self.names[self.door]}", {"battery": 97, "contact": True, "linkquality": 120, "voltage": 3005, "last_seen": None})

    def info(self):
        self.say("zigbee2mqtt/bridge/info", {"version": "2.14.1", "permit_join": self.joins, "coordinator": {"type": "zStack3x0", "ieee_address": "0x00124b00aaaaaaaa"}},
                 retain=True)

    def devices(self):
        number = {"type": "numeric", "access": 1}
        lamp = {"model": "LED1545G12", "vendor": "IKEA", "description": "TRADFRI bulb", "exposes": [
            {"type": "light", "features": [
                {"type": "binary", "name": "state", "property": "state", "access": 7, "value_on": "ON", "value_off": "OFF", "value_toggle": "TOGGLE"},
                {"type": "numeric", "name": "brightness", "property": "brightness", "access": 7, "value_min": 0, "value_max": 254},
                {"type": "composite", "name": "color_xy", "property": "color", "access": 7, "features": [
                    {"type": "numeric", "name": "x", "property": "x", "access": 7}, {"type": "numeric", "name": "y", "property": "y", "access": 7}]}]},
            {**number, "name": "linkquality", "property": "linkquality", "unit": "lqi", "value_min": 0, "value_max": 255}]}
        door = {"model": "MCCGQ11LM", "vendor": "Aqara", "description": "Door sensor", "exposes": [
            {**number, "name": "battery", "property": "battery", "unit": "%", "value_min": 0, "value_max": 100},
            {"type": "binary", "name": "contact", "property": "contact", "access": 1, "value_on": False, "value_off": True},
            {**number, "name": "voltage", "property": "voltage", "unit": "mV"}]}
        rows = [{"ieee_address": "0x00124b00aaaaaaaa", "type": "Coordinator", "friendly_name": "Coordinator", "definition": None}]
        for address, definition in ((self.lamp, lamp), (self.door, door)):
            if address in self.names:
                rows.append({"ieee_address": address, "type": "Router", "friendly_name": self.names[address], "disabled": False, "supported": True,
                             "definition": definition, "software_build_id": "2.3.087"})
        self.say("zigbee2mqtt/bridge/devices", rows, retain=True)

    def state(self):
        self.say(f"zigbee2mqtt/{self.names[self.lamp]}", {"state": "ON" if self.on else "OFF", "brightness": 200, "color": {"x": 0.45, "y": 0.41}, "linkquality": 99})

    def rename(self, address, name):
        self.names[address] = name
        self.devices()

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        if topic == f"zigbee2mqtt/{self.names[self.lamp]}/set":
            self.on = json.loads(payload).get("state", "ON" if self.on else "OFF") == "ON"
            self.state()

    def request(self, topic, payload, retained):
        body = json.loads(payload)
        self.joins = body.get("time", 0) > 0
        self.say(topic.replace("request", "response"), {"data": body, "status": "ok", "transaction": body["transaction"]})
        self.info()


class Rtl433(Device):
    """A weather receiver that announces its sensors for Home Assistant: each entity by itself, abbreviated, or the device as a whole."""

    name = "rtl_433"

    def will(self):
        return "rtl_433/availability", "offline"

    def start(self):
        self.client.subscribe("rtl_433/relay/set", self.command)
        device = {"ids": ["Acurite-5n1-1234"], "name": "Rain gauge", "mdl": "5n1", "mf": "Acurite", "via_device": "station-1"}
        self.say("homeassistant/sensor/Acurite-5n1-1234/temperature/config",
                 {"~": "rtl_433/devices/Acurite-5n1/1234", "name": "Temperature", "dev_cla": "temperature", "unit_of_meas": "°C", "stat_t": "~/temperature_C",
                  "val_tpl": "{{ value|float|round(1) }}", "uniq_id": "acurite-t", "exp_aft": 600, "avty": [{"t": "rtl_433/availability"}], "dev": device,
                  "o": {"name": "rtl_433"}}, retain=True)
        self.say("homeassistant/device/station/config",
                 {"dev": {"ids": "station-1", "name": "Station", "mf": "Home made", "sw": "1.2", "sn": "ST-77"}, "o": {"name": "station"},
                  "availability_topic": "rtl_433/availability",
                  "cmps": {"wind": {"p": "sensor", "unit_of_meas": "m/s", "stat_t": "rtl_433/station", "val_tpl": "{{ value_json.wind.speed if value_json.wind is defined else 0 }}"},
                           "relay": {"p": "switch", "stat_t": "rtl_433/station", "val_tpl": "{{ value_json.relay }}", "cmd_t": "rtl_433/relay/set"}}}, retain=True)
        self.say("homeassistant/sensor/zigbee2mqtt_0x1/config", {"name": "x", "stat_t": "x", "dev": {"ids": ["zigbee2mqtt_0x1"]}, "o": {"name": "Zigbee2MQTT"}}, retain=True)
        self.say("rtl_433/availability", "online", retain=True)
        self.relay = "OFF"
        self.measure(18.37)

    def measure(self, temperature):
        self.say("rtl_433/devices/Acurite-5n1/1234/temperature_C", temperature)
        self.say("rtl_433/station", {"wind": {"speed": 4.5}, "relay": self.relay})

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        self.relay = payload.decode()
        self.measure(18.37)

    def forget(self):
        self.say("homeassistant/device/station/config", "", retain=True)


class Homie5(Device):
    """A gateway with a child; only the gateway has a will."""

    name = "boiler"

    def will(self):
        return "homie/5/boiler/$state", "lost"

    def start(self):
        self.client.subscribe("homie/5/boiler/heating/setpoint/set", self.command)
        self.say("homie/5/boiler/$state", "init", retain=True)
        self.say("homie/5/boiler/$description",
                 {"homie": "5.0", "version": 7, "name": "Boiler", "children": ["probe"], "nodes": {"heating": {"name": "Heating", "properties": {
                     "setpoint": {"name": "Set point", "datatype": "float", "format": "10:80", "unit": "°C", "settable": True},
                     "pump": {"datatype": "boolean"}, "starts": {"datatype": "integer"}}}}}, retain=True)
        self.say("homie/5/probe/$description", {"homie": "5.0", "version": 1, "name": "Probe", "root": "boiler", "parent": "boiler", "nodes": {"t": {"properties": {
            "temperature": {"datatype": "float", "unit": "°C"}}}}}, retain=True)
        for path, value in (("boiler/heating/setpoint", "55.5"), ("boiler/heating/pump", "true"), ("boiler/heating/starts", "1204"), ("probe/t/temperature", "61.25")):
            self.say(f"homie/5/{path}", value, retain=True)
        self.say("homie/5/probe/$state", "ready", retain=True)
        self.say("homie/5/boiler/$state", "ready", retain=True)

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        self.say("homie/5/boiler/heating/setpoint", payload, retain=True)

    def forget_probe(self):
        self.say("homie/5/probe/$state", "", retain=True)
        self.say("homie/5/probe/$description", "", retain=True)


class Homie4(Device):
    """One topic an attribute."""

    name = "greenhouse"

    def will(self):
        return "homie/greenhouse/$state", "lost"

    def start(self):
        self.client.subscribe("homie/greenhouse/vent/open/set", self.command)
        for path, value in (("$homie", "4.0.0"), ("$name", "Greenhouse"), ("$state", "init"), ("$nodes", "air,vent"), ("air/$name", "Air"), ("air/$properties", "temperature"),
                            ("air/temperature/$name", "Temperature"), ("air/temperature/$datatype", "float"), ("air/temperature/$unit", "°C"),
                            ("vent/open/$datatype", "boolean"), ("vent/open/$settable", "true"), ("air/temperature", "27.5"), ("vent/open", "false"), ("$state", "ready")):
            self.say(f"homie/greenhouse/{path}", value, retain=True)

    def command(self, topic, payload, retained):
        assert not retained, "a command was retained"
        self.say("homie/greenhouse/vent/open", payload, retain=True)

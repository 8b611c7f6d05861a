# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus of one's own with a ModemManager on it that has one modem; it sends no message anywhere."""
import subprocess
import threading

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME, PATH = "org.freedesktop.ModemManager1", "/org/freedesktop/ModemManager1"
INTERFACES = f"""<node>
<interface name="org.freedesktop.DBus.ObjectManager"><method name="GetManagedObjects"><arg type="a{{oa{{sa{{sv}}}}}}" direction="out"/></method></interface>
<interface name="{NAME}.Modem.Messaging">
<method name="Create"><arg type="a{{sv}}" direction="in"/><arg type="o" direction="out"/></method><method name="Delete"><arg type="o" direction="in"/></method></interface>
<interface name="{NAME}.Sms"><method name="Send"/></interface>
</node>"""


class ModemManager:
    """`sent`: (number, text) of each message; `failure`: why the next is not sent; `has_modem`: whether one is plugged in."""

    def __init__(self, folder):
        self.address, self.sent, self.failure, self.has_modem, self.messages = f"unix:path={folder}/modem-bus", [], None, True, {}
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={self.address}", "--print-address=1"], stdout=subprocess.PIPE, text=True)
        self.daemon.stdout.readline()
        self.loop = GLib.MainLoop.new(GLib.MainContext.new(), False)
        ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(ready,), daemon=True)
        self.thread.start()
        if not ready.wait(10):
            raise TimeoutError("the modem manager did not start")

    def run(self, ready):
        context = self.loop.get_context()
        context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)
        self.kinds = {info.name: info for info in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces}
        self.export(PATH, "org.freedesktop.DBus.ObjectManager")
        self.export(f"{PATH}/Modem/0", f"{NAME}.Modem.Messaging")
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", GLib.Variant("(su)", (NAME, 0)), None, 0, -1, None)
        ready.set()
        self.loop.run()

    def export(self, path, interface):
        self.bus.register_object(path, self.kinds[interface], self.called, None, None)

    def called(self, bus, sender, path, interface, method, parameters, invocation):
        invocation.return_value(getattr(self, method)(path, *parameters.unpack())) if not self.must_fail(method) else invocation.return_dbus_error(f"{NAME}.Error.Core.Failed", self.failure)

    def must_fail(self, method):
        return method == "Send" and self.failure

    def GetManagedObjects(self, _):
        interfaces = {f"{NAME}.Modem.Messaging": {"SupportedStorages": GLib.Variant("au", [])}} if self.has_modem else {f"{NAME}.Modem": {}}
        return GLib.Variant("(a{oa{sa{sv}}})", ({f"{PATH}/Modem/0": interfaces},))

    def Create(self, _, properties):
        path = f"{PATH}/SMS/{len(self.messages)}"
        self.messages[path] = (properties["number"], properties["text"])
        self.export(path, f"{NAME}.Sms")
        return GLib.Variant("(o)", (path,))

    def Send(self, path):
        self.sent.append(self.messages[path])

    def Delete(self, _, path):
        del path

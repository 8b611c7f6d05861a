# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers the window's file dialogs as a person would: the FileChooser portal of a desktop, on the session bus of the test.

The window must be started with ENVIRONMENT, so that GTK asks the portal rather than opening a window of its own.
"""
import threading

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

ENVIRONMENT = {"GDK_DEBUG": "portals", "ADW_DISABLE_PORTAL": "1"}
NAME, PATH, INTERFACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.FileChooser"
ARGUMENTS = '<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>'
XML = f"""<node><interface name="{INTERFACE}"><method name="OpenFile">{ARGUMENTS}</method><method name="SaveFile">{ARGUMENTS}</method>
<property name="version" type="u" access="read"/></interface></node>"""


class FilePortal:
    """Use it in a with statement, around the window. What it is to answer with is put into `next`; `asked` are the titles so far."""

    def __init__(self):
        self.next, self.asked = None, []
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop(self.context)
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        self.context.push_thread_default()
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        info = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
        bus.register_object(PATH, info, self.call, lambda *_: GLib.Variant("u", 4), None)
        Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: self.ready.set(), None)
        self.loop.run()

    def call(self, bus, sender, path, interface, method, arguments, invocation):
        _, title, options = arguments.unpack()
        self.asked.append(title)
        request = f"{PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
        invocation.return_value(GLib.Variant("(o)", (request,)))
        chosen, self.next = self.next, None
        results = {"uris": GLib.Variant("as", [GLib.filename_to_uri(str(chosen), None)])} if chosen else {}
        answer = GLib.Variant("(ua{sv})", (0 if chosen else 1, results))
        # To the asker alone, who listens to nothing else.
        bus.emit_signal(sender, request, "org.freedesktop.portal.Request", "Response", answer)

    def __enter__(self):
        self.thread.start()
        if not self.ready.wait(10):
            raise AssertionError("the session bus did not give the portal its name")
        return self

    def __exit__(self, *_):
        self.loop.quit()
        self.thread.join(5)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window as a person would: finds what is on the screen by role and name (AT-SPI), presses, types, and takes pictures.

Needs a session bus and a display of its own (tests/tools/with-display --cage). Roles and names are those that a screen reader hears, so
whatever this cannot find, a blind operator cannot find either.
"""
import contextlib
import os
import subprocess
import time
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 15.0  # seconds that a busy machine may need for what takes a moment on an idle one
PRESSES = ("click", "activate", "toggle", "press")


class NotFound(AssertionError):
    """What should be on the screen is not there."""


def children(node):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield child


def has_state(node, *names):
    states = node.get_state_set()
    return all(states.contains(getattr(Atspi.StateType, name)) for name in names)


def walk(node, showing=False, depth=0):
    """NODE and all below it; with SHOWING without what is on no screen, nor anything in it."""
    yield node
    if depth < 60:
        for child in children(node):
            if not showing or has_state(child, "SHOWING"):
                yield from walk(child, showing, depth + 1)


def walk_back(node, depth=0):
    """What is on the screen of NODE and below it, in the opposite order: dialogs stand at the end."""
    if depth < 60:
        for i in reversed(range(node.get_child_count())):
            child = node.get_child_at_index(i)
            if child is not None and has_state(child, "SHOWING"):
                yield from walk_back(child, depth + 1)
    yield node


def can_press(node):
    return has_state(node, "SENSITIVE")


def matches(text, wanted):
    """WANTED is None (anything), a text, or a predicate of the text."""
    return wanted is None or (wanted(text) if callable(wanted) else text == wanted)


class Window:
    """A running console. Use it in a with statement: it ends with it, and says what it printed when something was not found."""

    def __init__(self, argv, log, pictures=None, env=None):
        Atspi.init()
        Atspi.set_timeout(3000, 10000)
        self.log, self.pictures = Path(log), Path(pictures) if pictures else None
        self.began = time.monotonic()
        self.last_focus = None
        self.focus_listener = Atspi.EventListener.new(self.hear_focus)
        self.focus_listener.register("object:state-changed:focused")
        # One virtual keyboard for as long as the window lives: the compositor takes the focus away with the last one.
        self.keyboard = subprocess.Popen(["wtype", "-s", "86400000", "-k", "Shift_L"]) if os.environ.get("WAYLAND_DISPLAY") else None
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            env={**os.environ, "GTK_A11Y": "atspi", **(env or {})})
        try:
            self.root = self.wait(self.find_root, 20, "the window on the accessibility bus")
            self.wait(self.has_keyboard, what="the keyboard's focus in the window")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            with contextlib.suppress(Exception):
                self.picture("failed")
            shown = f"--- what the window showed\n{self.describe()}--- what it printed\n{self.output()}"
            print("# " + shown.replace("\n", "\n# "), flush=True)
        self.close()

    def find_root(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the window ended with {self.process.returncode}:\n{self.output()}")
        for application in children(Atspi.get_desktop(0)):
            if application.get_process_id() == self.process.pid and application.get_child_count() > 0:
                application.set_cache_mask(Atspi.Cache.NONE)  # the client's cache goes stale without a main loop
                return application
        return None

    def output(self):
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def has_keyboard(self):
        """Keys that are pressed before go nowhere; a display without a window manager gives it to nobody."""
        return self.keyboard is None or any(has_state(frame, "ACTIVE") for frame in children(self.root))

    # --- looking ---

    def wait(self, check, timeout=PATIENCE, what="it", interval=0.05):
        """The first true answer of CHECK; nodes that vanish while it looks count as not yet. On a busy machine one look may take longer
        than TIMEOUT: there are three at the least, and PATIENCE, for only a failure takes it."""
        timeout, last, looks = max(timeout, PATIENCE), "", 0
        end = time.monotonic() + timeout
        while True:
            try:
                answer = check()
                if answer:
                    return answer
            except GLib.GError as error:
                last = f" ({error.message})"
            looks += 1
            if time.monotonic() > end and looks >= 3:
                raise NotFound(f"not within {timeout} s: {what}{last}")
            if self.process.poll() is not None:
                raise AssertionError(f"the window ended with {self.process.returncode}:\n{self.output()}")
            time.sleep(interval)

    def each(self, role=None, name=None, within=None, showing=True, where=None):
        """One after the other the nodes on the screen of ROLE and NAME for which WHERE(node) is true; walks no further than is asked for."""
        for node in walk(within or self.root, showing):
            if (role and node.get_role_name() != role) or not matches(node.get_name() or "", name):
                continue
            if where is None or where(node):
                yield node

    def look(self, role=None, name=None, **where):
        """All of them."""
        return list(self.each(role, name, **where))

    def find(self, role=None, name=None, timeout=PATIENCE, **where):
        """The first of them, waited for."""
        shown = name if isinstance(name, str) else "of that name" if name else ""
        return self.wait(lambda: next(self.each(role, name, **where), None), timeout, f"{role or 'anything'} {shown!r}")

    def gone(self, role, name, timeout=PATIENCE, **where):
        return self.wait(lambda: next(self.each(role, name, **where), None) is None, timeout, f"{role} {name!r} gone")

    def find_last(self, role, name, timeout=PATIENCE, within=None):
        """The last of them: quick for what lies in front, as a toast that soon goes, however much lies behind it."""
        def last():
            return next((node for node in walk_back(within or self.root) if node.get_role_name() == role and matches(node.get_name() or "", name)), None)

        return self.wait(last, timeout, f"{role} {name!r}")

    def says(self, text, timeout=PATIENCE, within=None):
        """A label that holds TEXT."""
        return self.find_last("label", lambda name: text in name, timeout, within)

    def dialog(self, name=None, timeout=PATIENCE):
        """The dialog in front, which has its own tree: what lies behind it counts as showing too."""
        return self.find("dialog", name, timeout)

    @staticmethod
    def text(node):
        return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))

    @staticmethod
    def description(node):
        return node.get_description() or ""

    @staticmethod
    def is_on(node):
        return has_state(node, "CHECKED") or has_state(node, "PRESSED")

    def hear_focus(self, event):
        if event.detail1 and event.source.get_process_id() == self.process.pid:
            self.last_focus = event.source

    def focused(self):
        """What has the focus: as the window tells when it moves, for a walk takes seconds; by a walk where it has not told."""
        while GLib.MainContext.default().iteration(False):
            pass
        with contextlib.suppress(GLib.GError):
            if self.last_focus and has_state(self.last_focus, "FOCUSED", "SHOWING"):
                return self.last_focus
        return next((node for node in walk_back(self.root) if has_state(node, "FOCUSED")), None)

    def tab_to(self, role, name, limit=40, key="Tab"):
        """Presses Tab, as a person without a pointer does, until the focus is there. Waits for each press to be heard: one too many leads past
        it."""
        passed = []

        def focus():
            node = self.focused()
            return node, (node.get_role_name(), node.get_name() or "") if node else ("", "")

        node, here = self.wait(focus, 15, "the focus")
        for _ in range(limit):
            if node and role in (None, here[0]) and matches(here[1], name):
                return node
            passed.append(here)
            self.keys(key)
            with contextlib.suppress(NotFound):  # the next may be called the same
                node, here = self.wait(lambda here=here: (now := focus())[1] != here and now, 1, f"the focus leaving {here}")
        raise NotFound(f"{key} does not lead to {role or 'what is called'} {name if isinstance(name, str) else 'so'!r}, but to {passed}")

    def describe(self):
        """The tree of what is on the screen, for people."""
        lines = []

        def add(node, depth):
            if depth > 60 or not has_state(node, "SHOWING"):
                return
            name, about = node.get_name() or "", node.get_description() or ""
            marks = "".join(mark for mark, state in ((" focused", "FOCUSED"), (" on", "CHECKED")) if has_state(node, state))
            marks += "" if has_state(node, "SENSITIVE") else " insensitive"
            lines.append(f"{' ' * depth}{node.get_role_name()} {name!r}{f' ({about})' if about else ''}{marks}")
            for child in children(node):
                add(child, depth + 1)

        try:
            for top in children(self.root):
                add(top, 0)
        except GLib.GError as error:
            lines.append(f"({error.message})")
        return "\n".join(lines) + "\n"

    # --- doing ---

    def press(self, node):
        """Presses a button, switch, tab or menu item as a pointer would: only when it is sensitive."""
        if not has_state(node, "SENSITIVE"):
            raise AssertionError(f"{node.get_role_name()} {node.get_name()!r} cannot be pressed now")
        for i in range(node.get_n_actions()):
            if Atspi.Action.get_action_name(node, i).removeprefix("a11y.") in PRESSES:
                node.do_action(i)
                return
        raise NotFound(f"{node.get_role_name()} {node.get_name()!r} has nothing to press")

    def click(self, role, name=None, timeout=PATIENCE, **where):
        node = self.find(role, name, timeout, **where)
        self.press(node)
        return node

    def undo(self, timeout=PATIENCE):
        """Presses Undo in the toast of what was done last."""
        self.press(self.find_last("button", "Undo", timeout))

    @staticmethod
    def type(node, text):
        """Replaces the text of an entry."""
        if not Atspi.EditableText.set_text_contents(node, text):
            raise AssertionError(f"{node.get_name()!r} takes no text")

    @staticmethod
    def keys(*keys):
        """Key presses, by their names in xkbcommon: "Tab", "Return", "ctrl+f", "ctrl+shift+question"."""
        for key in keys:
            *modifiers, name = key.split("+")
            argv = ["wtype"]
            for modifier in modifiers:
                argv += ["-M", modifier]
            argv += ["-s", "30", "-k", name, "-s", "30"]
            for modifier in reversed(modifiers):
                argv += ["-m", modifier]
            subprocess.run(argv, check=True, timeout=20)

    @staticmethod
    def keyboard_text(text):
        subprocess.run(["wtype", "-s", "100", "-d", "8", text], check=True, timeout=60)

    def open_finder(self):
        """Presses once more where the first press came before the compositor had given the window the keyboard."""
        self.keys("ctrl+k")
        with contextlib.suppress(NotFound):
            return self.dialog(timeout=PATIENCE / 2)
        self.keys("ctrl+k")
        return self.dialog()

    def open_found(self, text, hit=None, timeout=PATIENCE):
        """Looks for TEXT in the finder and opens what comes first, once HIT (else TEXT) stands among the results."""
        dialog = self.open_finder()
        self.type(self.find("entry", "Search for", within=dialog), text)
        self.find("list item", hit or text, timeout, within=dialog)
        self.keys("Return")
        self.gone("dialog", None)

    def open_settings(self, section):
        """A section of the room Settings, from the list of them."""
        self.keys("ctrl+comma")
        self.click("list item", section, where=lambda node: node.get_n_actions() > 0)
        self.says(section)

    # --- pictures ---

    def picture(self, name, settle=0.35):
        """Saves what is on the screen as NAME.png, once animations have ended."""
        if self.pictures is None:
            return None
        time.sleep(settle)
        path = self.pictures / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["grim", str(path)], check=True, timeout=20)
        return path

    @staticmethod
    def resize_screen(width, height):
        subprocess.run(["wlr-randr", "--output", "HEADLESS-1", "--custom-mode", f"{width}x{height}"], check=True, timeout=20)
        time.sleep(0.5)

    def close(self):
        for process in (self.process, self.keyboard):
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

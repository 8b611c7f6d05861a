#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks who may know whom, and the budgets of shape.

  check-source.py [TOP]        checks every C file below TOP (default: the project); exit 1 where something is found
  check-source.py --self-test  each folder fixtures/RULE must yield RULE and nothing else, fixtures/clean nothing
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
SKIP = {"build", "build-asan", "build-bench", "node_modules", ".git", "fixtures"}

# The rooms of the backend beside model and core, and the other rooms each may include.
ROOMS = {
    "accounts": set(),
    "alerts": {"devices", "telemetry"},
    "ddi": {"devices", "discovery", "ota"},
    "devices": {"messaging", "telemetry"},
    "discovery": {"devices"},
    "factory": {"flash", "inventory", "ota"},
    "families": {"devices", "discovery", "messaging", "telemetry"},
    "flash": {"ota"},
    "jobs": set(),
    "inventory": set(),
    "messaging": set(),
    "orders": {"inventory"},
    "ota": {"devices", "messaging", "telemetry"},
    "records": {"jobs"},
    "telemetry": set(),
    "operations": set(),
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
FUNCTION = re.compile(r"^[A-Za-z_]\w*(?: \w+)* \(")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
ENUM = re.compile(r"\benum\b[^{};()]*\{([^{}]*)\}")
POOL = re.compile(r"\bdex_(thread_pool_scheduler_get_default|thread_spawn) \(")
SPAWN = re.compile(r"(dex_future_disown \(\s*)?\bdex_scheduler_spawn \(")
WORDS = re.compile(r'\b(?:N_|_|ngettext|C_) \(((?:\s|,|"(?:[^"\\]|\\.)*"|PRI\w+)*G_G\w+_FORMAT)')
BIT = re.compile(r"\b1[uUlL]*\s*<<\s*(\d+)")


def room_of(path):
    parts = path.parts
    return parts[1] if len(parts) > 2 and parts[0] == "backend" else None


def is_test(path):
    return path.name.endswith(("-test.c", "-test.h", "-test-util.c", "-test-util.h", "-bench.c")) or path.parts[0] == "tests"


def check_include(folder, path, kind, name):
    """Yields the rules that including NAME in PATH breaks."""
    top, room = path.parts[0], room_of(path)
    own = kind == '"'
    head = name.split("/")[0]
    is_console = (folder / "src" / "console" / name).exists()  # the console's rooms bear the names of the daemon's
    if own and top == "src" and not is_console and not is_test(path) and head in {"core", "daemon", "backend", *ROOMS}:
        yield "src-knows-model-only", f"{name}: programs speak to the daemon through the API"
    if room == "model":
        if own and "/" in name:
            yield "model-is-the-floor", f"{name}: the model includes nothing above it"
        if not own and head in {"gtk", "libsoup", "sqlite3.h", "libdex.h", "avahi-client", "mosquitto.h", "sys", "unistd.h", "pthread.h"} and name != "sys/random.h":
            yield "model-is-the-floor", f"<{name}>: the model does no input, output or threads"
    if room == "core" and own and head in ROOMS:
        yield "core-knows-no-feature", f"{name}: core knows no room"
    if room in ROOMS and own and head in ROOMS and head != room and head not in ROOMS[room] and not is_test(path):
        yield "room-knows-stranger", f"{name}: {room} may know {', '.join(sorted(ROOMS[room])) or 'no other room'}"
    if top in {"backend", "src", "firmware"} and own and head == "daemon" and room != "daemon":
        yield "daemon-is-the-top", f"{name}: nobody includes the daemon"
    if not own and re.match(r"(gtk/|adwaita\.h|gdk/|gsk/)", name) and not str(path).startswith(("src/console/", "tests/")):
        yield "gtk-in-console-only", f"<{name}>"
    if name == "sqlite3.h" and not (room in {"core", "telemetry"} or is_test(path)):
        yield "sqlite-in-core-only", f"<{name}>"
    if not own and name.startswith("libsoup"):
        allowed = str(path).startswith(("backend/core/http/", "src/client/", "firmware/posix/")) or path.stem.endswith("-resource") or path.stem == "muster-victoria-client"
        if not (allowed or is_test(path)):
            yield "soup-at-the-edge", f"<{name}>"
    if not own and name.startswith("avahi-") and not (path.stem == "muster-avahi-worker" or str(path).startswith("firmware/posix/") or is_test(path)):
        yield "avahi-in-one-adapter", f"<{name}>"
    if not own and name == "mosquitto.h" and not (path.stem == "muster-mosquitto-client" or str(path).startswith("firmware/posix/") or is_test(path)):
        yield "mosquitto-in-one-adapter", f"<{name}>"
    if str(path).startswith("firmware/core/") and not is_test(path):
        if not own and name not in {"stdint.h", "stddef.h", "stdbool.h", "string.h", "limits.h", "float.h"}:
            yield "firmware-core-is-bare", f"<{name}>"


def check_functions(path, lines):
    """Yields functions that are too long; a table is not logic."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = next((l for l in reversed(lines[: start - 1]) if FUNCTION.match(l)), "?").split(" (")[0]
            if number - start - 1 > 100 and not re.search(r"class_init$|_property$", head):
                yield number, "function-too-long", f"{head} has {number - start - 1} lines, 100 is the most"
            start = None


def blank(match):
    """A comment's lines without its text, so that what follows keeps its line number."""
    return re.sub(r"[^\n]", " ", match.group())


def check_flags(text):
    """Yields flags of one enum that bear the same bit: each would be taken for the other. Only bits that
    a flag spells itself count; one made of named flags (`A | B`) shares theirs on purpose."""
    text = COMMENT.sub(blank, text)
    for enum in ENUM.finditer(text):
        owners = {}
        at = enum.start(1)
        for member in enum.group(1).split(","):
            name, _, value = member.partition("=")
            line = text.count("\n", 0, at + len(member) - len(member.lstrip())) + 1
            for bit in {int(b) for b in BIT.findall(value)}:
                owner = owners.setdefault(bit, name.strip())
                if owner != name.strip():
                    yield line, "flags-collide", f"{name.strip()} is bit {bit}, and so is {owner}"
            at += len(member) + 1


def check_fibers(path, text):
    """Yields fibers of the programs that may be given up while they wait: libdex 0.10 then wakes them once too often, and
    no other fiber of the thread runs again. One that nobody keeps, or muster_fiber_spawn()'s, goes on to its end.
    And futures of another thread: what is chained to them is called later, also when it was given up in between."""
    if path.parts[0] != "src" or is_test(path) or path.stem == "muster-fiber":
        return
    for spawn in SPAWN.finditer(text):
        if not spawn.group(1):
            yield text.count("\n", 0, spawn.start()) + 1, "fiber-ends-by-itself", "use muster_fiber_spawn(), or disown it"
    for pool in POOL.finditer(text):
        yield text.count("\n", 0, pool.start()) + 1, "pool-answers-at-home", "use muster_fiber_spawn_in_pool()"


def check_words(text):
    """Yields texts to translate that a format of GLib's splits: xgettext finds their first piece alone, and no translation of
    the whole. It knows those of <inttypes.h>."""
    for words in WORDS.finditer(text):
        yield text.count("\n", 0, words.end()) + 1, "words-in-one-piece", "use PRId64 and the like"


def check_file(folder, path, text):
    lines = text.split("\n")
    if "SPDX-License-Identifier: GPL-3.0-or-later" not in lines[0]:
        yield 1, "licence-line", "the first line names the licence"
    if len(lines) > 1000:
        yield len(lines), "file-too-long", f"{len(lines)} lines, 1000 is the most"
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if match:
            for rule, detail in check_include(folder, path, *match.groups()):
                yield number, rule, detail
        if re.match(r"^\s*goto\s+\w+;", line):
            yield number, "no-goto", "use cleanup attributes"
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            yield number, "no-loose-ends", "do it, or say it in an issue"
        if "\t" in line and not is_test(path):
            yield number, "no-tabs", "indent by two spaces"
    yield from check_flags(text)
    if path.suffix == ".c":
        yield from check_functions(path, lines)
    yield from check_fibers(path, text)
    yield from check_words(text)


def check_tree(top):
    found = []
    for file in sorted(top.rglob("*.[ch]")):
        path = file.relative_to(top)
        if any(part in SKIP or part.startswith("build") for part in path.parts[:-1]):
            continue
        for number, rule, detail in check_file(top, path, file.read_text(encoding="utf-8", errors="replace")):
            found.append((rule, f"{path}:{number}: {rule}: {detail}"))
    return found


def self_test():
    failed = 0
    folders = sorted(p for p in (HERE / "fixtures").iterdir() if p.is_dir())
    for folder in folders:
        rules = {rule for rule, _ in check_tree_of_fixture(folder)}
        expected = set() if folder.name == "clean" else {folder.name}
        if rules != expected:
            failed += 1
            print(f"fixtures/{folder.name}: expected {sorted(expected)}, found {sorted(rules)}")
    return failed, len(folders)


def check_tree_of_fixture(folder):
    found = []
    for file in sorted(folder.rglob("*.[ch]")):
        for _, rule, detail in check_file(folder, file.relative_to(folder), file.read_text(encoding="utf-8")):
            found.append((rule, detail))
    return found


def main():
    if sys.argv[1:] == ["--self-test"]:
        failed, total = self_test()
        print(f"{total - failed} of {total} fixtures as expected")
        return 1 if failed else 0
    found = check_tree(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else PROJECT)
    for _, line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-3.0-or-later
"""Many devices at once, for tests that need 10,000 of them: written beside the daemon, while it does not run."""
import sqlite3
import time
import uuid


def make_id(number, at=None):
    """A UUIDv7 whose order is that of the numbers."""
    stamp = int((at or time.time()) * 1000)
    value = (stamp << 80) | (7 << 76) | (2 << 62) | number
    return str(uuid.UUID(int=value))


def add_devices(database, count):
    """Their ids. The journal does not know of them, as of records that came with a copied database."""
    connection = sqlite3.connect(database)
    now = int(time.time()) * 1_000_000
    ids = [make_id(number) for number in range(count)]
    with connection:
        connection.executemany(
            "INSERT INTO device (id, created_at, updated_at, revision, name, kind, status, serial, adoption, live_state)"
            " VALUES (?, ?, ?, 1, ?, 'sensor', 'deployed', ?, 'none', 'unknown')",
            ((key, now, now, f"Lamp {number:05}", f"SN-{number:06}") for number, key in enumerate(ids)))
    connection.close()
    return ids


def read_devices(database):
    """{id: row} of all columns but those that count changes."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    left_out = {"row", "updated_at", "revision", "live_state", "last_seen"}
    rows = {row["id"]: {name: row[name] for name in row.keys() if name not in left_out} for row in connection.execute("SELECT * FROM device")}
    connection.close()
    return rows

# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of rights, read from its source by the tests' own eyes."""
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "backend/model/muster-rights.def"
ROLES = ["administrator", "operator", "technician", "viewer", "customer", "device", "peer"]
NOBODY = "nobody"


def read_rights(path=SOURCE):
    """{operation: set of roles}; NOBODY stands for those who do not say who they are."""
    words = {role.upper(): {role} for role in [*ROLES, NOBODY]}
    rights = {}
    for line in path.read_text().splitlines():
        match = re.fullmatch(r"(SET|RIGHT) \((\w+), ([\w| ]+)\)", line)
        if not match:
            continue
        kind, name, roles = match.groups()
        value = set().union(*(words[word.strip()] for word in roles.split("|")))
        target = words if kind == "SET" else rights
        if name in target:
            raise ValueError(f"{name} stands twice")
        target[name] = value
    return rights

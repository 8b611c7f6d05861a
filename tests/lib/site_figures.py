# SPDX-License-Identifier: GPL-3.0-or-later
"""Measured figures beside the bars they are held to."""
import os
import re
from pathlib import Path

from muster_site import memory_kb


class Figures:
    def __init__(self):
        self.rows = []

    def add(self, name, value, unit, bar=None, more_is_better=False, reference=None):
        """BAR: the issue's limit; REFERENCE: (what, value) measured elsewhere or in this run."""
        met = None if bar is None else value >= bar if more_is_better else value <= bar
        self.rows.append({"figure": name, "value": round(value, 3), "unit": unit, "bar": bar, "met": met,
                          "reference": reference[0] if reference else None, "reference_value": reference[1] if reference else None,
                          "ratio": round(value / reference[1], 2) if reference and reference[1] else None})
        row = self.rows[-1]
        sign = "≥" if more_is_better else "≤"
        print(f"{'    ' if met is None else 'ok  ' if met else 'MISS'} {name:<58}{value:>12,.{1 if abs(value) >= 10 else 2}f} {unit:<6}"
              f"{'' if bar is None else f'{sign} {bar:,g}':>12}  {'' if not reference else f'{reference[0]} {reference[1]:,g} ({row['ratio']:.2f} times)'}", flush=True)


def memory_mb(process):
    return memory_kb(process) / 1024


def peak_memory_mb(process):
    """The most that was ever resident of it."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024


def cpu_seconds(process):
    """Of the processor, all threads together."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

# SPDX-License-Identifier: LGPL-2.1-or-later
"""All who show figures show the same ones, and advice names who it is about."""

import csv
import io
import json
import os
import re
import subprocess

import pytest

from harness import BUILD
from scheduler import Host

AEROSTAT = os.environ.get("AEROSTAT", BUILD / "src/cli/aerostat")

FIGURES = ("memory", "consumed", "target", "active", "overhead", "balloon", "balloon_target", "swapped",
           "swap_target", "cache", "compressed", "same")


@pytest.fixture(scope="module")
def host(workspace):
    host = Host(workspace)
    host.boot(web={}, plain={"balloon": False})
    for name in "web", "plain":
        host.pagecheck(name, 100, "--rate 100")
    host.share_out(250)
    host.fits()
    yield host
    host.end()


def aerostat(host, *words):
    done = subprocess.run([AEROSTAT, *words], env={**os.environ, "AEROSTAT_DAEMON": str(host.daemon.socket)},
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout


def by_top(host):
    rows = csv.DictReader(io.StringIO(aerostat(host, "top", "-b", "-n1")))
    return {row["name"]: {figure: int(row[f"{figure}_bytes"]) for figure in FIGURES} for row in rows}


def by_list(host):
    rows = json.loads(aerostat(host, "vm", "list", "--columns", "all", "--format", "json"))
    return {row["name"]: {figure: row[f"{figure}_bytes"] for figure in FIGURES} for row in rows}


def by_metrics(host):
    values = {(figure, vm): int(value) for figure, vm, value in re.findall(
        r'^aerostat_vm_(\w+)_bytes\{vm="(\w+)",uuid="[-0-9a-f]+"\} (\d+)$',
        host.daemon.api.metrics(), re.M)}
    return {vm: {figure: values[figure, vm] for figure in FIGURES} for vm in host.guests}


@pytest.mark.parametrize("shown_by", [by_top, by_list, by_metrics])
def test_figures_agree(host, shown_by):
    """Those that are the same before and after have to be that in between as well."""
    compared = set()

    def all_compared():
        before, shown, after = host.daemon.vms(), shown_by(host), host.daemon.vms()
        assert shown.keys() == before.keys() == host.guests.keys()
        for name, figures in shown.items():
            for figure, value in figures.items():
                was = before[name][f"{figure}_bytes"]
                if was == after[name][f"{figure}_bytes"]:
                    assert value == was, (name, figure)
                    compared.add((name, figure))
        return len(compared) == len(host.guests) * len(FIGURES)

    host.wait_for(all_compared, "every figure to stand still for a moment")
    assert max(vm["compressed_bytes"] for vm in host.daemon.vms().values()) > 0


def test_host_figures_agree(host):
    metrics = host.daemon.api.metrics()
    managed = host.daemon.host()["managed_bytes"]
    assert f"\naerostat_host_managed_bytes {managed}\n" in metrics and metrics.endswith("# EOF\n")
    shown = json.loads(aerostat(host, "host", "show", "--format", "json"))
    shown = shown[0] if isinstance(shown, list) else shown
    assert shown["managed_bytes"] == managed and shown["vms"] == 2


def test_advice_names_the_guest_without_a_balloon(host):
    advice = json.loads(aerostat(host, "advise", "--format", "json"))
    assert [item["vm"] for item in advice if item["kind"] == "no-balloon"] == ["plain"], advice
    overcommit = [item for item in advice if item["kind"] == "overcommit"]
    assert len(overcommit) == 1 and overcommit[0]["vm"] is None, advice
    assert overcommit[0]["suggested_bytes"] > 0

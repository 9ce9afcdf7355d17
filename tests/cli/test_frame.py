# SPDX-License-Identifier: LGPL-2.1-or-later
"""Help, suggestions, exit codes and completion: what holds for every noun."""

import os
import pathlib
import re
import subprocess

import conftest
import pytest

VERBS = ["list", "show", "set", "watch"]


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_help(run, words):
    out = run(*words).out
    assert "pager" in out and "Exit status" in out


def test_version(run):
    assert run("--version").out.startswith("aerostat 0.")


@pytest.mark.parametrize("words", [["help", "pager"], ["pager", "--help"], ["pager", "help"]])
def test_help_of_a_noun(run, words):
    out = run(*words).out
    assert all(verb in out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb(run, verb):
    out = run("pager", verb, "--help").out
    assert out.startswith(f"Usage: aerostat pager {verb} ")
    assert run("help", "pager", verb).out == out
    assert max(len(line) for line in out.splitlines()) < 90


def test_nothing_given(run):
    assert "Usage" in run(status=2).err
    assert "watch" in run("pager", status=2).err


@pytest.mark.parametrize("words, hint", [
    (["pagr"], "did you mean pager?"),
    (["pager", "lsit"], "did you mean list?"),
    (["pager", "sho"], "did you mean show?"),
    (["pager", "wacth"], "did you mean watch?"),
    (["pager", "set", "--limt=4M"], "did you mean --limit?"),
    (["pager", "list", "--no-heder"], "did you mean --no-header?"),
    (["pager", "list", "-help"], "did you mean --help?"),
    (["help", "pagers"], "did you mean pager?"),
])
def test_near_misses(run, words, hint):
    assert hint in run(*words, status=2).err


@pytest.mark.parametrize("word", ["--host", "--host=lab", "-H"])
def test_pagers_are_of_this_machine(run, word):
    assert "the pagers of this machine" in run("pager", "list", word, status=2).err


def test_far_misses(run):
    assert "mean" not in run("pager", "frobnicate", status=2).err
    assert "mean" not in run("pager", "list", "--frobnicate", status=2).err
    assert "mean" not in run("x" * 500, status=2).err


@pytest.mark.parametrize("words, message", [
    (["pager", "show"], "missing"),
    (["pager", "show", "a", "b"], "too many"),
    (["pager", "list", "a"], "too many"),
    (["pager", "list", "--format"], "needs a value"),
    (["pager", "list", "--format=xml"], "one of table, json, csv"),
    (["pager", "list", "--no-header=1"], "takes no value"),
    (["pager", "list", "--unit", "G", "--unit", "M"], "twice"),
    (["pager", "list", "--timeout", "0"], "--timeout"),
    (["pager", "list", "--timeout", "nan"], "--timeout"),
    (["pager", "list", "--timeout", "1.2.3"], "--timeout"),
    (["pager", "watch", "--interval", "0.05"], "0.1 to 3600"),
    (["pager", "watch", "--count", "0"], "--count"),
    (["pager", "watch", "--count", "-1"], "--count"),
])
def test_usage_errors(run, words, message):
    assert message in run(*words, status=2).err


def test_control_characters_in_words_are_not_repeated(run):
    for words in (["\033[2J"], ["pager", "\033[2J"], ["pager", "list", "--\033[2J"], ["pager", "show", "\033[2J"],
                  ["pager", "list", "\033[2J"], ["pager", "list", "--format", "\033[2J"]):
        process = run(*words, status=3 if "show" in words else 2)
        assert "\033" not in process.out + process.err


def test_options_end_at_two_dashes(run, host):
    host.add("--odd")
    assert "--odd (PID" in run("pager", "show", "--", "--odd").out


def test_a_full_disk_is_a_failure(run, host):
    host.add()
    with open("/dev/full", "w") as full:
        assert "cannot write" in run("pager", "list", stdout=full, status=1).err


# In the order in which they are shown; the page that describes each.
MANUALS = {
    "host": "host",
    "vm": "vm",
    "snapshot": "snapshot",
    "disk": "disk",
    "drive": "disk",
    "guest": "guest",
    "datastore": "datastore",
    "customization": "customization",
    "folder": "folder",
    "attribute": "attribute",
    "switch": "network",
    "portgroup": "network",
    "card": "network",
    "pool": "pool",
    "task": "task",
    "account": "account",
    "setting": "host",
    "event": "host",
    "pager": "pager",
    "top": "top",
    "advise": "host",
}


@pytest.mark.parametrize("words, expected", [
    ([""], [*MANUALS, "help"]),
    (["po"], ["portgroup", "pool"]),
    (["pa"], ["pager"]),
    (["--v"], ["--version"]),
    (["pager", ""], VERBS),
    (["pager", "w"], ["watch"]),
    (["help", "pager", "s"], ["show", "set"]),
    (["pager", "list", "--f"], ["--format"]),
    (["pager", "list", "--format", ""], ["table", "json", "csv"]),
    (["pager", "set", "--codec", "z"], ["zstd"]),
    (["pager", "set", "--limit", ""], []),
    (["pager", "set", "--limit", "1G", "--l"], []),
    (["pager", "show", "w"], ["web01", "web02"]),
    (["pager", "show", "500"], ["5000002", "5000000", "5000001"]),
    (["pager", "list", ""], []),
    (["nonsense", ""], []),
])
def test_completion(run, host, words, expected):
    for name in ("web01", "web02", "con\ntrol"):
        host.add(name)
    assert run("__complete", *words).out.splitlines() == expected


@pytest.mark.parametrize("line, expected", [
    (["pager", "show", "we"], ["web01", "web\\ two"]),
    (["pager", "set", "--codec", "l"], ["lz4"]),
    (["pager", "set", "--codec", "=", "l"], ["lz4"]),
    (["pager", "set", "--codec", "="], ["lz4", "off", "zstd"]),
    (["pager", "l"], ["list"]),
])
def test_completion_in_bash(host, environment, line, expected):
    """Words are as bash splits them, at = too."""
    host.add("web01")
    host.add("web two")
    script = ('source "$1"; shift; COMP_WORDS=(aerostat "$@"); COMP_CWORD=$#; _aerostat aerostat "${!#}"; '
              'for reply in "${COMPREPLY[@]}"; do printf "%s\\n" "$reply"; done')
    completion = conftest.ROOT / "docs" / "completion" / "aerostat"
    path = f"{pathlib.Path(conftest.CLI).resolve().parent}:{os.environ['PATH']}"
    result = subprocess.run(["bash", "-c", script, "bash", completion, *line], env={**environment, "PATH": path},
                            capture_output=True, text=True, check=True)
    assert sorted(result.stdout.splitlines()) == sorted(expected), result.stderr


@pytest.mark.parametrize("noun", MANUALS)
def test_manual_has_every_option(run, noun):
    """And every noun is in the overview."""
    page = (conftest.ROOT / "docs" / "man" / f"aerostat-{MANUALS[noun]}.1.scd").read_text()
    assert f"*{noun}*" in (conftest.ROOT / "docs" / "man" / "aerostat.1.scd").read_text()
    verbs = run("__complete", noun, "").out.split()
    texts = [run("help", noun, verb).out for verb in verbs] if verbs else [run("help", noun).out]
    for option in set(re.findall(r"--[a-z-]+", "".join(texts))) - {"--help"}:
        assert f"*{option}*" in page, option


def test_manual_has_every_column(run):
    for noun in ("vm", "pool"):
        page = (conftest.ROOT / "docs" / "man" / f"aerostat-{noun}.1.scd").read_text()
        titles = run("__complete", noun, "list", "--columns", "").out.split()
        assert len(titles) > 10
        for title in titles:
            assert f"\n*{title}*, _" in page.lower(), title

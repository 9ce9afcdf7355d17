# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the documents of aerostatd say is what aerostatd does."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
AEROSTATD = os.environ.get("AEROSTATD", str(ROOT / "build" / "src" / "daemon" / "aerostatd"))


def run(*words):
    return subprocess.run([AEROSTATD, *words], capture_output=True, text=True, timeout=30, check=False)


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


@pytest.fixture(name="offered")
def _offered():
    return options(run("--help").stdout)


def complete(*words):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; '
              '_aerostatd; printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-c", script, "bash", ROOT / "docs/completion/aerostatd", "aerostatd", *words],
                          capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_manual_has_every_option(offered):
    text = (ROOT / "docs/man/aerostatd.8.scd").read_text(encoding="utf-8")
    described = options(re.search(r"^# OPTIONS$(.*?)^# ", text, re.MULTILINE | re.DOTALL)[1]) & options(
        "\n".join(line for line in text.splitlines() if line.startswith("*-")))
    assert len(offered) >= 6
    assert described == offered


def test_completion_has_every_option(offered, tmp_path):
    assert set(complete("--")) == offered
    assert complete("--st") == ["--state-dir"]
    (tmp_path / "one.conf").touch()
    (tmp_path / "folder").mkdir()
    assert set(complete("--config", f"{tmp_path}/")) == {f"{tmp_path}/one.conf", f"{tmp_path}/folder"}
    assert complete("--state-dir", "=", f"{tmp_path}/") == [f"{tmp_path}/folder"]


def test_shipped_file_is_right_with_every_line_in_force(tmp_path):
    text = (ROOT / "data/aerostatd.conf").read_text(encoding="utf-8")
    settings = re.findall(r"^#([A-Za-z.]+=.*)$", text, re.MULTILINE)
    assert len(settings) > 13
    uncommented = tmp_path / "aerostatd.conf"
    for content in (text, re.sub(r"^#([A-Za-z.]+=)", r"\1", text, flags=re.MULTILINE)):
        uncommented.write_text(content, encoding="utf-8")
        done = run("--check", "--config", str(uncommented))
        assert (done.returncode, done.stderr) == (0, "")


def test_exit_status(tmp_path):
    wrong = tmp_path / "wrong.conf"
    wrong.write_text("[Memory]\nMem.IdleTax=100\n", encoding="ascii")
    assert run("--version").returncode == 0
    assert run("--check", "--config", str(tmp_path / "none")).returncode == 0
    refused = run("--check", "--config", str(wrong))
    assert refused.returncode == 1
    assert "Mem.IdleTax cannot be 100; it goes from 0 to 99 %" in refused.stderr
    assert run("--no-such-option").returncode == 2
    assert run("word").returncode == 2

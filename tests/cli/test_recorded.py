# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the recorder writes for a shell are commands that there are: their verbs, and each verb's options."""

import re

import conftest
import pytest

RECORDER = conftest.ROOT / "src" / "api" / "recorder"
# Kinds of arguments without an option, see shell.c.
WORDLESS = ("WORD", "WORDS", "SILENT", "IS_TRUE", "IS_FALSE", "WAY")


def in_table():
    """(command, options) of each line of shell.c's table."""
    text = (RECORDER / "shell.c").read_text()
    text = text[text.index("commands[] = {"):text.index("/* clang-format on */")]
    for command, arguments in re.findall(r'\{"\w+", "([a-z -]+)",\s*\{(.*?)\}\},\n', text, re.S):
        options = re.findall(r'\{([A-Z_]+), "[^"]+"(?:, "([^"]+)")?\}?', arguments)
        yield command, {word for kind, word in options if kind not in WORDLESS and word}


def in_text():
    """The same of lines that are put together, as far as they stand in one place."""
    for path in RECORDER.glob("shell*.c"):
        for line in re.findall(r"aerostat ((?:[a-z]+ )[a-z]+(?: --?[a-z-]+)*)", path.read_text()):
            noun, verb, *options = line.split()
            yield f"{noun} {verb}", {option[2:] for option in options}


COMMANDS = sorted((command, sorted(options)) for command, options in [*in_table(), *in_text()])


def test_they_are_found():
    assert len(COMMANDS) > 60 and ("attribute set", ["of-host"]) in COMMANDS


@pytest.mark.parametrize("command, options", COMMANDS)
def test_there_is_such_a_command(run, command, options):
    noun, verb, *more = command.split()
    known = re.findall(r"--[a-z-]+", run("help", noun, verb).out)
    assert {f"--{option}" for option in options} | {word for word in more if word.startswith("--")} <= set(known)

# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our test program for values: where it is, and how documents go there and back."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = os.environ.get("VIM_TOOL", str(ROOT / "build" / "tests" / "clients" / "vim-tool"))


@pytest.fixture(scope="session")
def vim_tool():
    """Runs vim-tool over documents, and returns what it makes of each."""
    def run(arguments, documents):
        data = b"".join(document + b"\0" for document in documents)
        done = subprocess.run([TOOL, *arguments], input=data, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        answers = done.stdout.split(b"\0")[:-1]
        assert len(answers) == len(documents)
        return answers
    return run

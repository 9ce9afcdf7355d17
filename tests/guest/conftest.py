# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fixtures of the tests with real guests."""

import signal

import pytest

from harness import Workspace


def pytest_configure():
    """SIGTERM and SIGHUP end the run as Ctrl-C does: fixtures put back what they changed."""
    def end(_number, _frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


@pytest.fixture(scope="module")
def workspace():
    with Workspace() as result:
        yield result


@pytest.fixture
def own_workspace():
    """For tests whose guest is not shared: it ends with the test."""
    with Workspace() as result:
        yield result

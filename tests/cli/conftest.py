# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the command is, how it is run, and the proof that the fake pagers speak the real protocol."""

import ctypes
import os
import pathlib
import subprocess

import fake_daemon
import fake_pager
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLI = os.environ.get("AEROSTAT_CLI", str(ROOT / "build" / "src" / "cli" / "aerostat"))


@pytest.fixture(scope="session", autouse=True)
def layouts_agree(tmp_path_factory):
    """Compares every offset and size with what a C compiler makes of the public headers."""
    if not os.access(CLI, os.X_OK):
        pytest.exit(f"{CLI} is not there; build it or set AEROSTAT_CLI", returncode=1)
    structs = {"stats": fake_pager.Stats, "request": fake_pager.Request, "reply": fake_pager.Reply}
    lines, expected = [], []
    for name, layout in structs.items():
        c = f"struct aerostat_pager_{name}"
        lines.append(f'printf("%zu\\n", sizeof({c}));')
        expected.append(ctypes.sizeof(layout))
        for field, *_ in layout._fields_:
            lines.append(f'printf("%zu\\n%zu\\n", offsetof({c}, {field}), sizeof((({c} *)0)->{field}));')
            expected += [getattr(layout, field).offset, getattr(layout, field).size]
    directory = tmp_path_factory.mktemp("layout")
    (directory / "layout.c").write_text(
        "#include <aerostat/pager-protocol.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "\n}\n")
    subprocess.run([os.environ.get("CC", "cc"), "-I", ROOT / "include", "-o", directory / "layout",
                    directory / "layout.c"], check=True)
    output = subprocess.run([directory / "layout"], check=True, capture_output=True, text=True).stdout
    assert [int(word) for word in output.split()] == expected


@pytest.fixture
def host():
    host = fake_pager.Host()
    yield host
    host.close()


@pytest.fixture
def daemon():
    daemon = fake_daemon.Daemon()
    yield daemon
    daemon.close()


@pytest.fixture
def environment(host, request):
    asked = request.getfixturevalue("daemon").path if "daemon" in request.fixturenames else f"{host.dir}/none"
    kept = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS") or k in ("PATH", "LD_LIBRARY_PATH")}
    return {**kept, "AEROSTAT_RUN_DIR": host.dir, "AEROSTAT_DAEMON": asked, "XDG_CONFIG_HOME": host.dir,
            "TERM": "xterm", "TZ": "UTC"}


@pytest.fixture
def start(environment):
    """Starts the command; what is still there at the end of the test is ended."""
    started = []

    def start(*words, **options):
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options["env"] = {**environment, **options.pop("env", {})}
        process = subprocess.Popen([CLI, *words], text=True, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def run(start):
    """Runs the command to its end. Nothing it does may take long."""

    def run(*words, status=0, **options):
        process = start(*words, **options)
        out, err = process.communicate(timeout=10)
        assert process.returncode == status, f"status {process.returncode}\n{out}\n{err}"
        process.out, process.err = out, err
        return process

    return run

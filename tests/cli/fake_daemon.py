# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon that is not there: aerostatd's interface served by this process, well or badly as told."""

import copy
import http.server
import json
import os
import socketserver
import tempfile
import threading
import urllib.parse

MIB = 1 << 20
GIB = 1 << 30
SHARES = {"low": 5, "normal": 10, "high": 20}


def plausible_vm(name, **changes):
    """A guest of 1 GiB with some of its memory in every place."""
    vm = {
        "name": name, "uuid": f"00000000-0000-4000-8000-{abs(hash(name)) % 10**12:012}", "pid": 4000 + len(name),
        "pool": "/", "power": "running", "managed": "pager", "problem": "",
        "memory_bytes": GIB, "granted_bytes": 700 * MIB, "target_bytes": 512 * MIB, "active_bytes": 300 * MIB,
        "consumed_bytes": 600 * MIB, "overhead_bytes": 40 * MIB, "resident_bytes": 560 * MIB,
        "parked_bytes": 10 * MIB, "absent_bytes": 100 * MIB, "private_bytes": 500 * MIB,
        "shared_bytes": 128 * MIB, "saved_bytes": 100 * MIB, "idle_bytes": 300 * MIB,
        "balloon_bytes": 64 * MIB, "balloon_target_bytes": 96 * MIB, "balloon_max_bytes": 665 * MIB,
        "balloon_state": "ok", "swapped_bytes": 32 * MIB, "swap_target_bytes": 48 * MIB,
        "swap_reads_bytes_per_s": 1.5 * MIB, "swap_writes_bytes_per_s": 0.25 * MIB,
        "cache_bytes": 30 * MIB, "cache_used_bytes": 24 * MIB, "compressed_bytes": 60 * MIB, "same_bytes": 20 * MIB,
        "zip_bytes_per_s": 2 * MIB, "unzip_bytes_per_s": 0.5 * MIB, "pager_limit_bytes": None,
        "shares": 10240, "shares_level": "normal", "reservation_bytes": 0, "limit_bytes": None,
        "stopped": False, "cause": "",
        "config": {"sched.mem.shares": "normal", "sched.mem.min": "0", "sched.mem.max": "-1",
                   "sched.mem.maxmemctl": "-1", "sched.mem.pshare.enable": "TRUE", "sched.mem.pshare.salt": "",
                   "sched.swap.dir": ""},
    }
    assert set(changes) <= set(vm), changes
    return {**vm, **changes}


def listed_vm(vm, **changes):
    """What ListVMs says of a VM that the memory scheduler knows."""
    return {"name": vm["name"], "uuid": vm.get("uuid"),
            "power": "on" if vm.get("power") == "running" else vm.get("power", "off"), "adopted": True, "folder": "/",
            "datastore": None, "home": None, "template": False, "parent": None, "linked": False, "snapshots": 0,
            "attributes": {}, **changes}


def plausible_pool(path, **changes):
    pool = {"path": path, "shares": 4000, "shares_level": "normal", "reservation_bytes": 0, "limit_bytes": None,
            "expandable": True, "target_bytes": GIB, "consumed_bytes": 900 * MIB, "active_bytes": 500 * MIB,
            "reservation_used_bytes": 0, "reservation_free_bytes": 4 * GIB, "vms": 0, "pools": 0}
    return {**pool, **changes}


HOST = {
    "version": "0.2.0", "managed_bytes": 15 * GIB, "total_bytes": 16 * GIB, "free_bytes": 600 * MIB,
    "consumed_bytes": 14 * GIB, "overhead_bytes": 300 * MIB, "other_bytes": GIB,
    "state": "soft", "state_since_ms": 1_700_000_000_000, "state_cause": "free memory fell below 4 %",
    "thresholds": {"high_bytes": 921 * MIB, "soft_bytes": 614 * MIB, "hard_bytes": 307 * MIB, "low_bytes": 153 * MIB},
    "overcommit": [0.75, 0.5, 0.25], "vms": 3,
    "share": {"shared_bytes": 2 * GIB, "common_bytes": 512 * MIB, "saved_bytes": 1536 * MIB, "state": "scanning",
              "reason": "", "pages_per_s": 1000.0, "cpu": 0.031},
    "balloon": {"current_bytes": 256 * MIB, "target_bytes": 512 * MIB, "max_bytes": 4 * GIB},
    "swap": {"current_bytes": 96 * MIB, "target_bytes": 144 * MIB, "reads_bytes_per_s": 4.5 * MIB,
             "writes_bytes_per_s": 0.75 * MIB},
    "zip": {"zipped_bytes": 180 * MIB, "saved_bytes": 110 * MIB, "zip_bytes_per_s": 6 * MIB,
            "unzip_bytes_per_s": 1.5 * MIB},
    "connection": "ok", "connection_reason": "",
}

SETTINGS = [
    {"name": "Mem.IdleTax", "value": 75, "default": 75, "min": 0, "max": 99, "unit": "%", "help": "Idle memory tax"},
    {"name": "Mem.BalancePeriod", "value": 15, "default": 15, "min": 1, "max": 120, "unit": "s", "help": "Balance"},
    {"name": "Mem.MinFreePct", "value": 5, "default": 6, "min": 0, "max": 20, "unit": "%", "help": "Free memory"},
]


class Refused(Exception):
    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status = status


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass

    def answer(self):
        daemon = self.server.daemon
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        with daemon.lock:
            daemon.requests.append((self.command, self.path, body))
            if daemon.raw is not None:
                self.close_connection = True
                self.wfile.write(daemon.raw)
                return
            try:
                for (method, prefix), refusal in daemon.refuse.items():
                    if method == self.command and self.path.startswith(prefix):
                        raise Refused(*refusal)
                status, result = 200, daemon.serve(self.command, self.path, body)
            except Refused as refused:
                status, result = refused.status, {"error": str(refused)}
            data = daemon.mangle(b"" if result is None else json.dumps(result).encode())
        daemon.gate.wait(30)
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PATCH = do_POST = do_DELETE = answer


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 32

    def handle_error(self, *_):
        pass  # a client that went away, which tests do on purpose


class Daemon:
    """One socket and what is behind it.

    mangle   changes the bytes of every answer
    raw      bytes sent instead of any answer, headers included
    refuse   {(method, beginning of the path): (status, sentence)}
    gate     cleared, every answer waits until it is set
    methods  {name of an operation: what it answers, or a function of its arguments}; a list is a task: of what
             GET /tasks/N says one after the other, the last again and again; a tuple is an answer that is a list
    inventory  {name of a VM: what ListVMs says of it besides the usual}; one that is not in vms does not run
    """

    def __init__(self):
        # Short: the path of a socket has 107 bytes at most.
        self.dir = tempfile.mkdtemp(prefix="aerostat-")
        self.path = os.path.join(self.dir, "d.sock")
        self.host = copy.deepcopy(HOST)
        self.vms, self.pools, self.events, self.advice = [], [plausible_pool("/")], [], []
        self.settings = copy.deepcopy(SETTINGS)
        self.requests, self.refuse = [], {}
        self.methods, self.tasks = {"ListVMs": self.list_vms}, {}
        self.inventory = {}
        self.mangle, self.raw = (lambda data: data), None
        self.lock, self.gate = threading.RLock(), threading.Event()
        self.gate.set()
        self.server = Server(self.path, Handler)
        self.server.daemon = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        os.unlink(self.path)
        os.rmdir(self.dir)

    def add_vm(self, name, **changes):
        with self.lock:
            self.vms.append(plausible_vm(name, **changes))
            return self.vms[-1]

    def list_vms(self, _):
        running = {vm.get("name"): vm for vm in self.vms}
        others = {name: plausible_vm(name) for name in self.inventory}
        return tuple(listed_vm(running.get(name) or {**others[name], "power": "off"}, **self.inventory.get(name, {}))
                     for name in dict.fromkeys([*running, *self.inventory]))

    def add_pool(self, path, **changes):
        self.pools.append(plausible_pool(path, **changes))
        return self.pools[-1]

    def add_event(self, message, type="reclaim", vm=None):
        with self.lock:
            event = {"id": len(self.events) + 1, "time_ms": 1_700_000_000_123 + 1000 * len(self.events),
                     "type": type, "vm": vm, "message": message}
            self.events.append(event)
            return event

    @property
    def changes(self):
        return [request for request in self.requests if request[0] != "GET" and not request[1].startswith("/do/List")]

    def serve(self, method, path, body):
        path, _, query = path.partition("?")
        parts = [urllib.parse.unquote(part) for part in path.split("/")[1:]]
        handler = getattr(self, f"{method.lower()}_{parts[0]}", None)
        if handler is None:
            raise Refused(404, "there is nothing at that path")
        return handler(parts[1:], body if method != "GET" else dict(urllib.parse.parse_qsl(query)))

    def find_vm(self, parts):
        for vm in self.vms:
            if parts[0] in (vm["name"], vm.get("uuid")):
                return vm
        raise Refused(404, f"no VM goes by the name {parts[0]}; see the list of VMs")

    def find_pool(self, parts):
        for pool in self.pools:
            if parts[0] == pool["path"]:
                return pool
        raise Refused(404, f"there is no pool {parts[0]}")

    def get_host(self, *_):
        return self.host

    def get_vms(self, parts, _):
        return self.find_vm(parts) if parts else self.vms

    def patch_vms(self, parts, body):
        vm = self.find_vm(parts)
        pool = body.get("pool", vm["pool"])
        self.find_pool([pool])
        vm["pool"] = pool
        vm["config"].update({key: value for key, value in body.items() if key != "pool"})
        return vm

    def get_pools(self, *_):
        return self.pools

    def edit_pool(self, pool, body):
        shares = body.get("shares")
        if shares is not None:
            pool["shares_level"] = shares if shares in SHARES else "custom"
            pool["shares"] = SHARES.get(shares, 0) * 400 or int(shares)
        if "reservation_mb" in body:
            pool["reservation_bytes"] = body["reservation_mb"] * MIB
        if "limit_mb" in body:
            pool["limit_bytes"] = None if body["limit_mb"] == -1 else body["limit_mb"] * MIB
        pool["expandable"] = body.get("expandable", pool["expandable"])
        return pool

    def post_pools(self, _, body):
        if any(pool["path"] == body["path"] for pool in self.pools):
            raise Refused(409, f"the pool {body['path']} is there already")
        return self.edit_pool(self.add_pool(body["path"]), body)

    def patch_pools(self, parts, body):
        return self.edit_pool(self.find_pool(parts), body)

    def delete_pools(self, parts, _):
        pool = self.find_pool(parts)
        if pool["vms"] or pool["pools"]:
            raise Refused(409, f"the pool {parts[0]} is not empty; move its VMs first")
        self.pools.remove(pool)

    def post_do(self, parts, body):
        if parts[0] not in self.methods:
            raise Refused(404, f"there is no method {parts[0]}")
        answer = self.methods[parts[0]]
        if callable(answer):
            answer = answer(body)
        if not isinstance(answer, list):
            return answer
        number = len(self.tasks) + 1
        self.tasks[number] = [{"id": number, "method": parts[0], "percent": 0, "message": None, **step} for step in answer]
        return {"task": number}

    def get_tasks(self, parts, _):
        if not parts:
            return [steps[0] for _, steps in sorted(self.tasks.items(), reverse=True)]
        steps = self.tasks.get(int(parts[0]))
        if not steps:
            raise Refused(404, f"there is no task {parts[0]}")
        return steps.pop(0) if len(steps) > 1 else steps[0]

    def delete_tasks(self, parts, _):
        steps = self.tasks[int(parts[0])]
        steps[:] = [{**steps[0], "state": "error", "message": "Operation was cancelled"}]

    def get_settings(self, *_):
        return self.settings

    def patch_settings(self, _, body):
        for setting in self.settings:
            setting["value"] = body.get(setting["name"], setting["value"])
        return self.settings

    def get_events(self, _, query):
        limit = int(query.get("limit", 100))
        if "after" not in query:
            return self.events[-limit:]
        return [event for event in self.events if event["id"] > int(query["after"])][:limit]

    def get_advice(self, *_):
        return self.advice

# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon's API in its JSON form by the Unix socket, and by it what AerostatManager has.

    manager = Manager("/run/aerostat/aerostatd.sock")
    manager.host()["free_bytes"]                # QueryHostMemory; camelCase becomes snake_case
    manager.vms()[0]["balloon_bytes"]
    manager.run("AddDatastore", name="ds1", path="/store")
    number = manager.start("PowerOnVM", vm="web1")[0]
    manager.task(number)["state"]
"""

import contextlib
import datetime
import http.client
import json
import re
import socket
import urllib.parse

RELEASE = "/sdk/vim25/7.0.0.0"
PATIENCE = 60
TASKS_MAX = 1000

# Figures whose names are not their fields' in words.
NAMES = {"process_id": "pid", "swap_read_bytes_per_second": "swap_reads_bytes_per_s",
         "swap_write_bytes_per_second": "swap_writes_bytes_per_s", "zip_bytes_per_second": "zip_bytes_per_s",
         "unzip_bytes_per_second": "unzip_bytes_per_s", "faults_per_second": "faults_per_s",
         "pages_per_second": "pages_per_s"}
THRESHOLDS = "high_bytes", "soft_bytes", "hard_bytes", "low_bytes"


class Refused(Exception):
    """The daemon's answer was a fault: its type, its sentence, and the status beside it."""

    def __init__(self, status, fault, text):
        super().__init__(f"{fault}: {text}")
        self.status, self.fault, self.text = status, fault, text


class Connection(http.client.HTTPConnection):
    """To a Unix socket."""

    def __init__(self, path, timeout=PATIENCE):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def snake(name):
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return NAMES.get(name, name)


def figures(value):
    return {snake(name): item for name, item in value.items() if name != "_typeName"}


def milliseconds(text):
    """Of a dateTime, since 1970; None: there is none."""
    if text is None:
        return None
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(moment.timestamp() * 1000)


def allocation(shares=None, **more):
    """A ResourceAllocationInfo. shares: a level or a number."""
    if shares is not None:
        custom = str(shares).isdigit()
        more["shares"] = {"_typeName": "SharesInfo", "level": "custom" if custom else shares,
                          "shares": int(shares) if custom else 0}
    return {"_typeName": "ResourceAllocationInfo", **{name: value for name, value in more.items() if value is not None}}


class Manager:
    """kept: by one connection, so that what a session has made is there for the next call; one thread, then."""

    def __init__(self, path, kept=False):
        self.path = path
        self._kept = Connection(path) if kept else None
        self._is_task = None

    def close(self):
        self._kept.close()

    # --- any object ---

    def ask(self, method, path, body=None):
        """Status, and what the answer's JSON says (or its text)."""
        connection = self._kept or Connection(self.path)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            if connection is not self._kept:
                connection.close()
        if answer.headers.get_content_type() == "application/json":
            return answer.status, json.loads(text)
        return answer.status, text

    def _said(self, status, answer):
        if status < 400:
            return answer if answer != "" else None
        if not isinstance(answer, dict):
            raise Refused(status, "", answer)
        raise Refused(status, answer["_typeName"], answer["faultMessage"][0]["message"])

    def call(self, kind, key, method, **arguments):
        return self._said(*self.ask("POST", f"{RELEASE}/{kind}/{urllib.parse.quote(key, safe='')}/{method}", arguments))

    def read(self, kind, key, name):
        return self._said(*self.ask("GET", f"{RELEASE}/{kind}/{urllib.parse.quote(key, safe='')}/{name}"))

    def query(self, method, **arguments):
        return self.call("AerostatManager", "AerostatManager", method, **arguments)

    def metrics(self):
        return self._said(*self.ask("GET", "/metrics"))

    def content(self):
        return self.call("ServiceInstance", "ServiceInstance", "RetrieveServiceContent")

    # --- figures ---

    def host(self):
        host = figures(self.query("QueryHostMemory"))
        host["share"] = figures(host["share"])
        host["thresholds"] = {name: host[name] for name in THRESHOLDS}
        host["state_since_ms"] = milliseconds(host["state_since"])
        return host

    def vms(self):
        found = []
        for value in self.query("QueryVmMemory") or []:
            vm = {"problem": "", "cause": "", "limit_bytes": None, "pager_limit_bytes": None, **figures(value)}
            vm["config"] = {option["key"]: option["value"]["_value"] for option in vm["config"]}
            found.append(vm)
        return found

    def vm(self, name):
        """By name or UUID."""
        for vm in self.vms():
            if name in (vm["name"], vm["uuid"]):
                return vm
        raise KeyError(f"no VM {name} runs")

    def pools(self):
        return [{"limit_bytes": None, **figures(value)} for value in self.query("QueryPoolMemory")]

    def pool(self, path):
        return next(pool for pool in self.pools() if pool["path"] == path)

    def advice(self):
        """vm: the name; None: of the host."""
        return [{**figures(value), "vm": value.get("name")} for value in self.query("QueryAdvice") or []]

    def events(self, after=None, limit=1000):
        query = {} if after is None else {"after": after}
        return [{"vm": None, **figures(value), "time_ms": milliseconds(value["time"])}
                for value in self.query("QueryJournal", limit=limit, **query) or []]

    # --- settings ---

    def _options(self):
        at = self.content()["rootFolder"]
        for name in "childEntity", "hostFolder", "childEntity", "host", "configManager":
            at = self.read(at["type"], at["value"], name)
            at = at[0] if isinstance(at, list) else at
        return at["advancedOption"]["value"]

    def settings(self):
        """By their names."""
        return {option["key"]: option["value"]["_value"]
                for option in self.read("OptionManager", self._options(), "setting")}

    def set(self, **settings):
        """By their whole names: set(**{"Mem.IdleTax": 0})."""
        self.call("OptionManager", self._options(), "UpdateOptions", changedValue=[
            {"_typeName": "OptionValue", "key": name, "value": {"_typeName": "long", "_value": value}}
            for name, value in settings.items()])

    def set_vm(self, name, **settings):
        """Of sched.mem.*, and pool, by their whole names."""
        self.run("ConfigureVM", vm=name, settings={key: str(value) for key, value in settings.items()})

    def preview(self, **vms):
        """preview(web1={"shares": 4000, "reservation": 100}): the target that each VM would have, by its name."""
        known = {vm["name"]: vm["vm"] for vm in self.vms()}
        told = self.query("PreviewAllocation", change=[
            {"_typeName": "AerostatAllocationChange", "entity": known[name], "memoryAllocation": allocation(**asked)}
            for name, asked in vms.items()])
        targets = {found["entity"]["value"]: found["newTargetBytes"] for found in told}
        return {name: targets[vm["value"]] for name, vm in known.items()}

    def set_pool(self, path, shares=None, reservation_mb=None, limit_mb=None, expandable=None):
        """Makes it, or changes it."""
        known = {pool["path"]: pool["pool"] for pool in self.pools()}
        spec = {"_typeName": "ResourceConfigSpec", "cpuAllocation": allocation(),
                "memoryAllocation": allocation(shares, reservation=reservation_mb, limit=limit_mb,
                                               expandableReservation=expandable)}
        if path in known:
            self.call("ResourcePool", known[path]["value"], "UpdateConfig", config=spec)
            return
        parent, name = path.rsplit("/", 1)
        self.call("ResourcePool", known[parent or "/"]["value"], "CreateResourcePool", name=name, spec=spec)

    # --- operations ---

    def is_task(self, operation):
        if self._is_task is None:
            self._is_task = {found["name"]: found["task"] for found in self.query("QueryOperations")}
        return self._is_task.get(operation, False)

    def start(self, operation, **arguments):
        """The number of its task, or (no task) None and its result."""
        words = {"operation": operation, "arguments": json.dumps(arguments)}
        if self.is_task(operation):
            return int(self.query("RunOperation_Task", **words)["value"].removeprefix("task-")), None
        answer = self.query("RunOperation", **words)
        return None, json.loads(answer) if answer is not None else None

    def run(self, operation, **arguments):
        """Of one that is no task."""
        assert not self.is_task(operation), operation
        return self.start(operation, **arguments)[1]

    def _past_task(self, key):
        """Of one whose object is gone: it ended long ago, or in another life of the daemon."""
        with contextlib.closing(Manager(self.path, kept=True)) as session:
            manager = session.content()["taskManager"]["value"]
            collector = session.call("TaskManager", manager, "CreateCollectorForTasks",
                                     filter={"_typeName": "TaskFilterSpec"})["value"]
            while found := session.call("TaskHistoryCollector", collector, "ReadNextTasks", maxCount=TASKS_MAX):
                for info in found:
                    if info["key"] == key:
                        return info
        return None

    def task(self, number):
        key = f"task-{number}"
        try:
            info = self.read("Task", key, "info")
        except Refused as error:
            info = self._past_task(key) if error.fault == "ManagedObjectNotFound" else None
            if info is None:
                raise
        error = info.get("error", {})
        result = info.get("result")
        return {"id": number, "method": info["descriptionId"], "object": info.get("entityName"), "state": info["state"],
                "percent": 100 if info["state"] == "success" else info.get("progress", 0),
                "message": error.get("localizedMessage") or info.get("description", {}).get("message"),
                "result": json.loads(result["_value"]) if result is not None else None}

    def running_tasks(self):
        """Numbers of those that have not ended."""
        found = []
        for task in self.read("TaskManager", self.content()["taskManager"]["value"], "recentTask") or []:
            info = self.read("Task", task["value"], "info")
            if info["state"] in ("queued", "running"):
                found.append(int(task["value"].removeprefix("task-")))
        return found

    def cancel(self, number):
        self.call("Task", f"task-{number}", "CancelTask")

# SPDX-License-Identifier: LGPL-2.1-or-later
"""A host that is not there: its API's JSON form served by this process, well or badly as told."""

import copy
import datetime
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
        "pool": "/", "power": "on", "managed": "pager", "problem": None,
        "memory_bytes": GIB, "granted_bytes": 700 * MIB, "target_bytes": 512 * MIB, "active_bytes": 300 * MIB,
        "consumed_bytes": 600 * MIB, "overhead_bytes": 40 * MIB, "resident_bytes": 560 * MIB,
        "parked_bytes": 10 * MIB, "absent_bytes": 100 * MIB, "private_bytes": 500 * MIB,
        "shared_bytes": 128 * MIB, "saved_bytes": 100 * MIB, "idle_bytes": 300 * MIB,
        "balloon_bytes": 64 * MIB, "balloon_target_bytes": 96 * MIB, "balloon_max_bytes": 665 * MIB,
        "balloon_state": "ok", "swapped_bytes": 32 * MIB, "swap_target_bytes": 48 * MIB,
        "swap_reads_bytes_per_s": 1.5 * MIB, "swap_writes_bytes_per_s": 0.25 * MIB,
        "cache_bytes": 30 * MIB, "cache_used_bytes": 24 * MIB, "compressed_bytes": 60 * MIB, "same_bytes": 20 * MIB,
        "faults_per_s": 2.5, "zip_bytes_per_s": 2 * MIB, "unzip_bytes_per_s": 0.5 * MIB, "pager_limit_bytes": None,
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
            "power": vm.get("power", "off"), "adopted": True, "folder": "/",
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


# Members that the API calls otherwise than by turning a_b into aB.
NAMES = {"pid": "processId", "swap_reads_bytes_per_s": "swapReadBytesPerSecond",
         "swap_writes_bytes_per_s": "swapWriteBytesPerSecond"}
HOST_NAMES = {
    "balloon": {"current_bytes": "balloonBytes", "target_bytes": "balloonTargetBytes", "max_bytes": "balloonMaxBytes"},
    "swap": {"current_bytes": "swappedBytes", "target_bytes": "swapTargetBytes",
             "reads_bytes_per_s": "swapReadBytesPerSecond", "writes_bytes_per_s": "swapWriteBytesPerSecond"},
    "zip": {"zipped_bytes": "zippedBytes", "saved_bytes": "zipSavedBytes", "zip_bytes_per_s": "zipBytesPerSecond",
            "unzip_bytes_per_s": "unzipBytesPerSecond"},
    "thresholds": {},
}
STATUS = {"NotAuthenticated": 401, "InvalidLogin": 401, "NoPermission": 403, "NotFound": 404,
          "ManagedObjectNotFound": 404, "InvalidArgument": 400}
KINDS = {"not_found": "NotFound", "cancelled": "RequestCanceled"}


def camel(name):
    if name in NAMES:
        return NAMES[name]
    first, *others = name.replace("_per_s", "_per_second").split("_")
    return first + "".join(word.capitalize() for word in others)


def moment(ms):
    try:
        when = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)
    except (OverflowError, TypeError):
        return ms
    return when.isoformat(timespec="milliseconds") + "Z"


def typed(kind, members):
    """What is None is unset."""
    return {"_typeName": kind, **{name: value for name, value in members.items() if value is not None}}


def option(key, value, kind="string"):
    return typed("OptionValue", {"key": key, "value": {"_typeName": kind, "_value": value}})


def reference(kind, id):
    return typed("ManagedObjectReference", {"type": kind, "value": id})


def api_vm(vm):
    members = {camel(name): value for name, value in vm.items() if name != "config"}
    for name in ("problem", "cause"):
        members[name] = members.get(name) or None
    members["config"] = [option(key, value) for key, value in (vm.get("config") or {}).items()]
    return typed("AerostatVmMemory", members)


def api_pool(pool):
    return typed("AerostatPoolMemory", {**{camel(name): value for name, value in pool.items()},
                                        "pool": reference("ResourcePool", f"resgroup{pool.get('path')}")})


def api_host(host):
    members = {}
    for name, value in host.items():
        if name in HOST_NAMES and isinstance(value, dict):
            members.update({HOST_NAMES[name].get(inner, camel(inner)): v for inner, v in value.items()})
        elif name == "share" and isinstance(value, dict):
            members[name] = typed("AerostatSharing", {"processors" if inner == "cpu" else camel(inner): v
                                                      for inner, v in value.items()})
        elif name == "state_since_ms":
            members["stateSince"] = moment(value)
        elif name != "version":
            members[camel(name)] = value
    return typed("AerostatHostMemory", members)


def api_option(setting):
    unit = f" ({setting['unit']})" if setting.get("unit") else ""
    kind = typed("LongOption", {"valueIsReadonly": False, "min": setting.get("min"), "max": setting.get("max"),
                                "defaultValue": setting.get("default")})
    return typed("OptionDef", {"key": setting["name"], "label": setting["name"], "optionType": kind,
                               "summary": setting.get("help", "") + unit})


def api_task(task):
    state, message = task.get("state"), task.get("message")
    fault = typed(KINDS.get(task.get("errorKind"), "SystemError"), {})
    times = {name: moment(task[member]) for name, member in
             (("queueTime", "queued_ms"), ("startTime", "started_ms"), ("completeTime", "ended_ms"))
             if task.get(member)}
    failed = state == "error"
    return typed("TaskInfo", {
        "key": f"task-{task['id']}", "name": "RunOperation_Task", "descriptionId": task["method"], "state": state,
        "entityName": task.get("object"), "progress": task.get("percent") if state == "running" else None,
        "description": typed("LocalizableMessage", {"key": "x", "message": message}) if not failed else None,
        "error": typed("LocalizedMethodFault", {"fault": fault, "localizedMessage": message}) if failed else None,
        "result": json.dumps(task["result"]) if "result" in task else None, **times})


class Refused(Exception):
    def __init__(self, fault, sentence, **members):
        super().__init__(sentence)
        self.fault, self.members = fault, members

    @property
    def status(self):
        return STATUS.get(self.fault, 500)

    @property
    def body(self):
        message = typed("LocalizableMessage", {"key": "x", "message": str(self)})
        return typed(self.fault, {"faultMessage": [message], **self.members})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass

    def read_call(self):
        """Type, id, name and arguments; of an operation "do", "", its name, and its arguments."""
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        kind, id, name = [urllib.parse.unquote(part) for part in self.path.split("/")[4:]]
        if name.startswith("RunOperation"):
            return "do", name, body["operation"], json.loads(body["arguments"])
        return kind, id, name, body

    def answer(self):
        daemon = self.server.daemon
        kind, id, name, arguments = self.read_call()
        with daemon.lock:
            daemon.requests.append((kind, name, arguments))
            if daemon.raw is not None:
                self.close_connection = True
                self.wfile.write(daemon.raw)
                return
            try:
                for prefix, refusal in daemon.refuse.items():
                    if name.startswith(prefix):
                        raise Refused(*refusal)
                result = daemon.serve(kind, id, name, arguments)
                status = 200 if result is not None else 204
            except Refused as refused:
                status, result = refused.status, refused.body
            data = b"" if result is None else json.dumps(result).encode()
            mangled = daemon.mangle(data)
            status = 200 if mangled != data else status
        daemon.gate.wait(30)
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(mangled)))
            self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(mangled)

    do_GET = do_POST = answer


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 32

    def handle_error(self, *_):
        pass  # a client that went away, which tests do on purpose


class Daemon:
    """One socket and what is behind it.

    mangle   changes the bytes of every answer
    raw      bytes sent instead of any answer, headers included
    requests  (type, method or property, arguments) of each call; of an operation ("do", its name, its arguments)
    refuse   {beginning of a method's, property's or operation's name: (fault, sentence)}
    stuck    {name of a VM: (fault, sentence)}, for ConfigureVM
    asked    the ids of tasks that were asked for
    gate     cleared, every answer waits until it is set
    methods  {name of an operation: what it answers, or a function of its arguments}; a list is a task: of what
             its info says one after the other, the last again and again; a tuple is an answer that is a list
    inventory  {name of a VM: what ListVMs says of it besides the usual}; one that is not in vms does not run
    """

    def __init__(self):
        # Short: the path of a socket has 107 bytes at most.
        self.dir = tempfile.mkdtemp(prefix="aerostat-")
        self.path = os.path.join(self.dir, "d.sock")
        self.host = copy.deepcopy(HOST)
        self.vms, self.pools, self.events, self.advice = [], [plausible_pool("/")], [], []
        self.settings = copy.deepcopy(SETTINGS)
        self.requests, self.refuse, self.stuck, self.asked = [], {}, {}, set()
        self.exit_code = 0
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
        """Of operations all but lists; of other calls those that make something another."""
        changing = ("CreateResourcePool", "UpdateConfig", "Destroy_Task", "UpdateOptions", "CancelTask", "ReconfigVM_Task")
        return [request for request in self.requests
                if (not request[1].startswith("List") if request[0] == "do" else request[1] in changing)]

    def serve(self, kind, id, name, arguments):
        if kind == "do":
            return self.run(name, arguments, id.endswith("_Task"))
        handler = getattr(self, f"{kind}_{name}", None)
        if handler is None:
            raise Refused("MethodNotFound", f"there is no method \"{kind}.{name}\"")
        return handler(id, **(arguments or {}))

    def find_vm(self, name):
        for vm in self.vms:
            if name in (vm["name"], vm.get("uuid")):
                return vm
        raise Refused("NotFound", f"no VM goes by the name {name}; see the list of VMs")

    def find_pool(self, path):
        for pool in self.pools:
            if path == pool["path"]:
                return pool
        raise Refused("NotFound", f"there is no pool {path}")

    # Where things are.

    def ServiceInstance_content(self, _):
        about = typed("AboutInfo", {"licenseProductVersion": self.host.get("version")})
        return typed("ServiceContent", {"rootFolder": reference("Folder", "group-d1"), "about": about,
                                        "taskManager": reference("TaskManager", "TaskManager"),
                                        "guestOperationsManager": reference("GuestOperationsManager", "guest")})

    def ViewManager_CreateContainerView(self, _, **wanted):
        assert wanted["type"] == ["HostSystem"] and wanted["container"]["value"] == "group-d1"
        return reference("ContainerView", "view")

    def ContainerView_view(self, _):
        return [reference("HostSystem", "host-1")]

    def ContainerView_DestroyView(self, _):
        return None

    def HostSystem_configManager(self, _):
        return typed("HostConfigManager", {"advancedOption": reference("OptionManager", "options")})

    # AerostatManager.

    def AerostatManager_QueryHostMemory(self, _):
        return api_host(self.host)

    def AerostatManager_QueryVmMemory(self, _):
        return [api_vm(vm) for vm in self.vms]

    def AerostatManager_QueryPoolMemory(self, _):
        return [api_pool(pool) for pool in self.pools]

    def AerostatManager_QueryAdvice(self, _):
        return [typed("AerostatAdvice", {"name" if name == "vm" else camel(name): value
                                         for name, value in advice.items()}) for advice in self.advice]

    def AerostatManager_QueryJournal(self, _, limit=100, after=None):
        events = self.events[-limit:] if after is None else [e for e in self.events if e["id"] > after][:limit]
        return [typed("AerostatEvent", {"time": moment(event["time_ms"]),
                                        **{name: value for name, value in event.items() if name != "time_ms"}})
                for event in events]

    def AerostatManager_QueryOperations(self, _):
        names = {**self.methods, "ConfigureVM": None}
        return [typed("AerostatOperation", {"name": name, "task": name in self.task_methods,
                                            "privilege": "System.Read"}) for name in names]

    # Settings and pools.

    def OptionManager_supportedOption(self, _):
        return [api_option(setting) for setting in self.settings]

    def OptionManager_setting(self, _):
        return [option(setting["name"], setting["value"], "long") for setting in self.settings]

    def OptionManager_UpdateOptions(self, _, changedValue):
        for setting in self.settings:
            for change in changedValue:
                if change["key"] == setting["name"]:
                    setting["value"] = change["value"]["_value"]

    def edit_pool(self, pool, spec):
        memory = spec["memoryAllocation"]
        if "shares" in memory:
            level = memory["shares"]["level"]
            pool["shares_level"] = level
            pool["shares"] = SHARES.get(level, 0) * 400 or memory["shares"]["shares"]
        if "reservation" in memory:
            pool["reservation_bytes"] = memory["reservation"] * MIB
        if "limit" in memory:
            pool["limit_bytes"] = None if memory["limit"] == -1 else memory["limit"] * MIB
        pool["expandable"] = memory.get("expandableReservation", pool["expandable"])

    def ResourcePool_CreateResourcePool(self, id, name, spec):
        path = f"{id[len('resgroup'):].rstrip('/')}/{name}"
        if any(pool["path"] == path for pool in self.pools):
            raise Refused("DuplicateName", f"the pool {path} is there already")
        self.edit_pool(self.add_pool(path), spec)
        return reference("ResourcePool", f"resgroup{path}")

    def ResourcePool_UpdateConfig(self, id, config=None, name=None):
        pool = self.find_pool(id[len("resgroup"):])
        if config is not None:
            self.edit_pool(pool, config)
        if name is not None:
            pool["path"] = f"{pool['path'].rpartition('/')[0]}/{name}"

    def SearchIndex_FindByUuid(self, _, uuid, vmSearch):
        return reference("VirtualMachine", f"vm-{self.find_vm(uuid)['name']}")

    def GuestOperationsManager_fileManager(self, _):
        return reference("GuestFileManager", "files")

    def GuestOperationsManager_processManager(self, _):
        return reference("GuestProcessManager", "processes")

    def GuestProcessManager_StartProgramInGuest(self, _, **__):
        return 77

    def GuestProcessManager_ListProcessesInGuest(self, _, pids=(), **__):
        return [{"_typeName": "GuestProcessInfo", "name": "sh", "pid": 77, "owner": "ann", "cmdLine": "sh \n-c",
                 **({"endTime": "2026-01-01T00:00:00Z", "exitCode": self.exit_code} if pids else {})}]

    def GuestProcessManager_TerminateProcessInGuest(self, _, **__):
        return None

    def GuestFileManager_ListFilesInGuest(self, _, index=0, **__):
        names = ["a", "b\n", "c"][index:][:2]
        return {"_typeName": "GuestListFileInfo", "files": [{"_typeName": "GuestFileInfo", "path": name} for name in names],
                "remaining": 3 - index - len(names)}

    def change_guest(self, _, **__):
        return None

    GuestFileManager_MakeDirectoryInGuest = GuestFileManager_DeleteFileInGuest = change_guest
    GuestFileManager_DeleteDirectoryInGuest = GuestFileManager_MoveFileInGuest = change_guest
    GuestFileManager_MoveDirectoryInGuest = change_guest

    def VirtualMachine_ReconfigVM_Task(self, id, spec):
        if id[len("vm-"):] in self.stuck:
            raise Refused(*self.stuck[id[len("vm-"):]])
        self.tasks[len(self.tasks) + 1] = [{"id": len(self.tasks) + 1, "method": "ReconfigVM", "percent": 100, "message": None,
                                            "state": "success"}]
        return reference("Task", f"task-{len(self.tasks)}")

    def ResourcePool_Destroy_Task(self, id):
        self.pools.remove(self.find_pool(id[len("resgroup"):]))
        return reference("Task", "task-q1")

    # Operations and tasks.

    def configure(self, arguments):
        vm = self.find_vm(arguments["vm"])
        settings = arguments["settings"]
        if vm["name"] in self.stuck:
            raise Refused(*self.stuck[vm["name"]])
        self.find_pool(settings.get("pool", vm["pool"]))
        vm["pool"] = settings.get("pool", vm["pool"])
        vm["config"].update({key: value for key, value in settings.items() if key != "pool"})

    @property
    def task_methods(self):
        return {name for name, answer in self.methods.items() if isinstance(answer, list)}

    def run(self, name, arguments, as_task):
        if name == "ConfigureVM":
            return self.configure(arguments)
        if name not in self.methods or as_task != (name in self.task_methods):
            raise Refused("InvalidArgument", f"there is no method {name}")
        answer = self.methods[name]
        if callable(answer):
            answer = answer(arguments)
        if not as_task:
            return None if answer is None else json.dumps(answer)
        number = len(self.tasks) + 1
        self.tasks[number] = [{"id": number, "method": name, "percent": 0, "message": None, **step} for step in answer]
        return reference("Task", f"task-{number}")

    def TaskManager_CreateCollectorForTasks(self, _, filter):
        return reference("TaskHistoryCollector", "tasks")

    def TaskHistoryCollector_ReadPreviousTasks(self, _, maxCount):
        return [api_task(steps[0]) for _, steps in sorted(self.tasks.items())][-maxCount:]

    def TaskHistoryCollector_DestroyCollector(self, _):
        return None

    def Task_info(self, id):
        steps = self.tasks.get(int(id[len("task-"):]))
        self.asked.add(id)
        if not steps:
            raise Refused("ManagedObjectNotFound", f"there is no object {id}")
        return api_task(steps.pop(0) if len(steps) > 1 else steps[0])

    def Task_CancelTask(self, id):
        steps = self.tasks[int(id[len("task-"):])]
        steps[:] = [{**steps[0], "state": "error", "message": "Operation was cancelled"}]

# SPDX-License-Identifier: LGPL-2.1-or-later
"""A property collector's updates as server-sent events, read by hand as a browser reads them."""

import json
import select
import socket

import pytest

from conftest import PASSWORD, PATIENCE, USER, answer_of, wait_until

JSON = "/sdk/vim25/7.0.0.0"
MANAGER = f"{JSON}/SessionManager/SessionManager"
STREAMS_MAX = 16


class Session:
    """Who has logged in, and calls by JSON with the cookie as a browser does."""

    def __init__(self, host, user=USER, password=PASSWORD):
        self.host = host
        self.connection = host.plain()
        status, headers, _ = answer_of(self.connection, "POST", f"{MANAGER}/Login",
                                       {"userName": user, "password": password})
        assert status == 200
        self.headers = {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def call(self, kind, id, method, /, **arguments):
        status, _, body = answer_of(self.connection, "POST", f"{JSON}/{kind}/{id}/{method}", arguments, self.headers)
        assert status in (200, 204), body
        return body or None

    def read(self, kind, id, name):
        return answer_of(self.connection, "GET", f"{JSON}/{kind}/{id}/{name}", headers=self.headers)[2]

    def collector(self):
        return self.call("PropertyCollector", "propertyCollector", "CreatePropertyCollector")["value"]

    def watch(self, collector, kind, id, *paths, **more):
        """Adds a filter of one object."""
        return self.call("PropertyCollector", collector, "CreateFilter", partialUpdates=False, spec={
            "_typeName": "PropertyFilterSpec",
            "propSet": [{"_typeName": "PropertySpec", "type": kind, "pathSet": list(paths)}],
            "objectSet": [{"_typeName": "ObjectSpec", "obj": reference(kind, id), **more}]})["value"]

    def say(self, message):
        self.call("SessionManager", "SessionManager", "UpdateServiceMessage", message=message)

    def stream(self, collector, query="", **headers):
        return Stream(self.host, f"{JSON}/PropertyCollector/{collector}/updates{query}", {**self.headers, **headers})

    def close(self):
        self.connection.close()


class Stream:
    """What an EventSource does. buffer: bytes that the kernel may keep of what it does not read."""

    def __init__(self, host, path, headers, buffer=None):
        self.connection = host.plain()
        if buffer is not None:
            self.connection.sock = socket.socket()
            self.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            self.connection.sock.settimeout(PATIENCE)
            self.connection.sock.connect(("127.0.0.1", host.plain_port))
        self.connection.request("GET", path, headers=headers)
        self.socket = self.connection.sock  # which http.client gives to the answer
        self.answer = self.connection.getresponse()
        self.status, self.headers = self.answer.status, self.answer.headers

    def event(self):
        """The next: {"event": ..., "id": ..., "data": of its JSON}; None: the stream has ended."""
        found = {}
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(":")
            if line == "\n" and found:
                return found
            if name:
                value = value.removeprefix(" ")
                found[name] = json.loads(value) if name == "data" else value
        assert not found
        return None

    def fault(self):
        """That ends it."""
        event = self.event()
        assert event["event"] == "fault"
        assert self.event() is None
        return event

    def has_more(self):
        """Whether something has come since the last event."""
        return bool(select.select([self.socket], [], [], 0)[0])

    def close(self):
        self.answer.close()
        self.connection.close()


def reference(kind, id):
    return {"_typeName": "ManagedObjectReference", "type": kind, "value": id}


def changes(event):
    """(kind, object's id, {name: value}) of each update in a message."""
    return [(update["kind"], update["obj"]["value"],
             {change["name"]: change.get("val") for change in update.get("changeSet", [])})
            for of_filter in event["data"].get("filterSet", []) for update in of_filter["objectSet"]]


def message_in(event):
    """Of the SessionManager, as tests here set it; anyType's strings are written with their type."""
    (_, _, values), = changes(event)
    value = values["message"]
    return value["_value"] if isinstance(value, dict) else value


@pytest.fixture
def session(host):
    made = Session(host)
    yield made
    made.close()


@pytest.fixture
def collector(session):
    """Which sees the message of the SessionManager."""
    made = session.collector()
    session.watch(made, "SessionManager", "SessionManager", "message")
    return made


def test_updates_come_by_themselves(session, collector):
    session.say("before")
    stream = session.stream(collector)
    assert stream.status == 200 and stream.headers.get_content_type() == "text/event-stream"
    assert stream.headers["Cache-Control"] == "no-store"
    first = stream.event()
    assert first["data"]["_typeName"] == "UpdateSet" and first["id"] == first["data"]["version"]
    assert changes(first)[0][:2] == ("enter", "SessionManager") and message_in(first) == "before"
    session.say("one\nevent: fault\n\n")
    second = stream.event()
    assert changes(second)[0][0] == "modify" and message_in(second).startswith("one")
    assert second["id"] != first["id"]
    other = session.watch(collector, "Folder", session.host.root_folder()["value"], "name")
    third = stream.event()
    assert third["data"]["filterSet"][0]["filter"]["value"] == other
    stream.close()


def test_it_is_what_the_call_says(session, collector):
    stream = session.stream(collector)
    said = stream.event()["data"]
    stream.close()
    # The stream's own call may still wait when this one begins; then it is that one that ends.
    asked = session.call("PropertyCollector", collector, "WaitForUpdatesEx", version="")
    assert {**asked, "version": None} == {**said, "version": None}


def test_going_on_from_a_version(session, collector):
    stream = session.stream(collector)
    last = stream.event()["id"]
    stream.close()
    for query, with_header in (("?version={}", False), ("", True), ("?version=nonsense", True)):
        session.say(f"meanwhile {query}")
        stream = session.stream(collector, query.format(last), **({"Last-Event-ID": last} if with_header else {}))
        event = stream.event()
        assert changes(event)[0][0] == "modify" and message_in(event) == f"meanwhile {query}"
        last = event["id"]
        stream.close()


def test_what_was_written_counts_as_read(session, collector):
    """So who has lost it begins anew, as the fault says."""
    stream = session.stream(collector)
    first = stream.event()["id"]
    # The version before the last is good for one who asks again; the one before that is not.
    for text in "read", "lost":
        session.say(text)
        stream.event()
    stream.close()
    fault = session.stream(collector, f"?version={first}").fault()
    assert fault["data"]["_typeName"] == "InvalidCollectorVersion"
    assert fault["id"] == ""  # so that a browser that comes again says no version
    assert message_in(session.stream(collector).event()) == "lost"


@pytest.mark.parametrize("query", ["?version=nonsense", "?version=00000000.7"])
def test_unknown_version(session, collector, query):
    event = session.stream(collector, query).fault()
    assert event["data"]["_typeName"] == "InvalidCollectorVersion"
    assert event["id"] == ""


def test_another_call_takes_over(session, collector):
    stream = session.stream(collector)
    last = stream.event()["id"]

    def ends():
        """What a client has read, the server may not have written yet, as far as it knows: then it does not wait
        yet, and this call ends nobody's waiting and changes nothing."""
        session.call("PropertyCollector", collector, "WaitForUpdatesEx", version=last,
                     options={"_typeName": "WaitOptions", "maxWaitSeconds": 0})
        return stream.has_more()
    wait_until(ends, "the stream to be ended")
    assert stream.fault()["data"]["_typeName"] == "RequestCanceled"


def test_collector_is_destroyed(session, collector):
    stream = session.stream(collector)
    stream.event()
    session.call("PropertyCollector", collector, "DestroyPropertyCollector")
    # Whether the stream waited already, or was about to.
    assert stream.fault()["data"]["_typeName"] in ("RequestCanceled", "ManagedObjectNotFound")
    assert session.stream(collector).status == 404


def test_session_ends(session, collector):
    stream = session.stream(collector)
    stream.event()
    session.call("SessionManager", "SessionManager", "Logout")
    assert stream.fault()["data"]["_typeName"] == "NotAuthenticated"
    assert session.stream(collector).status == 401


def test_who_may_not(host, session, collector):
    path = f"{JSON}/PropertyCollector/{collector}/updates"
    assert Stream(host, path, {}).status == 401
    assert Stream(host, f"{JSON}/PropertyCollector/propertyCollector/updates", {}).status == 401
    assert Stream(host, path, {**session.headers, "Origin": "https://evil.example"}).status == 403
    stranger = Session(host)
    assert stranger.stream(collector).status == 404
    stranger.close()
    assert session.stream("none").status == 404
    connection = host.plain()
    assert answer_of(connection, "HEAD", path, headers=session.headers)[0] == 405
    assert answer_of(connection, "POST", path, {}, session.headers)[0] == 404
    connection.close()


def test_the_collector_that_every_session_has(session):
    session.watch("propertyCollector", "SessionManager", "SessionManager", "message")
    stream = session.stream("propertyCollector")
    assert changes(stream.event())[0][0] == "enter"
    session.say("by default")
    assert message_in(stream.event()) == "by default"
    stream.close()


def test_large_sets_come_in_parts(session):
    center = session.read("Folder", session.host.root_folder()["value"], "childEntity")[0]["value"]
    folder = session.read("Datacenter", center, "vmFolder")["value"]
    many = [session.call("Folder", folder, "CreateFolder", name=f"many {number}")["value"] for number in range(250)]
    collector = session.collector()
    session.watch(collector, "Folder", folder, "name", skip=False, selectSet=[
        {"_typeName": "TraversalSpec", "type": "Folder", "path": "childEntity", "skip": False}])
    stream = session.stream(collector)
    first, second = stream.event(), stream.event()
    assert first["data"]["truncated"] is True and not second["data"].get("truncated")
    assert len(changes(first)) == 200
    assert {id for _, id, _ in changes(first) + changes(second)} >= set(many)
    stream.close()
    for id in many:
        session.call("Folder", id, "Destroy_Task")


def test_not_more_streams_than_may_be(session):
    collectors = [session.collector() for _ in range(STREAMS_MAX + 1)]
    streams = [session.stream(collector) for collector in collectors[:-1]]
    assert {stream.status for stream in streams} == {200}
    assert session.stream(collectors[-1]).status == 503
    streams[0].close()

    def opens():
        stream = session.stream(collectors[-1])
        stream.close()
        return stream.status == 200
    wait_until(opens, "a stream to be given back")
    for stream in streams[1:]:
        stream.close()


def test_client_that_goes_away(host, session, collector):
    before = host.descriptors()
    stream = session.stream(collector)
    stream.event()
    stream.socket.shutdown(socket.SHUT_RDWR)
    stream.close()
    wait_until(lambda: host.descriptors() <= before, "the stream to be closed")
    session.say("nobody listens")


def test_client_that_does_not_read(host, session, collector):
    """Nothing is kept for it; what it reads in the end is where things are."""
    stream = Stream(host, f"{JSON}/PropertyCollector/{collector}/updates", session.headers, buffer=4096)
    stream.event()
    before, changed = host.resident_bytes(), 6000
    for number in range(changed):
        session.say(f"{number} ".ljust(4000, "x"))
    assert host.resident_bytes() - before < 4 << 20
    session.say("the last")
    seen = 0
    while message_in(stream.event()) != "the last":
        seen += 1
    assert seen < changed / 2
    stream.close()


def test_a_stream_that_waits_keeps_its_session(host):
    """As a call that waits does; and nothing else of it does."""
    from conftest import Host
    short = Host("SessionTimeout=1")
    try:
        short.start()
        short.add_account(USER, PASSWORD)
        waits, idle = Session(short), Session(short)
        made = waits.collector()
        waits.watch(made, "SessionManager", "SessionManager", "message")
        stream = waits.stream(made)
        stream.event()

        def users():
            return [one["userName"] for one in short.call("GET", f"{MANAGER}/sessionList")[1]]
        wait_until(lambda: users().count(USER) == 1, "the idle session to end")
        waits.say("still here")
        assert message_in(stream.event()) == "still here"
        stream.close()
        wait_until(lambda: users().count(USER) == 0, "the other to end")
        idle.close()
        short.end()
    finally:
        short.close()

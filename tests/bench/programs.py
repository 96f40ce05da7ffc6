# SPDX-License-Identifier: MIT
"""What smtp-receive and smtp-send cost beside Postfix's smtp-sink and smtp-source, on loopback.

Only the processor time of the process that is measured counts. The contenders take turns, so that what
else the machine does falls on all of them alike. Postfix's programs come out of its package, which is not
installed; without it there is nothing to compare with, and that is said.
"""
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "interop"))
import debs

HOST = "127.0.0.1"
PATIENCE = 60  # seconds for one run
ENVELOPE = ["-f", "a@example.com", "-t", "b@example.org"]
KIB = 1024
# What is sent: name, octets of a message, messages, whether each has a connection of its own.
SERVER_ROWS = [("1 KiB", KIB, 1000, False), ("10 KiB", 10 * KIB, 1000, False),
               ("1 MiB", KIB * KIB, 50, False), ("1 KiB, one message a connection", KIB, 1000, True)]
CLIENT_ROWS = [("1 KiB", KIB, 2000, "smtp-sink"), ("10 KiB", 10 * KIB, 1000, "smtp-sink"),
               ("1 MiB", KIB * KIB, 50, "smtp-sink"),
               ("1 KiB, to smtp-receive (CHUNKING)", KIB, 2000, "smtp-receive")]
CONNECTIONS = 10
IDLE = 10_000


def processors():
    """(that of what is measured, that of its peer): two where there are two."""
    here = sorted(os.sched_getaffinity(0))
    return {here[-1]}, {here[0]}


MEASURED, PEER = processors()


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def prepare(processor):
    """What a child does before it becomes the program."""
    def child():
        os.sched_setaffinity(0, processor)
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return child


class Server:
    """A server that runs while several clients come."""

    def __init__(self, command, port=None, environment=None, processor=None):
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=subprocess.STDOUT, env=environment, preexec_fn=prepare(processor or MEASURED))
        self.port = port
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise

    def said(self):
        return os.pread(self.output.fileno(), 4096, 0).decode(errors="replace")

    def wait(self):
        """Until it listens: it says so itself, or there is somebody at its port."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            told = re.search(r"listening on \S+:(\d+)", self.said())
            if told:
                self.port = int(told.group(1))
                return
            if self.port:
                with socket.socket() as probe:
                    if probe.connect_ex((HOST, self.port)) == 0:
                        return
            time.sleep(0.01)
        sys.exit(f"{self.process.args[0]} does not answer: {self.said()}")

    def processor_time(self):
        """Seconds so far, threads included, once it has come to rest."""
        clock = (~self.process.pid << 3) | 2  # as clock_getcpuclockid(3) makes it
        last, end = -1.0, time.monotonic() + 2
        while time.monotonic() < end:
            now = time.clock_gettime(clock)
            if now - last < 20e-6:
                break
            last = now
            time.sleep(0.01)
        return now

    def resident(self):
        """Octets."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * KIB

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()


def client_time(command, environment=None, content=b"", processor=None):
    """Runs a client to its end. Returns the seconds of processor time that it took."""
    with tempfile.TemporaryFile() as message, tempfile.TemporaryFile() as output:
        message.write(content)
        message.seek(0)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([str(word) for word in command], stdin=message, stdout=output,
                              stderr=subprocess.STDOUT, env=environment, timeout=PATIENCE,
                              preexec_fn=prepare(processor or MEASURED), check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            output.seek(0)
            sys.exit(f"{command[0]}: status {done.returncode}: {output.read(400)}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def letter(octets):
    """A message as smtp-source makes them: lines of 80 octets."""
    head = b"From: a@example.com\r\nTo: b@example.org\r\nSubject: hello\r\n\r\n"
    return (head + (b"X" * 78 + b"\r\n") * (octets // 80 + 1))[:octets - 2] + b"\r\n"


class Bench:
    def __init__(self, examples, quick, rounds):
        self.examples, self.quick, self.rounds = pathlib.Path(examples), quick, rounds
        self.load = self.examples.parent / "tests" / "bench" / "load"
        self.postfix = debs.unpack("postfix")
        self.environment = debs.environment(self.postfix) if self.postfix else None
        self.rows = {}
        self.servers = []

    def receive(self, processor=None, *options):
        server = Server([self.examples / "smtp-receive", "--listen", f"{HOST}:0", "--discard", *options],
                        processor=processor)
        self.servers.append(server)
        return server

    def sink(self, processor=None):
        port = free_port()  # it cannot choose one itself
        user = ["-u", "root"] if os.geteuid() == 0 else []
        server = Server([self.postfix / "usr/sbin/smtp-sink", "-4", *user, "-h", "sink.example",
                         f"{HOST}:{port}", "1000"], port, self.environment, processor)
        self.servers.append(server)
        return server

    def chosen(self, rows):
        return rows[::3] if self.quick else rows

    def messages(self, wanted):
        return max(wanted // 20, CONNECTIONS) if self.quick else wanted

    def source(self, port, octets, messages, each=False, processor=None):
        keep = [] if each else ["-d"]
        return client_time([self.postfix / "usr/sbin/smtp-source", "-4", *keep, "-s", CONNECTIONS, "-m",
                            messages, "-l", octets, "-C", "10", "-M", "client.example", *ENVELOPE,
                            f"{HOST}:{port}"], self.environment, processor=processor)

    def send(self, port, octets, messages):
        return client_time([self.examples / "smtp-send", "--server", f"{HOST}:{port}", "--tls", "none",
                            "--from", "a@example.com", "--to", "b@example.org", "--connections",
                            CONNECTIONS, "--count", messages // CONNECTIONS], content=letter(octets))

    def note(self, table, row, column, value, unit="us"):
        """One more sample."""
        rows = self.rows.setdefault(table, {}).setdefault(row, {})
        rows.setdefault(column, (unit, []))[1].append(value)

    def servers_in_turn(self):
        contenders = [("smtp-sink", self.sink()), ("smtp-receive", self.receive())]
        for name, octets, wanted, each in self.chosen(SERVER_ROWS):
            messages = self.messages(wanted)
            for turn in range(-1, self.rounds):  # the first is not counted
                for column, server in contenders if turn % 2 else contenders[::-1]:
                    before = server.processor_time()
                    self.source(server.port, octets, messages, each, PEER)
                    if turn >= 0:
                        spent = server.processor_time() - before
                        self.note("servers", name, column, spent / messages * 1e6)

    def clients_in_turn(self):
        sinks = {"smtp-sink": self.sink(PEER), "smtp-receive": self.receive(PEER)}
        for name, octets, wanted, peer in self.chosen(CLIENT_ROWS):
            messages = self.messages(wanted)
            port = sinks[peer].port
            runs = {"smtp-source": self.source, "smtp-send": self.send}
            # What it costs to start and to send one message on each connection is not the messages' cost.
            # A quick run has too few of them to tell the two apart.
            starts = {column: statistics.median(run(port, octets, CONNECTIONS) for _ in range(self.rounds))
                      if not self.quick else 0 for column, run in runs.items()}
            counted = max(messages - CONNECTIONS, CONNECTIONS)
            for turn in range(self.rounds):
                for column in sorted(runs, reverse=bool(turn % 2)):
                    spent = runs[column](port, octets, counted + CONNECTIONS) - starts[column]
                    self.note("clients", name, column, spent / counted * 1e6)

    def one_write(self):
        """MAIL, RCPT and BDAT LAST in one write, from a client that costs nothing."""
        server = self.receive()
        messages = self.messages(5000)
        for _ in range(self.rounds):
            before = server.processor_time()
            client_time([self.load, server.port, CONNECTIONS, messages, KIB], processor=PEER)
            spent = server.processor_time() - before
            self.note("servers", "1 KiB, MAIL RCPT BDAT in one write", "smtp-receive", spent / messages * 1e6)

    def idle(self):
        """What a connection takes that has said EHLO and nothing else."""
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        count = 500 if self.quick else min(IDLE, hard - 100)
        server = self.receive(None, "--max-connections", count + 10)
        before = server.resident()
        holder = subprocess.Popen([str(self.load), str(server.port), str(count), "0", "0"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  preexec_fn=prepare(PEER))
        try:
            if holder.stdout.readline() != b"ready\n":
                sys.exit(f"{count} connections could not be opened")
            self.note("idle", f"{count} connections", "octets each", (server.resident() - before) / count,
                      "octets")
        finally:
            holder.stdin.close()
            holder.wait(PATIENCE)
            holder.stdout.close()

    def stop(self):
        for server in self.servers:
            server.stop()
        self.servers = []


def measure(examples, quick, rounds):
    """{table: {row: {column: (unit, samples)}}}: microseconds of processor time a message, and octets."""
    bench = Bench(examples, quick, rounds)
    steps = [bench.one_write, bench.idle]
    if bench.postfix:
        steps[:0] = [bench.servers_in_turn, bench.clients_in_turn]
    else:
        print("Postfix's package cannot be had: nothing to compare with", file=sys.stderr)
    for step in steps:
        try:
            step()
        finally:
            bench.stop()
    return bench.rows

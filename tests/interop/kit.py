# SPDX-License-Identifier: MIT
"""What the tests share: how they are registered, the two programs, certificates, other peers."""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

import debs
import maildir

HOST = "127.0.0.1"
NAME = "server.example"  # what the server calls itself, and its certificate too
PATIENCE = 20            # seconds for what takes none
TESTS = {}


class Failure(Exception):
    """The program did not do what it should."""


class Skip(Exception):
    """What the test needs cannot be had here."""


def check(right, why):
    if not right:
        raise Failure(why)


def same(got, wanted, what):
    """Compares octets or other values, and shows where they part."""
    if got == wanted:
        return
    if isinstance(got, bytes) and isinstance(wanted, bytes):
        at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b),
                  min(len(got), len(wanted)))
        raise Failure(f"{what}: {len(got)} octets, {len(wanted)} wanted; from octet {at} on "
                      f"{got[max(at - 10, 0):at + 30]!r}, wanted "
                      f"{wanted[max(at - 10, 0):at + 30]!r}")
    raise Failure(f"{what}: {got!r}, wanted {wanted!r}")


def test(limit=60):
    """Registers a function as a test: curl_plain of receive.py is receive/curl-plain."""
    def register(function):
        function.limit = limit
        module = function.__module__
        TESTS[f"{module}/{function.__name__.replace('_', '-')}"] = function
        return function
    return register


def tool(name, peer=None):
    path = shutil.which(name)
    if path is None:
        raise Skip(f"peer {peer or name} cannot be had")
    return path


def wait_for(condition, what, seconds=PATIENCE):
    """Waits until the condition gives something true, and returns that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} seconds for {what}")
        time.sleep(0.01)


@dataclass
class Sent:
    """What became of a run of smtp-send."""
    status: int
    errors: list = field(default_factory=list)  # lines on standard error


class Env:
    """One run of one test: its folder, what it starts, and its random numbers."""

    def __init__(self, build, folder, seed, name):
        self.build = pathlib.Path(build)
        self.folder = folder
        self.seed = seed
        self.random = random.Random(f"{seed} {name}")
        self.processes = []
        self.count = 0

    def run(self, function):
        try:
            return function(self)
        finally:
            for process in self.processes:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def path(self, name):
        """A name in the folder that nothing has yet."""
        self.count += 1
        return self.folder / f"{self.count}-{name}"

    def file(self, name, octets):
        path = self.path(name)
        path.write_bytes(octets)
        return path

    def program(self, name):
        path = self.build / "examples" / name
        if not path.exists():
            raise Failure(f"{path} has not been built")
        return str(path)

    def start(self, command, **options):
        """Starts a process, which ends with the test at the latest."""
        process = subprocess.Popen([str(word) for word in command],
                                   **({"stdin": subprocess.DEVNULL} | options))
        self.processes.append(process)
        return process

    def call(self, command, seconds=PATIENCE, **options):
        """Runs a peer to its end. Returns its status and what it wrote, both streams in one."""
        done = subprocess.run([str(word) for word in command], timeout=seconds,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              **({"stdin": subprocess.DEVNULL} | options))
        return done.returncode, done.stdout.decode(errors="replace")

    def certificate(self):
        """A key and a certificate that it signs itself, in one file, for NAME and HOST."""
        path = self.folder / "certificate.pem"
        if path.exists():
            return path
        key, cert = self.path("key.pem"), self.path("cert.pem")
        status, said = self.call(
            [tool("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
             "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:{HOST}"])
        check(status == 0, f"openssl req: {said}")
        path.write_bytes(key.read_bytes() + cert.read_bytes())
        return path

    def receiver(self, *options, **more):
        return Receiver(self, *options, **more)

    def send(self, port, message, *options, sender="a@client.example", to=("b@server.example",),
             seconds=PATIENCE):
        """Runs smtp-send with the message on its standard input."""
        command = [self.program("smtp-send"), "--server", f"{HOST}:{port}", "--from", sender,
                   "--helo", "client.example", *options]
        for recipient in to:
            command += ["--to", recipient]
        source = self.file("message", message)
        with source.open("rb") as stream:
            done = subprocess.run(command, stdin=stream, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=seconds)
        same(done.stdout, b"", "standard output of smtp-send")
        complain_of_sanitizers(done.stderr)
        return Sent(done.returncode, done.stderr.decode(errors="replace").splitlines())

    def seed_note(self):
        return f"INTEROP_SEED={self.seed}"


def complain_of_sanitizers(errors):
    for line in errors.decode(errors="replace").splitlines():
        check("Sanitizer" not in line and "runtime error:" not in line, line)


def free_port():
    """A port that was free a moment ago, for peers that cannot choose one."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def on_free_ports(begin, count=1, log=None):
    """Starts a server that cannot choose its ports: on others where some were taken in between.

    begin(*ports) gives its process. Returns the ports on which it listens.
    """
    for _ in range(10):
        ports = [free_port() for _ in range(count)]
        process = begin(*ports)
        # Its own listeners, not those of another who took a port in between: then it has ended.
        wait_for(lambda: process.poll() is not None or all(map(accepts, ports)), process.args[0])
        time.sleep(0.05)
        if process.poll() is None:
            return ports
    said = log.read_text(errors="replace")[-300:] if log else ""
    raise Failure(f"{process.args[0]} does not start: {said}")


class Receiver:
    """A smtp-receive that runs, and ends by SIGTERM with status 0 when its block is left."""

    def __init__(self, env, *options, prefix=(), folder=None, discard=False, limits=None):
        self.env = env
        self.folder = pathlib.Path(folder or env.path("maildir"))
        self.errors = env.path("receiver-errors")
        store = ["--discard"] if discard else ["--maildir", self.folder]
        self.command = [*prefix, env.program("smtp-receive"), "--listen", f"{HOST}:0",
                        "--hostname", NAME, *store, *options]
        self.limits = limits
        self.begin()

    def begin(self):
        with open(self.errors, "wb") as errors:
            self.process = self.env.start(self.command, stdout=subprocess.PIPE, stderr=errors,
                                          preexec_fn=self.limits)
        line = self.process.stdout.readline().decode()
        if not line.startswith(f"listening on {HOST}:"):
            self.process.wait(PATIENCE)
            raise Failure(f"smtp-receive does not listen: {line}{self.said()}")
        self.port = int(line.rsplit(":", 1)[1])

    def said(self):
        return " | ".join(self.errors.read_text(errors="replace").splitlines()[:12])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """Ends it as a service manager does, and looks that nothing was amiss."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure("smtp-receive does not end after SIGTERM") from None
        more = self.process.stdout.read()
        self.process.stdout.close()
        check(status == 0, f"smtp-receive ended with status {status}: {self.said()}")
        check(self.said() == "", f"smtp-receive wrote to standard error: {self.said()}")
        same(more, b"", "standard output of smtp-receive behind its first line")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.process.poll() is not None and kind is None:
            raise Failure(f"smtp-receive ended by itself, status {self.process.returncode}: "
                          f"{self.said()}")
        if kind is None:
            self.stop()
            check(not self.unfinished(), f"left in tmp/: {self.unfinished()}")
            return
        self.kill()
        if isinstance(error, (Failure, OSError)) and self.said():
            raise Failure(f"{error}; smtp-receive: {self.said()}") from error

    def stored(self):
        """The messages in new/, in the order in which they came."""
        return maildir.read(self.folder)

    def unfinished(self):
        return maildir.unfinished(self.folder)

    def take(self, count=1):
        """The messages that are new since the last call; they must be so many. All are removed."""
        found = self.stored()
        check(len(found) == count, f"{len(found)} messages are stored, {count} wanted")
        for message in found:
            message.file.unlink()
        return found


def postfix(env, name, *options, **more):
    """Starts a program out of Postfix's package, which is not installed."""
    root = debs.unpack("postfix")
    if root is None:
        raise Skip(f"peer {name} cannot be had")
    return env.start([root / "usr/sbin" / name, *options], env=debs.environment(root), **more)


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def sink(env, *options):
    """Starts Postfix's smtp-sink."""
    user = ["-u", "root"] if os.geteuid() == 0 else []
    log = env.path("sink-errors")

    def begin(port):
        with open(log, "wb") as errors:
            return postfix(env, "smtp-sink", *user, *options, f"{HOST}:{port}", "100",
                           stdout=subprocess.DEVNULL, stderr=errors, cwd=env.folder)

    return on_free_ports(begin, log=log)[0]


def aiosmtpd(env, *options):
    """Starts the server made of aiosmtpd. Returns its port and the folder of what it gets."""
    pythons = [path for path in dict.fromkeys((sys.executable, "/usr/bin/python3"))
               if os.path.exists(path)
               and subprocess.run([path, "-c", "import aiosmtpd.lmtp"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode == 0]
    if not pythons:
        raise Skip("peer aiosmtpd cannot be had")
    folder = env.path("aiosmtpd")
    folder.mkdir()
    program = pathlib.Path(__file__).with_name("peer_aiosmtpd.py")
    process = env.start([pythons[0], "-B", program, folder, *options], stdout=subprocess.PIPE)
    line = process.stdout.readline().decode()
    check(line.startswith("port "), f"aiosmtpd does not start: {line}")
    return int(line.split()[1]), folder

# SPDX-License-Identifier: MIT
"""Many connections at once: every message is stored, whole and once."""
import asyncio
import hashlib
import resource

from kit import HOST, Skip, check, same, test
from wire import Client

LINE = 70


def unique(name, octets):
    """A message with an id, which ends with a digest of all that stands before it."""
    head = b"X-Id: " + name.encode() + b"\r\nSubject: load\r\n\r\n"
    number, lines = 0, [head]
    while sum(map(len, lines[:1])) + number * (LINE + 2) < octets:
        text = b"%s %d " % (name.encode(), number)
        lines.append((b"." if number % 7 == 0 else b"") + text
                     + b"x" * (LINE - len(text) - (number % 7 == 0)) + b"\r\n")
        number += 1
    whole = b"".join(lines)
    return whole + b"Digest: " + hashlib.sha256(whole).hexdigest().encode() + b"\r\n"


def identify(content):
    """The id of a message that is whole, else None."""
    body, found, digest = content.rpartition(b"Digest: ")
    if not found or digest != hashlib.sha256(body).hexdigest().encode() + b"\r\n":
        return None
    return body[6:body.index(b"\r\n")].decode()


class Peer:
    """One connection of the load, by asyncio."""

    async def open(self, port):
        self.reader, self.writer = await asyncio.open_connection(HOST, port)
        await self.codes(220)

    def write(self, octets):
        self.writer.write(octets)

    async def codes(self, *wanted):
        for code in wanted:
            while (line := await self.reader.readline())[3:4] == b"-":
                pass
            if not line.endswith(b"\n"):
                raise ConnectionResetError("the connection ended")
            check(int(line[:3]) == code, f"{line!r}, wanted {code}")

    async def hello(self):
        self.write(b"EHLO client.example\r\n")
        await self.codes(250)

    async def send(self, message, way):
        """Sends a message: in one write with BDAT, in a group, or one command at a time."""
        commands = [b"MAIL FROM:<a@client.example>\r\n", b"RCPT TO:<b@server.example>\r\n",
                    b"DATA\r\n"]
        stuffed = message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        if way == 0:
            self.write(b"".join(commands[:2]) + b"BDAT %d LAST\r\n" % len(message) + message)
            await self.codes(250, 250)
        elif way == 1:
            self.write(b"".join(commands))
            await self.codes(250, 250, 354)
            self.write(stuffed)
        else:
            for command, code in zip(commands, (250, 250, 354)):
                self.write(command)
                await self.codes(code)
            for at in range(0, len(stuffed), 4096):
                self.write(stuffed[at:at + 4096])
                await self.writer.drain()
        await self.codes(250)

    async def quit(self):
        self.write(b"QUIT\r\n")
        await self.codes(221)
        self.close()

    def close(self):
        self.writer.close()


def take_descriptors(wanted):
    """For this process and the servers that it starts. Only root can have more than allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        hard = max(hard, wanted)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    except (ValueError, OSError):
        raise Skip(f"{wanted} file descriptors cannot be had") from None


async def all_at_once(port, count, octets, each=1):
    """So many connections, each with so many messages. Returns the ids of those."""
    peers = [Peer() for _ in range(count)]

    async def send(number, peer):
        for turn in range(each):
            await peer.send(unique(f"id{number}.{turn}", octets), (number + turn) % 3)

    for at in range(0, count, 200):
        await asyncio.gather(*(peer.open(port) for peer in peers[at:at + 200]))
    await asyncio.gather(*(peer.hello() for peer in peers))  # now all are connected
    await asyncio.gather(*(send(number, peer) for number, peer in enumerate(peers)))
    await asyncio.gather(*(peer.quit() for peer in peers))
    return [f"id{number}.{turn}" for number in range(count) for turn in range(each)]


def load(receiver, *sizes):
    """Runs that, and looks whether each message is stored whole and once."""
    ids = asyncio.run(asyncio.wait_for(all_at_once(receiver.port, *sizes), 45))
    same(sorted((identify(stored.content) for stored in receiver.take(len(ids))), key=str),
         sorted(ids), "ids stored")


def thousand_with(env, *options):
    take_descriptors(1100)
    with env.receiver(*options) as receiver:
        load(receiver, 1000, 10_240)


@test(limit=90)
def thousand(env):
    """1,000 connections at the same time, each with a message of 10 KiB; then SIGTERM."""
    thousand_with(env)


@test(limit=90)
def thousand_with_threads(env):
    thousand_with(env, "--threads", "4")


@test(limit=90)
def thousand_by_smtp_send(env):
    """The same by smtp-send, whose messages are all alike."""
    take_descriptors(1100)
    message = unique("id", 10_240)
    with env.receiver() as receiver:
        result = env.send(receiver.port, message, "--connections", "1000", seconds=60)
        same((result.status, result.errors), (0, []), "smtp-send")
        for stored in receiver.take(1000):
            same(stored.content, message, "content")


IDLE, SENDING, EACH = 5000, 500, 2
# Octets of resident memory, beside what the server needs before anybody comes. An idle connection
# is a session, a timer, and the heap's share of both: a page at most. One that sends has its
# envelope and its header too, but no buffer: what is read is written before the next is read.
IDLE_MAX, SENDING_MAX = 4096, 16 * 1024


def resident(process, name):
    """VmRSS or, the most there ever was, VmHWM."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))


@test(limit=90)
def idle_and_sending(env):
    """5,000 connections that wait, and 500 that send two messages each, on two threads."""
    take_descriptors(IDLE + SENDING + 200)
    with env.receiver("--threads", "2") as receiver:
        bare = resident(receiver.process, "VmRSS")
        idle = [Client(receiver.port) for _ in range(IDLE)]
        for client in idle:
            client.hello()
        quiet = resident(receiver.process, "VmRSS") - bare
        load(receiver, SENDING, 10_240, EACH)
        peak = resident(receiver.process, "VmHWM") - bare
        for client in idle:  # nobody was forgotten over the work
            client.ask(b"NOOP")
        for client in idle[IDLE // 2:]:
            client.quit()
        if b"__asan_init" not in open(receiver.command[0], "rb").read():
            check(quiet <= IDLE * IDLE_MAX, f"{quiet // IDLE} octets for an idle connection")
            check(peak <= IDLE * IDLE_MAX + SENDING * SENDING_MAX, f"{peak} octets in all")
    for client in idle[:IDLE // 2]:  # these saw the server end
        client.expect(421)
        client.ended()
    return f"{quiet // IDLE} octets for an idle connection, {peak // 1024} KiB in all"


@test()
def discard(env):
    """--discard takes messages and keeps none."""
    with env.receiver(discard=True) as receiver:
        result = env.send(receiver.port, unique("id", 10_240), "--count", "50", "--connections",
                          "20")
        same((result.status, result.errors), (0, []), "smtp-send")
        check(not receiver.folder.exists(), "--discard made a Maildir")

# SPDX-License-Identifier: MIT
"""Many connections at once: every message is stored, whole and once."""
import asyncio
import hashlib
import resource

from kit import HOST, Skip, check, same, test

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
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Skip(f"{wanted} file descriptors cannot be had")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def all_at_once(port, count, octets):
    peers = [Peer() for _ in range(count)]
    for at in range(0, count, 200):
        await asyncio.gather(*(peer.open(port) for peer in peers[at:at + 200]))
    await asyncio.gather(*(peer.hello() for peer in peers))  # now all are connected
    await asyncio.gather(*(peer.send(unique(f"id{i}", octets), i % 3)
                           for i, peer in enumerate(peers)))
    await asyncio.gather(*(peer.quit() for peer in peers))


def thousand_with(env, *options):
    count = 1000
    take_descriptors(count + 100)
    with env.receiver(*options) as receiver:
        asyncio.run(asyncio.wait_for(all_at_once(receiver.port, count, 10_240), 50))
        names = [identify(stored.content) for stored in receiver.take(count)]
        same(sorted(names, key=str), sorted(f"id{i}" for i in range(count)), "ids stored")


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


@test()
def discard(env):
    """--discard takes messages and keeps none."""
    with env.receiver(discard=True) as receiver:
        result = env.send(receiver.port, unique("id", 10_240), "--count", "50", "--connections",
                          "20")
        same((result.status, result.errors), (0, []), "smtp-send")
        check(not receiver.folder.exists(), "--discard made a Maildir")

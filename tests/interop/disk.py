# SPDX-License-Identifier: MIT
"""No room: 452 (RFC 5321 4.2.2), nothing half is left, and the session goes on."""
import os
import pathlib
import resource
import subprocess

import messages
from kit import Skip, check, same, test, tool
from wire import Client

SMALL, LARGE = messages.large(20_000), messages.large(1_000_000)


def fill(client, maildir):
    """Sends what has no room, by DATA and BDAT, between what has; looks into the Maildir."""
    for _ in range(3):
        client.envelope()
        client.data(messages.stuff(LARGE), 452)
        client.envelope()
        client.write(b"BDAT 400000\r\n" + LARGE[:400_000])
        client.reply()
        first = client.code
        client.write(b"BDAT %d LAST\r\n%s" % (len(LARGE) - 400_000, LARGE[400_000:]))
        client.reply()
        check(first in (250, 452) and client.code in (452, 503) and 452 in (first, client.code),
              f"two chunks: {first}, {client.code}")
        client.ask(b"RSET")
        for part in ("tmp", "new"):
            same(os.listdir(maildir / part), [], f"files in {part}/")
        client.envelope()
        client.data(messages.stuff(SMALL))
        file, = (maildir / "new").iterdir()
        check(file.read_bytes().endswith(SMALL), "the message that has room is not complete")
        file.unlink()


@test()
def full(env):
    """A file system without room, which goes with the name space of the server that has it."""
    folder = env.path("small")
    folder.mkdir()
    mount = "mount -t tmpfs -o size=256k none \"$0\" && exec \"$@\""
    user = [] if os.geteuid() == 0 else ["-r"]
    prefix = [tool("unshare"), "-m", *user, "sh", "-c", mount, str(folder)]
    probe = subprocess.run([*prefix, "true"], stdin=subprocess.DEVNULL, capture_output=True)
    if probe.returncode != 0:
        raise Skip("a small tmpfs cannot be had")
    with env.receiver(prefix=prefix, folder=folder / "maildir") as receiver, \
            Client(receiver.port) as client:
        view = pathlib.Path(f"/proc/{receiver.process.pid}/root{folder}/maildir")
        client.hello()
        fill(client, view)
        # Small ones until the room is gone: each is stored whole or refused.
        codes = []
        for _ in range(30):
            client.envelope()
            client.ask(b"DATA", 354)
            client.write(messages.stuff(SMALL))
            client.reply()
            codes.append(client.code)
        check(set(codes) == {250, 452}, f"replies {codes}")
        files = list((view / "new").iterdir())
        same(len(files), codes.count(250), "messages stored")
        check(all(file.read_bytes().endswith(SMALL) for file in files), "a message is not complete")
        same(os.listdir(view / "tmp"), [], "files in tmp/")
        for file in files:
            file.unlink()
        client.envelope()
        client.data(messages.stuff(SMALL))
        client.quit()


@test()
def file_size(env):
    """The limit that the system sets for a file."""
    def limits():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    with env.receiver(limits=limits) as receiver, Client(receiver.port) as client:
        client.hello()
        fill(client, receiver.folder)
        client.quit()


@test()
def no_folder(env):
    """A Maildir that is gone while the server runs: 452, and the session goes on."""
    with env.receiver() as receiver, Client(receiver.port) as client:
        client.hello()
        for part in ("tmp", "new"):
            (receiver.folder / part).rmdir()
        client.envelope()
        client.ask(b"DATA", 354)
        client.write(messages.stuff(SMALL))
        client.reply()
        check(client.code == 452, f"reply {client.code}")
        client.quit()

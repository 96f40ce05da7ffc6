# SPDX-License-Identifier: MIT
"""Messages that end together are made durable together, and none is acknowledged before."""
import os
import shutil

import messages
from kit import PATIENCE, Skip, check, same, test
from wire import Client

PEERS = 12
CROWD = 40  # messages of one client, for which it does not wait

# Notes each fsync(), of a directory (d) or a file (f); each takes a while, so that messages gather
# behind it. While the file `broken` is there, directories cannot be synchronised.
SHIM = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int fsync(int fd)
{
    struct stat about;
    int log = open(getenv("SYNC_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    int directory = fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);

    if (write(log, directory ? "d" : "f", 1) != 1)
        abort();
    close(log);
    usleep(50000);
    if (directory && access(getenv("SYNC_BROKEN"), F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}
"""


def slow(env):
    """The receiver's surroundings, the log of its synchronisations, and the file that breaks them."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Skip("a compiler cannot be had")
    shim, log, broken = env.path("shim.so"), env.path("log"), env.path("broken")
    source = env.file("shim.c", SHIM.encode())
    status, said = env.call([compiler, "-shared", "-fPIC", "-o", shim, source])
    check(status == 0, said)
    words = [f"LD_PRELOAD={shim}", f"SYNC_LOG={log}", f"SYNC_BROKEN={broken}",
             "ASAN_OPTIONS=verify_asan_link_order=0"]
    return [shutil.which("env"), *words], log, broken


def finish(clients):
    """Ends all contents at once. Returns the codes that came."""
    for number, client in enumerate(clients):
        client.envelope()
        client.ask(b"DATA", 354)
    for number, client in enumerate(clients):
        client.write(messages.stuff(messages.large(2_000 + number)))
    for client in clients:
        client.reply()
    return [client.code for client in clients]


@test()
def together(env):
    surroundings, log, broken = slow(env)
    with env.receiver(prefix=surroundings) as receiver:
        clients = [Client(receiver.port) for _ in range(PEERS)]
        for client in clients:
            client.hello()
        log.write_bytes(b"")
        same(finish(clients), [250] * PEERS, "replies")
        same(len(receiver.take(PEERS)), PEERS, "messages stored")
        synchronised = log.read_bytes()
        same(synchronised.count(b"f"), PEERS, "synchronisations of files")
        check(1 <= synchronised.count(b"d") <= PEERS // 2,
              f"synchronisations of new/ among {synchronised}")

        broken.write_bytes(b"")
        same(finish(clients), [452] * PEERS, "replies without a durable new/")
        for part in ("tmp", "new"):
            same(os.listdir(receiver.folder / part), [], f"files in {part}/")
        broken.unlink()
        same(finish(clients), [250] * PEERS, "replies once it is")
        for client in clients:
            client.quit()
            client.socket.close()


def crowd(client, count):
    """Sends so many messages in one go, of which none waits for its reply."""
    part = messages.HEAD
    client.write((b"MAIL FROM:<a@client.example>\r\nRCPT TO:<b@server.example>\r\n"
                  b"BDAT %d LAST\r\n%s" % (len(part), part)) * count)


@test()
def turns(env):
    """One client's many messages keep no other waiting: each connection has its turn."""
    pem = env.certificate()
    for certificate in (None, pem):
        surroundings, _, _ = slow(env)
        options = () if certificate is None else ("--tls-cert", pem, "--implicit-tls")
        with env.receiver(*options, prefix=surroundings) as receiver, \
                Client(receiver.port, tls=certificate) as busy:
            busy.hello()
            crowd(busy, CROWD)
            busy.replies(3)  # the first is committed: the rest is on its way
            with Client(receiver.port, tls=certificate) as other:
                other.ask(b"NOOP")
            stored = len(os.listdir(receiver.folder / "new"))
            check(stored < CROWD // 2, f"{stored} of {CROWD} messages came before another's NOOP")
            same(busy.replies(3 * CROWD - 3), [250] * (3 * CROWD - 3), "replies")
            same(len(receiver.take(CROWD)), CROWD, "messages stored")


@test()
def ended(env):
    """SIGTERM is heard among many messages, and what was acknowledged by then is there."""
    surroundings, _, _ = slow(env)
    with env.receiver(prefix=surroundings) as receiver, Client(receiver.port) as busy:
        busy.hello()
        crowd(busy, CROWD)
        busy.replies(3)
        receiver.process.terminate()
        codes = [250] * 3
        while busy.reply() or busy.code:
            codes.append(busy.code)
        receiver.process.wait(PATIENCE)
        check(421 in codes, f"the last replies are {codes[-3:]}")
        stored = len(os.listdir(receiver.folder / "new"))
        acknowledged = codes.count(250) // 3
        check(acknowledged <= stored <= acknowledged + 1 < CROWD,
              f"{stored} messages are stored, {acknowledged} were acknowledged")
        receiver.begin()

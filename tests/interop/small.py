# SPDX-License-Identifier: MIT
"""server-60, which has its client on standard input and output: what it keeps is not lost."""
import subprocess

from kit import PATIENCE, check, same, test

ENVELOPE = (b"EHLO client.example\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<b@example.org>\r\n"
            b"DATA\r\n")


def begin(env):
    return env.start([env.program("server-60")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                     cwd=env.folder)


def files(env):
    return {path.name: path.read_bytes() for path in env.folder.glob("message.*")}


@test()
def another_of_that_number(env):
    """A message of an earlier process with the same number is not written over."""
    server = begin(env)
    older = env.folder / f"message.{server.pid}.1"
    older.write_bytes(b"older\r\n")
    said, _ = server.communicate(ENVELOPE + b"newer\r\n.\r\nQUIT\r\n", PATIENCE)
    same([line[:3] for line in said.split(b"\r\n")[-4:]], [b"354", b"250", b"221", b""], "replies")
    same(sorted(files(env).values()), [b"newer\r\n", b"older\r\n"], "messages")


@test()
def client_gone(env):
    """A client that does not wait for its replies leaves no half message."""
    server = begin(env)
    server.stdout.readline()
    server.stdout.close()
    server.stdin.write(ENVELOPE + b"half")
    server.stdin.close()
    status = server.wait(PATIENCE)
    check(status == 0, f"exit status {status}")
    same(files(env), {}, "files")

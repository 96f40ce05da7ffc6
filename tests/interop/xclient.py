# SPDX-License-Identifier: MIT
"""The example with XCLIENT and XFORWARD: verbs of a program's own, for a proxy that is trusted."""
import subprocess

from kit import check, same, test


def talk(env, lines, *arguments):
    """Gives the lines to the example; what it replied, a line each, and what it said of recipients."""
    done = subprocess.run([str(env.program("xclient")), *arguments], timeout=30, check=True, input="\r\n".join([*lines, "QUIT", ""]).encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.stdout.decode().split("\r\n"), done.stderr.decode().splitlines()


ENVELOPE = ["MAIL FROM:<a@client.example>", "RCPT TO:<b@server.example>"]


@test()
def of_a_trusted_proxy(env):
    replies, told = talk(env, ["EHLO proxy.example", "XCLIENT ADDR=IPV6:2001:db8::1 NAME=[UNAVAILABLE] LOGIN=a+2Bb",
                               "EHLO client.example", "XFORWARD HELO=client.example", *ENVELOPE,
                               "XFORWARD PROTO=ESMTP"], "trusted")
    check(any(line.startswith("250-XCLIENT NAME ADDR") for line in replies), f"no XCLIENT in {replies}")
    check("220 2.0.0 go on" in replies, f"no new greeting in {replies}")
    same(told, ["rcpt b@server.example ADDR=IPV6:2001:db8::1 HELO=client.example LOGIN=a+b"], "what is known")
    check(any(line.startswith("503 ") for line in replies), "XFORWARD was taken inside a transaction")


@test()
def of_anybody_else(env):
    replies, told = talk(env, ["EHLO client.example", "XCLIENT ADDR=192.0.2.1", *ENVELOPE])
    check(not any("XCLIENT" in line for line in replies if line.startswith("250-")), "it is offered")
    check(any(line.startswith("550 ") for line in replies), f"not refused: {replies}")
    same(told, ["rcpt b@server.example"], "what is known")


@test()
def malformed(env):
    for line in ("XCLIENT", "XCLIENT ADDR", "XCLIENT FOO=1", "XCLIENT NAME=a+0Ab", "XCLIENT NAME=+zz",
                 "XCLIENT NAME=" + "a" * 300):
        replies, _ = talk(env, ["EHLO proxy.example", line], "trusted")
        check(any(reply.startswith("501 ") for reply in replies), f"{line}: {replies}")

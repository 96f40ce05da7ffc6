# SPDX-License-Identifier: MIT
"""Clients in other languages, the programs of peers/: each does what a job in JSON tells it.

A job names a server, how to get to it (TLS, AUTH), and messages with their envelopes; the answer,
JSON too, names the error that ended it, if any, and the recipients that were refused.
"""
import json
import pathlib

import messages
from auth import AWAY, PASSWORD, USER, WRONG, in_clear, submission, took
from kit import HOST, NAME, PATIENCE, check, same
from receive import RECIPIENT, SENDER, check_trace, every
from wire import Tap

PROGRAMS = pathlib.Path(__file__).with_name("peers")
BOTH = (RECIPIENT, "B.c@server.example")


def do(env, command, port, letters, **job):
    """Lets the program do a job. A letter is (message, {what else there is to say of it})."""
    job = {"host": HOST, "name": NAME, "port": port, "hello": "client.example", "tls": "none",
           "ca": str(env.certificate()), "messages": [], **job}
    for message, more in letters:
        job["messages"].append({"file": str(env.file("letter", message)), "from": SENDER,
                                "to": [RECIPIENT], **more})
    status, said = env.call([*command, env.file("job", json.dumps(job).encode())], PATIENCE)
    check(status == 0, f"{command[-1]} ended with status {status}: {said}")
    return json.loads(said.splitlines()[-1])


def well(answer, error="", refused=()):
    """Looks whether an answer is the one that is wanted."""
    check(error in answer["error"] if error else not answer["error"],
          f"error {answer['error']!r}, wanted {error!r}")
    same(sorted(answer["refused"]), sorted(refused), "refused recipients")


def from_wire(env, command, names, protocol=b"ESMTP", **job):
    """Lets it send each message, and compares what is stored with what passed the tap."""
    letters = every(names)
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        well(do(env, command, tap.port, [(message, {}) for _, message in letters], **job))
        contents = [content for client, _ in tap.take() for content in messages.on_wire(client)]
        same(len(contents), len(letters), "messages on the wire")
        for (name, message), content, stored in zip(letters, contents, receiver.take(len(letters))):
            if name != "empty":  # of that the peer makes what it likes
                same(content, messages.canonical(message), f"{name}: what the peer sent")
            same(stored.content, content, name)
            check_trace(stored, protocol)


def through_tls(env, command, way, protocol=b"ESMTPS",
                names=("plain", "dots", "no final newline", "big")):
    """The same within TLS, where nothing can be seen: what it sends is known by now."""
    pem, letters = env.certificate(), every(names)
    options = ["--tls-cert", pem, "--tls-key", pem] + ["--implicit-tls"] * (way == "implicit")
    with env.receiver(*options) as receiver:
        well(do(env, command, receiver.port, [(message, {}) for _, message in letters], tls=way))
        for (name, message), stored in zip(letters, receiver.take(len(letters))):
            same(stored.content, messages.canonical(message), name)
            check_trace(stored, protocol)


def recipients(env, command, protocol=b"ESMTP"):
    """One of two refused, the null reverse-path, two of one message."""
    letters = [(messages.HEAD, more) for more in
               ({"to": [RECIPIENT, AWAY]}, {"from": ""}, {"to": list(BOTH)})]
    with env.receiver("--domain", "server.example") as receiver:
        well(do(env, command, receiver.port, letters), refused=(AWAY,))
        one, null, two = receiver.take(3)
        check_trace(one, protocol)
        check_trace(null, protocol, sender=b"<>")
        check_trace(two, protocol, recipients=[name.encode() for name in BOTH])


def authenticates(env, command, mechanisms, tls=True, protocol=b"ESMTPSA"):
    """With the right password and a wrong one, and to a domain that wants it."""
    letters, way = [(messages.HEAD, {"to": [AWAY]})], "starttls" if tls else "none"
    with submission(env) if tls else in_clear(env) as receiver:
        for name in mechanisms:
            for password, error in ((PASSWORD, ""), (WRONG, "535")):
                well(do(env, command, receiver.port, letters, tls=way, auth=[name, USER, password]),
                     error)
                if not error:
                    took(receiver, protocol)
        receiver.take(0)

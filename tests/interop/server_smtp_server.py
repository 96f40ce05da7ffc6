# SPDX-License-Identifier: MIT
"""smtp-send to servers made of the package smtp-server of npm, by SMTP and by LMTP."""
import json
import pathlib

import npm
from kit import check, same, test
from scenarios import (CONTENTS, DSN, LIMIT, MEMBERS, PASSWORD, USER, Peer, Stored, papers,
                       run_steps)

PROGRAM = pathlib.Path(__file__).with_name("peers") / "smtp_server.js"
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2")


def stored(folder):
    for file in list(folder.glob("*.message")):
        about, _, content = file.read_bytes().partition(b"\n")
        about = json.loads(about)
        file.unlink()
        yield Stored(content, about["from"] or "", tuple(about["to"]), about)


def notification(peer):
    """What it has understood of the parameters of RFC 3461."""
    _, (message,) = peer.deliver("plain", CONTENTS["plain"], *DSN)
    same(message.more["dsn"], {"ret": "HDRS", "envid": "an+id=1"}, "parameters of MAIL")
    same(message.more["notify"], [["SUCCESS", "FAILURE"]], "NOTIFY")


@test(120)
def everything(env):
    folder, node, version = npm.package("smtp-server")
    certificates, kept = papers(env), env.path("kept")
    kept.mkdir()
    job = {"folder": str(kept), "pem": certificates.server, "limit": LIMIT, "user": USER,
           "password": PASSWORD, "members": MEMBERS, "servers": [
               {"authMethods": MECHANISMS}, {"secure": True}, {"hideSize": True},
               {"lmtp": True, "authMethods": MECHANISMS}]}
    process = env.start([node, PROGRAM, folder, env.file("job", json.dumps(job).encode())],
                        stdout=-1)
    line = process.stdout.readline().decode()
    check(line, "smtp-server does not start")
    port, implicit, unsized, lmtp = map(int, line.split())
    usual = {"stored": lambda: list(stored(kept)), "papers": certificates, "early_auth": True,
             "mechanisms": MECHANISMS, "steps": (notification,),
             "extensions": ("SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "STARTTLS",
                            "AUTH", "REQUIRETLS")}
    said = [run_steps(Peer(env, f"smtp-server {version}", port, implicit=implicit,
                           unsized=unsized, **usual)),
            run_steps(Peer(env, f"smtp-server {version}, LMTP", lmtp, lmtp=True, **usual))]
    return "; ".join(said)

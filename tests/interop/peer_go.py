# SPDX-License-Identifier: MIT
"""Go's net/smtp sends to smtp-receive; the compiled program is kept under build/peers/."""
import hashlib
import os
import shutil
import subprocess

import debs
import foreign
from kit import Failure, Skip, test
from receive import EVERYTHING

# It says BODY=8BITMIME and SMTPUTF8 wherever they are offered.
PROTOCOL, OVER_TLS = b"UTF8SMTP", b"UTF8SMTPS"


def program():
    source = foreign.PROGRAMS / "netsmtp.go"
    if shutil.which("go") is None:
        raise Skip("peer Go's net/smtp cannot be had")

    def fill(folder):
        done = subprocess.run(
            ["go", "build", "-o", folder / "netsmtp", source], cwd=folder, timeout=150,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=dict(os.environ, GO111MODULE="off", CGO_ENABLED="0", GOCACHE=folder / "cache",
                     GOTOOLCHAIN="local", GOFLAGS=""))
        if done.returncode != 0:
            raise Failure(f"go build: {done.stdout.decode(errors='replace')}")
        shutil.rmtree(folder / "cache")
        return True

    name = f"go-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    return [debs.keep(name, fill) / "netsmtp"]


@test(limit=240)  # it may have to be compiled
def plain(env):
    foreign.from_wire(env, program(), EVERYTHING, PROTOCOL)


@test(limit=240)
def starttls(env):
    foreign.through_tls(env, program(), "starttls", OVER_TLS)


@test(limit=240)
def implicit_tls(env):
    foreign.through_tls(env, program(), "implicit", OVER_TLS)


@test(limit=240)
def recipients(env):
    foreign.recipients(env, program(), PROTOCOL)


@test(limit=240)
def auth(env):
    foreign.authenticates(env, program(), ("PLAIN", "CRAM-MD5"), protocol=b"UTF8SMTPSA")


@test(limit=240)
def auth_in_clear(env):
    foreign.authenticates(env, program(), ("CRAM-MD5",), tls=False, protocol=b"UTF8SMTPA")

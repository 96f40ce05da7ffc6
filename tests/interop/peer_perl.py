# SPDX-License-Identifier: MIT
"""Perl's Net::SMTP sends to smtp-receive."""
import subprocess

import foreign
import messages
from kit import Skip, same, test, tool
from receive import EVERYTHING, check_trace

SASL = ("Authen::SASL", "Digest::HMAC_MD5")
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")


def program(*modules):
    perl = tool("perl", "Net::SMTP")
    for module in ("Net::SMTP", "JSON::PP", *modules):
        if subprocess.run([perl, f"-M{module}", "-e", "1"], stderr=subprocess.DEVNULL).returncode:
            raise Skip(f"peer Net::SMTP cannot be had ({module})")
    return [perl, foreign.PROGRAMS / "net_smtp.pl"]


@test()
def plain(env):
    foreign.from_wire(env, program(), EVERYTHING)


@test()
def starttls(env):
    foreign.through_tls(env, program("IO::Socket::SSL"), "starttls")


@test()
def implicit_tls(env):
    foreign.through_tls(env, program("IO::Socket::SSL"), "implicit")


@test()
def recipients(env):
    foreign.recipients(env, program())


@test()
def auth(env):
    foreign.authenticates(env, program("IO::Socket::SSL", *SASL), MECHANISMS)


@test()
def auth_in_clear(env):
    foreign.authenticates(env, program(*SASL), MECHANISMS, tls=False, protocol=b"ESMTPA")


@test()
def binary(env):
    """BODY=BINARYMIME in two chunks: every octet as it is, CR and LF alone and NUL too."""
    content = messages.HEAD + bytes(range(256)) * 50 + b"\r\n.\r\n\n.\n\r\r\n.\r"
    with env.receiver() as receiver:
        letters = [(content, {"bits": "binary"})] * 2
        foreign.well(foreign.do(env, program(), receiver.port, letters))
        for stored in receiver.take(2):
            same(stored.content, content, "content")
            check_trace(stored, b"ESMTP")

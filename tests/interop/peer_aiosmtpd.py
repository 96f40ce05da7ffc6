# SPDX-License-Identifier: MIT
"""A server of aiosmtpd that keeps what it gets: peer_aiosmtpd.py FOLDER [OPTION...]

Run by a Python that has aiosmtpd, whichever that is. Recipients whose names begin with "refused" or
"later" are not accepted. A message is N.content and its envelope N.json.
"""
import argparse
import asyncio
import json
import logging
import pathlib
import ssl
import sys

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Keeper:
    def __init__(self, arguments):
        self.folder, self.lmtp = pathlib.Path(arguments.folder), arguments.lmtp
        self.members, self.count = arguments.members, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later"):
            return "450 4.2.1 Try again later"
        if address == self.members and not session.authenticated:
            return "550 5.7.1 Only for members"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        (self.folder / f"{self.count}.content").write_bytes(envelope.original_content)
        (self.folder / f"{self.count}.json").write_text(json.dumps({
            "hello": session.host_name, "tls": session.ssl is not None,
            "from": envelope.mail_from, "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "user": getattr(session.auth_data, "login", b"").decode()}))
        # It knows of one reply only; LMTP asks for one for each recipient (RFC 2033 4.2).
        return "\r\n".join(["250 OK"] * (len(envelope.rcpt_tos) if self.lmtp else 1))


def authenticator(user):
    """Of one user, NAME:PASSWORD."""
    wanted = LoginPassword(*(part.encode() for part in user.split(":", 1)))

    def check(server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and data == wanted
        return AuthResult(success=right, handled=False, auth_data=data if right else None)
    return check


async def serve(arguments):
    keeper, context = Keeper(arguments), None
    if arguments.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.tls)

    def connection():
        return (LMTP if arguments.lmtp else SMTP)(
            keeper, hostname="aiosmtpd.example", enable_SMTPUTF8=True, timeout=30,
            tls_context=None if arguments.implicit else context,
            data_size_limit=arguments.size,
            **({"authenticator": authenticator(arguments.user)} if arguments.user else {}),
            loop=asyncio.get_running_loop())

    server = await asyncio.get_running_loop().create_server(
        connection, "127.0.0.1", 0, ssl=context if arguments.implicit else None)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


for name in ("mail.log", "asyncio"):  # they warn of what clients do, and of themselves
    logging.getLogger(name).setLevel(logging.CRITICAL)
parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--lmtp", action="store_true")
parser.add_argument("--tls", metavar="PEM")
parser.add_argument("--implicit", action="store_true")
parser.add_argument("--user", metavar="NAME:PASSWORD")
parser.add_argument("--members", metavar="ADDRESS", help="accepted of who has authenticated only")
parser.add_argument("--size", type=int, default=33554432, metavar="OCTETS")
sys.exit(asyncio.run(serve(parser.parse_args())))

# SPDX-License-Identifier: MIT
"""smtp-send to aiosmtpd, by SMTP; send.py, lmtp.py and auth.py have more of it."""
import json

from kit import aiosmtpd, test
from scenarios import LIMIT, MEMBERS, PASSWORD, USER, Peer, Stored, papers, run_steps


def stored(folder):
    """What peer_aiosmtpd.py has kept: the envelope is written last."""
    for file in list(folder.glob("*.json")):
        about, content = json.loads(file.read_text()), file.with_suffix(".content")
        found = Stored(content.read_bytes(), (about["from"] or "").strip("<>"),
                       tuple(about["to"]), about)
        file.unlink()
        content.unlink()
        yield found


@test(120)
def everything(env):
    certificates = papers(env)
    usual = "--size", LIMIT, "--members", MEMBERS
    port, folder = aiosmtpd(env, *usual, "--tls", certificates.server, "--user",
                            f"{USER}:{PASSWORD}")
    return run_steps(Peer(
        env, "aiosmtpd", port, lambda: list(stored(folder)), certificates,
        extensions=("SIZE", "8BITMIME", "SMTPUTF8", "STARTTLS", "AUTH"),
        mechanisms=("PLAIN", "LOGIN")))

# SPDX-License-Identifier: MIT
"""smtp-send to Haraka, with its plugins for TLS and AUTH."""
import json
import pathlib

import npm
from kit import check, on_free_ports, test, tool
from scenarios import LIMIT, MEMBERS, PASSWORD, USER, Peer, opened, papers, run_steps
from server_smtp_server import stored

PLUGIN = pathlib.Path(__file__).with_name("peers") / "haraka_plugin.js"
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")


def unmarked(folder):
    """Haraka puts a field on top where somebody has authenticated."""
    for message in stored(folder):
        if message.content.startswith(b"Authentication-Results:"):
            fields, message.content = opened(message.content, "authentication-results")
            check("auth=pass" in fields["authentication-results"], f"{fields}")
        yield message


def configuration(pem, kept, port, implicit):
    """The files of config/, as Haraka's documentation has them."""
    return {
        "me": "haraka.example\n",
        "host_list": "server.example\n",
        "plugins": "tls\nauth/flat_file\ninterop\n",
        "log.ini": "[main]\nlevel=NOTICE\n",
        "smtp.ini": f"listen=127.0.0.1:{port},127.0.0.1:{implicit}\nsmtps_port={implicit}\n"
                    "nodes=0\n",
        # Its usual limit for lines is below that of RFC 5321 4.5.3.1.6; it folds what is longer.
        "connection.ini": "[main]\nsmtputf8=true\n[headers]\nadd_received=false\n"
                          "max_lines=1000\nmax_received=100\n"
                          f"[max]\nbytes={LIMIT}\nmime_parts=1000\nline_length=1000\n"
                          "data_line_length=1002\n"
                          "[message]\nhelo=hello\nclose=bye\n[uuid]\n[haproxy]\n",
        "tls.ini": f"key={pem}\ncert={pem}\n",
        "auth_flat_file.ini": f"[core]\nmethods={','.join(MECHANISMS)}\nconstrain_sender=false\n"
                              f"[users]\n{USER}={PASSWORD}\n",
        "interop.json": json.dumps({"members": MEMBERS, "folder": str(kept)}),
    }


@test(120)
def everything(env):
    package, node, version = npm.package("Haraka")
    certificates, folder, kept = papers(env), env.path("haraka"), env.path("kept")
    for path in (kept, folder / "config", folder / "plugins"):
        path.mkdir(parents=True)
    # It would make parameters for Diffie-Hellman by itself, and take long.
    status, said = env.call([tool("openssl"), "genpkey", "-genparam", "-algorithm", "DH",
                             "-pkeyopt", "group:ffdhe2048", "-out",
                             folder / "config" / "dhparams.pem"])
    check(status == 0, f"openssl genpkey: {said}")
    (folder / "plugins" / "interop.js").write_bytes(PLUGIN.read_bytes())
    log = env.path("log")

    def begin(*ports):
        for name, text in configuration(certificates.server, kept, *ports).items():
            (folder / "config" / name).write_text(text)
        with open(log, "wb") as said:
            return env.start([node, package / "node_modules/Haraka/bin/haraka", "-c", folder],
                             stdout=said, stderr=said)

    port, implicit = on_free_ports(begin, 2, log)
    return run_steps(Peer(
        env, f"Haraka {version}", port, lambda: list(unmarked(kept)), certificates,
        implicit=implicit, within_tls=False, mechanisms=MECHANISMS,
        extensions=("SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "STARTTLS", "AUTH"),
        spared=("empty",),
        # A line that is no header field is left out of the header.
        alters={"dot first": lambda content: content.removeprefix(b".\r\n")}))

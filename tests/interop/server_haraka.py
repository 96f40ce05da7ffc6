# SPDX-License-Identifier: MIT
"""smtp-send to Haraka, with its plugins for TLS and AUTH."""
import json
import pathlib
import time

import npm
from kit import Failure, accepts, check, free_port, test, tool, wait_for
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


def start(env, node, program, folder, files):
    """Starts it on ports that were free a moment ago, or on others. Returns them."""
    log = env.path("log")
    for _ in range(5):
        ports = free_port(), free_port()
        for name, text in files(*ports).items():
            (folder / "config" / name).write_text(text)
        with open(log, "wb") as said:
            process = env.start([node, program, "-c", folder], stdout=said, stderr=said)
        wait_for(lambda: process.poll() is not None or all(map(accepts, ports)), "Haraka")
        time.sleep(0.05)
        if process.poll() is None:
            return ports
    raise Failure(f"Haraka does not start: {log.read_text(errors='replace')[-300:]}")


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
    port, implicit = start(
        env, node, package / "node_modules/Haraka/bin/haraka", folder,
        lambda *ports: configuration(certificates.server, kept, *ports))
    return run_steps(Peer(
        env, f"Haraka {version}", port, lambda: list(unmarked(kept)), certificates,
        implicit=implicit, within_tls=False, mechanisms=MECHANISMS,
        extensions=("SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "STARTTLS", "AUTH"),
        spared=("empty",),
        # A line that is no header field is left out of the header.
        alters={"dot first": lambda content: content.removeprefix(b".\r\n")}))

# SPDX-License-Identifier: MIT
"""Mail servers as clients: what they are given they send on to smtp-receive."""
import re
import smtplib

import maildir
import messages
from kit import HOST, PATIENCE, check, same, wait_for
from receive import RECIPIENT, SENDER

RECEIVED = re.compile(rb"Received: [^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")


class Relay:
    """A server that runs in a jail: its port, and the file of its log."""

    def __init__(self, jail, port, log):
        self.jail, self.port, self.file = jail, port, log

    def give(self, letters, recipients=(RECIPIENT,), sender=SENDER, options=(), to_each=()):
        """Hands it messages, on one connection."""
        with smtplib.SMTP(HOST, self.port, "client.example", PATIENCE) as client:
            for message in letters:
                body = ["BODY=8BITMIME"] if message == messages.EIGHT_BIT else []
                client.sendmail(sender, recipients, message, [*body, *options], to_each)

    def log(self):
        return self.jail.log(self.file)

    def wait_for_log(self, words, count=1):
        wait_for(lambda: self.log().count(words) >= count, f"{count} of {words!r} in its log")


def arrived(receiver, count=1):
    wait_for(lambda: len(maildir.names(receiver.folder, "new")) >= count, f"{count} messages")
    return receiver.take(count)


def original(stored):
    """The content without the one field that a relay puts on top."""
    field = RECEIVED.match(stored.content)
    check(field, f"no Received field in {stored.content[:80]!r}")
    return stored.content[field.end():]


def relayed(stored, message, name="content"):
    same(original(stored), messages.canonical(message), name)


def reported(stored, action, recipient, *more):
    """A report of delivery (RFC 3464) came to the sender, about one recipient."""
    same((stored.return_path, stored.delivered_to), (b"<>", [SENDER.encode()]), "its envelope")
    for line in (b"Action: " + action, b"Final-Recipient: rfc822;", recipient, *more):
        check(line in stored.content, f"{line!r} is not in {stored.content!r}")

# SPDX-License-Identifier: MIT
"""The messages that are sent, and how they stand on the wire, told without the library."""

HEAD = (b"From: a@client.example\r\nTo: b@server.example\r\n"
        b"Date: Mon, 02 Jan 2006 15:04:05 +0000\r\nSubject: a test\r\n\r\n")
EIGHT_BIT = HEAD + b"Gr\xc3\xbc\xc3\x9fe, \xe4\xf6\xfc\r\n" + bytes(range(128, 256)) + b"\r\n"


def large(octets):
    """Lines of many lengths, every ninth of which begins with a dot."""
    lines, length, number = [], len(HEAD), 0
    while length < octets:
        line = (b"." if number % 9 == 0 else b"") + b"%d " % number + b"x" * (number % 71)
        lines.append(line)
        length += len(line) + 2
        number += 1
    return HEAD + b"".join(line + b"\r\n" for line in lines)


# In ASCII, so that each peer can send them with nothing said about them.
PLAIN = {
    "plain": HEAD + b"Some text.\r\n\r\nMore of it.\r\n",
    "dots": HEAD + b".\r\n..\r\n...x\r\n.x\r\n\r\n.\r\n . \r\n..\r\n.\r\n",
    "dot first": b".\r\n..x: y\r\n\r\ntext\r\n",
    "no text": HEAD,
    "empty lines": HEAD + b"\r\n\r\n\r\n.\r\n\r\n",
    "no final newline": HEAD + b"The last line\r\nends nowhere",
    "dot last": HEAD + b"text\r\n.",
    "long lines": HEAD + b"x" * 998 + b"\r\n" + b"." * 998 + b"\r\n." + b"y" * 997 + b"\r\n",
}
EMPTY = b""
BIG = large(5_000_000)


def canonical(message):
    """What DATA must carry of a message: it ends with a line end (RFC 5321 4.1.1.4)."""
    return message if not message or message.endswith(b"\r\n") else message + b"\r\n"


def stuff(content):
    """Content as DATA carries it, with its end (RFC 5321 4.5.2)."""
    lines = content.split(b"\r\n")
    check_end = lines.pop()
    assert not check_end, "content ends with CRLF"
    return b"".join((b"." if line[:1] == b"." else b"") + line + b"\r\n" for line in lines) \
        + b".\r\n"


def unstuff(octets):
    """Reads content up to its end. Returns it, and what stands behind it."""
    whole = b"\r\n" + octets
    end = whole.find(b"\r\n.\r\n")
    if end < 0:
        raise ValueError("no end of data")
    lines = whole[2:end + 2].split(b"\r\n")[:-1]
    return (b"".join((line[1:] if line[:1] == b"." else line) + b"\r\n" for line in lines),
            whole[end + 5:])


def on_wire(octets):
    """All messages of what a client sent: DATA and BDAT, each as its content."""
    found, chunks = [], []
    while octets:
        line, _, octets = octets.partition(b"\r\n")
        words = line.upper().split()
        if words[:1] == [b"DATA"]:
            content, octets = unstuff(octets)
            found.append(content)
        elif words[:1] == [b"BDAT"]:
            size = int(words[1])
            chunks.append(octets[:size])
            octets = octets[size:]
            if words[2:] == [b"LAST"]:
                found.append(b"".join(chunks))
                chunks = []
    return found

# SPDX-License-Identifier: MIT
"""Mail servers in a root of their own: each finds its files, its users and its queue where its
package would have put them, and nothing of the machine is touched."""
import os
import shutil
import stat
import subprocess

import debs
from kit import Skip, check, on_free_ports

PASSWD = "root:x:0:0::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n"
GROUP = "root:x:0:\nmail:x:8:\nnogroup:x:65534:\n"
DEVICES = {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9)}
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin"}
MAIL = "var/mail"  # where each server stores, for a user of this name:
OWNER = "vmail"


def fill(text, **values):
    """Puts values where their names stand as @NAME@."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


class Jail:
    """A folder with packages, the libraries of the programs in them, and the users they want."""

    def __init__(self, env, packages, programs, users):
        peer = packages[0]
        if os.geteuid() != 0:
            raise Skip(f"peer {peer} is started by root only")
        self.package = debs.unpack(packages)
        if self.package is None:
            raise Skip(f"peer {peer} cannot be had")
        self.env = env
        self.root = env.path("jail")
        env.folder.chmod(0o711)  # the servers give up root, and then still look for their files
        for folder in ("usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "tmp", "dev", "etc", "run",
                       "var/log"):
            (self.root / folder).mkdir(parents=True)
        for name in ("bin", "sbin", "lib", "lib64"):
            (self.root / name).symlink_to(f"usr/{name}")
        (self.root / "tmp").chmod(0o1777)
        shutil.copytree(self.package, self.root, symlinks=True, dirs_exist_ok=True)
        self.libraries(["/bin/sh", *(file for name in programs
                                     for file in self.package.glob(name))])
        shutil.copy("/bin/sh", self.root / "usr/bin/sh")
        self.devices(peer)
        self.users([*users, OWNER])
        self.folder(MAIL, OWNER)

    def libraries(self, programs):
        """Copies those that the machine has."""
        listed = subprocess.run(["ldd", *map(str, programs)], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True,
                                env=debs.environment(self.package))
        for word in set(listed.stdout.split()):
            target = self.root / word.lstrip("/")
            if word.startswith("/") and not word.endswith(":") and not target.exists() \
                    and not word.startswith(str(self.package)):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(word, target)

    def devices(self, peer):
        try:
            for name, (major, minor) in DEVICES.items():
                path = self.root / "dev" / name
                os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
                path.chmod(0o666)
        except PermissionError:
            raise Skip(f"peer {peer}: devices cannot be made here") from None

    def users(self, names):
        """Each with a group of its own name, and numbers that nobody has."""
        passwd, group = PASSWD, GROUP
        for number, name in enumerate(names, 61001):
            passwd += f"{name}:x:{number}:{number}::/home/{name}:/bin/false\n"
            group += f"{name}:x:{number}:\n"
        self.write("etc/passwd", passwd)
        self.write("etc/group", group)
        self.write("etc/hosts", "127.0.0.1 localhost\n")
        self.write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")

    def number(self, user):
        """Of a user and its group."""
        lines = (self.root / "etc/passwd").read_text().splitlines()
        return next(int(line.split(":")[2]) for line in lines if line.startswith(f"{user}:"))

    def write(self, name, content, mode=0o644):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    def folder(self, name, user="root", mode=0o755):
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return self.own(name, user, mode)

    def own(self, name, user, mode=0o644):
        path = self.root / name
        os.chown(path, self.number(user), self.number(user))
        path.chmod(mode)
        return path

    def enter(self):
        os.chroot(self.root)
        os.chdir("/")

    def start(self, command, configure, count=1, log="var/log/server.log"):
        """Configures the server for so many ports and starts it in the foreground.

        configure(*ports) writes its files. Returns the ports.
        """
        def begin(*ports):
            configure(*ports)
            with open(self.root / log, "ab") as said:
                return self.env.start(command, preexec_fn=self.enter, env=ENVIRONMENT,
                                      stdout=said, stderr=said)

        return on_free_ports(begin, count, self.root / log)

    def call(self, command, **options):
        status, said = self.env.call(command, preexec_fn=self.enter, env=ENVIRONMENT, **options)
        check(status == 0, f"{command[0]}: status {status}: {said}")
        return said

    def stored(self):
        """Takes what lies in the Maildirs: the name of each and the octets, with CRLF again."""
        for file in list((self.root / MAIL).glob("*/new/*")):
            octets = file.read_bytes().replace(b"\n", b"\r\n")
            file.unlink()
            yield file.parts[-3], octets

    def log(self, name):
        path = self.root / name
        return path.read_text(errors="replace") if path.exists() else ""


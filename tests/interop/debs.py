# SPDX-License-Identifier: MIT
"""Programs of Debian packages that are not installed: unpacked into a folder that is kept.

Mail servers would take over the machine if they were installed. Here they stand under build/peers/
with the libraries that they miss, and run from there. `debs.py PACKAGE[+PACKAGE]...` fetches them
beforehand, each set of packages into a folder of its own.
"""
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

KEPT = pathlib.Path(__file__).resolve().parents[2] / "build" / "peers"
PATIENCE = 120  # seconds for apt-get
QUICK = ("-qq", "-o", "Debug::NoLocking=1", "-o", "Acquire::Retries=1", "-o",
         "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10")


def quietly(command, folder):
    """Runs it. Returns what it wrote, or None where it failed."""
    try:
        done = subprocess.run([str(word) for word in command], cwd=folder, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C"))
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def missing(packages):
    """The packages and all that they need and that is not installed, as APT would install them."""
    plan = quietly(["apt-get", *QUICK, "--simulate", "--no-install-recommends", "install",
                    *packages], "/")
    if plan is None:
        return list(packages)
    needed = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    return list(dict.fromkeys([*packages, *needed]))


def fetch(packages, folder):
    """Unpacks the packages into the folder. Returns whether all could be had."""
    with tempfile.TemporaryDirectory(dir=KEPT) as downloads:
        # Who downloads as root would hand over to a user who cannot write here.
        get = ["apt-get", *QUICK, "-o", "APT::Sandbox::User=root", "download"]
        if quietly([*get, *missing(packages)], downloads) is None:
            # The lists of packages may be old, or there are none yet.
            if os.geteuid() != 0 or quietly(["apt-get", *QUICK, "update"], "/") is None \
                    or quietly([*get, *missing(packages)], downloads) is None:
                return False
        files = sorted(pathlib.Path(downloads).glob("*.deb"))
        return bool(files) and all(quietly(["dpkg", "-x", file, folder], "/") is not None
                                   for file in files)


def keep(name, fill):
    """The folder of this name under build/peers/, filled by fill(folder) when there is none yet.

    None where fill returned false: then nothing is kept, and the next call tries again.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    KEPT.chmod(0o700)  # some programs in there are set-user-ID
    root = KEPT / name
    with open(KEPT / f".{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side
        if root.exists():
            return root
        fresh = pathlib.Path(tempfile.mkdtemp(dir=KEPT))
        try:
            if not fill(fresh):
                return None
            fresh.chmod(0o755)
            fresh.rename(root)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return root


def unpack(packages):
    """The folder in which the packages lie unpacked, with what they need, or None."""
    packages = [packages] if isinstance(packages, str) else list(packages)
    return keep("+".join(packages), lambda folder: fetch(packages, folder))


def environment(root):
    """What programs in there need in their environment to find their libraries there."""
    folders = {str(file.parent) for part in ("lib", "usr/lib")
               for file in (root / part).rglob("*.so*")
               if "perl" not in file.parts}
    return dict(os.environ, LD_LIBRARY_PATH=":".join(sorted(folders)))


if __name__ == "__main__":
    absent = [names for names in sys.argv[1:] if unpack(names.split("+")) is None]
    sys.exit(f"not to be had: {' '.join(absent)}" if absent else 0)

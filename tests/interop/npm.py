# SPDX-License-Identifier: MIT
"""Packages of npm, kept under build/peers/. `npm.py` fetches them beforehand."""
import json
import re
import subprocess

import debs
from kit import Skip, tool

# Each with a date: what it needs is as it was then, the same at every installation.
PINNED = {"smtp-server": ("3.21.6", "2026-11-17"), "Haraka": ("3.3.4", "2026-09-06"),
          "nodemailer": ("8.0.11", "2026-06-30")}
PATIENCE = 100  # seconds


def package(name):
    """The folder with node_modules in which the package lies, node, and the version."""
    node, npm = tool("node", name), tool("npm", name)
    version, before = PINNED[name]

    def fill(folder):
        try:
            return subprocess.run(
                [npm, "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund",
                 "--no-save", "--omit=optional", f"--before={before}", f"{name}@{version}"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=PATIENCE).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    folder = debs.keep(f"{name}-{version}", fill)
    if folder is None:
        raise Skip(f"peer {name} cannot be had")
    about = json.loads((folder / "node_modules" / name / "package.json").read_text())
    wanted = int(re.search(r"\d+", about["engines"]["node"])[0])
    said = subprocess.run([node, "--version"], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True).stdout
    if int(re.search(r"\d+", said)[0]) < wanted:
        raise Skip(f"peer {name} needs node {wanted}, and here is {said.strip()}")
    return folder, node, version


def main():
    for name in PINNED:
        try:
            package(name)
        except Skip as skip:
            print(skip)


if __name__ == "__main__":
    main()

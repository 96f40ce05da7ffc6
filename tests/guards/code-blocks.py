# SPDX-License-Identifier: MIT
"""Each C block with a main() in README.md and docs/ compiles as it stands there and links with the library."""
import re

from _guard import BUILD, ROOT, files, finish, gather, relative, run, work_folder

folder = work_folder("code-blocks")
library = BUILD / "libsmtp.a"


def blocks():
    """(page, line, code) of each complete program."""
    for page in files("README.md", "docs/**/*.md"):
        text = page.read_text()
        for match in re.finditer(r"^```c\n(.*?)^```", text, re.S | re.M):
            if re.search(r"\bmain\s*\(", match.group(1)):
                yield page, text.count("\n", 0, match.start()) + 2, match.group(1)


def compile_block(block):
    page, line, code = block
    source = folder / f"{page.stem}-{line}.c"
    source.write_text(f'#line {line} "{page}"\n{code}')
    result = run(["gcc", "-std=c99", "-Wall", "-Wpedantic", "-Werror", f"-I{ROOT / 'include'}",
                  source, library, "-pthread", "-o", source.with_suffix("")])
    if result.returncode:
        yield f"{relative(page)}:{line}:\n{result.stdout}"


programs = list(blocks())
finish(gather(compile_block, programs), f"{len(programs)} programs compiled")

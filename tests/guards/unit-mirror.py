# SPDX-License-Identifier: MIT
"""Each lib/<layer>/<file>.c has its tests/unit/<layer>/test_<file>.c, and each test in there asserts something.

unit-mirror.txt names the files that are covered by another file's tests, one a line, with the reason.
"""
import re

from _guard import ROOT, blank, files, finish, library_sources, relative, without_preprocessor

EXCEPTIONS = ROOT / "tests/guards/unit-mirror.txt"
ASSERTS = r"\b(?:assert_\w+|fail|fail_msg|expect_\w+|mock_assert)\s*\("


def exceptions():
    """{library source: (test that covers it, reason)}"""
    found = {}
    for line in EXCEPTIONS.read_text().splitlines():
        if line and not line.startswith("#"):
            source, test, reason = (line.split(None, 2) + ["", ""])[:3]
            found[source] = (test, reason)
    return found


def mirror(sources):
    listed = exceptions()
    for source in sources:
        test = f"tests/unit/{source.parent.name}/test_{source.stem}.c"
        has_test, covered = (ROOT / test).is_file(), listed.pop(relative(source), None)
        if not has_test and covered is None:
            yield f"{relative(source)}: there is no {test}, and unit-mirror.txt does not say why"
        elif has_test and covered is not None:
            yield f"{relative(source)}: has a test of its own, and stands in unit-mirror.txt"
        elif covered and not (ROOT / covered[0]).is_file():
            yield f"{relative(source)}: unit-mirror.txt names {covered[0]}, which is not there"
        elif covered and not covered[1]:
            yield f"{relative(source)}: unit-mirror.txt gives no reason"
    for source in listed:
        yield f"{source}: stands in unit-mirror.txt and is not there"


def bodies(path):
    """{name: body} of the functions and the macros with arguments that are defined in it."""
    text = blank(path.read_text())
    macros = re.findall(r"^#define (\w+)\([^)\n]*\)((?:[^\n\\]|\\.)*)", text, re.S | re.M)
    functions = re.findall(r"(\w+)\([^;{}]*\)\s*\{(.*?)^\}", without_preprocessor(text), re.S | re.M)
    return dict(macros + functions)


def idle(test, helpers):
    """The tests in a file that assert nothing, themselves or through a function that they call."""
    found = bodies(test)
    asserting = {name for name, body in {**helpers, **found}.items() if re.search(ASSERTS, body)}
    while True:
        more = {name for name, body in {**helpers, **found}.items()
                if name not in asserting and asserting & set(re.findall(r"(\w+)\s*\(", body))}
        if not more:
            break
        asserting |= more
    registered = re.findall(r"\bcmocka_unit_test\w*\(\s*(\w+)", test.read_text())
    for name in registered:
        if name not in asserting:
            yield f"{relative(test)}: {name} asserts nothing"
    if not registered:
        yield f"{relative(test)}: holds no test"


def main():
    sources = library_sources()
    tests = files("tests/unit/*/test_*.c")
    helpers = {}
    for path in files("tests/unit/**/*.h"):
        helpers.update(bodies(path))
    findings = [*mirror(sources)]
    for test in tests:
        findings += idle(test, helpers)
    finish(findings, f"{len(sources)} files, {len(tests)} unit tests")


main()

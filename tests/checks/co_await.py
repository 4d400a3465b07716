#!/usr/bin/env python3
"""g++ 12 destroys aggregates and capturing lambdas that stand inside a co_await expression twice (PR 102217 and its
kin). After co_await only names, std::move, calls and literals may stand: this finds braces and lambdas there. And a call
that is awaited in the condition of an `if` or `while` is destroyed also where the condition was never reached, from memory
that nobody wrote: it is named first as well."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'')
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


def expressions(text):
    """The text of each co_await expression, up to the end of its statement or of the bracket it stands in."""
    for at in (m.start() for m in re.finditer(r"\bco_await\b", text)):
        depth, end = 0, at
        while end < len(text):
            c = text[end]
            if c in "([":
                depth += 1
            elif c in ")]":
                depth -= 1
                if depth < 0:
                    break
            elif c == ";" or (c == "{" and depth == 0):
                break
            elif c == "{":
                end += 1
                break
            end += 1
        yield at, text[at:end]


CONDITION = re.compile(r"\b(?:if|while)\s*\(\s*!?\s*co_await\b")


def main():
    bad = 0
    for folder in ("daemon", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            text = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), path.read_text(encoding="utf-8"))
            text = STRING.sub(lambda m: '"' + " " * (len(m.group()) - 2) + '"', text)
            for found in CONDITION.finditer(text):
                bad += 1
                print(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: co_await in a condition: name its value first")
            for at, expression in expressions(text):
                if "{" in expression or re.search(r"[(,]\s*\[[^\]]*\]\s*[({]", expression):
                    bad += 1
                    print(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, at) + 1}: braces or a lambda inside co_await: name it first")
    print(f"{bad} found")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())

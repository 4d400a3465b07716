#!/usr/bin/env python3
"""No source file passes 800 lines, no header 400: split by idea before that."""
import pathlib
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
LIMITS = {".cc": 800, ".h": 400}


def main():
    bad = 0
    for folder in ("daemon", "plugins"):
        for path in sorted((ROOT / folder).rglob("*")):
            limit = LIMITS.get(path.suffix)
            if limit and (lines := path.read_text(encoding="utf-8").count("\n")) > limit:
                bad += 1
                print(f"{path.relative_to(ROOT)}: {lines} lines, the limit is {limit}")
    print(f"{bad} too long")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())

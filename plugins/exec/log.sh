#!/bin/sh
# Each new line of a log file as an item. The source's option: run = ["/usr/share/tidings/exec/log.sh", "/var/log/app.log"]
# The cursor is how many bytes were read; a line without its end waits for the next poll.
set -eu
file=$1
from=${TIDINGS_CURSOR:-0}
size=$(wc -c <"$file")
if [ "$size" -lt "$from" ]; then
  echo "W! $file is shorter than it was: it is read from its beginning" >&2
  from=0
fi
new() { tail -c "+$((from + 1))" "$file" | head -c "$((size - from))"; }
whole=$(new | tail -c 1 | wc -l) # 1 where the last line has its end
export file from whole
new | LC_ALL=C awk '
  function json(s) { gsub(/[\\"]/, "\\\\&", s); gsub(/[\001-\037]/, " ", s); return "\"" s "\"" }
  function say() {
    if (line != "") printf "{\"type\":\"item\",\"id\":%s,\"title\":%s}\n", json(ENVIRON["file"] ":" at), json(line)
    at += length(line) + 1
  }
  BEGIN { at = ENVIRON["from"] + 0 }
  NR > 1 { say() }
  { line = $0 }
  END { if (NR > 0 && ENVIRON["whole"] > 0) say(); printf "{\"type\":\"done\",\"cursor\":\"%d\"}\n", at }'

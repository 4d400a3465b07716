#!/usr/bin/env python3
"""The publication times of recorded feeds, for the freshness benchmark: lines of "outlet<TAB>unix seconds".

    recorded_feeds.py ARCHIVE [WEEKS]

ARCHIVE is a tar of OUTLET/TIME.xml: snapshots at irregular times, TIME when each was fetched. Between the oldest date in
a snapshot and its time every item is known; elsewhere items may be missing. So a timeline of WEEKS weeks is put together
from the known hours alone: each hour is followed by the recorded next one where that is known too, else by another known
hour of the same hour of the week (or of the same hour of such a day), the one used least so far.
"""
import collections
import datetime
import email.utils
import re
import sys
import tarfile

ITEM = re.compile(rb"<(?:item|entry)[ >].*?</(?:item|entry)>", re.S)
DATE = re.compile(rb"<(?:pubDate|dc:date|published|updated)[^>]*>([^<]+)<")
KEY = re.compile(rb"<(?:guid|id)[^>]*>([^<]+)<|<link>([^<]+)<")
HOUR = 3600
WEEK = 7 * 24 * HOUR
# Monday 2026-09-28, 00:00 UTC: where the timeline begins.
BEGIN = 1790553600
# An entry so much older than its snapshot was kept at the top: it does not make all since then known.
PINNED = 3 * 24 * HOUR


def time_of(text):
    text = text.decode("utf-8", "replace").strip()
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, IndexError):
        pass
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def fetched_at(name):
    return datetime.datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()


def read(archive):
    """Of each outlet: its items' times by key, and the spans in which all are known."""
    items = collections.defaultdict(dict)
    spans = collections.defaultdict(list)
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile() or not member.name.endswith(".xml"):
                continue
            outlet, name = member.name.split("/")[-2:]
            fetched = fetched_at(name)
            oldest = fetched
            for match in ITEM.finditer(tar.extractfile(member).read()):
                date, key = DATE.search(match.group()), KEY.search(match.group())
                time = date and time_of(date.group(1))
                if not time or not key or time > fetched:
                    continue
                items[outlet].setdefault(key.group(1) or key.group(2), time)
                if fetched - time < PINNED:
                    oldest = min(oldest, time)
            spans[outlet].append((oldest, fetched))
    return items, spans


def known_hours(spans):
    """The whole hours, counted from the epoch, that lie within the union of the spans."""
    merged = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([begin, end])
    return [hour for begin, end in merged for hour in range(int(-(-begin // HOUR)), int(end // HOUR))]


def timeline(hours, weeks):
    """Recorded hours, one for each hour of the replay."""
    known = set(hours)
    by_slot = collections.defaultdict(list)
    monday = 4 * 24  # the epoch was a Thursday
    for hour in hours:
        week_hour = (hour - monday) % 168
        by_slot[week_hour].append(hour)
        by_slot["weekend" if week_hour >= 120 else "week", week_hour % 24].append(hour)
    used = collections.Counter()
    chosen = []
    for at in range(weeks * 168):
        follows = chosen[-1] + 1 if chosen else None
        if follows not in known or used[follows] > used[chosen[-1]]:
            week_hour = at % 168
            candidates = by_slot[week_hour] or by_slot["weekend" if week_hour >= 120 else "week", week_hour % 24]
            if not candidates:
                return None
            follows = min(candidates, key=lambda hour: (used[hour], hour))
        used[follows] += 1
        chosen.append(follows)
    return chosen


def main():
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    items, spans = read(sys.argv[1])
    for outlet in sorted(items):
        hours = timeline(known_hours(spans[outlet]), weeks)
        if hours is None:
            continue
        by_hour = collections.defaultdict(list)
        for time in items[outlet].values():
            by_hour[int(time // HOUR)].append(time % HOUR)
        for at, hour in enumerate(hours):
            for offset in sorted(by_hour[hour]):
                print(f"{outlet}\t{int(BEGIN + at * HOUR + offset)}")


if __name__ == "__main__":
    main()

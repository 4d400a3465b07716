"""Made feeds for benchmarks and load tests: RSS 2.0 with items of about 1.5 kB, each text its own, the same at every run."""
import datetime
import itertools
import pathlib
import random

SYLLABLES = "ba be bi bo bu da de di do du fa fe fi ga go ha he ka ke ki ko la le li lo lu ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi za zo".split()


def lexicon(rng, size=6000):
    words = set()
    while len(words) < size:
        words.add("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 5))))
    return sorted(words)


class Maker:
    def __init__(self, seed=7):
        self.rng = random.Random(seed)
        self.words = lexicon(self.rng)
        # A Zipf-like law, as natural text has it; summed up once, not at each sentence.
        self.weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(self.words))))

    def sentence(self, length):
        return " ".join(self.rng.choices(self.words, cum_weights=self.weights, k=length)).capitalize()

    def item(self, host, feed, number, when):
        text = " ".join(self.sentence(self.rng.randint(8, 20)) + "." for _ in range(12))
        text += f" The figure was {self.rng.randint(100, 99999)} crowns."
        title = self.sentence(self.rng.randint(6, 11))
        stamp = when.strftime("%a, %d %b %Y %H:%M:%S +0000")
        return (f"<item><title>{title}</title><link>http://{host}/{feed}/{number}.html</link>"
                f"<guid isPermaLink=\"false\">{feed}-{number}</guid><pubDate>{stamp}</pubDate>"
                f"<category>{self.rng.choice(self.words)}</category><description>{text}</description></item>\n")

    def feed(self, host, name, items):
        when = datetime.datetime(2026, 3, 1, 12, 0, 0)
        body = "".join(self.item(host, name, n, when - datetime.timedelta(minutes=7 * n)) for n in range(items))
        return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Feed {name}</title>"
                f"<link>http://{host}/{name}/</link><description>A made feed</description><language>en</language>\n{body}</channel></rss>\n")


def write(folder, host, feeds=2000, items=25, seed=7):
    """Writes feeds 0.xml ... into the folder and returns the number of bytes."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(seed)
    size = 0
    for number in range(feeds):
        text = maker.feed(host, f"f{number}", items)
        size += len(text)
        (folder / f"{number}.xml").write_text(text)
    return size

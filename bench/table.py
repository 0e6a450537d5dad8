# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Results as text for people: medians, a Markdown table, bars.

    markdown(results, nice, firmware)       results: figures as bench/series.py collects them, any number of rounds
    svg(results, firmware)                  firmware: bench/firmware.py
    into(text, path, name)          between the lines <!-- NAME:begin --> and <!-- NAME:end --> of a file
"""
import os
import platform
import re
import statistics
import subprocess
import time

import pace

# --- figures of one run; None where there are none

def megabytes(figures):
    """10^6 bytes of disk (counting image: of UDP payload, at its best rate; TFTP: of the file) per second."""
    if figures["failed"]:
        return None
    if figures["contender"] == "count":
        return max(int(c["bytes"]) / int(c["us"]) for c in figures["count"])
    moved = figures.get("transfer")
    if moved:
        return int(moved["bytes"]) / int(moved["us"])
    seq = figures["seq"]                # its requests are all of one size, and us is of the timed ones
    return int(seq["bytes"]) * int(seq["timed"]) / int(seq["requests"]) / int(seq["us"])


def randoms(figures):
    """Reads of 4 KiB a second (counting image: answers of as many frames as that is)."""
    if figures["failed"]:
        return None
    if figures["contender"] == "count":
        return max(int(a["answers"]) * 1e6 / int(a["us"]) for a in figures["answers"])
    return calls(figures, "rnd")


def calls(figures, phase):
    """Calls of this phase a second."""
    if figures["failed"] or phase not in figures:
        return None
    return int(figures[phase]["timed"]) * 1e6 / int(figures[phase]["us"])


def chs(figures):
    return calls(figures, "chs")


def longest(figures):
    """ms of the slowest call."""
    found = [int(figures[p]["max_us"]) for p in ("seq", "rnd", "chs") if not figures["failed"] and p in figures]
    return max(found) / 1000 if found else None


def slowdown(figures):
    return figures["slowdown"]


# --- of several

def some(results, get):
    return [v for v in map(get, results) if v is not None]


def middle(results, get):
    found = some(results, get)
    return statistics.median(found) if found else None


def text_of(value):
    if value is None:
        return "-"
    return "%.0f" % value if value >= 100 else "%.1f" % value if value >= 10 else "%.2f" % value


def cell(results, get):
    found = some(results, get)
    if not found:
        return "-"
    if len(found) == 1:
        return text_of(found[0])
    return "%s (%s to %s)" % (text_of(statistics.median(found)), text_of(min(found)), text_of(max(found)))


def by_round(results, get):
    return {r["round"]: value for r in results for value in [get(r)] if value}


def ratio(above, below, get):
    """The median of the rounds' own ratios: in a round both stood side by side, and had the same neighbours (pace.py)."""
    a, b = by_round(above, get), by_round(below, get)
    found = [a[number] / b[number] for number in a if number in b]
    return "%.2f" % statistics.median(found) if found else "-"


def of(results, **what):
    return [r for r in results if all(r[k] == v for k, v in what.items())]


def distinct(results, key):
    return list(dict.fromkeys(r[key] for r in results))


def output(*words):
    try:
        return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def commit():
    """HEAD; dirty, if more than the pages that benchmarks write is not as it was committed."""
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/performance*")
    return output("git", "rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def processor():
    with open("/proc/cpuinfo") as f:
        found = re.search(r"^model name\s*: (.*)$", f.read(), re.M)
    return found.group(1) if found else platform.machine()


def head(results, nice, firmware):
    qemu = output("qemu-system-x86_64", "--version").splitlines()[0]
    version = {name: output("dpkg-query", "-W", "-f", "${Version}", name)
               for name in re.findall(r"%\(([\w-]+)\)s", firmware.versions)}
    rounds = len(distinct(results, "round"))
    over, failed = sum(r["over"] for r in results), sum(bool(r["failed"]) for r in results)
    slow = some(results, slowdown)
    notes = ["The machine was not ours alone: all of it ran at nice %d." % nice] if nice else []
    if over * 2 > len(results):
        notes.append("**Most runs were over the bound: this says that the harness works, and little about the contenders.**")
    return """![bars](performance-%s.svg)

Commit %s, %s; %d cores %s, Linux %s; %s, TCG.
%s.
Rounds, interleaved: %d; median (smallest to largest); ratios: median of the rounds' own. Others used %.2f cores at the
median, %.2f at most; %d of %d runs were over the bound, %d failed. Slowdown of the slower core: %s at the median, %s at most.
MB = 10^6 bytes, time inside %s only.
%s""" % (firmware.name, results[0]["commit"], time.strftime("%Y-%m-%d"), os.cpu_count(), processor(),
       platform.release(), qemu, firmware.versions % version, rounds,
       statistics.median(r["foreign"] for r in results), max(r["foreign"] for r in results), over, len(results), failed,
       text_of(statistics.median(slow) if slow else None), text_of(max(slow, default=None)), firmware.calls,
       "".join("\n%s\n" % note for note in notes))


def runs_of(runs):
    bad, over = sum(bool(r["failed"]) for r in runs), sum(r["over"] for r in runs)
    return "%.2f | %s | %d%s%s" % (
        statistics.median(r["foreign"] for r in runs), text_of(middle(runs, slowdown)), len(runs),
        ", %d over" % over if over else "", ", %d failed" % bad if bad else "")


def heading(card, loss):
    return "### %s, %s" % (card, "no loss" if float(loss) == 0 else loss + " % loss each way")


def disks(results, card, loss, firmware):
    """One card at one loss: a line a contender, then what follows from them."""
    here = of(results, card=card, loss=loss)
    count, rill = of(results, card=card, contender="count"), of(here, contender="rill")
    has_chs = "chs" in firmware.phases
    lines = [heading(card, loss), "",
             "| contender | sequential %s, MB/s | of the counting image | random 4 KiB, per s | of the counting image "
             "| %sslowest call, ms | foreign cores | slowdown | runs |" % (
                 firmware.sequential, "AH=02h, per s | " if has_chs else ""),
             "|---|---|---|---|---|---|---|---|---|" + ("---|" if has_chs else "")]
    for contender in (c for c in firmware.names if c not in firmware.fetch and of(here, contender=c)):
        runs = of(here, contender=contender)
        lines.append("| %s | %s | %s | %s | %s | %s%s | %s |" % (
            firmware.names[contender], cell(runs, megabytes), ratio(runs, count, megabytes),
            cell(runs, randoms), ratio(runs, count, randoms), cell(runs, chs) + " | " if has_chs else "",
            text_of(max(some(runs, longest), default=None)), runs_of(runs)))
    lines.append("")
    peers = [of(here, contender=c) for c in ("iscsi", "http", "aoe") if of(here, contender=c)]
    if rill and peers:
        lines.append("Rill against the best of iPXE: sequential x %s, random x %s." % tuple(
            ratio(rill, max(peers, key=lambda p, g=get: middle(p, g) or 0), get) for get in (megabytes, randoms)))
    clean = of(results, card=card, contender="rill", loss="0")
    if float(loss) and rill and clean:
        lines.append("Rill against itself without loss: sequential x %s, random x %s." % (
            ratio(rill, clean, megabytes), ratio(rill, clean, randoms)))
    return "\n".join(lines) + "\n"


def fetches(results, card, loss, firmware):
    """The contenders that only fetch a file; "" if there are none. The first is ours."""
    here = [(c, of(results, card=card, loss=loss, contender=c)) for c in firmware.fetch]
    here = [(c, runs) for c, runs in here if runs]
    if not here:
        return ""
    lines = [heading(card, loss) + ": a file of 32 MiB by TFTP", "",
             "| contender | MB/s | foreign cores | slowdown | runs |", "|---|---|---|---|---|"]
    lines += ["| %s | %s | %s |" % (firmware.names[c], cell(runs, megabytes), runs_of(runs)) for c, runs in here]
    lines += [""] + ["%s against %s: x %s." % (firmware.names[firmware.fetch[0]].replace("*", ""), firmware.names[c],
                                              ratio(here[0][1], runs, megabytes))
                      for c, runs in here[1:] if not firmware.peers[c].is_ours]
    return "\n".join(lines) + "\n"


def markdown(results, nice, firmware):
    best = pace.least(r["pace"] for r in results)
    results = [dict(r, slowdown=pace.slowdown(r["pace"], best)) for r in results]
    parts = [head(results, nice, firmware)]
    for card in distinct(results, "card"):
        for loss in distinct(of(results, card=card), "loss"):
            parts += [make(results, card, loss, firmware) for make in (disks, fetches)]
    return "\n".join(part for part in parts if part)


def bars(results, firmware, card, get, unit, left):
    """A panel of horizontal bars, 24 a row, from x = left on."""
    rows = [(c, middle(of(results, card=card, loss="0", contender=c), get))
            for c in firmware.names if c not in firmware.fetch]
    rows = [(c, v) for c, v in rows if v]
    most = max((v for _, v in rows), default=1)
    yield '<text x="%d" y="20" font-weight="bold">%s: %s</text>' % (left, card, unit)
    for i, (contender, value) in enumerate(rows):
        y, width = 34 + i * 24, 190 * value / most
        name = firmware.names[contender].replace("*", "")
        colour = "#2a6fb0" if contender == "rill" else "#555" if contender == "count" else "#b9b9b9"
        yield '<text x="%d" y="%d">%s</text>' % (left, y + 13, name)
        yield '<rect x="%d" y="%d" width="%.1f" height="16" fill="%s"/>' % (left + 170, y, width, colour)
        yield '<text x="%.1f" y="%d">%s</text>' % (left + 176 + width, y + 13, text_of(value))


def svg(results, firmware):
    cards = distinct(of(results, loss="0"), "card")
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="880" height="%d" font-family="sans-serif" font-size="12">'
             % (170 * len(cards)), '<rect width="100%" height="100%" fill="white"/>']
    for i, card in enumerate(cards):
        parts.append('<g transform="translate(0 %d)">' % (170 * i))
        parts += bars(results, firmware, card, megabytes, "sequential %s, MB/s" % firmware.sequential, 10)
        parts += bars(results, firmware, card, randoms, "random 4 KiB, reads/s", 450)
        parts.append("</g>")
    return "\n".join(parts + ["</svg>"]) + "\n"


def into(text, path, name):
    begin, end = "<!-- %s:begin -->" % name, "<!-- %s:end -->" % name
    with open(path) as f:
        whole = f.read()
    before, rest = whole.split(begin + "\n", 1)
    _, after = rest.split(end, 1)
    with open(path, "w") as f:
        f.write(before + begin + "\n" + text + end + after)

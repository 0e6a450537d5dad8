# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A measurement in rounds: in each, every contender runs once, on an image of a fresh seed. What bench-bios and bench-efi are.
Those that are compared stand close together: what a contender does with loss follows what it does without.

    main(program, "uefi")       the whole of it, on one firmware after the other if there are several; started again with
                                --inside it is one run, in a namespace of its own

What can be set is described in bench/bench-bios.
"""
import json
import os
import random
import shutil
import subprocess
import sys

import firmware as firmwares
import image
import lab
import table
from machine import die_with_parent

LIMIT = 300


def option(name, default):
    return os.environ.get("BENCH_" + name, default)


class Series:
    def __init__(self, program, firmware):
        self.program, self.firmware = program, firmware
        self.out = "build/out/" + firmware.part
        self.disk = self.out + "/disk.img"

    def settings(self):
        contenders = [c for c in option("CONTENDERS", " ".join(self.firmware.names)).split() if c in self.firmware.names]
        for card in option("CARDS", self.firmware.cards).split():
            for contender in contenders:
                for loss in option("LOSS", self.firmware.losses).split():
                    if card in self.firmware.only.get(contender, (card,)) and (
                            float(loss) <= self.firmware.loss.get(contender, 0)):
                        yield contender, card, loss

    def inside(self, contender, card, loss, folder):
        figures = lab.run(lab.Setting(self.firmware, contender, card, float(loss), folder), self.disk, LIMIT)
        with open(folder + "/figures.json", "w") as f:
            json.dump(figures, f)

    def once(self, setting):
        """One run in a namespace of its own; it dies with us."""
        folder = "%s/%s-%s-%s" % ((self.out,) + setting)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        words = ["unshare", "-n" if os.geteuid() == 0 else "-rn", "--kill-child", "--fork", sys.executable, self.program,
                 "--inside", self.firmware.name]
        with open(folder + "/lab.log", "w") as log:
            subprocess.run(words + list(setting) + [folder], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                           timeout=LIMIT + 60, preexec_fn=die_with_parent)
        try:
            with open(folder + "/figures.json") as f:
                return json.load(f)
        except FileNotFoundError:
            with open(folder + "/lab.log") as f:
                return {"failed": f.read()[-800:], "foreign": 0.0, "pace": {}, "seconds": 0.0}

    def measure(self, setting, work):
        bound, best = float(option("FOREIGN", "0.3")), None
        for _ in range(1 + int(option("RETRIES", "3"))):
            figures = self.once(setting)
            figures.update(contender=setting[0], card=setting[1], loss=setting[2], over=figures["foreign"] > bound)
            self.check(figures, work)
            if not best or (bool(figures["failed"]), figures["foreign"]) < (bool(best["failed"]), best["foreign"]):
                best = figures
            if not best["failed"] and not best["over"]:
                break
        return best

    def check(self, figures, work):
        """What the guest read is what is on the disk, or in the file; a wrong sum is a failure, however fast."""
        if figures["failed"]:
            return
        for phase in self.firmware.phases if self.firmware.peers[figures["contender"]].reads_disk else ():
            figures["failed"] = figures["failed"] or image.wrong(self.disk, work, phase, figures.get(phase))
        if "transfer" in figures and figures.get("bulk") != figures.get("fetched", {}).get("crc"):
            figures["failed"] = "the guest has a file with CRC %s, not %s" % (figures.get("fetched"), figures["bulk"])

    def rounds(self, runs):
        commit, results = table.commit(), []
        for number in range(runs):
            seed = random.SystemRandom().randrange(1 << 32)
            work = self.firmware.work(seed, runs == 1)
            image.make(self.disk, work)
            print("round %d of %d, seed %d" % (number + 1, runs, seed), flush=True)
            for setting in self.settings():
                figures = self.measure(setting, work)
                results.append(dict(figures, round=number, seed=seed, commit=commit))
                print("  %-6s %-15s loss %-4s %s" % (setting + (one_line(figures),)), flush=True)
                with open(self.out + "/results.jsonl", "a" if len(results) > 1 else "w") as f:
                    f.write(json.dumps(results[-1]) + "\n")
        os.unlink(self.disk)
        return results


def one_line(figures):
    if figures["failed"]:
        return "FAILED " + figures["failed"].strip().replace("\n", "\n          ")
    words = ["%s %s" % (table.text_of(v), unit) for v, unit in ((table.megabytes(figures), "MB/s"),
                                                                (table.randoms(figures), "random/s")) if v]
    return "%s, foreign %.2f%s" % (", ".join(words), figures["foreign"], " (over)" if figures["over"] else "")


def take_part(series, runs):
    """True: none of ours failed. docs/ has what several rounds brought."""
    firmware = series.firmware
    os.makedirs(series.out, exist_ok=True)
    results = series.rounds(runs)
    text = table.markdown(results, os.nice(0), firmware)
    print(text)
    ours = [r for r in results if firmware.peers[r["contender"]].is_ours]
    well = not any(r["failed"] for r in ours)
    if runs == 1:
        print("One short round proves nothing but that all of this runs: docs/ stays as it was.")
        return well
    table.into(text, "docs/performance.md", firmware.part)
    with open("docs/performance-%s.svg" % firmware.name, "w") as f:
        f.write(table.svg(results, firmware))
    return well


def main(program, *names):
    if sys.argv[1:2] == ["--inside"]:
        return Series(program, firmwares.ALL[sys.argv[2]]).inside(*sys.argv[3:7])
    os.nice(int(option("NICE", "0")))
    unknown = set(option("CONTENDERS", "").split()).difference(*(firmwares.ALL[name].names for name in names))
    if unknown:
        sys.exit("nobody here is called " + ", ".join(unknown))
    series = [Series(program, firmwares.ALL[name]) for name in names]
    return sys.exit(0 if all([take_part(s, int(option("RUNS", "5"))) for s in series]) else 1)

"""The same sweep in Go, in JAX and in PyTorch, alternating, on this machine, in one go.

    bench.py FOLDER DIGITS [WIDTH…]     FOLDER has the test binaries of lib/training, lib/sweep and plots; DIGITS is digits.csv.gz

Each formulation trains RUNS runs (32) REPEATS times (5), taking turns, so that what else the machine does falls on all alike;
each time the best of three after a warm-up counts (of Go on one processor, and on the grid, the only one). Prints medians, the
ratio to the project's own, the share of the machine's float32 matrix-product peak, which takes its turn too, and the loss that
was reached as proof of equal work; then a grid of α and η, folded, beside JAX that runs every point of it, what each further
run of a sweep costs, and what it costs to watch a run by a monitor. Report ratios; seconds are those of the day.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPEATS = int(os.environ.get("REPEATS", "5"))
RUNS = int(os.environ.get("RUNS", "32"))  # read by the Go side as well
PEER = re.compile(r"peer=(\S+) N=\d+ H=\d+ seconds=(\S+) gflops=(\S+) loss=(\S+)(?: first=(\S+))?")
BINARIES, DIGITS = (Path(a).resolve() for a in sys.argv[1:3])
GO = re.compile(r"^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(\d+) ns/op(.*)$", re.MULTILINE)


def peak():
    """GFLOP/s of the fastest of a few large matrix products."""
    import numpy as np

    n, best = 2048, 0.0
    a, b = (np.ones((n, n), np.float32) for _ in range(2))
    for _ in range(5):
        start = time.perf_counter()
        a @ b
        best = max(best, 2 * n**3 / (time.perf_counter() - start) / 1e9)
    return best


def peers(script, width, runs=RUNS, **env):
    out = subprocess.run([sys.executable, HERE / script, DIGITS, str(runs), str(width)], env=os.environ | env,
                         capture_output=True, text=True)
    if out.returncode:
        print(f"  {script} fails here: {out.stderr.strip().splitlines()[-1] if out.stderr.strip() else out.returncode}", flush=True)
    for name, seconds, gflops, loss, first in PEER.findall(out.stdout):
        yield name, float(seconds), float(gflops), loss, float(first or "nan")


def go(package, pattern, runs=1, each=1, processors=None):
    """A package's benchmarks that match, the best of some runs: name, seconds, and what else each reports by its unit."""
    command = [BINARIES / f"{Path(package).name}.test", "-test.run=^$", f"-test.bench={pattern}", f"-test.benchtime={each}x", f"-test.count={runs}"]
    out = subprocess.run(command, cwd=HERE.parent.parent / package, capture_output=True, text=True,
                         preexec_fn=processors and (lambda: os.sched_setaffinity(0, processors)))
    if out.returncode:
        sys.exit(f"{package} fails:\n{out.stdout}{out.stderr}")
    best = {}
    for name, ns, rest in GO.findall(out.stdout):
        if name not in best or int(ns) < best[name][0]:
            best[name] = int(ns), rest
    for name, (ns, rest) in best.items():
        yield name, ns / 1e9, {unit: float(v) for v, unit in re.findall(r"(\S+) (\S+)", rest)}


def own(width):
    """The project's: gradient norms recorded as the peers do, the loss alone, every norm, and all that on one processor."""
    rows = [("go-" + name.split("/")[1], *rest) for name, *rest in go("lib/training", f"AlphaSweep/.*/H={width}$", 3)]
    alone = {min(os.sched_getaffinity(0))}
    rows += [("go-one-device", *rest) for _, *rest in go("lib/training", f"AlphaSweep/gradients/H={width}$", processors=alone)]
    for name, seconds, values in rows:
        yield name, seconds, values["GFLOP/s"], f"{values['loss-min']:.5f}..{values['loss-max']:.5f}"


def table(width):
    results, peaks = {}, []
    for repeat in range(REPEATS):
        print(f"  H = {width}: {repeat + 1} of {REPEATS}", file=sys.stderr, flush=True)
        peaks.append(peak())
        rows = list(own(width)) + list(peers("jax_sweep.py", width)) + list(peers("jax_sweep.py", width, NDEV="2"))
        if repeat == 0 or os.environ.get("TORCH") == "all":  # minutes each
            rows += peers("torch_sweep.py", width, STEPS="100")
        for name, seconds, gflops, loss, *_ in rows:
            results.setdefault(name, []).append((seconds, gflops, loss))
    middle = {name: [statistics.median(column) for column in list(zip(*rows))[:2]] for name, rows in results.items()}
    reference, top = middle["go-gradients"][0], statistics.median(peaks)
    print(f"\n{RUNS} runs of 500 steps, H = {width}; the peak is {top:.0f} GFLOP/s")
    print(f"{'formulation':<22}{'seconds':>9}{'GFLOP/s':>9}{'of peak':>9}{'times go':>10}  loss")
    for name, (seconds, gflops) in sorted(middle.items(), key=lambda item: item[1]):
        print(f"{name:<22}{seconds:>9.3f}{gflops:>9.1f}{gflops / top:>9.0%}{seconds / reference:>10.2f}  {results[name][-1][2]}")


def grid():
    """256 points of α and η: folded and not, and the JAX formulations, which run them all."""
    times = {}
    for repeat in range(REPEATS):
        print(f"  grid: {repeat + 1} of {REPEATS}", file=sys.stderr, flush=True)
        for name, seconds, values in go("lib/sweep", "FoldedGrid"):
            entry = times.setdefault(f"go, {name.split('/')[1]}: {values['runs']:.0f} runs", [])
            entry.append((seconds - values["s/compilation"], seconds))
        for env in {"NDEV": "1"}, {"NDEV": "2"}:
            for name, seconds, _, _, first in peers("jax_sweep.py", 64, 256, **env):
                times.setdefault(f"{name}: 256 runs", []).append((seconds, first))
    apart, first = ({name: statistics.median(e[k] for e in entries) for name, entries in times.items()} for k in range(2))
    reference = next(name for name in times if name.startswith("go, folded"))
    print("\n16 × 16 grid of α and η, 500 steps, H = 64 (Go's time includes writing the files)")
    print(f"{'':<32}{'compiled':>11}{'times go':>10}{'first time':>12}{'times go':>10}")
    for name in sorted(times, key=apart.get):
        print(f"{name:<32}{apart[name]:>9.3f} s{apart[name] / apart[reference]:>10.2f}{first[name]:>10.3f} s{first[name] / first[reference]:>10.2f}")


def growth():
    """The best of REPEATS for each size, and what the runs that one sweep has more than the next smaller one cost."""
    print("\nA sweep of N runs, and a compilation")
    smaller = (0, 0.0)
    for name, seconds, values in go("lib/training", "Runs|Compile", REPEATS):
        if "ms/run" not in values:
            print(f"{name:<12}{seconds:>9.2f} s")
            continue
        runs = int(name.split("=")[1])
        print(f"{name:<12}{seconds:>9.3f} s, {(seconds - smaller[1]) / (runs - smaller[0]) * 1e3:.2f} ms for each further run")
        smaller = runs, seconds


def watching():
    """What a monitor adds to a run, as ratios to the same run alone."""
    _, _, values = next(go("plots", "Watch", each=max(9, REPEATS)))
    print("\na run that is watched, times the same run alone")
    for unit, value in sorted(values.items()):
        if "ratio" in unit or unit == "drawings/run":
            print(f"{unit:<22}{value:>9.3f}")


def main():
    for width in sys.argv[3:] or ("64", "256"):
        table(int(width))
    grid()
    growth()
    watching()


main()

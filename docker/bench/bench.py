"""The same sweep in Go, in JAX and in PyTorch, alternating, on this machine, in one go.

    bench.py GO_BENCHMARK DIGITS [WIDTH…]     GO_BENCHMARK is lib/training's test binary, DIGITS digits.csv.gz

Each formulation runs REPEATS times, taking turns, so that what else the machine does falls on all alike. Prints medians, the
ratio to the project's own, the loss that was reached as proof of equal work, and the float32 matrix-product peak of the
machine. Report ratios; seconds are those of the day.
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
RUNS = 32
PEER = re.compile(r"peer=(\S+) N=\d+ H=\d+ seconds=(\S+) gflops=(\S+) loss=(\S+)")
GO = re.compile(r"^BenchmarkAlphaSweep/(\S+?)(?:-\d+)?\s+\d+\s+(\d+) ns/op(.*)$", re.MULTILINE)


def peak():
    """GFLOP/s of the largest of a few matrix products."""
    import numpy as np

    n, best = 2048, 0.0
    a, b = (np.ones((n, n), np.float32) for _ in range(2))
    for _ in range(5):
        start = time.perf_counter()
        a @ b
        best = max(best, 2 * n**3 / (time.perf_counter() - start) / 1e9)
    return best


def peers(script, width, **env):
    digits = str(Path(sys.argv[2]).resolve())
    out = subprocess.run([sys.executable, HERE / script, digits, str(RUNS), str(width)], env=os.environ | env,
                         capture_output=True, text=True)
    if out.returncode:
        print(f"  {script} fails here: {out.stderr.strip().splitlines()[-1] if out.stderr.strip() else out.returncode}", flush=True)
    for name, seconds, gflops, loss in PEER.findall(out.stdout):
        yield name, float(seconds), float(gflops), loss


def own(width):
    """The project's: gradient norms recorded as the peers do, the loss alone, and every norm."""
    out = subprocess.run([sys.argv[1], "-test.run=^$", f"-test.bench=AlphaSweep/.*/H={width}$", "-test.benchtime=3x"],
                         cwd=HERE.parent.parent / "lib/training", capture_output=True, text=True, check=True).stdout
    for name, ns, rest in GO.findall(out):
        values = dict((unit, float(v)) for v, unit in re.findall(r"(\S+) (GFLOP/s|loss-min|loss-max)", rest))
        yield f"go-{name.split('/')[0]}", int(ns) / 1e9, values["GFLOP/s"], f"{values['loss-min']:.5f}..{values['loss-max']:.5f}"


def table(width):
    results = {}
    for repeat in range(REPEATS):
        print(f"  H = {width}: {repeat + 1} of {REPEATS}", file=sys.stderr, flush=True)
        rows = list(own(width)) + list(peers("jax_sweep.py", width)) + list(peers("jax_sweep.py", width, NDEV="2"))
        if repeat == 0 or os.environ.get("TORCH") == "all":  # minutes each
            rows += peers("torch_sweep.py", width, STEPS="100")
        for name, seconds, gflops, loss in rows:
            results.setdefault(name, []).append((seconds, gflops, loss))
    reference = statistics.median(r[0] for r in results["go-gradients"])
    print(f"\n{RUNS} runs of 500 steps, H = {width}\n{'formulation':<22}{'seconds':>9}{'GFLOP/s':>9}{'times go':>10}  loss")
    for name, rows in sorted(results.items(), key=lambda item: statistics.median(r[0] for r in item[1])):
        seconds = statistics.median(r[0] for r in rows)
        print(f"{name:<22}{seconds:>9.3f}{statistics.median(r[1] for r in rows):>9.1f}{seconds / reference:>10.2f}  {rows[-1][2]}")


def main():
    print(f"matrix-product peak, float32: {peak():.0f} GFLOP/s")
    for width in sys.argv[3:] or ("64", "256"):
        table(int(width))


main()

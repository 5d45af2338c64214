"""How long each chapter makes its reader wait, in the project's kernel and in GoNB's as it comes, cell by cell in turns.

    chapters.py ROOT GONB [NOTEBOOK…]     a line for each chapter: the wait for a cell beyond its own program, at the median and at
                                          the worst, and the share of all waits that is left of GoNB's

A cell's program runs alike in both kernels, so what differs is what they do before and after it: imports, compiling, linking.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

ROOT, GONB = (str(Path(a).resolve()) for a in sys.argv[1:3])
sys.path[:0] = [f"{ROOT}/docker/check/kernel", f"{ROOT}/docker/notebook"]
import nbformat  # noqa: E402
from clients import Notebook, replaced, stock  # noqa: E402
from notebook import Stopwatch  # noqa: E402


def waits(path):
    """The seconds of wait for each cell of a chapter, by kernel."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    kernels = {"project": Notebook(f"{ROOT}/notebooks", **quiet), "stock": Notebook(f"{ROOT}/notebooks", "stock", **quiet)}
    watches = {name: Stopwatch() for name in kernels}
    try:
        kernels["stock"].run(replaced(ROOT))
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type != "code":
                continue
            for name, kernel in kernels.items():
                watches[name].client = SimpleNamespace(km=kernel.manager)
                watches[name].submitted(cell, number)
                status, text = kernel.run(cell.source)
                watches[name].idle(cell, number, None)
                if status != "ok":
                    sys.exit(f"{path}, cell {number}, in the {name} kernel: {text}")
    finally:
        for kernel in kernels.values():
            kernel.close()
    return {name: [c["wait"] for c in watch.cells] for name, watch in watches.items()}


def main():
    paths = [Path(p) for p in sys.argv[3:]] or sorted(Path(ROOT, "notebooks").glob("*.ipynb"))
    print(f"{'wait for a cell, in seconds':<28}{'cells':>6}{'median':>9}{'worst':>8}{'GoNB':>9}{'worst':>8}{'share':>8}")
    with tempfile.TemporaryDirectory() as folder:
        stock(folder, GONB)
        for path in paths:
            found = waits(path)
            ours, theirs = found["project"], found["stock"]
            print(f"{path.stem:<28}{len(ours):>6}{statistics.median(ours):>9.2f}{max(ours):>8.2f}"
                  f"{statistics.median(theirs):>9.2f}{max(theirs):>8.2f}{sum(ours) / sum(theirs):>8.2f}", flush=True)


main()

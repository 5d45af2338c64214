"""How long a cell takes from submit to idle in the project's kernel and in GoNB's as it comes, taking turns.

    cell.py ROOT GONB     prints both medians and their ratio; REPEATS (7) cells each

The cell imports lib, plots and GoMLX, computes something with XLA and makes a chart. GoNB as it comes knows nothing of the
checkout, so it is told once, in a cell that is not timed, to replace the module by it, as its documentation says.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "check/kernel"))
from clients import Notebook, replaced, stock  # noqa: E402

ROOT, GONB = (str(Path(a).resolve()) for a in sys.argv[1:3])
REPEATS = int(os.environ.get("REPEATS", "7"))
CELL = """
import (
	"fmt"

	"alphascale/lib/backend"
	"alphascale/lib/result"
	"alphascale/plots"

	"github.com/gomlx/gomlx/core/graph"
)

%%%%
b, err := backend.Open()
if err != nil {
	panic(err)
}
x := []float64{1, 2, 4, %d}
y := graph.MustNewExec(b, func(x *graph.Node) *graph.Node { return graph.Mul(x, x) }).MustCall(x)[0].Value().([]float64)
figure, err := plots.Response([]result.Series{{X: result.Quantity{Name: "x"}, Y: result.Quantity{Name: "x²"}, Xs: x, Ys: y}}, nil)
if err != nil {
	panic(err)
}
fmt.Println(figure != nil, y[3])
"""


def run(notebook, code):
    """Seconds from submit to idle."""
    start = time.perf_counter()
    status, text = notebook.run(code)
    seconds = time.perf_counter() - start
    if status != "ok":
        sys.exit(f"the cell fails: {text}")
    return seconds


def main():
    with tempfile.TemporaryDirectory() as folder:
        stock(folder, GONB)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        kernels = {"project": Notebook(ROOT, **quiet), "stock": Notebook(ROOT, "stock", **quiet)}
        try:
            run(kernels["stock"], replaced(ROOT))
            times = {name: [] for name in kernels}
            for repeat in range(REPEATS + 1):
                for name, notebook in kernels.items():
                    seconds = run(notebook, CELL % (repeat + 3))
                    if repeat:  # the first fills caches
                        times[name].append(seconds)
        finally:
            for notebook in kernels.values():
                notebook.close()
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"cell in the {name} kernel: {medians[name]:.2f} s ({min(values):.2f} to {max(values):.2f}, {len(values)} times)")
    print(f"project to stock: {medians['project'] / medians['stock']:.2f}")


main()

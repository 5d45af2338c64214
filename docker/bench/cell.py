"""How long a cell takes from submit to idle in the project's kernel and in GoNB's as it comes, taking turns.

    cell.py ROOT GONB     prints both medians and their ratio; REPEATS (7) cells each

The cell imports lib, plots and GoMLX, computes something with XLA and makes a chart. GoNB as it comes knows nothing of the
checkout, so it is told once, in a cell that is not timed, to replace the module by it, as its documentation says.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

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


def kernel(folder, name, argv, env):
    spec = Path(folder) / name
    spec.mkdir()
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name, "language": "go", "env": env}))
    manager = KernelManager(kernel_name=name, kernel_spec_manager=KernelSpecManager(kernel_dirs=[folder]))
    manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return manager, client


def run(client, code):
    """Seconds from submit to idle."""
    said = []
    start = time.perf_counter()
    reply = client.execute_interactive(code, timeout=300, output_hook=lambda m: said.append(m["content"]))
    seconds = time.perf_counter() - start
    if reply["content"]["status"] != "ok":
        sys.exit(f"the cell fails: {reply['content']} {said}")
    return seconds


def main():
    stock_env = {k: os.environ[k] for k in ("PJRT_PLUGIN_LIBRARY_PATH", "GOMLX_BACKEND", "GOMLX_NO_AUTO_INSTALL") if k in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        kernels = {
            "project": kernel(folder, "project", ["bash", f"{ROOT}/docker/kernel.sh", "{connection_file}"], {}),
            "stock": kernel(folder, "stock", [GONB, "--kernel", "{connection_file}"], stock_env),
        }
        try:
            run(kernels["stock"][1], f"!*go mod edit -replace=alphascale={ROOT}")
            times = {name: [] for name in kernels}
            for repeat in range(REPEATS + 1):
                for name, (_, client) in kernels.items():
                    seconds = run(client, CELL % (repeat + 3))
                    if repeat:  # the first fills caches
                        times[name].append(seconds)
        finally:
            for manager, client in kernels.values():
                client.stop_channels()
                manager.shutdown_kernel(now=True)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"cell in the {name} kernel: {medians[name]:.2f} s ({min(values):.2f} to {max(values):.2f}, {len(values)} times)")
    print(f"project to stock: {medians['project'] / medians['stock']:.2f}")


main()

"""Executes notebooks in the project's kernel, the same way each time.

    notebook.py execute NOTEBOOK…   executes in place, so that the committed outputs are today's
    notebook.py run NOTEBOOK OUT    executes to the file OUT and prints, as JSON, what each cell's time went into
    notebook.py check NOTEBOOK OUT  the same, and then the code in the exercises' solutions, as further cells of OUT

Run it with the environment of docker/lab/env.sh. Executing a notebook twice gives the same file: what changes with every
run is replaced, and the outputs of a cell with the metadata {"alphascale": {"volatile": true}} (times, say) stay as
they are committed as long as only their numbers differ.
"""

import copy
import json
import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parents[2]
KERNEL = {"name": "alphascale", "display_name": "α-scaling (Go)", "language": "go"}
# What the kernel's relay says of the language, whatever Go it is, so that opening a chapter does not change it.
LANGUAGE = {"name": "go", "file_extension": ".go", "mimetype": "text/x-go", "pygments_lexer": "go"}
CELL_TIMEOUT = 600  # seconds; a cell that takes longer has hung
NUMBER = re.compile(r"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?")


class Failure(Exception):
    """What a program cannot do, in one sentence: for a notebook, which cell fails and why."""


def execute(path, figures=None, solved=False):
    """Returns the executed notebook and its cells' times; the file itself is left alone. Solved, it has the solutions' cells too."""
    try:
        committed = nbformat.read(path, as_version=4)
    except ValueError as err:
        raise Failure(f"{path} is no notebook: {first_line(str(err))}") from None
    notebook = copy.deepcopy(committed)
    if solved:
        notebook.cells += solutions(notebook)
    os.environ.pop("ALPHASCALE_FIGURES", None)
    if figures:
        os.environ["ALPHASCALE_FIGURES"] = str(Path(figures).resolve())
    watch = Stopwatch()
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        timeout=CELL_TIMEOUT,
        startup_timeout=120,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
        on_cell_execute=watch.submitted,
        on_cell_executed=watch.idle,
    )
    watch.client = client
    try:
        client.execute()
    except NoSuchKernel:
        raise Failure("The kernel is not set up: run 'make setup'.") from None
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as err:
        cell = notebook.cells[watch.index]
        raise Failure(f"{path}: cell {watch.index} fails (counted from 0, text included): {reason(cell, err)}") from None
    clean(notebook)
    keep_volatile(committed, notebook)
    return notebook, watch.cells


def solutions(notebook):
    """The blocks of Go in the folds of the text, as cells. A line // expect: TEXT says what one prints, which the test asks for."""
    for cell in notebook.cells:
        for fold in re.findall(r"<details>.*?</details>", cell.source if cell.cell_type == "markdown" else "", re.DOTALL):
            for code in re.findall(r"^```go\n(.*?)^```$", fold, re.DOTALL | re.MULTILINE):
                expect = re.search(r"^// expect: (.+)$", code, re.MULTILINE)
                yield nbformat.v4.new_code_cell(code, metadata={"alphascale": {"expect": expect[1] if expect else ""}})


def reason(cell, err):
    """Why a cell failed, in a line: what Go panicked with, else what the program said last, else what the compiler said."""
    if isinstance(err, CellTimeoutError):
        return f"it took longer than {CELL_TIMEOUT} s"
    if not isinstance(err, CellExecutionError):
        return "the kernel ended"
    said = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
    panic = re.search(r"^panic: (.+)", said, re.MULTILINE)
    if panic:
        return panic[1]
    # A line that begins with a tab says where, not why.
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("exit status", "\t"))]
    if lines:
        return lines[-1]
    compiler = [line for line in err.evalue.splitlines() if not line.startswith("#")]
    return re.sub(r"^\S+\.go:[\d:]+ ", "", first_line("\n".join(compiler)))


def first_line(text):
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason is known")


def clean(notebook):
    """Takes out of the outputs what differs from run to run or from machine to machine."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    ids = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        outputs = []
        for output in cell.outputs:
            if output.output_type == "stream":
                output.text = plain(output.text, ids)
                if output.text:
                    outputs.append(output)
            elif output.output_type in ("display_data", "execute_result"):
                output.data = {k: plain(v, ids) if k.startswith("text/") else v for k, v in output.data.items()}
                if any(output.data.values()):
                    outputs.append(output)
            else:
                outputs.append(output)
        cell.outputs = outputs


def plain(text, ids):
    """Gives gonb's random identifiers a number, and paths of this machine a form that every machine has."""
    text = re.sub(r"gonb_id_[0-9a-f]+", lambda m: ids.setdefault(m[0], f"gonb_id_{len(ids) + 1}"), text)
    text = re.sub(re.escape(tempfile.gettempdir()) + r"/gonb_[0-9a-f]{8}", "/tmp/gonb", text)
    return text.replace(f"{ROOT}/", "").replace(str(ROOT), ".")


def keep_volatile(committed, notebook):
    before = {cell.id: cell for cell in committed.cells}
    for cell in notebook.cells:
        old = before.get(cell.id)
        if old and cell.metadata.get("alphascale", {}).get("volatile") and masked(old) == masked(cell):
            cell.outputs = old.outputs


def masked(cell):
    return NUMBER.sub("#", re.sub(r"[^\S\n]+", " ", json.dumps(cell.get("outputs", []), sort_keys=True)))


def write(notebook, path):
    """Writes the whole file or nothing."""
    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    part.replace(path)


class Stopwatch:
    """Splits the time of each cell, from submit to idle, into its program's own and the rest, the reader's wait.

    gonb starts the program as a child called gonb_…; where the system does not list children there is no split.
    """

    def __init__(self):
        self.client, self.cells, self.index = None, [], 0

    def submitted(self, cell, cell_index):
        self.index = cell_index
        self.start, self.program, self.done = time.perf_counter(), 0.0, threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()

    def idle(self, cell, cell_index, execute_reply):
        wall = time.perf_counter() - self.start
        self.done.set()
        self.watcher.join()
        self.cells.append({"cell": cell_index, "wall": round(wall, 3), "program": round(self.program, 3),
                           "wait": round(wall - self.program, 3)})

    def watch(self):
        pid, last = self.client.km.provisioner.pid, None
        while not self.done.wait(0.005):
            now = time.perf_counter()
            if any(name.startswith("gonb_") for name in children(pid)):
                self.program += now - last if last else 0.0
                last = now
            else:
                last = None


def children(pid):
    """Names of the processes that pid started, and of those that they did."""
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield Path(f"/proc/{child}/comm").read_text()
                yield from children(child)
    except OSError:
        pass  # ended meanwhile, or no /proc here


def main(command="", *args):
    if command == "execute" and args:
        for path in args:
            notebook, _ = execute(path)
            write(notebook, path)
            print(f"  {path}")
    elif command in ("run", "check") and len(args) == 2:
        notebook, cells = execute(args[0], solved=command == "check")
        write(notebook, args[1])
        print(json.dumps(cells))
    else:
        raise Failure(__doc__)


def program(main):
    """Runs main on the command line's arguments. What cannot be done is said in a sentence, which is all that is shown."""
    try:
        main(*sys.argv[1:])
    except Failure as failure:
        sys.exit(str(failure))
    except OSError as err:
        sys.exit(f"{err.filename}: {err.strerror}" if err.filename else str(err))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")


if __name__ == "__main__":
    program(main)

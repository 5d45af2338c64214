"""Runs in one framework what docker/frameworks/main.go prepared, and writes down what came out.

    compare.py FRAMEWORK FOLDER describe      writes FOLDER/defaults.json: the framework's version and defaults, as it states them
    compare.py FRAMEWORK FOLDER lines         writes FOLDER/lines.json: the article's line, run
    compare.py FRAMEWORK FOLDER run [ID...]   runs the trials of FOLDER/trials.json, or those with these ids, and adds a line for each
                                              to FOLDER/results.jsonl; those that are there already, of this version, are left out

FRAMEWORK is torch, keras or optax. What each does in its own way is in on_FRAMEWORK.py.
"""

import datetime
import importlib
import inspect
import json
import math
import pathlib
import sys
import time

import numpy as np


class Start:
    """What every framework trains: batches of the digits, and the weights of a perceptron."""

    def __init__(self, prepared):
        self.batch, self.steps, self.everywhere = prepared["batch"], prepared["steps"], prepared["everywhere"]
        self.labels = np.array(prepared["labels"], np.int32)
        self.inputs = np.array(prepared["inputs"], np.float32).reshape(len(self.labels), -1)
        self.weights = []  # w and b of each layer in turn, float32
        for layer in prepared["layers"]:
            self.weights.append(np.array(layer["W"], np.float32).reshape(layer["Inputs"], layer["Outputs"]))
            self.weights.append(np.array(layer["B"], np.float32))

    def batches(self):
        """The inputs and labels of each step, in order, round and round."""
        for step in range(self.steps):
            first = step % (len(self.labels) // self.batch) * self.batch
            yield self.inputs[first : first + self.batch], self.labels[first : first + self.batch]

    def multipliers(self, run):
        """The number by which each of the weights is multiplied."""
        return [run["Alpha"] if self.on_all(run) or i // 2 == 1 else 1.0 for i in range(len(self.weights))]

    def on_all(self, run):
        """Whether α multiplies every weight."""
        return run["Place"] in self.everywhere

    def comes(self, run, step):
        """Whether α comes at this step, in the middle of the training."""
        return bool(run["Before"]) and step == self.steps // 2


def factor(run, name):
    """The number by which a part of an optimizer's state is multiplied as α comes in mid-training."""
    if name not in run["State"]:
        raise KeyError(f"{name} of the optimizer's state has no unit: give its rule in lib/frameworks one")
    run.setdefault("Kept", set()).add(name)
    return run["State"][name]


def defaults_of(functions):
    """The defaults of some calls by name, from their signatures; what JSON cannot say is given as text."""
    out = {}
    for name, function in functions.items():
        out[name] = {
            p.name: "<required>" if p.default is p.empty else plain(p.default)
            for p in inspect.signature(function).parameters.values()
            if p.name not in ("self", "params", "parameters", "name") and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        }
    return out


def plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return f"<{getattr(value, '__name__', type(value).__name__)}>"


def difference(reference, got, multipliers):
    """How many losses and final weights of a run differ in any bit from those of one without α, and by how much the losses."""
    (losses, weights), (others, scaled) = reference, got
    a, b = np.array(losses, np.float64), np.array(others, np.float64)
    with np.errstate(all="ignore"):
        largest = float(np.max(np.abs(b - a) / np.abs(a)))
        differ = sum(int(np.sum(w != np.float32(m) * v)) for w, v, m in zip(weights, scaled, multipliers))
    return {
        "Loss": [x if math.isfinite(x) else None for x in others],
        "LossesDiffer": int(np.sum(a != b)),
        "Largest": largest if math.isfinite(largest) else None,
        "WeightsDiffer": differ,
        "Weights": sum(w.size for w in weights),
    }


def already(file, version):
    """The trials that were run to the end with this version. A last line that was cut off is ended, so that others can follow."""
    ids = set()
    if file.exists():
        text = file.read_text()
        if text and not text.endswith("\n"):
            with file.open("a") as out:
                out.write("\n")
        for line in text.splitlines():
            try:
                found = json.loads(line)
                if found["Version"] == version:
                    ids.add(found["ID"])
            except ValueError:
                pass  # cut off in the middle: it is run again
    return ids


def run(name, framework, folder, only):
    prepared = json.loads((folder / "trials.json").read_text())
    start, trials = Start(prepared), prepared["trials"]
    if only:
        trials = [t for t in trials if t["ID"] in only]
    results, version = folder / "results.jsonl", framework.version()
    done = already(results, version)
    left = [t for t in trials if t["ID"] not in done]
    for i, trial in enumerate(left, len(trials) - len(left) + 1):
        began, outcomes, reference = time.time(), [], None
        given = ", ".join(f"{k}={v}" for k, v in trial["Given"].items())
        for r in trial["Runs"]:
            try:
                got = framework.train(start, r)
            except Exception as error:
                error.add_note(f"while running, in {name}:\n{r['Clip']}\n{r['Optimizer']}\n{r['Rest']}")
                raise
            reference = reference or got
            outcomes.append({**difference(reference, got, start.multipliers(r)), "Kept": sorted(r.get("Kept", []))})
        exact = max((o["LossesDiffer"] for o, r in zip(outcomes, trial["Runs"]) if not r["Wrong"]), default=0)
        line = {"Framework": name, "Version": version, "Date": str(datetime.date.today()), "ID": trial["ID"], "Outcomes": outcomes}
        with results.open("a") as out:
            out.write(json.dumps(line) + "\n")
        print(f"{name} {i}/{len(trials)}  {trial['Optimizer']}({given}): {exact} of {start.steps} losses differ  {time.time() - began:.1f} s", flush=True)


def main(name, folder, what, *only):
    folder, framework = pathlib.Path(folder), importlib.import_module(f"on_{name}")
    about = {"Framework": name, "Version": framework.version(), "Date": str(datetime.date.today())}
    if what == "describe":
        described = {**about, "Defaults": framework.defaults(), "Norms": framework.norms()}
        (folder / "defaults.json").write_text(json.dumps(described))
    elif what == "lines":
        rows = [{**about, **row} for row in framework.lines()]
        (folder / "lines.json").write_text(json.dumps(rows))
    else:
        run(name, framework, folder, only)


if __name__ == "__main__":
    main(*sys.argv[1:])

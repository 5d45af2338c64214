"""PyTorch's part of compare.py."""

import torch

torch.set_num_threads(1)


def version():
    return f"torch {torch.__version__.split('+')[0]}"


def defaults():
    from compare import defaults_of

    calls = {n: c.__init__ for n, c in vars(torch.optim).items() if isinstance(c, type) and n != "Optimizer"}
    clips = {n: getattr(torch.nn.utils, n) for n in ("clip_grad_norm_", "clip_grad_value_")}
    return defaults_of({**calls, **clips})


def norms():
    layers = {"BatchNorm1d": torch.nn.BatchNorm1d(4), "LayerNorm": torch.nn.LayerNorm(4),
              "GroupNorm": torch.nn.GroupNorm(1, 4), "RMSNorm": torch.nn.RMSNorm(4)}
    return {name: {"eps": layer.eps} for name, layer in layers.items()}


def optimizers_of(start, run, lines, weights):
    """Those that the lines make, each of the weights that it is for."""
    kinds = [(lines["Optimizer"], lambda w: True)]
    if lines["Rest"]:
        kinds = [(lines["Optimizer"], lambda w: w.ndim == 2), (lines["Rest"], lambda w: w.ndim != 2)]
    out = []
    for line, belongs in kinds:
        own = [(w, start.on_all(run) or m != 1) for w, m in zip(weights, start.multipliers(run)) if belongs(w)]
        made = eval(line, {"torch": torch, "scaled": [w for w, s in own if s], "others": [w for w, s in own if not s]})
        out += made if isinstance(made, list) else [made]
    return out


def converted(run, old, new):
    """The new optimizers, with the state of the old ones."""
    from compare import factor

    for before, after in zip(old, new):
        for w, state in before.state.items():
            after.state[w] = {k: v * factor(run, k) if torch.is_tensor(v) and k != "step" else v for k, v in state.items()}
    return new


def train(start, run):
    """One training: the losses, and the final weights w, of which the network uses α·w."""
    multipliers = [1.0] * len(start.weights) if run["Before"] else start.multipliers(run)
    weights = [torch.nn.Parameter(torch.tensor(w) / m) for w, m in zip(start.weights, multipliers)]
    steppers, losses = optimizers_of(start, run, run["Before"] or run, weights), []

    def closure():
        for optimizer in steppers:
            optimizer.zero_grad()
        x = inputs
        for i in range(0, len(weights), 2):
            x = x @ (multipliers[i] * weights[i]) + multipliers[i + 1] * weights[i + 1]
            if i + 2 < len(weights):
                x = torch.tanh(x)
        loss = torch.nn.functional.cross_entropy(x, labels)
        loss.backward()
        if isinstance(steppers[0], torch.optim.SparseAdam):
            for w in weights:
                w.grad = w.grad.to_sparse()
        if run["Clip"]:
            eval(run["Clip"], {"torch": torch, "scaled": weights})
        return loss

    for step, (inputs, labels) in enumerate(start.batches()):
        if start.comes(run, step):
            multipliers = start.multipliers(run)
            with torch.no_grad():
                for w, m in zip(weights, multipliers):
                    w /= m
            steppers = converted(run, steppers, optimizers_of(start, run, run, weights))
        inputs, labels = torch.tensor(inputs), torch.tensor(labels, dtype=torch.long)
        losses.append(float(closure().detach()))
        for optimizer in steppers:
            optimizer.step(closure) if isinstance(optimizer, torch.optim.LBFGS) else optimizer.step()
    return losses, [w.detach().numpy() for w in weights]


def lines():
    from article import ALPHA, DTYPE, PARAMETER, PRODUCT, RUNS, TRACKED, TYPE, WEIGHTS, Asked, ask_rounding, named, numbers

    asked = Asked()

    def line(w, alpha):
        return alpha * w

    def gradient(w):
        line(w, 2.0).sum().backward()
        return numbers(w.grad[:1].float())

    for dtype in (torch.float32, torch.bfloat16):
        w, case = torch.nn.Parameter(torch.tensor(WEIGHTS).to(dtype)), f"a parameter, {str(dtype).split('.')[1]}"
        asked.ask(PRODUCT, case, RUNS, lambda: numbers(line(w, 2.0).detach().float()))
        asked.ask(PRODUCT, case, TYPE, lambda: named(line(w, 2.0)))
        asked.ask(PRODUCT, case, DTYPE, lambda: line(w, 2.0).dtype)
        asked.ask(PRODUCT, case, TRACKED, lambda: gradient(w))
        asked.ask(PRODUCT, case, PARAMETER, lambda: isinstance(line(w, 2.0), torch.nn.Parameter))
        ask_rounding(asked, PRODUCT, case, lambda: line(w, ALPHA).detach().double().numpy(), w.detach().double().numpy(),
                     lambda x: torch.tensor(x).to(dtype).double().numpy())
    asked.ask(PRODUCT, "whole numbers, a tensor", RUNS, lambda: f"{line(torch.tensor([1, 2, 3]), 2.0)}")
    asked.ask(PRODUCT, "whole numbers, a list", RUNS, lambda: line([1, 2, 3], 2.0))
    asked.ask(PRODUCT, "whole numbers, a list, α = 2 without a point", RUNS, lambda: line([1, 2, 3], 2))
    layer = torch.nn.Linear(2, 3)
    asked.ask(PRODUCT, "put back: layer.weight = alpha * layer.weight", RUNS, lambda: setattr(layer, "weight", line(layer.weight, 2.0)))
    asked.ask(PRODUCT, "given to an optimizer: SGD([alpha * w], lr=0.1)", RUNS, lambda: torch.optim.SGD([line(layer.weight, 2.0)], lr=0.1))
    return asked.rows

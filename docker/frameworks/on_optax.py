"""optax's part of compare.py, on JAX. α is an input of the compiled step: as a constant, a compiler may round its products otherwise."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np
import optax

# Those of optax itself, and Muon, the one of its contributed that the other frameworks have as well.
NAMES = """adabelief adadelta adafactor adagrad adam adamax adamaxw adamw adan amsgrad fromage lamb lars lbfgs lion nadam nadamw noisy_sgd
novograd optimistic_gradient_descent polyak_sgd radam rmsprop rprop sgd sign_sgd signum sm3 yogi
adaptive_grad_clip clip clip_by_block_rms clip_by_global_norm""".split()


def version():
    return f"optax {optax.__version__} on jax {jax.__version__}"


def defaults():
    from compare import defaults_of

    return defaults_of({**{n: getattr(optax, n) for n in NAMES}, "muon": optax.contrib.muon})


def norms():
    return {}


def loss_of(weights, multipliers, inputs, labels):
    x = inputs
    for i in range(0, len(weights), 2):
        x = x @ (multipliers[i] * weights[i]) + multipliers[i + 1] * weights[i + 1]
        if i + 2 < len(weights):
            x = jnp.tanh(x)
    return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(x, labels))


def stepper_of(start, run, lines):
    """The optimizer that the lines make, and a compiled step with it."""
    labels = ["scaled" if start.on_all(run) or m != 1 else "others" for m in start.multipliers(run)]
    optimizer = eval(lines["Optimizer"], {"optax": optax, "labels": labels})
    if lines["Clip"]:
        optimizer = optax.chain(eval(lines["Clip"], {"optax": optax}), optimizer)
    optimizer = optax.with_extra_args_support(optimizer)

    @jax.jit
    def step(weights, state, multipliers, inputs, labels):
        def value(w):
            return loss_of(w, multipliers, inputs, labels)

        loss, gradient = jax.value_and_grad(value)(weights)
        updates, state = optimizer.update(gradient, state, weights, value=loss, grad=gradient, value_fn=value)
        return loss, optax.apply_updates(weights, updates), state

    return optimizer, step


def converted(run, state):
    """The state of an optimizer, as α comes."""
    from compare import factor

    def part(path, value):
        if not jnp.issubdtype(value.dtype, jnp.floating):
            return value
        names = [key.name for key in path if isinstance(key, jax.tree_util.GetAttrKey)]
        return value * np.float32(factor(run, names[-1]))

    return jax.tree_util.tree_map_with_path(part, state)


def train(start, run):
    """One training: the losses, and the final weights w, of which the network uses α·w."""
    multipliers = [1.0] * len(start.weights) if run["Before"] else start.multipliers(run)
    weights = [jnp.array(w) / np.float32(m) for w, m in zip(start.weights, multipliers)]
    optimizer, step = stepper_of(start, run, run["Before"] or run)
    state, losses = optimizer.init(weights), []
    for count, (inputs, classes) in enumerate(start.batches()):
        if start.comes(run, count):
            multipliers = start.multipliers(run)
            weights = [w / np.float32(m) for w, m in zip(weights, multipliers)]
            state, step = converted(run, state), stepper_of(start, run, run)[1]
        loss, weights, state = step(weights, state, [np.float32(m) for m in multipliers], inputs, classes)
        losses.append(float(loss))
    return losses, [np.asarray(w) for w in weights]


def lines():
    from article import ALPHA, DTYPE, PARAMETER, PRODUCT, RUNS, TRACKED, TYPE, WEIGHTS, Asked, ask_rounding, named, numbers

    asked = Asked()

    def line(w, alpha):
        return alpha * w

    for dtype in (jnp.float32, jnp.bfloat16):
        w, case = jnp.array(WEIGHTS).astype(dtype), f"an array, {dtype.__name__}"
        asked.ask(PRODUCT, case, RUNS, lambda: numbers(line(w, 2.0)))
        asked.ask(PRODUCT, case, TYPE, lambda: named(line(w, 2.0)))
        asked.ask(PRODUCT, case, DTYPE, lambda: line(w, 2.0).dtype)
        asked.ask(PRODUCT, case, TRACKED, lambda: numbers(jax.grad(lambda w: jnp.sum(line(w, 2.0)))(w)[:1]))
        asked.ask(PRODUCT, case, PARAMETER, lambda: "any array can")
        ask_rounding(asked, PRODUCT, case, lambda: np.asarray(line(w, ALPHA), np.float64), np.asarray(w, np.float64),
                     lambda x: np.asarray(x).astype(w.dtype).astype(np.float64))
    asked.ask(PRODUCT, "whole numbers, an array", RUNS, lambda: line(jnp.array([1, 2, 3]), 2.0))
    asked.ask(PRODUCT, "a dictionary of arrays, as models keep them", RUNS, lambda: line({"w": w}, 2.0))
    return asked.rows

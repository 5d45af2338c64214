"""Keras' part of compare.py, on TensorFlow."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf

# Those that pass the steps on to another.
WRAPPERS = ("Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap")


def version():
    return f"keras {keras.__version__} on tensorflow {tf.__version__}"


def defaults():
    from compare import defaults_of

    calls = {n: c.__init__ for n, c in vars(keras.optimizers).items() if isinstance(c, type) and n not in WRAPPERS}
    clips = {"clipnorm": None, "clipvalue": None, "global_clipnorm": None}  # some pass them on unnamed
    return {name: {**clips, **own} for name, own in defaults_of(calls).items()}


def norms():
    layers = (keras.layers.BatchNormalization, keras.layers.LayerNormalization, keras.layers.GroupNormalization, keras.layers.RMSNormalization)
    return {layer.__name__: {"epsilon": layer().epsilon} for layer in layers}


class ScaledDense(keras.layers.Layer):
    """A layer with α·w for weights, and α·b for biases; α is a number."""

    def __init__(self, shape, multiplier, activation):
        super().__init__()
        self.kernel = self.add_weight(shape=shape, name="kernel")
        self.bias = self.add_weight(shape=shape[1:], name="bias")
        self.multiplier, self.activation = multiplier, activation

    def call(self, x):
        y = keras.ops.matmul(x, self.multiplier * self.kernel) + self.multiplier * self.bias
        return self.activation(y)


def model_of(start, multipliers, weights, line):
    """A model that uses α·w, with the optimizer that the line makes, and its variables w."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    layers = []
    for i in range(0, len(weights), 2):
        activation = keras.activations.linear if i + 2 == len(weights) else keras.activations.tanh
        layers.append(ScaledDense(weights[i].shape, multipliers[i], activation))
    model = keras.Sequential([keras.Input((start.inputs.shape[1],)), *layers])
    variables = [v for layer in layers for v in (layer.kernel, layer.bias)]
    for v, w in zip(variables, weights):
        v.assign(w)
    scaled = [v.path for v, m in zip(variables, multipliers) if m != 1]
    model.compile(eval(line, {"keras": keras, "scaled": scaled}), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, variables


def converted(run, old, new):
    """Gives a new optimizer the state of the old one."""
    from compare import factor

    for before, after in zip(old.variables, new.variables):
        name = before.path.split("/")[-1]
        if name == "iteration":
            after.assign(before)
        elif name != "learning_rate":
            name = max((n for n in run["State"] if name.endswith("_" + n)), key=len, default=name)
            after.assign(before * factor(run, name))


def train(start, run):
    """One training: the losses, and the final weights w, of which the network uses α·w."""
    multipliers = [1.0] * len(start.weights) if run["Before"] else start.multipliers(run)
    weights = [w / np.float32(m) for w, m in zip(start.weights, multipliers)]
    model, variables = model_of(start, multipliers, weights, (run["Before"] or run)["Optimizer"])
    losses = []
    for step, (inputs, labels) in enumerate(start.batches()):
        if start.comes(run, step):
            multipliers = start.multipliers(run)
            weights, optimizer = [v.numpy() / np.float32(m) for v, m in zip(variables, multipliers)], model.optimizer
            model, variables = model_of(start, multipliers, weights, run["Optimizer"])
            model.optimizer.build(model.trainable_variables)
            converted(run, optimizer, model.optimizer)
        losses.append(float(np.ravel(model.train_on_batch(inputs, labels))[0]))
        model.reset_metrics()
    return losses, [v.numpy() for v in variables]


def lines():
    from article import ALPHA, DTYPE, LAMBDA, MULTIPLY, PARAMETER, RUNS, TRACKED, TYPE, WEIGHTS, Asked, ask_rounding, named, numbers

    asked = Asked()
    printed = {
        MULTIPLY: lambda w, alpha: tf.multiply(w, alpha),
        LAMBDA: lambda w, alpha: keras.layers.Lambda(lambda x: alpha * x)(w),
    }

    def gradient(line, w):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.cast(line(w, 2.0), tf.float64))
        return numbers(tape.gradient(total, w)[:1])

    for name, line in printed.items():
        for dtype in (tf.float32, tf.float64, tf.bfloat16):
            w, case = tf.Variable(tf.cast(WEIGHTS, dtype)), f"a variable, {dtype.name}"
            asked.ask(name, case, RUNS, lambda: numbers(line(w, 2.0)))
            asked.ask(name, case, TYPE, lambda: named(line(w, 2.0)))
            asked.ask(name, case, DTYPE, lambda: line(w, 2.0).dtype.name)
            asked.ask(name, case, TRACKED, lambda: gradient(line, w))
            asked.ask(name, case, PARAMETER, lambda: isinstance(line(w, 2.0), (tf.Variable, keras.Variable)))
            ask_rounding(asked, name, case, lambda: np.asarray(line(w, ALPHA), np.float64), np.asarray(w, np.float64),
                         lambda x: np.asarray(x).astype(dtype.as_numpy_dtype).astype(np.float64))
        layer = keras.layers.Dense(3)
        layer.build((None, 2))
        asked.ask(name, "a layer's kernel", TYPE, lambda: named(line(layer.kernel, 2.0)))
        asked.ask(name, "layer.get_weights()", RUNS, lambda: line(layer.get_weights(), 2.0))
        asked.ask(name, "whole numbers, α = 0.5", RUNS, lambda: np.asarray(line(np.array([1, 2, 3]), 0.5)))
    lambda_alone(asked, printed)
    return asked.rows


def lambda_alone(asked, printed):
    """What is peculiar to a layer: a policy, weights of its own, being saved."""
    import pathlib
    import tempfile

    from article import LAMBDA, MULTIPLY, RUNS, numbers

    keras.mixed_precision.set_global_policy("mixed_float16")
    large = np.array([7e4], np.float32)
    for name in (MULTIPLY, LAMBDA):
        asked.ask(name, "7e4 under the policy mixed_float16", RUNS, lambda: numbers(printed[name](large, 2.0)))
    keras.mixed_precision.set_global_policy("float32")
    layer = keras.layers.Lambda(lambda x: 2.0 * x)
    layer(large)
    asked.ask(LAMBDA, "the layer", "weights of its own", lambda: len(layer.weights))

    def saved():
        with tempfile.TemporaryDirectory() as folder:
            file = str(pathlib.Path(folder, "model.keras"))
            keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Lambda(lambda x: 2.0 * x)]).save(file)
            keras.models.load_model(file)
        return "loads"

    asked.ask(LAMBDA, "a model with the layer", "saved and loaded", saved)
    dense = keras.layers.Dense(3, bias_initializer="ones")
    x = np.zeros((1, 2), np.float32)
    asked.ask(LAMBDA, "on a Dense layer's output, of bias 1", RUNS, lambda: numbers(printed[LAMBDA](dense(x), 2.0)))

"""The article's lines, as it prints them, and what is asked of them. on_FRAMEWORK.py runs each on the kinds of w that a reader may have.

    tf.multiply(w, alpha)
    alpha * w
    keras.layers.Lambda(lambda x: alpha * x)(w)
"""

import re
import warnings

import numpy as np

MULTIPLY = "tf.multiply(w, alpha)"
PRODUCT = "alpha * w"
LAMBDA = "keras.layers.Lambda(lambda x: alpha * x)(w)"


class Asked:
    """Questions to lines, and their answers."""

    def __init__(self):
        self.rows = []

    def ask(self, line, case, question, answer):
        """Adds what the function answers; an error is an answer too."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                said = answer()
            except Exception as error:
                said = f"{type(error).__name__}: {first_sentence(error)}"
        self.rows.append({"Line": line, "Case": case, "Question": question, "Answer": str(said)})


def first_sentence(error):
    """The first sentence of an error, without Keras' line that there is one."""
    lines = [text.strip() for text in str(error).splitlines() if text.strip() and not text.startswith("Exception encountered")]
    return re.split(r"(?<=\w)\. ", lines[0].replace("\x1b[1m", "").replace("\x1b[0m", ""))[0] if lines else ""


def named(value):
    """The type of a value, as a reader would call it."""
    kind = type(value)
    return f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def numbers(value):
    """The first three numbers of a result."""
    return " ".join(f"{x:g}" for x in np.asarray(value, np.float64).ravel()[:3])


# Weights, and a multiplier that neither float32 nor bfloat16 holds: it has to be rounded somewhere.
WEIGHTS = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
ALPHA = 0.1


def ask_rounding(asked, line, case, products, weights, rounded):
    """Asks how many of the products are others than with α rounded to the dtype before, and than α·w rounded once.

    products() gives those of the line, as float64; weights are w as float64; rounded(x) rounds numbers to w's dtype, as float64.
    """
    before = rounded(rounded(np.array([ALPHA])) * weights)
    once = rounded(ALPHA * weights)
    asked.ask(line, case, ROUNDED_BEFORE, lambda: f"{int(np.sum(products() != before))} of {weights.size}")
    asked.ask(line, case, ROUNDED_ONCE, lambda: f"{int(np.sum(products() != once))} of {weights.size}")


# The questions.
RUNS = "first numbers at α = 2"
TYPE = "type"
DTYPE = "dtype"
TRACKED = "gradient of the sum with respect to w"
PARAMETER = "can be trained"
ROUNDED_BEFORE = "products other than with α = 0.1 rounded to the dtype of w"
ROUNDED_ONCE = "products other than 0.1·w rounded once"

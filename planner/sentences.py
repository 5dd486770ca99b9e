"""Texts as vectors of meaning: the word vectors of a small language model, averaged, from a package that carries them.

Optional: wordllama (MIT, 19 MB) brings the first layer of a language model, 32,000 word pieces by 256 numbers, and the
tokenizer inside its own folder. Both are read from there by name. The package's own loader is not used: where a file
is missing it would fetch one, and importing it changes how the whole program logs.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from planner.errors import PlannerError

INSTALL = "Run: pip install 'planner[embeddings]'"
WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


def sentence_vectors(texts: list[str]) -> np.ndarray:
    """(texts, 256) float64 of length one: the mean vector of each text's word pieces; zeros for an empty text.

    The weights are halves of 16 bits, whose sums are exact in 64: a text has the same vector on any machine, alone or
    among others. Raises PlannerError where the package is missing. Source: Wieting, Bansal, Gimpel,
    Livescu 2016 (averaged word vectors).
    """
    tokenizer, weights = _model()
    # One text at a time: encoding in threads would warn once worker processes are started.
    pieces = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in pieces])]).astype(np.int64)
    which = np.fromiter((piece for one in pieces for piece in one), dtype=np.int64, count=int(ends[-1]))
    counts = csr_array((np.ones(len(which)), which, ends), shape=(len(texts), len(weights)))
    sums: np.ndarray = counts @ weights
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return sums / np.where(length > 0, length, 1.0)


def check_installed() -> None:
    """Raises PlannerError where the package or its model is missing."""
    _model()


@cache
def _model() -> tuple[Any, np.ndarray]:
    """The tokenizer and the (pieces, 256) weights, read once a process."""
    found = find_spec("wordllama")
    try:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer
    except ImportError:
        found = None
    if found is None or found.origin is None:
        raise PlannerError(f"Sentence vectors need the package wordllama, which is not installed. {INSTALL}.")
    home = Path(found.origin).parent
    if not (home / WEIGHTS).exists() or not (home / TOKENIZER).exists():
        raise PlannerError(f"The installed wordllama does not carry its model. {INSTALL}, which takes one that does.")
    tokenizer = Tokenizer.from_file(str(home / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer, load_file(home / WEIGHTS)["embedding.weight"].astype(np.float64)

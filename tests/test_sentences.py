"""Sentence vectors: the same on any day, near for what means the same, and made without a network."""

import os
import subprocess
import sys
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from planner.choices.kinds import KINDS
from planner.errors import PlannerError
from planner.sample.reading import encode, make_sample
from planner.sentences import _model, sentence_vectors
from planner.ui import store

TEXTS = [
    "The parcel never arrived and nobody answers the phone.",
    "My package was not delivered and customer service ignores my calls.",
    "How do I sort a list of numbers in Python?",
    "",
    "ünï cödé 你好",
    "The parcel never arrived and nobody answers the phone. " * 300,
]


def test_a_text_has_one_vector_alone_and_among_others() -> None:
    together = sentence_vectors(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(sentence_vectors([text])[0], vector)


def test_vectors_have_length_one_and_an_empty_text_has_none() -> None:
    vectors = sentence_vectors(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0, 1, 1])
    assert sentence_vectors([]).shape == (0, 256)


def test_what_means_the_same_is_nearer_than_what_does_not() -> None:
    """The two complaints share the words "and" and "the" at most, so counting words could not tell."""
    complaint, same, other = sentence_vectors(TEXTS[:3])
    assert complaint @ same > complaint @ other + 0.2


def test_vectors_agree_with_the_package_that_carries_the_model() -> None:
    """Peer: wordllama's own loader and pooling, in float32; in another process, for importing it changes logging."""
    code = (
        "import json, sys; from pathlib import Path; import wordllama; home = Path(wordllama.__file__).parent;"
        "model = wordllama.WordLlama.load(cache_dir=home, disable_download=True);"
        "print(json.dumps(model.embed(json.load(sys.stdin), norm=True).tolist()))"
    )
    told = [text for text in TEXTS if text]
    theirs = pd.read_json(StringIO(_python(code, told)))
    np.testing.assert_allclose(sentence_vectors(told), theirs.to_numpy(), atol=2e-5)


def test_nothing_is_fetched() -> None:
    """With every socket refused and no home to cache in, the vectors are the same bits as here."""
    code = (
        "import json, socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('the network was asked')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from planner.sentences import sentence_vectors\n"
        "print(sentence_vectors(json.load(sys.stdin)).tobytes().hex())\n"
        "assert 'requests' not in sys.modules and 'wordllama' not in sys.modules\n"
    )
    assert _python(code, TEXTS).strip() == sentence_vectors(TEXTS).tobytes().hex()


def _python(code: str, texts: list[str]) -> str:
    nowhere = {**os.environ, "HOME": "/nonexistent", "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], input=pd.Series(texts).to_json(orient="values"), env=nowhere, text=True,
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("missing", ["tokenizers", "safetensors.numpy"])
def test_without_the_package_a_sentence_says_how_to_get_it(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    _model.cache_clear()
    with pytest.raises(PlannerError, match=r"wordllama.*not installed\. Run: pip install 'planner\[embeddings\]'\.$"):
        sentence_vectors(["a"])


def test_a_package_without_its_model_is_never_completed_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wordllama").mkdir()
    (tmp_path / "wordllama" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    found = find_spec("wordllama")
    assert found is not None
    assert str(found.origin).startswith(str(tmp_path))
    _model.cache_clear()
    with pytest.raises(PlannerError, match="does not carry its model"):
        sentence_vectors(["a"])


def test_a_kind_that_cannot_be_had_is_undone_in_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    app = AppTest.from_file(str(Path(__file__).parents[1] / "app.py"), default_timeout=60).run()
    app.switch_page("planner/ui/views/data.py").run()
    app.file_uploader(key="file").upload("messages.csv", messages(80).to_csv(index=False).encode(), "text/csv").run()
    (kept,) = [one for one in store.uploads().values() if one.name == "messages.csv"]
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    _model.cache_clear()
    kept.kinds["message"] = "sentence"
    assert "pip install" in app.run().error[0].value.replace("\\", "")
    app.button(key="undo_kinds").click().run()
    assert not app.exception
    assert app.title[0].value == "Ready to run: 80 labeled rows"


def messages(rows: int) -> pd.DataFrame:
    """Short texts of two topics that share no telling word from row to row more than chance has it."""
    rng = np.random.default_rng(0)
    topics = {
        "delivery": ["parcel", "package", "courier", "shipment", "delivered", "mailbox", "postman", "freight"],
        "cooking": ["soup", "oven", "recipe", "garlic", "butter", "roast", "flour", "saucepan"],
    }
    labels = rng.choice(list(topics), rows)
    texts = [f"about the {' and the '.join(rng.choice(topics[label], 2, replace=False))}" for label in labels]
    return pd.DataFrame({"message": texts, "label": labels})


def test_words_never_labeled_are_understood_by_their_meaning() -> None:
    """A model trained on half of each topic's words sorts texts made of the other half; TF-IDF cannot."""
    known = pd.DataFrame({"message": ["parcel package", "courier shipment", "soup oven", "recipe garlic"] * 10})
    fresh = pd.DataFrame({"message": ["postman mailbox freight", "butter flour saucepan"] * 5})
    X = KINDS["sentence"].call(pd.concat([known, fresh], ignore_index=True))
    delivery, cooking = X[[0, 1]].mean(axis=0), X[[2, 3]].mean(axis=0)
    nearer = ((X[40:] - delivery) ** 2).sum(axis=1) < ((X[40:] - cooking) ** 2).sum(axis=1)
    assert nearer.tolist() == [True, False] * 5


def test_a_sample_takes_sentence_vectors_where_they_are_asked_for() -> None:
    table = messages(120)
    sample = make_sample(table, "label", {"message": "sentence"})
    assert sample.facts.kind == "embedding"
    assert encode(sample).shape == (120, 256)
    # 256 columns of deviation 1/8: rows of squared length 256 / 64 on average.
    np.testing.assert_allclose((encode(sample) ** 2).sum(axis=1).mean(), 4.0)
    assert sample.facts.digest != make_sample(table, "label").facts.digest

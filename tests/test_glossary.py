"""The glossary has a plain line for every word that the screens use as a number or a verdict."""

import pytest

from planner.ui.glossary_page import GLOSSARY

LINES = {word: line for section in GLOSSARY.values() for word, line in section.items()}
WORDS = (
    "sample", "pool", "labels", "labels to buy", "label everything", "random to the same score", "do nothing",
    "stop at the sample", "exchange rate", "round", "score", "point", "pilot", "repeat", "8 in 10", "target",
    "value per point", "savings", "net benefit", "ROI", "next batch", "break-even", "horizon light", "back-test",
    "labels already paid", "stopping saves", "choosing saves", "confidence in the target", "perfect information",
    "chance of a scenario", "amount at stake", "votes",
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_every_word_that_is_a_number_has_a_line(word: str) -> None:
    assert word in LINES


@pytest.mark.parametrize("code", ["label_all", "refused", "enough", "does_not_pay", "active", "stop_early"])
def test_every_verdict_has_a_line(code: str) -> None:
    assert code.replace("_", " ") in GLOSSARY["Verdicts"]


@pytest.mark.parametrize("word", LINES)
def test_a_line_is_one_plain_sentence(word: str) -> None:
    line = LINES[word]
    assert line.endswith(".")
    assert not line[0].islower()
    assert len(line) <= 110
    assert "\n" not in line

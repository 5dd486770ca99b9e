"""Labels that are wrong: what annotators who err would have said about each row, and what asking them costs.

The sample's own labels are taken for the truth; errors are added to whatever errors it has already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.errors import BadSetting
from planner.pilot.pairs import written
from planner.results import Result

MOST_ASKS = 3  # of one row: a third answer settles what two left open


@dataclass(frozen=True, eq=False)
class Answers(Result):
    """What would be said about each row each time it is asked about."""

    labels: np.ndarray  # (n, A) class codes, one an ask: the class that most of its votes name
    votes: np.ndarray  # (n, A) votes paid for each

    def settled(self, asks: np.ndarray) -> np.ndarray:
        """The label of each row after so many asks, (n,): the most frequent answer, the newest among equals."""
        return most_frequent(self.labels, asks)


def confusion_of(error_rate: float, text: str, classes: Sequence[str]) -> np.ndarray:
    """(C, C) chance that an annotator gives a row of a class each label, rows sum to 1.

    `error_rate` is spread evenly over the other classes. `text` names single chances, true>given=chance,
    comma-separated; a class named there errs in those ways only. Raises BadSetting or UnknownChoice.
    """
    C = len(classes)
    wrong = np.full((C, C), error_rate / max(C - 1, 1))
    named = np.zeros((C, C))
    told = np.zeros((C, C), dtype=bool)
    for entry in written(text, classes, "chance of a wrong label", "true>given=chance", "spam>ham=0.1"):
        if not 0 <= entry.amount <= 1:
            raise BadSetting(f"The chance in '{entry.text}' is {entry.amount:g}; it must be from 0 to 1.")
        named[entry.cells], told[entry.cells] = entry.amount, True
    for square in (wrong, named, told):  # *>spam names no error of spam
        np.fill_diagonal(square, 0)
    errs = told.any(axis=1)
    wrong[errs] = named[errs]
    share = wrong.sum(axis=1)
    if (share > 1 + 1e-12).any():
        worst = int(share.argmax())
        raise BadSetting(
            f"The chances of wrong labels for class '{classes[worst]}' sum to {share[worst]:.2f}; they cannot be "
            "above 1."
        )
    return wrong + np.diag(1 - share)


def answers(
    truth: np.ndarray, confusion: np.ndarray, votes: int, early_stop: bool, rng: np.random.Generator
) -> Answers:
    """What is said about rows of these classes, each ask by `votes` annotators who err independently.

    With `early_stop` no further vote is asked for once it could not change the answer.
    """
    chances = rng.random((len(truth), MOST_ASKS, votes))
    upto = np.cumsum(confusion, axis=1)[truth]  # (n, C)
    said = np.zeros(chances.shape, dtype=int)
    for edge in upto.T[:-1]:  # class by class, for all of them at once would fill the memory
        said += chances >= edge[:, None, None]
    of_an_ask = said.reshape(-1, votes)
    needed = votes_needed(of_an_ask, len(confusion)) if early_stop else np.full(len(of_an_ask), votes)
    labels = most_frequent(of_an_ask, np.full(len(of_an_ask), votes))
    shape = (len(truth), MOST_ASKS)
    return Answers(labels.reshape(shape), needed.reshape(shape))


def most_frequent(said: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """The most frequent of the first `upto` entries of each row, (n,); among equals the one said last."""
    counted = np.arange(said.shape[1]) < upto[:, None]
    same = (said[:, :, None] == said[:, None, :]) & counted[:, None, :]
    often = np.where(counted, same.sum(axis=2), 0)
    last = said.shape[1] - 1 - often[:, ::-1].argmax(axis=1)
    return np.asarray(said[np.arange(len(said)), last])


def votes_needed(said: np.ndarray, n_classes: int) -> np.ndarray:
    """Votes of each row (n, k) until the leading class is ahead by more than the votes left, (n,)."""
    k = said.shape[1]
    counts = np.zeros((len(said), max(n_classes, 2)), dtype=int)
    needed = np.full(len(said), k)
    for vote in range(k):
        counts[np.arange(len(said)), said[:, vote]] += 1
        second, first = np.partition(counts, -2, axis=1)[:, -2:].T
        decided = (first - second > k - 1 - vote) & (needed == k)
        needed[decided] = vote + 1
    return needed

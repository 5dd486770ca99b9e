"""What one walk asks its annotators: each row once when it is bought, and doubted ones again."""

from collections.abc import Callable
from typing import Any

import numpy as np

from planner.pilot.annotators import MOST_ASKS, Answers

PARTS = 3  # of the labeled rows; each is judged by a model trained on the others

Train = Callable[[np.ndarray], Any]  # positions of labeled rows -> a model fitted on them
Believe = Callable[[Any, np.ndarray], np.ndarray]  # (model, positions) -> (rows, C)


class Labels:
    """The labels of a pool of m rows as they stand, and what was paid for them."""

    y: np.ndarray  # (m,) class codes; of a row not bought, what it will be labeled when it is

    def __init__(self, given: np.ndarray, answers: Answers | None = None) -> None:
        self.y, self._answers = given, answers
        self._asks = np.zeros(len(given), dtype=int)
        self._asked: list[np.ndarray] = []
        self._votes: list[np.ndarray] = []

    def ask(self, positions: np.ndarray) -> None:
        """Buy a label of each of these rows, in this order; a row may have one already."""
        self._asked.append(positions)
        if self._answers is not None:
            self._votes.append(self._answers.votes[positions, self._asks[positions]])
        again = positions[self._asks[positions] > 0]
        self._asks[positions] += 1
        if self._answers is not None and len(again):
            self.y = self.y.copy()  # the walks of a fold begin with the same array
            some = Answers(self._answers.labels[again], self._answers.votes[again])
            self.y[again] = some.settled(self._asks[again])

    @property
    def asked(self) -> np.ndarray:
        """Every row asked about so far, in that order, (labels bought,); more than once if it was asked again."""
        return np.concatenate(self._asked)

    def votes(self, anchors: np.ndarray) -> np.ndarray:
        """Votes paid by each number of labels, (K,)."""
        return np.asarray(np.cumsum(np.concatenate(self._votes))[anchors - 1])

    def doubted(self, n: int, train: Train, believe: Believe, rng: np.random.Generator) -> np.ndarray:
        """At most n labeled rows that a model trained on other labeled rows would label otherwise, most doubted first.

        The doubt is 1 less the probability of the label as it stands. A row asked about three times is settled.
        """
        labeled = np.flatnonzero(self._asks)
        part = rng.permutation(len(labeled)) % PARTS
        doubt = np.zeros(len(labeled))
        for one in range(PARTS):
            here = labeled[part == one]
            P = believe(train(labeled[part != one]), here)
            kept = P[np.arange(len(here)), self.y[here]]
            doubt[part == one] = np.where(P.argmax(axis=1) == self.y[here], 0, 1 - kept)
        doubt[self._asks[labeled] >= MOST_ASKS] = 0
        order = np.argsort(-doubt, kind="stable")[:n]
        return np.asarray(labeled[order[doubt[order] > 0]])

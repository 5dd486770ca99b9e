"""Several ways of choosing at once, the better ones more and more often."""

from dataclasses import dataclass, replace

import numpy as np

from planner.choices.strategies.diversity import k_center, typiclust
from planner.choices.strategies.pool import STRATEGIES, Pool, Strategy, random
from planner.choices.strategies.uncertainty import margin

ARMS: dict[str, Strategy] = {"random": random, "margin": margin, "k_center": k_center, "typiclust": typiclust}
EXPLORED = 0.2  # share of the picks dealt out evenly, Exp3's gamma: no arm is ever given up


@dataclass(frozen=True, eq=False)
class _Dealt:
    """The batch before: which arm picked which row, and what the model then took it for."""

    rows: np.ndarray  # (n,) positions in the pool
    arms: np.ndarray  # (n,) which arm picked each
    guessed: np.ndarray  # (n,) the likeliest class at the time
    logs: np.ndarray  # (K,) of the arms' weights
    chances: np.ndarray  # (K,) with which the arms were dealt


@STRATEGIES.register(
    "bandit",
    "A mix that learns",
    source="Auer, Cesa-Bianchi, Freund, Schapire 2002; after Baram, El-Yaniv, Luz 2004",
    adaptive=True,
    needs="probabilities",
    when="It is not known which way suits the data, and there are many batches to learn it in.",
)
def bandit(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """A mix of random, smallest margin, farthest and typical items, shifted to those that found the model's mistakes.

    Exp3 with a round for each item: an arm is drawn with its chance, (1 - .2) times its share of the weights plus .2 /
    arms, and picks the item. Its reward is 1 when the label, once bought, is not what the model took the item for and
    0 when it is; then the weight is multiplied by exp(.2 reward / (chance arms)). Weights change between batches.
    """
    n = min(n, len(pool.candidates))
    logs = _learned(pool)
    chances = (1 - EXPLORED) * np.exp(logs) / np.exp(logs).sum() + EXPLORED / len(ARMS)
    dealt = rng.multinomial(n, chances)
    P = pool.probabilities()
    picks = np.empty(0, dtype=int)
    for arm, count in zip(ARMS.values(), dealt, strict=True):
        if count:
            picks = np.concatenate([picks, _picked(arm, _without(pool, P, picks), int(count), rng)])
    arms = np.repeat(np.arange(len(ARMS)), dealt)
    pool.kept["dealt"] = _Dealt(pool.candidates[picks], arms, P[picks].argmax(axis=1), logs, chances)
    return picks


def _learned(pool: Pool) -> np.ndarray:
    """The logs of the arms' weights after the labels of the batch before, (K,), the largest 0."""
    dealt: _Dealt | None = pool.kept.get("dealt")
    if dealt is None:
        return np.zeros(len(ARMS))
    label_of = np.full(pool.X.shape[0], -1)
    label_of[pool.labeled] = pool.labels
    label = label_of[dealt.rows]
    reward = ((label >= 0) & (label != dealt.guessed)) / dealt.chances[dealt.arms]
    logs = dealt.logs + EXPLORED / len(ARMS) * np.bincount(dealt.arms, weights=reward, minlength=len(ARMS))
    return np.asarray(logs - logs.max())


def _without(pool: Pool, P: np.ndarray, picks: np.ndarray) -> tuple[Pool, np.ndarray]:
    """(the pool without these picks, the positions of its candidates among all)."""
    left = np.setdiff1d(np.arange(len(pool.candidates)), picks)
    return replace(pool, candidates=pool.candidates[left], probabilities=lambda: P[left], kept={}), left


def _picked(arm: Strategy, rest: tuple[Pool, np.ndarray], n: int, rng: np.random.Generator) -> np.ndarray:
    pool, left = rest
    return np.asarray(left[arm(pool, n, rng)])

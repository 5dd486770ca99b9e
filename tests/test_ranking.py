"""Several data sets: against scipy, and against the worked example of Demsar 2006."""

from itertools import product

import numpy as np
import pytest
from comparisons import replays
from scipy.stats import friedmanchisquare, rankdata, wilcoxon

from planner.charts import DARK, LIGHT
from planner.charts.ranks import critical_differences, ranks_finding
from planner.errors import PlannerError
from planner.exports.text import text_of
from planner.forecast.comparison import compare_measured
from planner.forecast.ranking import (
    Ranking,
    critical_difference,
    friedman,
    iman_davenport,
    rank,
    sets_needed,
    signed_ranks,
)
from planner.report.compared import friedman_sentence, ranking_blocks

# Demsar 2006, table 6: area under the ROC curve of C4.5, +m, +cf and +m+cf on 14 data sets.
DEMSAR = np.array([
    [.763, .768, .771, .798], [.599, .591, .590, .569], [.954, .971, .968, .967], [.628, .661, .654, .657],
    [.882, .888, .886, .898], [.936, .931, .916, .931], [.661, .668, .609, .685], [.583, .583, .563, .625],
    [.775, .838, .866, .875], [1, 1, 1, 1], [.940, .962, .965, .962], [.619, .666, .614, .669],
    [.972, .981, .975, .975], [.957, .978, .946, .970],
])  # fmt: skip
VOTING = 12  # its third and fourth areas are printed alike and ranked 2 and 3, from digits that are not printed


def demsar_ranks() -> np.ndarray:
    ranks = rankdata(-DEMSAR, axis=1)
    ranks[VOTING] = [4, 1, 2, 3]
    return ranks


def ranking(sets: int = 8, **gains: float) -> Ranking:
    gains = gains or {"margin": 0.01, "entropy": 0.0}
    made = [compare_measured(replays(gains, seed=seed), "accuracy") for seed in range(sets)]
    return rank([f"set {seed}" for seed in range(sets)], made)


def test_friedman_and_iman_davenport_are_those_of_the_paper() -> None:
    """Without its correction for ties chi squared is 9.28, and F 3.69 with 3 and 39 degrees of freedom."""
    ranks = demsar_ranks()
    spread = ((ranks - 2.5) ** 2).sum() / (14 * 3)
    uncorrected = friedman(ranks)[0] * spread / (4 * 5 / 12)
    assert uncorrected == pytest.approx(9.28, abs=0.005)
    F, p = iman_davenport(uncorrected, (14, 4))
    assert pytest.approx(3.69, abs=0.005) == F
    assert 0.01 < p < 0.05  # above the critical 2.85 at .05


def test_the_critical_difference_is_that_of_the_paper() -> None:
    assert critical_difference(14, 4) == pytest.approx(1.25, abs=0.005)


@pytest.mark.parametrize(("k", "q"), [(2, 1.960), (3, 2.343), (4, 2.569), (5, 2.728), (6, 2.850), (10, 3.164)])
def test_the_quantiles_of_nemenyi_are_those_of_the_paper(k: int, q: float) -> None:
    """Demsar 2006, table 5."""
    assert critical_difference(1, k) / np.sqrt(k * (k + 1) / 6) == pytest.approx(q, abs=0.001)


def test_signed_ranks_reject_where_the_paper_does() -> None:
    """Table 2: the smaller rank sum of C4.5 and C4.5+m is 12, under the critical 21 of 14 data sets."""
    assert signed_ranks((DEMSAR[:, 1] - DEMSAR[:, 0]).round(3)) < 0.05


@pytest.mark.parametrize("seed", range(5))
def test_friedman_is_scipys_with_ties_and_without(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(9, 4)).round(seed % 3)
    peer = friedmanchisquare(*scores.T)
    assert friedman(rankdata(-scores, axis=1)) == pytest.approx((peer.statistic, peer.pvalue))


@pytest.mark.parametrize("n", [5, 8, 13, 30])
def test_signed_ranks_are_scipys(n: int) -> None:
    differences = np.random.default_rng(n).normal(0.3, 1, n)
    assert signed_ranks(differences) == pytest.approx(wilcoxon(differences, method="exact").pvalue)


def test_signed_ranks_with_ties_and_zeros_count_every_pattern_of_signs() -> None:
    """Enumerated: of 2^5 patterns those whose rank sums lie at least as far apart as what was found."""
    differences = np.array([0.0, 0.1, 0.1, -0.1, 0.2, 0.3])
    ranks = rankdata(np.abs(differences))[1:]
    found = abs(ranks @ np.sign(differences[1:]))
    every = [abs(ranks @ np.array(signs)) for signs in product([-1, 1], repeat=5)]
    assert signed_ranks(differences) == pytest.approx(np.mean(np.array(every) >= found - 1e-9))


def test_nothing_but_zeros_tells_nothing() -> None:
    assert signed_ranks(np.zeros(7)) == 1
    assert friedman(np.full((5, 3), 2.0)) == (0.0, 1.0)


def test_the_same_order_everywhere_is_as_sure_as_can_be() -> None:
    found = ranking(8, margin=0.05, entropy=0.02)
    assert found.mean_ranks.tolist() == [3, 1, 2]
    assert float("inf") == found.F
    assert [row.p for row in found.rows] == pytest.approx([2 / 2**8] * 2)
    assert "over any bound" in friedman_sentence(found)


def test_five_data_sets_cannot_make_one_strategy_sure_and_six_can() -> None:
    assert sets_needed(1) == 6
    assert ranking(5, margin=0.05).rows[0].adjusted_p > 0.05
    assert ranking(6, margin=0.05).rows[0].adjusted_p < 0.05
    assert "Too few data sets" in text_of(ranking_blocks(ranking(5, margin=0.05)))
    assert "Too few data sets" not in text_of(ranking_blocks(ranking(6, margin=0.05)))


def test_groups_hold_what_lies_within_the_critical_difference_and_nothing_else() -> None:
    found = ranking(12, margin=0.05, entropy=0.049, k_center=0.002, badge=0.03)
    at = dict(zip(found.strategies, found.mean_ranks, strict=True))
    for one, other in product(found.strategies, repeat=2):
        together = one == other or any({one, other} <= set(group) for group in found.groups)
        assert together == (one == other or abs(at[one] - at[other]) < found.critical_difference)
    assert not any(set(a) < set(b) for a, b in product(found.groups, repeat=2))


def test_one_data_set_and_other_strategies_are_said() -> None:
    one = compare_measured(replays({"margin": 0.01}), "accuracy")
    other = compare_measured(replays({"entropy": 0.01}), "accuracy")
    with pytest.raises(PlannerError, match="at least 2 of them; 1 was given"):
        rank(["a"], [one])
    with pytest.raises(PlannerError, match="b was replayed with entropy, a with margin"):
        rank(["a", "b"], [one, other])


def test_the_order_of_strategies_may_differ_between_pilots() -> None:
    made = replays({"margin": 0.01, "entropy": 0.0})
    turned = compare_measured({name: made[name] for name in ("random", "entropy", "margin")}, "accuracy")
    found = rank(["a", "b"], [compare_measured(made, "accuracy"), turned])
    assert found.areas[0].tolist() == found.areas[1].tolist()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_picture_is_sound_vega_and_names_every_strategy(palette: object) -> None:
    import altair

    found = ranking(12, margin=0.05, entropy=0.002, k_center=0.0, badge=0.03)
    drawing = critical_differences(found, palette)  # type: ignore[arg-type]
    altair.Chart.from_dict(drawing.to_dict(), validate=True)
    text = str(drawing.to_dict())
    for name, mean in zip(
        ("Smallest margin", "Random labeling"), (found.mean_ranks[1], found.mean_ranks[0]), strict=True
    ):
        assert f"{name} {mean:.2f}" in text
        assert f"{name} {mean:.2f}" in ranks_finding(found)
    assert text.count("'strokeWidth': 5") == len(found.groups)

"""Query strategies: which items of the pool to label next. A file an idea; each strategy is a function on one menu."""

from planner.choices.strategies.bandits import bandit
from planner.choices.strategies.batches import badge, clue, falcun, margin_k_means, power_margin, softmax_margin
from planner.choices.strategies.committee import (
    consensus_entropy,
    consensus_entropy_score,
    max_kl,
    max_kl_score,
    mean_kl,
    mean_kl_score,
    mixed_committee,
    query_by_committee,
    variation_ratio,
    variation_ratio_score,
    vote_entropy_score,
)
from planner.choices.strategies.density import neighbor_density
from planner.choices.strategies.diversity import k_center, k_means, k_means_plus_plus, typiclust
from planner.choices.strategies.expected import expected_error_reduction
from planner.choices.strategies.hybrid import anomaly_aware, balanced, density_weighted, ranked_batch, rare_class
from planner.choices.strategies.importance import importance_weighted
from planner.choices.strategies.invented import synthesis
from planner.choices.strategies.pool import STRATEGIES, Pool, Strategy, random, stands_for, top
from planner.choices.strategies.stakes import cost_margin_score, cost_sensitive, worst_group
from planner.choices.strategies.streams import stream
from planner.choices.strategies.uncertainty import (
    below_confidence,
    entropy,
    entropy_score,
    expected_model_change,
    gradient_length_score,
    least_confidence,
    least_confidence_score,
    margin,
    margin_score,
)

__all__ = [
    "STRATEGIES",
    "Pool",
    "Strategy",
    "anomaly_aware",
    "badge",
    "balanced",
    "bandit",
    "below_confidence",
    "clue",
    "consensus_entropy",
    "consensus_entropy_score",
    "cost_margin_score",
    "cost_sensitive",
    "density_weighted",
    "entropy",
    "entropy_score",
    "expected_error_reduction",
    "expected_model_change",
    "falcun",
    "gradient_length_score",
    "importance_weighted",
    "k_center",
    "k_means",
    "k_means_plus_plus",
    "least_confidence",
    "least_confidence_score",
    "margin",
    "margin_k_means",
    "margin_score",
    "max_kl",
    "max_kl_score",
    "mean_kl",
    "mean_kl_score",
    "mixed_committee",
    "neighbor_density",
    "power_margin",
    "query_by_committee",
    "random",
    "ranked_batch",
    "rare_class",
    "softmax_margin",
    "stands_for",
    "stream",
    "synthesis",
    "top",
    "typiclust",
    "variation_ratio",
    "variation_ratio_score",
    "vote_entropy_score",
    "worst_group",
]

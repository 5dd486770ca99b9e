"""Other people's parts: every query strategy of scikit-activeml that classifies, and classifiers of every make."""

import inspect
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skactiveml.pool as peer
from making import task, trained
from scipy.sparse import csr_array
from skactiveml.classifier import MixtureModelClassifier, ParzenWindowClassifier, SklearnClassifier
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_digits, make_classification
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, RidgeClassifier
from sklearn.multiclass import OutputCodeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES, Pool, Strategy
from planner.errors import BadSetting, BadTable
from planner.pilot import Task, from_classifier, from_skactiveml, traces
from planner.pilot.replay import Trace
from planner.workers import Workers

ROOT = Path(__file__).parent.parent
Made = Callable[[], Strategy]

# What these are handed is easily written out; the other eight are given committees or clusters to draw.
BY_HAND = ["RandomSampling", "UncertaintySampling", "GreedySamplingX", "DiscriminativeAL", "CoreSet", "ContrastiveAL",
           "Falcun", "MaxHerding"]  # fmt: skip
PLAIN = [
    *BY_HAND,
    "QueryByCommittee",
    "BatchBALD",
    "GreedyBALD",
    "Clue",
    "DropQuery",
    "TypiClust",
    "Badge",
    "ProbCover",
]
SLOW = ["MonteCarloEER", "ValueOfInformationEER", "CostEmbeddingAL", "Quire"]  # a fit or a matrix for each candidate
HELPED: dict[str, Made] = {
    "ProbabilisticAL": lambda: from_skactiveml(peer.ProbabilisticAL(), clf=ParzenWindowClassifier()),
    "EpistemicUncertaintySampling": lambda: from_skactiveml(
        peer.EpistemicUncertaintySampling(), clf=ParzenWindowClassifier()
    ),
    "FourDs": lambda: from_skactiveml(peer.FourDs(), clf=MixtureModelClassifier()),
    "SubSamplingWrapper": lambda: from_skactiveml(peer.SubSamplingWrapper(peer.UncertaintySampling(), 20)),
}
LEFT_OUT = {
    "ExpectedErrorReduction": "the base class of two others",
    "ParallelUtilityEstimationWrapper": "picks one item at a time",
    **dict.fromkeys(
        ["ExpectedModelChangeMaximization", "ExpectedModelOutputChange", "ExpectedModelVarianceReduction",
         "KLDivergenceMaximization", "GreedySamplingTarget", "RegressionTreeBasedAL"],
        "regression",
    ),
}  # fmt: skip


def made(name: str) -> Strategy:
    if name in HELPED:
        return HELPED[name]()
    strategy = getattr(peer, name)
    takes = inspect.signature(strategy).parameters
    return from_skactiveml(strategy(classes=[0, 1]) if "classes" in takes else strategy())


def test_no_strategy_of_scikit_activeml_is_forgotten() -> None:
    there = {name for name in peer.__all__ if inspect.isclass(getattr(peer, name))}
    assert there == {*PLAIN, *SLOW, *HELPED, *LEFT_OUT}


@pytest.fixture
def borrowed() -> Iterator[None]:
    """Takes what a test has put on the menus off again."""
    yield
    STRATEGIES._choices.pop("borrowed", None)
    ESTIMATORS._choices.pop("borrowed", None)


def small_task(**settings: Any) -> Task:
    X, y = make_classification(210, 5, n_informative=4, n_redundant=0, random_state=3)
    asked = {"folds": 2, "repeats": 1, "first": 20, "growth": 3.0, "strategies": ("borrowed",), **settings}
    return task(StandardScaler().fit_transform(X), y, **asked)


def walked(of: Task, workers: int = 1) -> list[Trace]:
    return [trace for trace in traces(of, Workers(workers)) if trace.run.strategy == "borrowed"]


def same(one: list[Trace], other: list[Trace]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(np.array_equal(a.picked, b.picked) and np.array_equal(a.confusion, b.confusion) for a, b in pairs)


@pytest.mark.usefixtures("borrowed")
@pytest.mark.filterwarnings("ignore")  # the peer's own
@pytest.mark.parametrize("name", [*PLAIN, *HELPED, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_a_strategy_of_scikit_activeml_walks_a_pilot_and_repeats_itself(name: str) -> None:
    STRATEGIES.register("borrowed", "Borrowed")(made(name))
    assert STRATEGIES["borrowed"].summary.startswith("The query strategy ")
    one, other = walked(small_task()), walked(small_task())
    assert len(one) == 2
    assert all(len(set(trace.picked.tolist())) == len(trace.picked) == 105 for trace in one)
    assert same(one, other)


def a_pool(classes: int = 2) -> Pool:
    X, y = make_classification(90, 5, n_informative=4, n_redundant=0, n_classes=classes, random_state=3)
    order = np.random.default_rng(1).permutation(90)
    labeled, rest = order[:25], np.sort(order[25:])
    models = trained(X, labeled, y[labeled], classes)
    P = models["model"].predict_proba(X[rest])
    return Pool(X, labeled, y[labeled], rest, P.copy, lambda _: P[None], **models)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*BY_HAND, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_picks_are_those_of_scikit_activeml_called_by_hand(name: str) -> None:
    """The model is the pilot's; it, then the strategy, is seeded by the run's generator, after the spare picks."""
    pool = a_pool()
    ours = made(name)(pool, 6, np.random.default_rng(5))

    rng = np.random.default_rng(5)
    rng.permutation(65)
    strategy = getattr(peer, name)
    taken = set(inspect.signature(strategy.query).parameters) & {"clf", "discriminator"}
    model = {}
    for argument in taken:
        seed = int(rng.integers(2**31))
        model[argument] = SklearnClassifier(clone(pool.model), classes=[0, 1], random_state=seed)
    asked = {"classes": [0, 1]} if "classes" in inspect.signature(strategy).parameters else {}
    y = np.full(90, np.nan)
    y[pool.labeled] = pool.labels
    by_hand = strategy(random_state=int(rng.integers(2**31)), **asked).query(
        X=pool.X, y=y, candidates=pool.candidates, batch_size=6, **model
    )
    assert pool.candidates[ours].tolist() == by_hand.tolist()


def test_a_pick_that_comes_twice_is_made_up_for_at_random() -> None:
    class PoolQueryStrategy(BaseEstimator):
        def query(self, X: Any, y: Any, candidates: Any, batch_size: int) -> np.ndarray:  # noqa: ARG002
            return np.repeat(candidates[:1], batch_size)

    pool, call = a_pool(), from_skactiveml(PoolQueryStrategy())
    found = {tuple(call(pool, 4, np.random.default_rng(seed)).tolist()) for seed in range(20)}
    assert all(len(set(picks)) == 4 and picks[0] == 0 for picks in found)
    assert len(found) == 20


def test_candidates_are_handed_over_without_their_labels() -> None:
    seen = {}

    class PoolQueryStrategy(BaseEstimator):
        def query(self, X: Any, y: Any, candidates: Any, batch_size: int) -> np.ndarray:  # noqa: ARG002
            seen["y"] = y
            return np.asarray(candidates[:batch_size])

    pool = a_pool()
    from_skactiveml(PoolQueryStrategy())(pool, 4, np.random.default_rng(0))
    assert np.isnan(seen["y"][pool.candidates]).all()
    assert seen["y"][pool.labeled].tolist() == pool.labels.tolist()


def test_what_cannot_be_used_gets_a_sentence() -> None:
    with pytest.raises(BadSetting, match=r"KLDivergenceMaximization asks for reg, .* regression cannot be used\."):
        from_skactiveml(peer.KLDivergenceMaximization())
    with pytest.raises(BadSetting, match=r"LogisticRegression is no pool query strategy of scikit-activeml\."):
        from_skactiveml(LogisticRegression())
    with pytest.raises(BadSetting, match=r"GaussianNB is no classifier that can be fitted\. Hand in one that is made"):
        from_classifier(GaussianNB)
    with pytest.raises(BadSetting, match=r"LinearRegression is no classifier"):
        from_classifier(LinearRegression())
    pool = a_pool()
    sparse = Pool(csr_array(pool.X), pool.labeled, pool.labels, pool.candidates, pool.probabilities, pool.committee)
    with pytest.raises(BadTable, match=r"CoreSet takes no sparse rows"):
        from_skactiveml(peer.CoreSet())(sparse, 3, np.random.default_rng(0))


# --- classifiers ------------------------------------------------------------------------------------------------------

CLASSIFIERS = {
    "with probabilities": LinearDiscriminantAnalysis(),
    "a pipeline": make_pipeline(StandardScaler(), LogisticRegression()),
    "with a random state": RandomForestClassifier(5),
    "decision function": RidgeClassifier(),
    "decides otherwise than by its decision function": SVC(),
    "predictions only": OutputCodeClassifier(LogisticRegression()),
    "unsure of its scale": Perceptron(),
}


@pytest.mark.usefixtures("borrowed")
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_any_classifier_is_the_model_of_a_pilot_and_repeats_itself(name: str) -> None:
    ESTIMATORS.register("borrowed", "Borrowed")(from_classifier(CLASSIFIERS[name]))
    STRATEGIES.register("borrowed", "Borrowed")(STRATEGIES["margin"].call)
    of = small_task().with_model("borrowed", "")
    one = walked(of)
    assert same(one, walked(of))
    assert np.mean([np.trace(trace.confusion[-1]) for trace in one]) > 0.6 * 105


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("classes", [2, 3])
def test_the_likeliest_class_is_what_the_classifier_says(name: str, classes: int) -> None:
    X, y = make_classification(200, 5, n_informative=4, n_redundant=0, n_classes=classes, random_state=3)
    model = from_classifier(CLASSIFIERS[name])(7, False).fit(X[:100], y[:100] * 2)
    P = model.predict_proba(X)
    np.testing.assert_allclose(P.sum(axis=1), 1)
    assert model.classes_.tolist() == [0, 2, 4][:classes]
    assert (model.classes_[P.argmax(axis=1)] == model.predict(X)).all()


def test_probabilities_are_the_classifiers_own_or_the_softmax_of_its_decision() -> None:
    X, y = load_digits(return_X_y=True)
    own = GaussianNB().fit(X[:300], y[:300]).predict_proba(X[300:400])
    np.testing.assert_array_equal(
        from_classifier(GaussianNB())(0, False).fit(X[:300], y[:300]).predict_proba(X[300:400]), own
    )
    decided = np.exp(RidgeClassifier().fit(X[:300], y[:300]).decision_function(X[300:400]))
    ours = from_classifier(RidgeClassifier())(0, False).fit(X[:300], y[:300]).predict_proba(X[300:400])
    np.testing.assert_allclose(ours, decided / decided.sum(axis=1, keepdims=True))


def test_the_seed_reaches_every_random_state_and_the_one_handed_in_stays_as_it_is() -> None:
    mine = make_pipeline(StandardScaler(), RandomForestClassifier(3))
    made_for = [from_classifier(mine)(seed, False).classifier for seed in (1, 1, 2)]
    states = [one[-1].random_state for one in made_for]
    assert states[0] == states[1] != states[2]
    assert mine[-1].random_state is None


def test_a_classifier_that_takes_no_sparse_rows_says_so() -> None:
    X, y = csr_array(np.eye(20)), np.arange(20) % 2
    with pytest.raises(BadTable, match=r"GaussianNB takes no sparse rows, .* or choose another model\."):
        from_classifier(GaussianNB())(0, True).fit(X, y)
    assert from_classifier(LogisticRegression())(0, True).fit(X, y).predict_proba(X).shape == (20, 2)


@pytest.mark.slow
@pytest.mark.usefixtures("borrowed")
def test_two_workers_give_the_picks_of_one() -> None:
    STRATEGIES.register("borrowed", "Borrowed")(from_skactiveml(peer.QueryByCommittee()))
    ESTIMATORS.register("borrowed", "Borrowed")(from_classifier(RandomForestClassifier(5)))
    of = small_task().with_model("borrowed", "")
    assert same(walked(of), walked(of, workers=2))


@pytest.mark.slow
def test_the_example_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    section = (ROOT / "README.md").read_text("utf-8").split("## Bring your own", 1)[1]
    code = re.findall(r"```python\n(.*?)```", section, re.DOTALL)[0]
    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(code, "README.md", "exec"), found)
        finally:
            STRATEGIES._choices.pop("prob_cover", None)
            ESTIMATORS._choices.pop("ridge", None)
    assert {trace.run.strategy for trace in found["pilot"].traces} == {"random", "margin", "prob_cover"}
    assert found["pilot"].model == "ridge"

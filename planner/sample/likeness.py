"""Which rows are alike: the same, nearly the same, and the labeled part against the unlabeled one."""

from hashlib import sha256

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, issparse
from scipy.spatial import cKDTree
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from planner.choices.kinds import KINDS
from planner.sample.columns import Column, matrix, used

MOST_ROWS = 2000  # rows asked about; a share of them is known to two points
MOST_AGAINST = 100_000  # rows they are held against; copies are counted among all
SEED = 0
NEAR_COSINE = 0.95
NEAR_NUMBERS = 0.01  # root mean square of standardised differences
CHANCE_COPIES = 0.05
ENOUGH_COLUMNS = 40  # so many values together hardly ever recur by chance
TELLING = 300  # columns of a kind that show whether two rows are near as well as ten thousand
PROJECTIONS = 6
NEIGHBOURS = 10
PAIRS_AT_ONCE = 100_000
FEWEST_A_SIDE = 50  # with fewer, an AUC above .6 is often chance
WIDEST = 2000  # columns that show a shift as well as ten thousand


def row_codes(table: pd.DataFrame) -> np.ndarray:
    """(rows,) uint64; rows with the same cells share a code, on every machine."""
    codes = np.full(len(table), 17, dtype=np.uint64)
    for _, cells in table.items():
        codes = codes * np.uint64(1_000_003) + _cell_codes(cells)
    return codes


def digest(parts: list[str], arrays: list[np.ndarray]) -> str:
    """12 hex digits of words and whole numbers, the same on every machine."""
    made = sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    for array in arrays:
        made.update(array.astype("<u8").tobytes())
    return made.hexdigest()[:12]


def near_duplicates(features: pd.DataFrame, columns: tuple[Column, ...], groups: np.ndarray) -> float:
    """Share of rows, 0-1, that another row repeats or nearly repeats; up to 2,000 rows against up to 100,000.

    Texts are near at a cosine of .95, numbers at a root mean square of .01 deviations, categories when they are equal.
    """
    order = np.random.default_rng(SEED).permutation(len(features))
    kept = np.sort(order[:MOST_AGAINST])
    asked = np.searchsorted(kept, np.sort(order[:MOST_ROWS]))
    again = np.bincount(groups)[groups[kept[asked]]] > 1
    features, groups = features.iloc[kept].reset_index(drop=True), groups[kept]
    names = {kind: [column.name for column in used(columns) if column.kind == kind] for kind in KINDS}
    numbers = _numbers(features, names)
    categories = row_codes(features[names["category"]])
    if texts := names["text"] + names["sentence"]:  # nearly the same words, not the same meaning
        row, other = _near_texts(csr_array(KINDS["text"].call(features[texts])), asked)
        fits = (categories[asked[row]] == categories[other]) & _near_numbers(numbers, asked[row], other)
        again[row[fits]] = True
        return float(again.mean())
    again |= _has_neighbour(numbers, categories, groups, asked)
    # Where few combinations exist - two yes-or-no columns, a small grid of whole numbers - rows recur without being
    # redundant. A copy counts only when rows drawn with the same shares, column by column, would hardly make it.
    again[again] = _chance_copies(features[names["category"]], numbers, asked[again]) < CHANCE_COPIES
    return float(again.mean())


def shift_auc(features: pd.DataFrame, unlabeled: pd.DataFrame, columns: tuple[Column, ...]) -> float | None:
    """How well a linear model tells labeled from unlabeled rows, 0.5-1; None with under 50 rows of either."""
    if min(len(features), len(unlabeled)) < FEWEST_A_SIDE:
        return None
    rng = np.random.default_rng(SEED)
    sides = [part.iloc[np.sort(rng.permutation(len(part))[:MOST_ROWS])] for part in (features, unlabeled)]
    X = matrix(pd.concat(sides, ignore_index=True), columns)
    if not X.shape[1]:
        return None
    if not issparse(X) and X.shape[1] > WIDEST:
        X = X[:, np.sort(rng.permutation(X.shape[1])[:WIDEST])]
    side = np.repeat([0, 1], [len(part) for part in sides])
    # A loose tolerance: the ranking settles long before the weights do.
    model = LogisticRegression(tol=1e-2, max_iter=1000)
    folds = StratifiedKFold(3, shuffle=True, random_state=SEED)
    told = cross_val_predict(model, X, side, cv=folds, method="decision_function")
    return max(0.5, float(roc_auc_score(side, told)))


def _numbers(features: pd.DataFrame, names: dict[str, list[str]]) -> np.ndarray:
    kinds = [kind for kind in ("number", "embedding", "date") if names[kind]]
    some = {kind: names[kind][:: max(1, len(names[kind]) // TELLING)] for kind in kinds}
    blocks = [KINDS[kind].call(features[some[kind]]) for kind in kinds]
    return np.hstack(blocks) if blocks else np.zeros((len(features), 0))


def _near_texts(texts: csr_array, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (place in `asked`, other row) of texts whose cosine is at least .95."""
    length = np.sqrt(texts.multiply(texts).sum(axis=1))
    texts = csr_array(texts.multiply((1 / np.where(length > 0, length, 1.0))[:, None]))
    mine = csr_array(texts[asked])
    pairs = csr_array(_rare_part(mine, texts) @ texts.T).tocoo()
    different = asked[pairs.row] != pairs.col
    row, other = pairs.row[different], pairs.col[different]
    near = np.zeros(len(row), dtype=bool)
    for start in range(0, len(row), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        near[part] = mine[row[part]].multiply(texts[other[part]]).sum(axis=1) >= NEAR_COSINE
    return row[near], other[near]


def _rare_part(mine: csr_array, texts: csr_array) -> csr_array:
    """The rarest words of each text, as many as any near text must share one of.

    Two texts that share none of them have at most the length of the rest as cosine, which is kept below .95.
    Source: Bayardo, Ma, Srikant 2007.
    """
    often = np.bincount(texts.indices, minlength=texts.shape[1])
    row = np.repeat(np.arange(mine.shape[0]), np.diff(mine.indptr))
    order = np.lexsort((mine.indices, -often[mine.indices], row))
    squares = np.cumsum(mine.data[order] ** 2)
    before = np.concatenate([[0.0], squares])[mine.indptr[:-1]]
    rare = order[squares - before[row] > NEAR_COSINE**2 - 1e-9]
    return csr_array((mine.data[rare], (row[rare], mine.indices[rare])), shape=mine.shape)


def _near_numbers(numbers: np.ndarray, row: np.ndarray, other: np.ndarray) -> np.ndarray:
    if not numbers.shape[1]:
        return np.ones(len(row), dtype=bool)
    near = np.zeros(len(row), dtype=bool)
    for start in range(0, len(row), PAIRS_AT_ONCE // 10):
        part = slice(start, start + PAIRS_AT_ONCE // 10)
        near[part] = np.square(numbers[row[part]] - numbers[other[part]]).mean(axis=1) < NEAR_NUMBERS**2
    return near


def _has_neighbour(numbers: np.ndarray, categories: np.ndarray, groups: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(asked,) whether another row, not an identical one, has the same categories and nearly the same numbers."""
    if not numbers.shape[1]:
        return np.zeros(len(asked), dtype=bool)
    _, first = np.unique(groups, return_index=True)
    places = numbers[first]
    if numbers.shape[1] > PROJECTIONS:  # near rows stay near on a few random lines, where a tree finds them quickly
        places = places @ _lines(numbers.shape[1])
    apart = 1e3 * np.unique(categories[first], return_inverse=True)[1]
    tree = cKDTree(np.column_stack([places, apart]))
    mine = np.searchsorted(np.unique(groups), groups[asked])
    _, found = tree.query(tree.data[mine], k=min(NEIGHBOURS, len(first)))
    found = found.reshape(len(asked), -1)
    row, other = np.repeat(asked, found.shape[1]), first[found.ravel()]
    near = _near_numbers(numbers, row, other) & (categories[row] == categories[other]) & (groups[row] != groups[other])
    found_near: np.ndarray = near.reshape(len(asked), -1).any(axis=1)
    return found_near


def _lines(width: int) -> np.ndarray:
    lines = np.random.default_rng(SEED).standard_normal((width, PROJECTIONS))
    unit: np.ndarray = lines / np.linalg.norm(lines, axis=0)
    return unit


def _chance_copies(categories: pd.DataFrame, numbers: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(rows,) how many copies of a row to expect if its columns had nothing to do with one another."""
    log_share = np.zeros(len(rows))
    for name in list(categories)[:ENOUGH_COLUMNS]:
        codes = _cell_codes(categories[name])
        _, place, count = np.unique(codes, return_inverse=True, return_counts=True)
        log_share += np.log(count[place[rows]] / len(codes))
    step = max(1, numbers.shape[1] // ENOUGH_COLUMNS)
    for values in numbers.T[::step]:
        ordered, mine = np.sort(values), values[rows]
        low, high = np.searchsorted(ordered, mine - 2 * NEAR_NUMBERS), np.searchsorted(ordered, mine + 2 * NEAR_NUMBERS)
        log_share += np.log(np.maximum(high - low, 1) / len(values))
    copies: np.ndarray = np.exp(log_share) * len(numbers)
    return copies


def _cell_codes(cells: pd.Series) -> np.ndarray:
    if isinstance(cells.dtype, np.dtype) and cells.dtype.kind in "iuf":
        # Adding 0 makes one of the two zeros; whole numbers and floats of the same value must agree.
        return pd.util.hash_array(cells.to_numpy(float) + 0.0)
    written = cells.astype(object).map(_written)
    return pd.util.hash_array(written.to_numpy(object))


def _written(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, np.ndarray):
        return str(cell.tolist())
    return "\0" if cell is None or cell is pd.NaT or cell is pd.NA or cell != cell else str(cell)

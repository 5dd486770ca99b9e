"""Which rows are alike: the same, nearly the same, and the labeled part against the unlabeled one."""

from hashlib import sha256

import numpy as np
import pandas as pd


def row_codes(table: pd.DataFrame) -> np.ndarray:
    """(rows,) uint64; rows with the same cells share a code, on every machine."""
    codes = np.full(len(table), 17, dtype=np.uint64)
    for name in table:
        codes = codes * np.uint64(1_000_003) + _cell_codes(table[name])
    return codes


def digest(parts: list[str], arrays: list[np.ndarray]) -> str:
    """12 hex digits of words and whole numbers, the same on every machine."""
    made = sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    for array in arrays:
        made.update(array.astype("<u8").tobytes())
    return made.hexdigest()[:12]


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

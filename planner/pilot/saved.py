"""A pilot as JSON and back: what was measured, without a row of the data it was measured on."""

import dataclasses
import json
import types
import typing
from typing import Any

import numpy as np

from planner.errors import BadTable, PlannerError
from planner.pilot.monitoring import SIDE, Plane
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot
from planner.pilot.scoring import BARS
from planner.pilot.task import PilotSettings, Run
from planner.sample.reading import Facts
from planner.settings import knobs

FORMAT = "planner pilot"  # the first words of a file, so that a broken one is still known for what it is
SCHEMA = 1
BESIDE = ("confusion_clean", "plain", "costed")  # (K, C, C) each, where a setting asked for them
COUNTS = ("votes", "seen")  # (K,) each, likewise
STEADY = ("changed", "delta_f", "confidence", "batch_entropy")  # (K,) each, the last (K-1,); none in old files
CURVES = ("log_loss", "auc", "kappa", "pool_entropy")  # (K,) each, already rounded where they are measured
WATCHED = (
    "picked_classes",
    "distance",
    "outliers",
    "still_wrong",
    "clusters",
)  # of the largest pool; none in old files


def pilot_to_json(pilot: Pilot) -> dict[str, Any]:
    """Everything a forecast needs, as plain values: no rows, no path, no host.

    The same for any number of workers but for the keys named `seconds`.
    """
    return {**head_to_json(pilot), "traces": [trace_to_json(trace) for trace in pilot.traces]}


def head_to_json(pilot: Pilot) -> dict[str, Any]:
    """What pilot_to_json gives but for the traces."""
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "facts": _plain(pilot.facts),
        "settings": {one.name: _plain(getattr(pilot.settings, one.name)) for one in knobs(PilotSettings)},
        "model": pilot.model,
        "model_reason": pilot.model_reason,
        "shared": pilot.shared,
        **({} if pilot.plane is None else {"map": _plain(pilot.plane)}),
    }


def pilot_from_json(saved: dict[str, Any]) -> Pilot:
    """The Pilot that was saved. Raises BadTable for what this version cannot read."""
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise BadTable(
            "This JSON file is no pilot of this planner. Make one with: planner pilot DATA --label COLUMN --out FILE."
        )
    if saved.get("schema") != SCHEMA:
        raise BadTable(
            f"The pilot file has schema {saved.get('schema')!r}; this version reads schema {SCHEMA}. "
            "Update the planner, or run the pilot again with this version."
        )
    try:
        return _pilot(saved)
    except PlannerError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as broken:
        raise BadTable(f"The pilot file is damaged near {broken}. Run the pilot again.") from None


def write_pilot(pilot: Pilot, **run_facts: Any) -> bytes:
    """The pilot file; `run_facts` (created, jobs, seconds) stand at its end and change no result."""
    text = json.dumps({**pilot_to_json(pilot), **run_facts}, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def read_pilot(data: bytes) -> Pilot:
    """The Pilot in a file written by write_pilot. Raises BadTable for a broken, foreign or newer one."""
    try:
        saved = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise BadTable("The pilot file is broken off or not JSON. Run the pilot again.") from None
    return pilot_from_json(saved)


def metric_of(data: bytes) -> str:
    """The metric that was asked for when a pilot file was made; accuracy when none was."""
    return str(json.loads(data).get("metric", "accuracy"))


def is_pilot(data: bytes) -> bool:
    """Whether a file claims to be a pilot and not a table."""
    return f'"{FORMAT}"'.encode() in data[:200]


def trace_to_json(trace: Trace) -> dict[str, Any]:
    """One run as plain values; pilot_from_json reads it back where it stands among others."""
    return {
        "run": _plain(trace.run),
        "anchors": trace.anchors.tolist(),
        "confusion": [_sparse(counts) for counts in trace.confusion],
        **{name: getattr(trace, name).tolist() for name in CURVES},
        "picked": trace.picked.tolist(),
        "by_group": [[_sparse(counts) for counts in groups] for groups in trace.by_group],
        "unconverged": trace.unconverged,
        **{name: getattr(trace, name).tolist() for name in WATCHED if trace.clusters.size},
        **{name: [_sparse(counts) for counts in getattr(trace, name)] for name in BESIDE if getattr(trace, name).size},
        **{name: getattr(trace, name).tolist() for name in (*COUNTS, *STEADY) if getattr(trace, name).size},
        **({_bars_key(trace): [_cells(counts) for counts in trace.by_confidence]} if trace.by_confidence.size else {}),
        **({"at_stake": [_cells(amounts) for amounts in trace.at_stake]} if trace.at_stake.size else {}),
        "seconds": round(trace.seconds, 3),
    }


def _sparse(counts: np.ndarray) -> list[int]:
    """Flat [true, predicted, count, ...] of the cells that are not zero."""
    true, predicted = np.nonzero(counts)
    cells = np.column_stack([true, predicted, counts[true, predicted]])
    return typing.cast("list[int]", cells.ravel().tolist())


def _dense(cells: list[int], n_classes: int) -> np.ndarray:
    counts = np.zeros((n_classes, n_classes), dtype=int)
    true, predicted, count = np.array(cells, dtype=int).reshape(-1, 3).T
    if min(true.min(), predicted.min(), count.min()) < 0:
        raise ValueError("confusion counts")
    counts[true, predicted] = count
    return counts


def _pilot(saved: dict[str, Any]) -> Pilot:
    facts = _built(Facts, saved["facts"])
    given = saved["settings"]
    # A setting that is younger than the file had its default then.
    settings = PilotSettings(**{one.name: given[one.name] for one in knobs(PilotSettings) if one.name in given})
    traces = _whole_pools(tuple(_trace_from_json(trace, facts) for trace in saved["traces"]))
    shared = {_built(str, name): _built(str, walked) for name, walked in saved.get("shared", {}).items()}
    walked = {trace.run.strategy for trace in traces}
    if not walked | set(shared) <= set(settings.all_strategies) or (traces and not set(shared.values()) <= walked):
        raise ValueError("traces")
    about = (_built(str, saved["model"]), _built(str, saved["model_reason"]))
    return Pilot(facts, settings, *about, traces, shared, _plane(saved["map"], facts) if "map" in saved else None)


def _whole_pools(traces: tuple[Trace, ...]) -> tuple[Trace, ...]:
    """Without the walks through a quarter and a half of the rows that old files hold beside those through all."""
    largest = max((trace.run.pool_size for trace in traces), default=0)
    return tuple(trace for trace in traces if trace.run.pool_size == largest)


def _plane(saved: dict[str, Any], facts: Facts) -> Plane:
    """Where the rows lie. Raises ValueError where there is not a place for each."""
    places = np.array(saved["places"], dtype=int).reshape(-1, 2)
    if len(places) not in (0, facts.labeled) or (places < 0).any() or (places > SIDE).any():
        raise ValueError("map")
    return Plane(places, _built(float, saved["share"]))


def _trace_from_json(saved: dict[str, Any], facts: Facts) -> Trace:
    n_classes = len(facts.classes)
    anchors = np.array(saved["anchors"], dtype=int)
    confusion = np.array([_dense(cells, n_classes) for cells in saved["confusion"]])
    curves = {name: np.array(saved[name], dtype=float) for name in CURVES}
    picked = np.array(saved["picked"], dtype=int)
    by_group = np.array([[_dense(cells, n_classes) for cells in one] for one in saved.get("by_group", [])])
    if anchors.ndim != 1 or (np.diff(anchors) <= 0).any() or len(picked) != anchors[-1]:
        raise ValueError("anchors")
    if any(len(values) != len(anchors) or not np.isfinite(values).all() for values in (confusion, *curves.values())):
        raise ValueError("curves")
    if by_group.shape[:2] != ((len(anchors), len(facts.groups)) if facts.groups else (0,)):
        raise ValueError("by_group")
    return Trace(
        _built(Run, saved["run"]),
        anchors,
        confusion,
        **curves,
        picked=picked,
        seconds=float(saved["seconds"]),
        by_group=by_group,
        unconverged=_built(int, saved.get("unconverged", 0)),
        **(_watched(saved, len(anchors), n_classes) if "clusters" in saved else {}),
        **_beside(saved, len(anchors), n_classes),
        **_priced(saved, len(anchors), n_classes),
        **_steady(saved, len(anchors)),
    )


def _bars_key(trace: Trace) -> str:
    return "confidence_by_class" if trace.by_confidence.ndim == 4 else "by_confidence"


def _cells(values: np.ndarray) -> list[float]:
    """Flat [place, value, ...] of what is not zero; every value of old files' counts, which have no classes."""
    if values.shape == (len(BARS) - 1, 2):
        return typing.cast("list[float]", values.ravel().tolist())
    flat = values.ravel()
    return [number for place in np.flatnonzero(flat) for number in (int(place), flat[place].item())]


def _filled(cells: list[list[float]], shape: tuple[int, ...]) -> np.ndarray:
    """The reverse of _cells, (K, ...). Raises ValueError for what cannot be counted or lies outside."""
    made = np.zeros((len(cells), int(np.prod(shape))))
    for row, flat in zip(made, cells, strict=True):
        places, values = np.array(flat, dtype=float).reshape(-1, 2).T
        if (places < 0).any() or not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError("cells")
        row[places.astype(int)] = values
    return made.reshape(len(cells), *shape)


def _priced(saved: dict[str, Any], K: int, n_classes: int) -> dict[str, np.ndarray]:
    """What value models read: how sure the model was, and amounts. Raises ValueError where lengths do not fit."""
    made, bins = {}, (len(BARS) - 1, 2)
    if "by_confidence" in saved:
        made["by_confidence"] = np.array(saved["by_confidence"], dtype=int).reshape(K, *bins)
    if "confidence_by_class" in saved:
        made["by_confidence"] = _filled(saved["confidence_by_class"], (n_classes, *bins)).astype(int)
    if "at_stake" in saved:
        made["at_stake"] = _filled(saved["at_stake"], (n_classes, n_classes))
    if any(len(values) != K or (values < 0).any() for values in made.values()):
        raise ValueError("value")
    return made


def _steady(saved: dict[str, Any], K: int) -> dict[str, np.ndarray]:
    """What the stopping rules watch. Raises ValueError where lengths do not fit or a share is none."""
    made = {name: np.array(saved[name], dtype=float) for name in STEADY if name in saved}
    if any(len(values) != K - (name == "batch_entropy") for name, values in made.items()):
        raise ValueError("stop set")
    if any(not ((values >= 0) & (values <= 1)).all() for values in made.values()):
        raise ValueError("stop set")
    return made


def _beside(saved: dict[str, Any], K: int, n_classes: int) -> dict[str, np.ndarray]:
    """What only some settings ask for. Raises ValueError where lengths do not fit."""
    squares = {name: np.array([_dense(cells, n_classes) for cells in saved[name]]) for name in BESIDE if name in saved}
    made = squares | {name: np.array(saved[name], dtype=int) for name in COUNTS if name in saved}
    if any(len(values) != K or (values < 0).any() for values in made.values()):
        raise ValueError("labels")
    return made


def _watched(saved: dict[str, Any], K: int, n_classes: int) -> dict[str, np.ndarray]:
    """What a trace says of its batches. Raises ValueError where lengths do not fit."""
    shapes: tuple[tuple[int, ...], ...] = ((K - 1, n_classes), (K - 1,), (K - 1,), (K - 1, 2), (K,))
    kinds = (int, float, float, int, float)
    made: dict[str, np.ndarray] = {
        name: np.array(saved[name], dtype=kind).reshape(shape)
        for name, shape, kind in zip(WATCHED, shapes, kinds, strict=True)
    }
    if any(not np.isfinite(values).all() or (values < 0).any() for values in made.values()):
        raise ValueError("batches")
    return made


def _plain(value: Any) -> Any:
    """Dataclasses, tuples and arrays as what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _built(kind: Any, value: Any) -> Any:
    """`value` as the annotated type `kind`; the reverse of _plain. Raises TypeError where it does not fit."""
    if isinstance(kind, types.UnionType):
        options = [one for one in kind.__args__ if one is not type(None)]
        return None if value is None else _built(options[0], value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        required = {field.name for field in dataclasses.fields(kind) if _is_required(field)}
        named = {name: hints[name] for name in hints if name in required or name in value}
        return kind(**{name: _built(hint, value[name]) for name, hint in named.items()})
    if typing.get_origin(kind) is tuple:
        return tuple(_built(kind.__args__[0], one) for one in _built(list, value))
    if kind is np.ndarray:
        return np.array(_built(list, value))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r}"[:60])
    return value

"""What can be done with a workspace; each change is one transaction."""

import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

from planner import __version__
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot
from planner.pilot.saved import head_to_json, pilot_from_json, trace_to_json
from planner.pilot.task import PilotSettings
from planner.plan.scenarios import Scenario, as_values
from planner.settings import knobs
from planner.workspace.hold import Holding, elsewhere
from planner.workspace.kept import DONE, RUNNING, Cards, Decided, KeptPilot, KeptPlan, KeptSample

UNDO_SECONDS = 3600.0  # that a deleted plan can be brought back
OF_SAMPLES = 5  # plans on bundled samples that are kept; older ones were play
MADE_WITH = f"planner {__version__}, numpy {version('numpy')}, scikit-learn {version('scikit-learn')}"
PLANS = """
SELECT plan.*, pilot.name AS sample, pilot.rows, pilot.labeled, pilot.total, pilot.parts, pilot.repeats, pilot.state,
    hold.holder, hold.beat,
    (SELECT COUNT(*) FROM trace WHERE trace.pilot = plan.pilot) AS traces
FROM plan LEFT JOIN pilot ON pilot.id = plan.pilot LEFT JOIN hold ON hold.pilot = plan.pilot
"""


class Workspace(Holding):
    """One file, or memory only where there is none; any number of threads and processes may use it at once."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or make the file, and remove what was deleted long enough ago."""
        super().__init__(path)
        self.tidy()

    def begin(self, sample: KeptSample, decided: Decided, pilot: tuple[str, Pilot], typed: Mapping[str, Any]) -> str:
        """Keep a file, the pilot that runs on it as (id, Pilot without runs) and a plan for it; gives the plan's id.

        A pilot that is there already goes on, unless other versions computed its first parts, and keeps its plan.
        """
        name, made = pilot
        with self._change() as rows:
            rows.execute("INSERT OR IGNORE INTO sample VALUES (?, ?, ?)", (sample.id, sample.name, sample.data))
            self._put_pilot(rows, name, made, (sample.id, json.dumps(asdict(decided)), RUNNING))
            return self._plan_of(rows, name, made.facts.name, typed)

    def _put_pilot(self, rows: sqlite3.Connection, name: str, made: Pilot, rest: tuple[str | None, str, str]) -> None:
        there = rows.execute("SELECT made_with, state FROM pilot WHERE id = ?", (name,)).fetchone()
        if there is not None and there["state"] == DONE:
            return
        if there is not None and there["made_with"] != MADE_WITH:
            rows.execute("DELETE FROM trace WHERE pilot = ?", (name,))
        sample, decided, state = rest
        about = (json.dumps(head_to_json(made), ensure_ascii=False), made.facts.name, made.facts.rows)
        repeats = made.settings.repeats
        counted = (made.facts.labeled, made.settings.folds * repeats, repeats)
        rows.execute(
            "INSERT INTO pilot (id, sample, decided, head, name, rows, labeled, parts, repeats, state, made_with, "
            "total) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET "
            "sample = excluded.sample, decided = excluded.decided, "
            "state = excluded.state, made_with = excluded.made_with",
            (name, sample, decided, *about, *counted, state, MADE_WITH),
        )

    def _plan_of(self, rows: sqlite3.Connection, pilot: str, name: str, typed: Mapping[str, Any]) -> str:
        there = rows.execute("SELECT id FROM plan WHERE pilot = ? AND deleted IS NULL ORDER BY changed DESC", (pilot,))
        found = there.fetchone()
        return str(found["id"]) if found else self._new_plan(rows, name, {"pilot": pilot, "typed": typed})

    def _new_plan(self, rows: sqlite3.Connection, name: str, given: Mapping[str, Any]) -> str:
        made = uuid4().hex[:12]
        typed, scenarios = json.dumps(dict(given.get("typed", {}))), json.dumps(given.get("scenarios", {}))
        rows.execute(
            "INSERT INTO plan (id, name, pilot, bundled, typed, scenarios, code, sentence, changed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (made, name, given.get("pilot"), given.get("bundled", ""), typed, scenarios, given.get("code", ""),
             given.get("sentence", ""), time()),
        )  # fmt: skip
        return made

    def prepared(self, pilot: str, made: Pilot, total: int) -> None:
        """The model is chosen and the runs are counted."""
        head = json.dumps(head_to_json(made), ensure_ascii=False)
        with self._change() as rows:
            rows.execute("UPDATE pilot SET head = ?, total = ? WHERE id = ?", (head, total, pilot))

    def add_traces(self, pilot: str, first: int, traces: Sequence[Trace]) -> None:
        """Keep a finished part whose first run has the place `first`; of a pilot that was deleted meanwhile nothing."""
        bodies = [zlib.compress(json.dumps(trace_to_json(one), allow_nan=False).encode()) for one in traces]
        with self._change() as rows:
            rows.executemany(
                "INSERT OR IGNORE INTO trace SELECT id, ?, ? FROM pilot WHERE id = ?",
                [(first + k, body, pilot) for k, body in enumerate(bodies)],
            )

    def end(self, pilot: str, state: str) -> None:
        """A pilot is DONE or STOPPED."""
        with self._change() as rows:
            rows.execute("UPDATE pilot SET state = ? WHERE id = ?", (state, pilot))

    def add_plan(self, name: str, pilot: Pilot, typed: Mapping[str, Any], scenarios: Cards) -> str:
        """Keep a plan that came as a file, with its pilot; gives its id."""
        of_file = f"file-{pilot.key}"
        with self._change() as rows:
            self._put_pilot(rows, of_file, pilot, (None, "{}", DONE))
            there = rows.execute("SELECT COUNT(*) FROM trace WHERE pilot = ?", (of_file,)).fetchone()[0]
            if not there:
                bodies = [zlib.compress(json.dumps(trace_to_json(one)).encode()) for one in pilot.traces]
                rows.executemany(
                    "INSERT INTO trace VALUES (?, ?, ?)", [(of_file, place, body) for place, body in enumerate(bodies)]
                )
            rows.execute("UPDATE pilot SET total = ? WHERE id = ?", (len(pilot.traces), of_file))
            return self._new_plan(rows, name, {"pilot": of_file, "typed": typed, "scenarios": _cards(scenarios)})

    def add_bundled(self, name: str, bundled: str) -> str:
        """Keep a plan on a sample that comes with the program; of these the oldest go."""
        with self._change() as rows:
            made = self._new_plan(rows, name, {"bundled": bundled})
            rows.execute(
                "DELETE FROM plan WHERE bundled != '' AND name = ? AND id NOT IN "
                "(SELECT id FROM plan WHERE bundled != '' AND name = ? ORDER BY changed DESC LIMIT ?)",
                (name, name, OF_SAMPLES),
            )
            return made

    def save(self, plan: str, typed: Mapping[str, Any], scenarios: Cards, verdict: tuple[str, str]) -> None:
        """The numbers and scenarios of a plan as they stand, with its (code, sentence)."""
        with self._change() as rows:
            rows.execute(
                "UPDATE plan SET typed = ?, scenarios = ?, code = ?, sentence = ?, changed = ? WHERE id = ?",
                (json.dumps(dict(typed)), json.dumps(_cards(scenarios)), *verdict, time(), plan),
            )

    def plans(self) -> list[KeptPlan]:
        """Every plan, the one changed last first."""
        self.tidy()
        with self._asked() as rows:
            found = rows.execute(f"{PLANS} WHERE plan.deleted IS NULL ORDER BY plan.changed DESC").fetchall()
        return [_plan(row) for row in found]

    def plan(self, plan: str) -> KeptPlan | None:
        """One plan; None where there is none of this id, or it is deleted."""
        with self._asked() as rows:
            found = rows.execute(f"{PLANS} WHERE plan.id = ? AND plan.deleted IS NULL", (plan,)).fetchone()
        return None if found is None else _plan(found)

    def deleted(self) -> list[KeptPlan]:
        """Plans that can be brought back, the one deleted last first."""
        with self._asked() as rows:
            found = rows.execute(f"{PLANS} WHERE plan.deleted IS NOT NULL ORDER BY plan.deleted DESC").fetchall()
        return [_plan(row) for row in found]

    def rename(self, plan: str, name: str) -> None:
        """Another name for a plan."""
        with self._change() as rows:
            rows.execute("UPDATE plan SET name = ? WHERE id = ?", (name, plan))

    def duplicate(self, plan: str, name: str) -> str:
        """The same numbers on the same pilot once more; gives its id."""
        with self._change() as rows:
            row = rows.execute("SELECT * FROM plan WHERE id = ?", (plan,)).fetchone()
            if row is None:  # deleted in another window
                return plan
            given = dict(row) | {name: json.loads(row[name]) for name in ("typed", "scenarios")}
            return self._new_plan(rows, name, given)

    def delete(self, plan: str) -> None:
        """Take a plan off the list; its rows stay for an hour, so that it can be brought back."""
        with self._change() as rows:
            rows.execute("UPDATE plan SET deleted = ? WHERE id = ?", (time(), plan))

    def bring_back(self, plan: str) -> None:
        """Undo a deletion."""
        with self._change() as rows:
            rows.execute("UPDATE plan SET deleted = NULL WHERE id = ?", (plan,))

    def remove(self, plans: Sequence[str]) -> None:
        """Delete for good: the plans, the pilots that no other plan has, and the files that no other pilot has."""
        with self._change() as rows:
            rows.executemany("DELETE FROM plan WHERE id = ?", [(plan,) for plan in plans])
            rows.execute("DELETE FROM pilot WHERE id NOT IN (SELECT pilot FROM plan WHERE pilot IS NOT NULL)")
            rows.execute("DELETE FROM sample WHERE id NOT IN (SELECT sample FROM pilot WHERE sample IS NOT NULL)")
        with self._asked() as rows:  # nothing of them stays in the file or in the log beside it
            rows.execute("PRAGMA incremental_vacuum").fetchall()
            rows.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def tidy(self) -> None:
        """Delete for good what was deleted long enough ago."""
        with self._asked() as rows:
            old = rows.execute("SELECT id FROM plan WHERE deleted < ?", (time() - UNDO_SECONDS,)).fetchall()
        if old:
            self.remove([str(row["id"]) for row in old])

    def pilot(self, pilot: str) -> Pilot | None:
        """The whole repeats of a pilot; None where there is none, or it has none yet."""
        row, traces = self._traces(pilot)
        if row is None:
            return None
        a_repeat = row["total"] // row["repeats"]
        whole = len(traces) // a_repeat * a_repeat if a_repeat else 0
        if not whole and (a_repeat or row["state"] != DONE):
            return None
        return pilot_from_json({**json.loads(row["head"]), "traces": traces[:whole]})

    def finished(self, pilot: str) -> tuple[Trace, ...]:
        """The runs of the finished parts, which a pilot goes on from; none that other versions computed."""
        row, traces = self._traces(pilot)
        if row is None or row["made_with"] != MADE_WITH or not row["total"]:
            return ()
        whole = len(traces) // (row["total"] // row["parts"]) * (row["total"] // row["parts"])
        return pilot_from_json({**json.loads(row["head"]), "traces": traces[:whole]}).traces if whole else ()

    def _traces(self, pilot: str) -> tuple[Any, list[Any]]:
        with self._asked() as rows:
            row = rows.execute("SELECT * FROM pilot WHERE id = ?", (pilot,)).fetchone()
            found = rows.execute("SELECT place, body FROM trace WHERE pilot = ? ORDER BY place", (pilot,)).fetchall()
        return row, [json.loads(zlib.decompress(one["body"])) for k, one in enumerate(found) if one["place"] == k]

    def broken_off(self) -> list[KeptPilot]:
        """Pilots of plans on the list that were neither finished nor stopped and that no other process runs now.

        The last one first.
        """
        with self._asked() as rows:
            found = rows.execute(
                "SELECT pilot FROM plan JOIN pilot ON pilot.id = plan.pilot WHERE plan.deleted IS NULL AND state = ? "
                "GROUP BY pilot ORDER BY MAX(changed) DESC", (RUNNING,),
            ).fetchall()  # fmt: skip
        free = [str(row["pilot"]) for row in found if not self.held_elsewhere(str(row["pilot"]))]
        return [one for pilot in free if (one := self.progress(pilot)) is not None]

    def progress(self, pilot: str) -> KeptPilot | None:
        """How far a pilot has come; None where there is none of this id."""
        with self._asked() as rows:
            row = rows.execute("SELECT * FROM pilot WHERE id = ?", (pilot,)).fetchone()
            done = rows.execute("SELECT COUNT(*) FROM trace WHERE pilot = ?", (pilot,)).fetchone()[0]
        if row is None:
            return None
        given = json.loads(row["head"])["settings"]
        settings = PilotSettings(**{one.name: given[one.name] for one in knobs(PilotSettings) if one.name in given})
        decided = Decided(**json.loads(row["decided"])) if row["sample"] else Decided(None)
        parts = done * row["parts"] // row["total"] if row["total"] else 0
        return KeptPilot(pilot, row["sample"], decided, settings, row["name"], row["parts"], parts, row["state"])

    def sample(self, sample: str) -> KeptSample | None:
        """A kept file."""
        with self._asked() as rows:
            found = rows.execute("SELECT * FROM sample WHERE id = ?", (sample,)).fetchone()
        return None if found is None else KeptSample(found["id"], found["name"], found["data"])


def _cards(scenarios: Cards) -> dict[str, Any]:
    return {card: as_values(one) for card, one in scenarios.items()}


def _plan(row: sqlite3.Row) -> KeptPlan:
    cards = {
        card: Scenario(one["name"], one["changes"], one.get("chance"))
        for card, one in json.loads(row["scenarios"]).items()
    }
    done = (row["traces"] * row["parts"] // row["total"]) if row["total"] else 0
    return KeptPlan(
        row["id"], row["name"], row["pilot"], row["bundled"], row["sample"] or "", row["rows"] or 0,
        row["labeled"] or 0, json.loads(row["typed"]), cards, row["code"], row["sentence"], row["changed"],
        row["parts"] or 0, done, row["repeats"] or 0, row["state"] or "",
        elsewhere(row["holder"], row["beat"]),
    )  # fmt: skip

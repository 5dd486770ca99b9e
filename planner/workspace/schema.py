"""The tables of a workspace, and how an older file becomes one of today."""

VERSION = 2

# Deleting a plan takes its pilot, and the last pilot of a sample takes the sample; `remove` in rows.py sees to it.
TABLES = """
CREATE TABLE workspace (version INTEGER NOT NULL);
CREATE TABLE sample (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,       -- the file's name
    data BLOB NOT NULL        -- the file itself
);
CREATE TABLE pilot (
    id TEXT PRIMARY KEY,
    sample TEXT REFERENCES sample (id),  -- none where it came as a plan file
    decided TEXT NOT NULL,    -- JSON: what the person said of the columns
    head TEXT NOT NULL,       -- JSON of saved.head_to_json
    name TEXT NOT NULL,
    rows INTEGER NOT NULL,
    labeled INTEGER NOT NULL,
    total INTEGER NOT NULL,   -- runs; 0 until they are counted
    parts INTEGER NOT NULL,   -- folds times repeats
    repeats INTEGER NOT NULL,
    state TEXT NOT NULL,      -- running, stopped or done
    made_with TEXT NOT NULL   -- versions of what computes
);
CREATE TABLE trace (
    pilot TEXT NOT NULL REFERENCES pilot (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,   -- in the order of pilot.runs
    body BLOB NOT NULL,       -- JSON of saved.trace_to_json, compressed
    PRIMARY KEY (pilot, place)
);
CREATE TABLE plan (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pilot TEXT REFERENCES pilot (id),    -- none for a sample that comes with the program
    bundled TEXT NOT NULL DEFAULT '',    -- its name
    typed TEXT NOT NULL DEFAULT '{}',    -- JSON: the numbers
    code TEXT NOT NULL DEFAULT '',       -- the verdict it came to
    sentence TEXT NOT NULL DEFAULT '',
    changed REAL NOT NULL,    -- seconds since 1970
    deleted REAL,
    scenarios TEXT NOT NULL DEFAULT '{}' -- JSON: {card: scenario}
);
CREATE INDEX plans_of_pilot ON plan (pilot);
"""
HOLD = """
CREATE TABLE hold (           -- which process runs a pilot now
    pilot TEXT PRIMARY KEY REFERENCES pilot (id) ON DELETE CASCADE,
    holder TEXT NOT NULL,     -- of hold.py
    beat REAL NOT NULL        -- seconds since 1970: when it last said so
);
"""
TABLES += HOLD

# {version: what makes the next one of it}. Version 0 knew no scenarios, version 1 not who runs a pilot.
MIGRATIONS = {0: "ALTER TABLE plan ADD COLUMN scenarios TEXT NOT NULL DEFAULT '{}';", 1: HOLD}

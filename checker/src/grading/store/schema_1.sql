-- What grading remembers. A later schema is a file of its own beside this one:
-- never change one that is in use.

-- "asyn": tells a store from other databases.
PRAGMA application_id = 1634957678;

-- Each time that grading was started.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    -- Tells it from the runs of other stores when they are merged.
    uid TEXT NOT NULL UNIQUE,
    info TEXT NOT NULL,
    begun INTEGER NOT NULL,
    -- NULL: it is still going on, or was interrupted.
    ended INTEGER
) STRICT;

CREATE TABLE students (
    id TEXT PRIMARY KEY,
    -- Place in the roster; NULL if no roster names the student.
    position INTEGER,
    student TEXT NOT NULL,
    -- When a roster said so; 0 if none did.
    told INTEGER NOT NULL
) STRICT;

-- What a student handed in as a whole. The one seen last counts.
CREATE TABLE submissions (
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL REFERENCES students(id),
    -- Of all that is in it.
    digest TEXT NOT NULL,
    source TEXT NOT NULL,
    edition TEXT,
    submitted TEXT,
    notes TEXT NOT NULL,
    seen INTEGER NOT NULL,
    UNIQUE (student, digest)
) STRICT;

-- Bytes, kept once however many handed them in.
CREATE TABLE contents (
    hash TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    packed BLOB NOT NULL
) STRICT;

-- What is checked: content, as the answer to one exercise.
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    hash TEXT NOT NULL REFERENCES contents(hash),
    -- The verdict that counts now, and since when.
    verdict INTEGER REFERENCES verdicts(id),
    linked INTEGER NOT NULL DEFAULT 0,
    UNIQUE (exercise, hash)
) STRICT;

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL REFERENCES students(id),
    exercise TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('taken', 'refused', 'missing')),
    answer INTEGER REFERENCES answers(id) CHECK ((kind = 'taken') = (answer IS NOT NULL)),
    refused TEXT CHECK ((kind = 'refused') = (refused IS NOT NULL)),
    place TEXT,
    submitted TEXT,
    edition TEXT,
    -- When it became the one that counts.
    seen INTEGER NOT NULL,
    -- 0: another one took its place, and this one is history.
    current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT;

-- Nothing is counted twice.
CREATE UNIQUE INDEX attempts_current ON attempts (student, exercise) WHERE current = 1;
CREATE UNIQUE INDEX attempts_once
    ON attempts (student, exercise, kind, ifnull(answer, 0), ifnull(refused, ''));
CREATE INDEX attempts_by_answer ON attempts (answer) WHERE current = 1;
CREATE INDEX attempts_by_exercise ON attempts (exercise, kind) WHERE current = 1;

CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    answer INTEGER NOT NULL REFERENCES answers(id),
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    pitfall TEXT,
    stage TEXT,
    compile_ms INTEGER NOT NULL,
    tests_ms INTEGER NOT NULL,
    cases_ms INTEGER NOT NULL,
    total_ms INTEGER NOT NULL,
    made INTEGER NOT NULL,
    run INTEGER REFERENCES runs(id),
    -- All of it but the events.
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE tests (
    verdict INTEGER NOT NULL REFERENCES verdicts(id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    hidden INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    millis INTEGER NOT NULL,
    pitfall TEXT,
    PRIMARY KEY (verdict, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE diagnoses (
    verdict INTEGER NOT NULL REFERENCES verdicts(id),
    position INTEGER NOT NULL,
    -- 1: the one that is told first.
    main INTEGER NOT NULL,
    source TEXT NOT NULL,
    test TEXT,
    pitfall TEXT,
    stage TEXT,
    facts TEXT NOT NULL,
    PRIMARY KEY (verdict, position)
) STRICT, WITHOUT ROWID;

-- What the tests saw: a row a test, because a row an event would be most of
-- the file.
CREATE TABLE events (
    verdict INTEGER NOT NULL REFERENCES verdicts(id),
    test INTEGER NOT NULL,
    count INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (verdict, test)
) STRICT, WITHOUT ROWID;

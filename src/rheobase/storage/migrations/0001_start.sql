-- People, every revision of what they told, the open interview, and the answers that they saw.
-- Bodies are compressed texts: a diet of a month is rewritten whole at every change.

CREATE TABLE person (
    -- Never given twice: an open page of somebody deleted must not show somebody else.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    made TEXT NOT NULL
) STRICT;

CREATE TABLE revision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    why TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX revision_of_person ON revision (person, id);

CREATE TABLE step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    -- Taken back, or closed by the revision that holds it now; kept, never reused.
    over TEXT CHECK (over IN ('taken back', 'replaced', 'closed'))
) STRICT;

-- Two tabs can't both give reply number 7.
CREATE UNIQUE INDEX one_open_step ON step (person, number) WHERE over IS NULL;

CREATE TABLE judged (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    on_date TEXT NOT NULL,
    knowledge TEXT NOT NULL,
    level TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX judged_of_person ON judged (person, id);

-- The tables of procflow in a SQLite file, version 4. Instants are RFC 3339 text in UTC with six decimals, so that
-- they sort as time does.

CREATE TABLE pf_schema (
    version INTEGER NOT NULL,
    origin TEXT NOT NULL        -- of the log; every entry names it
);

CREATE TABLE pf_definition (
    published INTEGER PRIMARY KEY,  -- order of publication
    digest TEXT NOT NULL UNIQUE,
    procedure TEXT NOT NULL,
    version TEXT NOT NULL,
    effective_from TEXT,
    published_at TEXT NOT NULL,
    file TEXT NOT NULL,
    source TEXT NOT NULL
);

CREATE INDEX pf_definition_procedure ON pf_definition (procedure, published);

CREATE TABLE pf_case (
    added INTEGER PRIMARY KEY,      -- order in which cases were added
    case_id TEXT NOT NULL UNIQUE,
    procedure TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES pf_definition (digest),
    mode TEXT NOT NULL,
    client TEXT,
    ref TEXT,
    seq INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    configuration TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed INTEGER NOT NULL,
    outcome TEXT
);

CREATE INDEX pf_case_procedure ON pf_case (procedure, added);
CREATE INDEX pf_case_open ON pf_case (procedure, added) WHERE closed = 0;

-- The body is a BLOB because it is hashed: the bytes are kept, not what they mean.
CREATE TABLE pf_event (
    case_id TEXT NOT NULL REFERENCES pf_case (case_id),
    seq INTEGER NOT NULL,
    body BLOB NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (case_id, seq)
);

CREATE TABLE pf_ready (
    case_id TEXT NOT NULL REFERENCES pf_case (case_id),
    step TEXT NOT NULL,
    party TEXT NOT NULL,
    since TEXT NOT NULL,
    due TEXT,
    PRIMARY KEY (case_id, step, party)
) WITHOUT ROWID;

CREATE INDEX pf_ready_party ON pf_ready (party, since, case_id, step, due);

-- The sets of calendars that cases go by, as they were when a case first did.
CREATE TABLE pf_calendars (
    digest TEXT PRIMARY KEY,
    source TEXT NOT NULL
) WITHOUT ROWID;

-- By which of them new cases of a version go, unless an engine was given others.
CREATE TABLE pf_in_force (
    definition TEXT PRIMARY KEY REFERENCES pf_definition (digest),
    calendars TEXT NOT NULL REFERENCES pf_calendars (digest)
) WITHOUT ROWID;

-- What time will next ask of a case. A case is looked at when its instant has come: too early costs a look.
CREATE TABLE pf_coming (
    case_id TEXT PRIMARY KEY REFERENCES pf_case (case_id),
    due TEXT,
    fires TEXT
) WITHOUT ROWID;

CREATE INDEX pf_coming_due ON pf_coming (due, case_id) WHERE due IS NOT NULL;
CREATE INDEX pf_coming_fires ON pf_coming (fires, case_id) WHERE fires IS NOT NULL;

-- Which step an idempotency key was accepted for. The keys stand in the events too: these tables are an index.
CREATE TABLE pf_key (
    case_id TEXT NOT NULL REFERENCES pf_case (case_id),
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (case_id, key)
) WITHOUT ROWID;

CREATE TABLE pf_start_key (
    procedure TEXT NOT NULL,
    key TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES pf_case (case_id),
    PRIMARY KEY (procedure, key)
) WITHOUT ROWID;

-- What rules across cases may ask about events, told anew from them whenever it is asked for by other rules.
CREATE TABLE pf_indexed (
    rules TEXT NOT NULL         -- digest of what asks; one row, or none
);

CREATE TABLE pf_occurrence (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice: who has read up to one reads on from there
    party TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES pf_case (case_id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    body BLOB NOT NULL
);

CREATE INDEX pf_occurrence_party ON pf_occurrence (party, number);
CREATE INDEX pf_occurrence_at ON pf_occurrence (party, at);
CREATE INDEX pf_occurrence_case ON pf_occurrence (case_id, seq);

-- Cases with events of which no occurrence was told yet.
CREATE TABLE pf_behind (
    case_id TEXT PRIMARY KEY REFERENCES pf_case (case_id)
) WITHOUT ROWID;

-- A seat belt against mistakes, not a lock: whoever owns the file can drop these. What binds the owner are the
-- chain of the entries and a head kept elsewhere.
CREATE TRIGGER pf_event_appends BEFORE INSERT ON pf_event
WHEN NEW.seq IS NOT (SELECT seq + 1 FROM pf_case WHERE case_id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'events are only appended, after the head of their case');
END;

CREATE TRIGGER pf_event_keeps BEFORE UPDATE ON pf_event
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER pf_event_stays BEFORE DELETE ON pf_event
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

CREATE TRIGGER pf_definition_keeps BEFORE UPDATE ON pf_definition
BEGIN
    SELECT RAISE(ABORT, 'published definitions are never changed');
END;

CREATE TRIGGER pf_definition_stays BEFORE DELETE ON pf_definition
BEGIN
    SELECT RAISE(ABORT, 'published definitions are never deleted');
END;

CREATE TRIGGER pf_calendars_keeps BEFORE UPDATE ON pf_calendars
BEGIN
    SELECT RAISE(ABORT, 'calendars that cases go by are never changed');
END;

CREATE TRIGGER pf_calendars_stays BEFORE DELETE ON pf_calendars
BEGIN
    SELECT RAISE(ABORT, 'calendars that cases go by are never deleted');
END;

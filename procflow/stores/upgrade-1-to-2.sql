-- Version 2 remembers idempotency keys. Events of version 1 carry none, so there is nothing to fill in.

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

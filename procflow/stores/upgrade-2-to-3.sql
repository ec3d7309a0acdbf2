-- Version 3 keeps what rules across cases may ask about. It is told from the events when such rules are there.

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

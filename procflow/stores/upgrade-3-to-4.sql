-- Version 4 knows time: the calendars that cases go by, what time will next ask of each, and what is due in a worklist.

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

CREATE TRIGGER pf_calendars_keeps BEFORE UPDATE ON pf_calendars
BEGIN
    SELECT RAISE(ABORT, 'calendars that cases go by are never changed');
END;

CREATE TRIGGER pf_calendars_stays BEFORE DELETE ON pf_calendars
BEGIN
    SELECT RAISE(ABORT, 'calendars that cases go by are never deleted');
END;

-- What time asks of the cases there are is not known yet: an instant that has come has each of them looked at.
INSERT INTO pf_coming (case_id, due, fires)
SELECT case_id, '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z' FROM pf_case WHERE closed = 0 AND seq > 0;

CREATE TABLE pf_ready_before AS SELECT case_id, step, party, since FROM pf_ready;
DROP TABLE pf_ready;

CREATE TABLE pf_ready (
    case_id TEXT NOT NULL REFERENCES pf_case (case_id),
    step TEXT NOT NULL,
    party TEXT NOT NULL,
    since TEXT NOT NULL,
    due TEXT,
    PRIMARY KEY (case_id, step, party)
) WITHOUT ROWID;

CREATE INDEX pf_ready_party ON pf_ready (party, since, case_id, step, due);

INSERT INTO pf_ready (case_id, step, party, since) SELECT case_id, step, party, since FROM pf_ready_before;
DROP TABLE pf_ready_before;

-- Work on many entries that one call asked for. The node whose owner id the row has works on it until lease_until, in
-- transactions that each check the owner; ended_at: NULL while there is work left. request_key is the caller's, and
-- runs once. The entries are given, or gathered from folder_id or from the results of the job source_id, up to
-- gathered_to. position: the number of the last item that was worked on.
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL,
    request_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    folder_id BLOB,
    source_id BLOB,
    source_failed INTEGER NOT NULL DEFAULT 0,
    parent_id BLOB,
    on_conflict TEXT NOT NULL,
    address TEXT NOT NULL,
    total INTEGER NOT NULL DEFAULT 0,
    numbered INTEGER NOT NULL DEFAULT 0,
    gathered_to TEXT,
    position INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    cancel INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    owner BLOB,
    lease_until INTEGER NOT NULL DEFAULT 0,
    turn_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_key ON jobs (user_id, request_key);
CREATE INDEX jobs_user ON jobs (user_id, id);
CREATE INDEX jobs_open ON jobs (ended_at, turn_at);

-- state: 0 waiting, 1 done, 2 failed for the reason `code`, 3 left out of the job (its number is negative). parent_id
-- and name: where the entry was before it was moved and, if the move changed it, what it was called; of a move back,
-- until it is done, where the entry is to go. result_id: the copy that was made.
CREATE TABLE job_items (
    job_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    result_id BLOB,
    parent_id BLOB,
    name TEXT,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX job_items_entry ON job_items (job_id, entry_id);
CREATE INDEX job_items_state ON job_items (job_id, state, number);

-- Work on many entries that one call asked for. The node whose owner id the row has works on it until lease_until, in
-- transactions that each check the owner; ended_at: NULL while there is work left. request_key is the caller's, and
-- runs once. The entries are given, or gathered from folder_id or from the results of the job source_id, up to
-- gathered_to. position: the number of the last item that was worked on.
CREATE TABLE jobs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    request_key VARBINARY(255) NOT NULL,
    request_hash BINARY(32) NOT NULL,
    act VARBINARY(16) NOT NULL,
    state VARBINARY(16) NOT NULL,
    folder_id BINARY(16),
    source_id BINARY(16),
    source_failed TINYINT NOT NULL DEFAULT 0,
    parent_id BINARY(16),
    on_conflict VARBINARY(16) NOT NULL,
    address VARBINARY(64) NOT NULL,
    total BIGINT NOT NULL DEFAULT 0,
    numbered BIGINT NOT NULL DEFAULT 0,
    gathered_to VARBINARY(2048),
    position BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    cancel TINYINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    owner BINARY(16),
    lease_until BIGINT NOT NULL DEFAULT 0,
    turn_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE UNIQUE INDEX jobs_key ON jobs (user_id, request_key);
CREATE INDEX jobs_user ON jobs (user_id, id);
CREATE INDEX jobs_open ON jobs (ended_at, turn_at);

-- state: 0 waiting, 1 done, 2 failed for the reason `code`, 3 left out of the job (its number is negative). parent_id
-- and name: where the entry was before it was moved and, if the move changed it, what it was called; of a move back,
-- until it is done, where the entry is to go. result_id: the copy that was made.
CREATE TABLE job_items (
    job_id BINARY(16) NOT NULL,
    number BIGINT NOT NULL,
    entry_id BINARY(16) NOT NULL,
    state TINYINT NOT NULL DEFAULT 0,
    code VARBINARY(32),
    result_id BINARY(16),
    parent_id BINARY(16),
    name VARBINARY(255),
    PRIMARY KEY (job_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE UNIQUE INDEX job_items_entry ON job_items (job_id, entry_id);
CREATE INDEX job_items_state ON job_items (job_id, state, number);

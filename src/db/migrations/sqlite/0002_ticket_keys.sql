-- The keys of TLS session tickets, which all nodes share, so that each resumes what another began.
CREATE TABLE ticket_keys (
    name BLOB NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Browsers that have signed in to an account: others' failed sign-ins do not lock them out. hash: of a cookie's secret,
-- which may serve several accounts.
CREATE TABLE devices (
    hash BLOB NOT NULL,
    user_id BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (hash, user_id)
) WITHOUT ROWID;
CREATE INDEX devices_user ON devices (user_id, seen_at);
CREATE INDEX devices_expiry ON devices (expires_at);

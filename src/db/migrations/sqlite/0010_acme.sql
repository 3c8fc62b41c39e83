-- Certificates and the account that orders them, sealed with the cluster's secret; and what authorities ask for
-- meanwhile, so that any node answers.
CREATE TABLE acme_secrets (
    name TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE acme_challenges (
    token TEXT NOT NULL PRIMARY KEY,
    answer TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

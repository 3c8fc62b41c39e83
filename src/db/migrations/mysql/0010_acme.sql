-- Certificates and the account that orders them, sealed with the cluster's secret; and what authorities ask for
-- meanwhile, so that any node answers.
CREATE TABLE acme_secrets (
    name VARBINARY(100) NOT NULL PRIMARY KEY,
    sealed MEDIUMBLOB NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE acme_challenges (
    token VARBINARY(255) NOT NULL PRIMARY KEY,
    answer VARBINARY(512) NOT NULL,
    expires_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The keys of TLS session tickets, which all nodes share, so that each resumes what another began.
CREATE TABLE ticket_keys (
    name BINARY(16) NOT NULL PRIMARY KEY,
    secret BINARY(64) NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

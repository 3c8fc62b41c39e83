-- A move or restore into this catalog that has not ended: one row a table, with how far it has come. While there is
-- any, nothing else may use the catalog. last_key: the primary key of the last row that is here, as store/row.h writes it.
CREATE TABLE transfers (
    table_name VARBINARY(64) NOT NULL PRIMARY KEY,
    source VARBINARY(1024) NOT NULL,
    rows_done BIGINT NOT NULL DEFAULT 0,
    last_key VARBINARY(1024)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

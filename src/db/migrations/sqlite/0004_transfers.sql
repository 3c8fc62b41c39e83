-- A move or restore into this catalog that has not ended: one row a table, with how far it has come. While there is
-- any, nothing else may use the catalog. last_key: the primary key of the last row that is here, as store/row.h writes it.
CREATE TABLE transfers (
    table_name TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    rows_done INTEGER NOT NULL DEFAULT 0,
    last_key BLOB
) WITHOUT ROWID;

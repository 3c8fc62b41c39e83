-- Which shared folder is this catalog's: at most one row. The folder has the same id in bodega.json, and the same
-- generation as a file's name. A generation is replaced again and again, so that a copy of the catalog falls behind.
-- next_generation: not NULL while it is being replaced. kept_before: a file older than this that no row names stays.
CREATE TABLE binding (
    id INTEGER NOT NULL PRIMARY KEY,
    catalog_id BLOB NOT NULL,
    generation BLOB,
    next_generation BLOB,
    replaced_at INTEGER NOT NULL,
    kept_before INTEGER NOT NULL
);

-- Times of which this catalog does not know whether another copy of it was served: from the last replacement of the
-- generation that it knows to the next start of a node. A file of such a time that no row names stays for long.
CREATE TABLE binding_gaps (
    id BLOB NOT NULL PRIMARY KEY,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL
);

-- Which nodes an operator drains, by name: over restarts of the node, and when its row in nodes is gone. asked_at: since
-- when. seen_at: when a node of that name was last in nodes.
CREATE TABLE node_drains (
    name TEXT NOT NULL PRIMARY KEY,
    asked_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

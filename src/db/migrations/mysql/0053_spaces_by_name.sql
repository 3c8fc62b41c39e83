-- The order in which spaces are listed, page by page.
CREATE INDEX spaces_by_name ON spaces (kind, name, id);

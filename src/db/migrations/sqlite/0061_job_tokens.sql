-- token_id: of the API token that began the job, with which it ends; NULL: a session. most_items: what was settled when it
-- began, whatever the setting says later; NULL: begun by a version that settled nothing.
ALTER TABLE jobs ADD COLUMN token_id BLOB;
ALTER TABLE jobs ADD COLUMN most_items INTEGER;

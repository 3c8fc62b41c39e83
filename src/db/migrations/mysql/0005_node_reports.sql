-- address: where the node is reached. asked: what an operator wants of it, which it looks at often: '', 'drain' or
-- 'stop'. stats: a small JSON object of its recent load, written with its heartbeat.
ALTER TABLE nodes ADD COLUMN address VARBINARY(255) NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN asked VARBINARY(16) NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN stats TEXT;

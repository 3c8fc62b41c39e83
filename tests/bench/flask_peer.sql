CREATE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, username VARCHAR(190) UNIQUE, disabled TINYINT NOT NULL DEFAULT 0);
CREATE TABLE sessions (hash CHAR(64) PRIMARY KEY, user_id INT NOT NULL, expires_at DATETIME NOT NULL);
CREATE TABLE folders (id INT PRIMARY KEY AUTO_INCREMENT, space_id INT NOT NULL);
CREATE TABLE members (space_id INT, user_id INT, role VARCHAR(16), PRIMARY KEY (space_id, user_id));
CREATE TABLE entries (id INT PRIMARY KEY AUTO_INCREMENT, parent_id INT, space_id INT, kind VARCHAR(8), name VARCHAR(255), size BIGINT,
    mime VARCHAR(127), sha256 CHAR(64), version INT, created_at BIGINT, modified_at BIGINT, modified_by VARCHAR(190), UNIQUE (parent_id, kind, name));
INSERT INTO users (username) VALUES ('ana');
INSERT INTO sessions VALUES (SHA2('bench-session', 256), 1, NOW() + INTERVAL 1 DAY);
INSERT INTO folders (space_id) VALUES (1);
INSERT INTO members VALUES (1, 1, 'manager');
INSERT INTO entries (parent_id, space_id, kind, name, size, mime, sha256, version, created_at, modified_at, modified_by)
    SELECT 1, 1, 'file', CONCAT('report ', LPAD(seq, 7, '0'), '.pdf'), seq * 1000, 'application/pdf', SHA2(seq, 256), 1, 1790000000000, 1790000000000, 'ana' FROM seq_1_to_100;

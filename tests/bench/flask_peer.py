"""A listing by a careful Flask service: one connection for each worker, three indexed queries, one JSON."""
import hashlib
import os

import MySQLdb
import MySQLdb.cursors
from flask import Flask, abort, jsonify, request

app = Flask(__name__)
connection = None


def cursor():
    global connection
    if connection is None:
        connection = MySQLdb.connect(host=os.environ["DB_HOST"], port=int(os.environ["DB_PORT"]), db=os.environ["DB_NAME"],
                                     user=os.environ["DB_USER"], passwd=os.environ["DB_PASSWORD"], charset="utf8mb4", autocommit=True)
    return connection.cursor(MySQLdb.cursors.DictCursor)


@app.get("/api/listing/<int:folder>")
def listing(folder):
    c = cursor()
    secret = hashlib.sha256(request.cookies.get("session", "").encode()).hexdigest()
    c.execute("SELECT u.id, u.username FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = %s AND s.expires_at > NOW() AND NOT u.disabled", (secret,))
    user = c.fetchone()
    if not user:
        abort(401)
    c.execute("SELECT m.role FROM folders f JOIN members m ON m.space_id = f.space_id AND m.user_id = %s WHERE f.id = %s", (user["id"], folder))
    if not c.fetchone():
        abort(404)
    c.execute("SELECT id, parent_id, space_id, kind, name, size, mime, sha256, version, created_at, modified_at, modified_by"
              " FROM entries WHERE parent_id = %s ORDER BY kind, name LIMIT 100", (folder,))
    return jsonify(items=c.fetchall(), next_cursor=None)

"""The app of the exercise: a page that counts its visits in MongoDB."""

import signal
import sys

from flask import Flask
from pymongo import MongoClient
from pymongo.errors import PyMongoError

DATABASE = "mongodb://mongo:27017"
PATIENCE_MS = 1500

WORKS = """<!doctype html>
<title>It works</title>
<h1>It works</h1>
<p>nginx found the app, and the app found the database.</p>
<p>Visits so far: {visits}</p>
"""

NO_DATABASE = """<!doctype html>
<title>No database</title>
<h1>The app runs, but it cannot reach its database</h1>
<p>It looked for a server named <code>mongo</code> on port 27017 and got no answer in time.</p>
<p>The log of this container says what went wrong.</p>
"""

app = Flask(__name__)


def count_visit() -> int:
    """Write this visit down in the database and return how many there are."""
    # A client for each request: a repaired network shows at the very next reload.
    with MongoClient(DATABASE, serverSelectionTimeoutMS=PATIENCE_MS) as client:
        client.lab.visits.insert_one({})
        return client.lab.visits.count_documents({})


@app.get("/")
def page() -> tuple[str, int]:
    """Show the counter, or say with status 503 that the database is out of reach."""
    try:
        return WORKS.format(visits=count_visit()), 200
    except PyMongoError as error:
        app.logger.warning("no database: %s", error)
        return NO_DATABASE, 503


if __name__ == "__main__":
    # The first process of a container ignores SIGTERM unless it asks for it: `docker stop` would wait 10 s.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app.run(host="0.0.0.0", port=9090, threaded=True)  # noqa: S104 (every interface: nginx comes from another container)

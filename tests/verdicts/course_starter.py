"""An app that behaves as the one of the course does: it answers 200 whatever its database says, after half a minute.

PATIENCE_MS shortens that, as learners do who have read the manual of pymongo.
"""

import os

from flask import Flask
from pymongo import MongoClient
from pymongo.errors import PyMongoError

app = Flask(__name__)
client = MongoClient("mongodb://mongo:27017", serverSelectionTimeoutMS=int(os.environ.get("PATIENCE_MS", "30000")))


@app.route("/")
def page() -> str:
    """Say whether the database answers."""
    try:
        client.admin.command("ping")
    except PyMongoError as error:
        return f"The database does not answer: {error}\n"
    return "The database answers.\n"


app.run(host="0.0.0.0", port=9090)  # noqa: S104 (every interface: nginx comes from another container)

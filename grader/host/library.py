"""The library for Docker, imported whole: for programs whose threads would import parts of it at the same time.

Its parts import one another, so a thread that begins at one of them may be shown a half-made other.
"""

import docker
import docker.errors
import docker.tls
import docker.utils

__all__ = ["docker"]

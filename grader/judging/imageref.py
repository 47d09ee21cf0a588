"""Image references, reduced to what they mean."""

import re
from dataclasses import dataclass

_ID = re.compile(r"^(sha256:)?[0-9a-f]{12,64}$")
_MIRRORED = re.compile(r"^(?:.*/)?(?:library/(?=[^/]+$)|dependency_proxy/containers/)")
"""What a mirror puts before Docker Hub's own name for an image: its project, or GitLab's words for a proxy."""


@dataclass(frozen=True, slots=True)
class ImageRef:
    """A repository without registry host and without `library/`, and a tag when one was given."""

    repository: str
    tag: str | None = None

    def satisfies(self, wanted: "ImageRef") -> bool:
        """Return whether this is the wanted repository, and its tag if the wish names one."""
        return self.repository == wanted.repository and wanted.tag in (None, self.tag)


def is_id(reference: str) -> bool:
    """Return whether a container was created from an image's id rather than from a name."""
    return bool(_ID.match(reference))


def parse(reference: str) -> ImageRef:
    """Return the meaning of a reference: `docker.io/library/mongo:7@sha256:...` is mongo, tag 7.

    A first component is a registry host when it holds a dot or a colon, or is `localhost`
    (the rule of the distribution project); mirrors of an image count as the image, such as
    `public.ecr.aws/docker/library/mongo` and a proxy's `harbor.lab/hub/library/mongo`.
    """
    name = reference.partition("@")[0]
    head, slash, rest = name.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost"):
        name = _MIRRORED.sub("", rest)
    name = name.removeprefix("library/")
    repository, colon, tag = name.rpartition(":")
    return ImageRef(repository, tag) if colon else ImageRef(name)

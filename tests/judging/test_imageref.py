"""References that mean the same image are the same, others are not."""

import pytest

from grader.judging.imageref import ImageRef, is_id, parse


@pytest.mark.parametrize(
    ("reference", "meaning"),
    [
        ("mongo", ImageRef("mongo")),
        ("mongo:7", ImageRef("mongo", "7")),
        ("library/mongo:7", ImageRef("mongo", "7")),
        ("docker.io/library/mongo", ImageRef("mongo")),
        ("docker.io/mongo:7.0-jammy", ImageRef("mongo", "7.0-jammy")),
        ("mongo@sha256:" + "a" * 64, ImageRef("mongo")),
        ("mongo:7@sha256:" + "a" * 64, ImageRef("mongo", "7")),
        ("mirror.lab:5000/library/mongo:6", ImageRef("mongo", "6")),
        ("public.ecr.aws/docker/library/mongo:7", ImageRef("mongo", "7")),
        ("harbor.lab/hub/library/mongo@sha256:" + "a" * 64, ImageRef("mongo")),
        ("mirror.lab:5000/remote/docker-hub/library/mongo:6", ImageRef("mongo", "6")),
        ("gitlab.lab/class/dependency_proxy/containers/mongo:7", ImageRef("mongo", "7")),
        ("gitlab.lab/class/dependency_proxy/containers/team/mongo", ImageRef("team/mongo")),
        ("team/library/mongo", ImageRef("team/library/mongo")),
        ("mirror.lab/mylibrary/mongo", ImageRef("mylibrary/mongo")),
        ("localhost/mongo", ImageRef("mongo")),
        ("localhost:5000/team/mongo", ImageRef("team/mongo")),
        ("bitnami/mongodb:7", ImageRef("bitnami/mongodb", "7")),
    ],
)
def test_a_reference_is_reduced_to_repository_and_tag(reference: str, meaning: ImageRef) -> None:
    assert parse(reference) == meaning


@pytest.mark.parametrize("other", ["bitnami/mongodb", "mongo-express", "team/mongo", "mongodb:7"])
def test_another_repository_does_not_satisfy(other: str) -> None:
    assert not parse(other).satisfies(parse("mongo"))


def test_a_tag_is_asked_for_only_where_the_wish_names_one() -> None:
    assert parse("mongo:4.4").satisfies(parse("mongo"))
    assert parse("mongo:7").satisfies(parse("mongo:7"))
    assert not parse("mongo:4.4").satisfies(parse("mongo:7"))
    assert not parse("mongo").satisfies(parse("mongo:7"))


def test_an_image_id_is_told_from_a_name() -> None:
    assert is_id("sha256:" + "0" * 64)
    assert is_id("3a1e2cbc56b7")
    assert not is_id("mongo:7")
    assert not is_id("cafe")

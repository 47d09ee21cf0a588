"""What goes and what stays, decided without an engine: where in doubt, it stays."""

from pathlib import Path

import pytest

from grader.models.inventory import Link, Placed, Stock
from grader.reset.plan import Part, Removal, plan
from grader.rubric.load import load

ROOT = Path(__file__).parents[2]
PUBLIC, PRIVATE = Link(id="n1", name="public-net-1"), Link(id="n2", name="private-net-1")
DEFAULT, BLOG = Link(id="n3", name="bridge"), Link(id="n4", name="blog_default", project="blog")
HOST, NONE = Link(id="n5", name="host"), Link(id="n6", name="none")
ALL = (PUBLIC, PRIVATE, DEFAULT, BLOG, HOST, NONE)


def box(name: str, *networks: Link, mode: str = "default", project: str | None = None, service: str = "") -> Placed:
    return Placed(
        id=f"id-of-{name}",
        name=name,
        image=f"lab/{name}",
        mode=mode,
        networks=tuple(each.id for each in networks),
        project=project,
        service=service or None,
        service_name=service,
    )


def planned(
    *containers: Placed,
    roles: dict[str, Part] | None = None,
    networks: tuple[Link, ...] = ALL,
    exercise: str = "flask-nginx-mongo",
) -> Removal:
    """Return what is planned on one engine; `roles` tells by the container's name who plays what."""
    cast = {f"id-of-{name}": part for name, part in (roles or {}).items()}
    rubric = load(ROOT / f"rubrics/{exercise}.yaml").rubric
    return plan(rubric, {"default": Stock(containers=containers, networks=networks)}, {"default": cast})


def going(removal: Removal, *, unasked: bool = True) -> list[str]:
    return [item.name for item in removal.items if item.sure or not unasked]


BOTH = ["public-net-1", "private-net-1"]


def test_what_is_on_the_exercises_networks_goes_with_them() -> None:
    removal = planned(box("web", PUBLIC), box("debug", PRIVATE, DEFAULT), box("other", DEFAULT))
    assert going(removal) == ["web", "debug", *sorted(BOTH)]
    assert not any("other" in each for each in removal.kept)


def test_who_is_elsewhere_too_stays_and_holds_the_network() -> None:
    removal = planned(box("proxy", PUBLIC, BLOG), box("db", PRIVATE))
    assert set(going(removal)) == {"db", "private-net-1"}
    assert "proxy: is also on blog_default, which is not of this exercise" in removal.kept
    assert any(each.startswith("the network public-net-1: proxy is on it and stays") for each in removal.kept)


def test_who_was_taken_for_a_role_there_goes_wherever_else_it_is() -> None:
    assert "flask" in going(planned(box("flask", PUBLIC, BLOG), roles={"flask": Part("flask")}))


def test_who_was_taken_for_a_role_elsewhere_stays_unless_named() -> None:
    blog = box("blog-web", BLOG, project="blog")
    kept = planned(blog, roles={"blog-web": Part("nginx")})
    assert going(kept, unasked=False) == sorted(BOTH)
    assert any("--role nginx=blog-web" in each for each in kept.kept)
    assert "blog-web" in going(planned(blog, roles={"blog-web": Part("nginx", wished=True)}))


def test_a_label_alone_elsewhere_has_to_be_asked_about() -> None:
    removal = planned(box("web", BLOG), roles={"web": Part("nginx", labelled=True)})
    assert "web" not in going(removal)
    assert "web" in going(removal, unasked=False)


@pytest.mark.parametrize("network", [DEFAULT, HOST, NONE])
def test_a_role_on_a_network_of_dockers_own_goes(network: Link) -> None:
    removal = planned(box("web", network), roles={"web": Part("nginx")})
    assert "web" in going(removal)
    assert network.name not in going(removal, unasked=False)


def test_a_role_in_a_project_with_strangers_stays() -> None:
    shop = (box("shop-web", HOST, project="shop"), box("shop-db", BLOG, project="shop"))
    removal = planned(*shop, roles={"shop-web": Part("nginx")})
    assert going(removal, unasked=False) == sorted(BOTH)
    assert any("belongs to the project shop, as shop-db does" in each for each in removal.kept)


def test_a_neighbour_of_a_foreign_project_stays() -> None:
    removal = planned(box("shop-a", PUBLIC, project="shop"), box("shop-b", BLOG, project="shop"))
    assert going(removal) == ["private-net-1"]


def test_a_guest_goes_first_and_a_strange_guest_holds_its_host() -> None:
    owner = box("web", PUBLIC)
    guest = box("guest", mode="container:id-of-web")
    assert going(planned(owner, guest)) == ["guest", "web", *sorted(BOTH)]
    # On the default bridge a guest is not on any network of the exercise's.
    removal = planned(box("web", DEFAULT), guest, roles={"web": Part("nginx")})
    assert going(removal) == sorted(BOTH)
    assert any("guest lives in its sandbox" in each for each in removal.kept)


def test_a_stopped_stranger_holds_a_network_too() -> None:
    never_started = Placed(id="x", name="later", image="i", networks=("public-net-1", "blog_default"))
    assert going(planned(never_started)) == ["private-net-1"]


def test_both_networks_of_one_name_go() -> None:
    twin = Link(id="n9", name="public-net-1")
    removal = planned(box("web", twin), networks=(*ALL, twin))
    assert {item.id for item in removal.of("network")} == {"n1", "n2", "n9"}


NEAR = Link(id="n7", name="lab_public-net-1", project="lab")
THERE = (PRIVATE, DEFAULT, BLOG, NEAR)


def test_a_near_miss_goes_where_a_role_is_on_it() -> None:
    web = box("web", NEAR, project="lab")
    assert set(going(planned(web, networks=THERE, roles={"web": Part("nginx")}))) == {"web", NEAR.name, "private-net-1"}


def test_the_empty_network_of_the_right_name_goes_with_the_near_miss_in_use() -> None:
    web = box("web", NEAR, project="lab")
    removal = planned(web, networks=(*THERE, PUBLIC), roles={"web": Part("nginx")})
    assert set(going(removal)) == {"web", NEAR.name, *BOTH}


def test_a_near_miss_of_others_stays() -> None:
    removal = planned(box("web", NEAR, project="lab"), networks=THERE)
    assert going(removal, unasked=False) == ["private-net-1"]
    assert any("lab_public-net-1 resembles public-net-1" in each for each in removal.kept)
    empty = planned(box("else", BLOG, project="lab"), networks=THERE)
    assert going(empty, unasked=False) == ["private-net-1"]


def test_an_empty_near_miss_of_nobody_goes() -> None:
    assert going(planned(networks=(Link(id="n8", name="public_net_1"),))) == ["public_net_1"]


def test_where_the_rubric_names_no_network_a_person_decides() -> None:
    inner = Link(id="n10", name="three_inner", project="three")
    stack = [box(name, inner, project="three") for name in ("web", "app", "db")]
    roles = {name: Part(name) for name in ("web", "app", "db")}
    removal = planned(*stack, networks=(DEFAULT, inner), roles=roles, exercise="isolation")
    assert going(removal) == []
    assert set(going(removal, unasked=False)) == {"web", "app", "db", "three_inner"}
    with_stranger = planned(*stack, box("queue", inner), networks=(DEFAULT, inner), roles=roles, exercise="isolation")
    assert going(with_stranger, unasked=False) == []


def test_a_service_goes_as_a_whole_and_only_from_a_manager() -> None:
    wide = Link(id="w", name="wide-net", scope="swarm")
    rubric = load(ROOT / "rubrics/overlay.yaml").rubric
    one, two = box("beta.1", wide, service="beta"), box("beta.2", wide, service="beta")
    stocks = {
        "manager": Stock(containers=(one,), networks=(wide,), manages_swarm=True, in_swarm=True),
        "worker": Stock(containers=(two,), networks=(wide,), in_swarm=True),
    }
    removal = plan(rubric, stocks, {})
    assert [(item.kind, item.host, item.name) for item in removal.items] == [
        ("service", "manager", "beta"),
        ("network", "manager", "wide-net"),
    ]
    assert any("docker swarm leave" in each for each in removal.kept)
    alone = plan(rubric, {"worker": stocks["worker"]}, {})
    assert alone.items == []
    assert any("only a manager" in each for each in alone.kept)


def test_a_service_with_a_task_elsewhere_stays_whole() -> None:
    wide, blog = Link(id="w", name="wide-net", scope="swarm"), Link(id="b", name="blog", scope="swarm")
    tasks = (box("beta.1", wide, service="beta"), box("beta.2", blog, service="beta"))
    stock = Stock(containers=tasks, networks=(wide, blog), manages_swarm=True, in_swarm=True)
    removal = plan(load(ROOT / "rubrics/overlay.yaml").rubric, {"manager": stock}, {})
    assert removal.items == []
    assert any(each.startswith("the service beta: its other containers") for each in removal.kept)


def test_named_volumes_and_images_stay_and_are_told() -> None:
    web = box("web", PUBLIC).model_copy(update={"named": ("data",), "image": "lab/web"})
    stock = Stock(containers=(web,), networks=ALL, built=frozenset({"lab/web:latest", "nginx:latest"}))
    rubric = load(ROOT / "rubrics/flask-nginx-mongo.yaml").rubric
    kept = plan(rubric, {"default": stock}, {})
    assert any("the volume data" in each for each in kept.kept)
    assert any("lab/web:latest" in each and "--images" in each for each in kept.kept)
    assert kept.of("image") == []
    asked = plan(rubric, {"default": stock}, {}, images=True)
    assert [item.name for item in asked.of("image")] == ["lab/web:latest"]


def test_an_image_that_others_use_or_that_the_exercise_gives_stays() -> None:
    rubric = load(ROOT / "rubrics/flask-nginx-mongo.yaml").rubric
    mine = box("a", PUBLIC).model_copy(update={"image": "lab/web"})
    theirs = box("b", BLOG).model_copy(update={"image": "lab/web"})
    given = box("c", PUBLIC).model_copy(update={"image": "nginx"})
    stock = Stock(containers=(mine, theirs, given), networks=ALL, built=frozenset({"lab/web:latest", "nginx:latest"}))
    assert plan(rubric, {"default": stock}, {}, images=True).of("image") == []

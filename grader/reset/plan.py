"""What goes and what stays, decided on a list of everything that is there; where in doubt, it stays.

A container goes that is on a network of the exercise and nowhere else, or that was taken for a role and is on no
network of somebody else's. A network of the exercise is one that the rubric names, or a near miss in its place with a
container of a role on it. Nothing goes that would pull the ground from under a container which stays.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grader.judging import imageref, netnames
from grader.models.inventory import Link, Placed, Stock, called
from grader.models.snapshot import Network
from grader.rubric.model import Rubric

PREDEFINED = frozenset({"bridge", "host", "none", "ingress", "docker_gwbridge"})


@dataclass(frozen=True, slots=True)
class Part:
    """What makes a container one of the exercise's: the role that it was taken for, and because of what."""

    role: str
    because: str = ""
    wished: bool = False
    """Whether the user named it with --role."""
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that goes; one that is not `sure` goes only when somebody has looked at the list."""

    kind: str
    host: str
    id: str
    name: str
    because: str
    sure: bool = True
    container: Placed | None = None


@dataclass(slots=True)
class Removal:
    """What goes, in an order in which it can go, and in sentences what stays and why."""

    items: list[Item] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Behind a line break, the command that a person may use instead."""

    def of(self, kind: str) -> list[Item]:
        """Return the things of one kind that go."""
        return [item for item in self.items if item.kind == kind]


def plan(
    rubric: Rubric, stocks: Mapping[str, Stock], cast: Mapping[str, Mapping[str, Part]], *, images: bool = False
) -> Removal:
    """Return what to remove from each engine; `cast` tells by engine and container's id who plays what."""
    wanted = rubric.wants.networks - PREDEFINED
    removal = Removal()
    views = {host: _View(wanted, stock, cast.get(host, {}), removal.kept) for host, stock in stocks.items()}
    manager = next((host for host, stock in stocks.items() if stock.manages_swarm), None)
    going: dict[str, dict[str, Item]] = {host: view.containers(host) for host, view in views.items()}
    services = list(_services(stocks, going, manager, removal.kept))
    tasks = {each.id for stock in stocks.values() for each in stock.containers if each.service}
    removal.items += services
    for items in going.values():
        # Who lives in another one's sandbox goes first.
        own = sorted(items.values(), key=lambda item: ":" not in (item.container.mode if item.container else ""))
        removal.items += [item for item in own if item.id not in tasks]
    removal.items += _networks(stocks, views, going, manager, removal.kept)
    removal.items += _images(rubric, stocks, going) if images else []
    removal.kept += _left(rubric, stocks, going, removal, images=images)
    return removal


class _View:
    """One engine as the exercise sees it."""

    def __init__(self, wanted: frozenset[str], stock: Stock, cast: Mapping[str, Part], kept: list[str]) -> None:
        self.nameless = not wanted
        self.stock = stock
        self.cast = cast
        self.kept = kept
        self.own: dict[str, Link] = dict(self._own(wanted))

    def _own(self, wanted: frozenset[str]) -> Iterator[tuple[str, Link]]:
        """Yield the networks of the exercise; a near miss has to have a role on it, or nobody and no other owner."""
        found = [Network(id=link.id, name=link.name, driver="") for link in self.stock.networks]
        links = {link.id: link for link in self.stock.networks}
        crowd = Counter(link.name for each in self.stock.containers for link in self.stock.links(each))
        for name, match in netnames.match_all(sorted(wanted), found, crowd).items():
            if match.network is None:
                continue
            link = links[match.network.id]
            yield from ((each.id, each) for each in self.stock.networks if each.name == name)
            if match.slip is None:
                continue
            if self._is_near(link):
                yield link.id, link
            else:
                self.kept.append(f"the network {link.name} resembles {name}, and nothing on it is of this exercise")

    def _is_near(self, link: Link) -> bool:
        here = [each for each in self.stock.containers if link in self.stock.links(each)]
        if here:
            return any(each.id in self.cast for each in here)
        return link.project is None or not any(each.project == link.project for each in self.stock.containers)

    def containers(self, host: str) -> dict[str, Item]:
        """Return the containers that go, by id."""
        found = {each.id: item for each in self.stock.containers if (item := self._container(host, each))}
        while grounded := [identity for identity in found if self._guest_that_stays(found, identity)]:
            for identity in grounded:
                guest = self._guest_that_stays(found, identity)
                self.kept.append(
                    f"{found.pop(identity).name}: {guest} lives in its sandbox and is not of this exercise"
                )
        return found

    def _container(self, host: str, each: Placed) -> Item | None:
        part = self.cast.get(each.id)
        links = [link for link in self.stock.links(each) if link.name not in PREDEFINED]
        own = [link.name for link in links if link.id in self.own]
        others = [link for link in links if link.id not in self.own]
        if part is None and not own:
            return None
        reason, sure = self._reason_to_stay(each, part, own, others)
        if reason:
            self.kept.append(f"{each.name}: {reason}")
            return None
        because = _taken(part) if part else f"is on {own[0]}"
        return Item("container", host, each.id, each.name, because, sure=sure, container=each)

    def _reason_to_stay(self, each: Placed, part: Part | None, own: list[str], others: list[Link]) -> tuple[str, bool]:
        """Return why a container stays, empty if it goes, and whether it goes without anybody being asked."""
        elsewhere = f"is also on {others[0].name}, which is not of this exercise" if others else ""
        if part and (part.wished or own):
            return "", True
        if own:
            return elsewhere or self._company(each), True
        if part is None or not others:
            return self._company(each), True
        if part.labelled or (self.nameless and all(self.is_ours(link) for link in others) and not self._company(each)):
            return "", False
        wish = f"; if it is, say --role {part.role}={each.name}"
        return f"was taken for {part.role}, but is on {others[0].name}, which is not of this exercise{wish}", True

    def _company(self, each: Placed) -> str:
        """Return whose project a container belongs to, if others of that are not of this exercise."""
        strangers = [
            other.name
            for other in self.stock.containers
            if each.project and other.project == each.project and not self._is_known(other)
        ]
        return (
            f"belongs to the project {each.project}, as {strangers[0]} does, which is none of this" if strangers else ""
        )

    def _is_known(self, each: Placed) -> bool:
        return each.id in self.cast or any(link.id in self.own for link in self.stock.links(each))

    def is_ours(self, link: Link) -> bool:
        """Return whether all who are on a network were taken for roles."""
        return all(each.id in self.cast for each in self.stock.containers if link in self.stock.links(each))

    def _guest_that_stays(self, going: Mapping[str, Item], owner: str) -> str | None:
        for each in self.stock.containers:
            _, shares, wanted = each.mode.partition("container:")
            found = called(wanted, self.stock.containers) if shares else None
            if found and found.id == owner and each.id not in going:
                return each.name
        return None


def _taken(part: Part) -> str:
    return f"was taken for {part.role}: {part.because}" if part.because else f"was taken for {part.role}"


def _services(
    stocks: Mapping[str, Stock], going: dict[str, dict[str, Item]], manager: str | None, kept: list[str]
) -> Iterator[Item]:
    """Yield the swarm's services all of whose tasks go; tasks of others stay, since the swarm would replace them."""
    tasks: dict[str, list[tuple[str, Placed]]] = {}
    for host, stock in stocks.items():
        for each in stock.containers:
            if each.service:
                tasks.setdefault(each.service, []).append((host, each))
    for identity, each_task in tasks.items():
        leaving = [going[host][task.id] for host, task in each_task if task.id in going[host]]
        if not leaving:
            continue
        name = each_task[0][1].service_name
        if manager is not None and len(leaving) == len(each_task):
            sure = all(item.sure for item in leaving)
            yield Item("service", manager, identity, name, f"its container {leaving[0].because}", sure=sure)
            continue
        for item in leaving:
            del going[item.host][item.id]
        reason = "its other containers are not of this exercise" if manager else "only a manager can remove it"
        kept.append(f"the service {name}: {reason}\ndocker service rm {name}")


def _networks(
    stocks: Mapping[str, Stock],
    views: Mapping[str, _View],
    going: Mapping[str, Mapping[str, Item]],
    manager: str | None,
    kept: list[str],
) -> Iterator[Item]:
    """Yield the networks of the exercise that nobody is on who stays."""
    seen: set[str] = set()
    for host, view in views.items():
        for link, sure in _candidates(stocks[host], view, going[host]):
            if link.id in seen:
                continue
            seen.add(link.id)
            users = list(_users(stocks, going, link))
            place = manager if link.scope == "swarm" else host
            if users:
                free = f"docker network disconnect {link.name} {users[0]}"
                kept.append(f"the network {link.name}: {users[0]} is on it and stays\n{free}")
            elif place is None:
                kept.append(f"the network {link.name}: only a manager of its swarm can remove it")
            else:
                because = "the exercise names it" if link.id in view.own else "only these containers are on it"
                yield Item("network", place, link.id, link.name, because, sure=sure)


def _candidates(stock: Stock, view: _View, going: Mapping[str, Item]) -> Iterator[tuple[Link, bool]]:
    yield from ((link, True) for link in view.own.values())
    if view.nameless:
        leaving = [each for each in stock.containers if each.id in going]
        mine = {link.id: link for each in leaving for link in stock.links(each) if link.name not in PREDEFINED}
        yield from ((link, False) for link in mine.values() if view.is_ours(link))


def _users(stocks: Mapping[str, Stock], going: Mapping[str, Mapping[str, Item]], link: Link) -> Iterator[str]:
    for host, stock in stocks.items():
        here = [each for each in stock.networks if each.id == link.id]
        for each in stock.containers:
            if each.id not in going[host] and any(other in stock.links(each) for other in here):
                yield each.name


def _images(rubric: Rubric, stocks: Mapping[str, Stock], going: Mapping[str, Mapping[str, Item]]) -> Iterator[Item]:
    """Yield the images of what goes that were built here, but for those that the exercise gives."""
    given = [imageref.parse(role.image) for role in rubric.roles.values() if role.image]
    for host, stock in stocks.items():
        used = {each.image for each in stock.containers if each.id not in going[host]}
        for image in sorted({each.image for each in stock.containers if each.id in going[host]} - used):
            tag = image if ":" in image.rpartition("/")[2] else f"{image}:latest"
            if tag in stock.built and not any(imageref.parse(image).satisfies(each) for each in given):
                yield Item("image", host, tag, tag, "was built here, and what goes was made from it")


def _left(
    rubric: Rubric,
    stocks: Mapping[str, Stock],
    going: Mapping[str, Mapping[str, Item]],
    removal: Removal,
    *,
    images: bool,
) -> Iterator[str]:
    leaving = [item.container for items in going.values() for item in items.values() if item.container]
    for volume in sorted({name for each in leaving for name in each.named}):
        yield f"the volume {volume}, because it has a name\ndocker volume rm {volume}"
    if not images and (tags := sorted({item.name for item in _images(rubric, stocks, going)})):
        yield f"the images that were built for it ({', '.join(tags)}), unless you say --images"
    for host, stock in stocks.items():
        if "swarm" in rubric.requires and stock.in_swarm and removal.items:
            yield f"the swarm that {host} is in\ndocker swarm leave --force"

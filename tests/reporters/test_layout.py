"""Where everything stands, whatever the build: each container once in a block, arrows that do not run over another."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.models.topology import Box, Flow, Lane, Link, Topology
from grader.reporters.picture.arrows import arrows, at_row
from grader.reporters.picture.layout import Limits, lay_out
from tests.reporters import samples

_ALL = Limits(across=5, full=100, brief=100)


def test_twelve_networks_and_forty_containers_all_have_their_place() -> None:
    topology = samples.crowded().topology
    layout = lay_out(topology, _ALL)
    assert [lane.name for block in layout.blocks for lane in block.lanes] == [lane.name for lane in topology.lanes]
    assert [len(block.lanes) for block in layout.blocks] == [4, 4, 4]
    drawn = {
        (row.box.key, link.lane)
        for block in layout.blocks
        for row in block.rows
        for link in row.links
        if link is not None
    }
    assert drawn == {(link.box, link.lane) for link in topology.links}
    assert all(block.more == 0 for block in layout.blocks)


def test_what_is_left_out_is_counted() -> None:
    layout = lay_out(samples.crowded().topology, Limits(across=12, full=12, brief=6))
    assert len(layout.blocks[0].rows) + layout.blocks[0].more == 40


def test_who_plays_a_part_stands_before_who_does_not() -> None:
    rows = lay_out(samples.crowded().topology, _ALL).blocks[0].rows
    assert [row.box.role for row in rows[:3]] == ["nginx", "flask", "mongo"]
    assert all(row.is_brief for row in rows[3:])


def test_a_bystander_with_a_fault_is_told_in_full() -> None:
    thief = Box(key="t", role=None, container="thief", mark="extra")
    topology = Topology(lanes=(Lane(name="a"),), boxes=(thief,), links=(Link(box="t", lane="a", mark="wrong"),))
    assert [row.is_brief for row in lay_out(topology, _ALL).blocks[0].rows] == [False]


_ROLES = ["outside", *(f"r{n}" for n in range(9)), "elsewhere"]
_FLOWS = st.lists(
    st.builds(
        Flow,
        source=st.sampled_from(_ROLES),
        target=st.sampled_from(_ROLES),
        kind=st.just("port"),
        what=st.sampled_from(["1", "2"]),
        shut=st.booleans(),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(_FLOWS)
def test_no_two_arrows_run_over_one_another(flows: list[Flow]) -> None:
    rows = {f"r{n}": n for n in range(9)}
    found = arrows(flows, rows)
    for one, other in combinations(found, 2):
        if one.track == other.track:
            assert one.bottom <= other.top or other.bottom <= one.top
    known = {"outside", *rows}
    drawn = [flow for arrow in found for flow in arrow.flows]
    wanted = [flow for flow in flows if {flow.source, flow.target} <= known and flow.source != flow.target]
    assert sorted(drawn, key=str) == sorted(wanted, key=str)


@settings(deadline=None)
@given(_FLOWS)
def test_at_a_box_what_comes_from_above_stands_above(flows: list[Flow]) -> None:
    found = arrows(flows, {f"r{n}": n for n in range(9)})
    for row in range(9):
        sides = [arrow.bottom == row for arrow in at_row(found, row)]
        assert sides == sorted(sides, reverse=True)

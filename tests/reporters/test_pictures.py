"""The picture in files, to look at; and what holds for each of them."""

import pytest

from grader.reporters import written
from tests.reporters import samples
from tests.reporters.golden import GOLDEN, assert_golden
from tests.reporters.picture import parsed


@pytest.mark.parametrize("case", ["one-fault", "nothing-built", "incomplete"])
@pytest.mark.parametrize(("style", "suffix"), [("svg", "svg"), ("mermaid", "mmd")])
def test_a_picture_looks_as_reviewed(case: str, style: str, suffix: str) -> None:
    assert_golden(GOLDEN / f"{case}.{suffix}", written(samples.SAMPLES[case](), style))


@pytest.mark.parametrize("style", ["svg", "mermaid", "html"])
@pytest.mark.parametrize("case", samples.SAMPLES)
def test_equal_reports_give_equal_files(case: str, style: str) -> None:
    assert written(samples.SAMPLES[case](), style) == written(samples.SAMPLES[case](), style)


def test_every_name_address_and_way_is_on_a_crowded_picture() -> None:
    topology = samples.crowded().topology
    text = " ".join(parsed(written(samples.crowded(), "svg")).itertext())
    for said in (
        *(lane.name for lane in topology.lanes),
        *(box.container for box in topology.boxes if box.container),
        *(address for link in topology.links for address in link.addresses),
    ):
        assert said in text


def test_what_is_asked_for_stands_beside_what_was_built() -> None:
    words = list(parsed(written(samples.one_fault(), "svg")).itertext())
    assert words.index("To build") < words.index("Built")
    assert words.count("public-net-1") == 2

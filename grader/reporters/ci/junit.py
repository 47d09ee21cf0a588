"""A course as JUnit XML: a test case for each exercise, and one for what lies beside them."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from grader.models.ci import CourseCheck, Problem
from grader.reporters.words import clean

_BESIDE = "the course"


def junit(found: CourseCheck) -> str:
    """Return one suite; what was not built is said in its properties."""
    cases = list(_cases(found))
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(bool(problems) for _, problems in cases)),
        "errors": "0",
    }
    root = ET.Element("testsuites", {"name": "grade ci", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": "grade ci", **counts, "skipped": str(len(found.left_out))})
    suite.set("tests", str(len(cases) + len(found.left_out)))
    root.set("tests", suite.attrib["tests"])
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", {"name": "live", "value": str(found.live).lower()})
    for name, problems in cases:
        case = ET.SubElement(suite, "testcase", {"classname": "grade ci", "name": clean(name)})
        if problems:
            failure = ET.SubElement(case, "failure", {"type": problems[0].rule, "message": clean(problems[0].text)})
            failure.text = "\n".join(map(_told, problems))
    for name in found.left_out:
        case = ET.SubElement(suite, "testcase", {"classname": "grade ci", "name": clean(name)})
        ET.SubElement(case, "skipped", {"message": clean(f"unchanged since {found.changed_since}")})
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(found: CourseCheck) -> Iterator[tuple[str, list[Problem]]]:
    names = [*found.broken, *(each.exercise for each in found.exercises)]
    faults = [problem for problem in found.problems if not problem.remark]
    for name in sorted(names):
        yield name, [problem for problem in faults if _exercise(problem) == name]
    # No exercise is called by a path, so that the two never share a name, of which GitLab shows one test.
    beside = f"{_BESIDE}/" if _BESIDE in (*names, *found.left_out) else _BESIDE
    yield beside, [problem for problem in faults if _exercise(problem) not in names]


def _exercise(problem: Problem) -> str:
    parts = problem.path.split("/")
    return parts[1].removesuffix(".yaml") if len(parts) > 1 else ""


def _told(problem: Problem) -> str:
    return clean(f"{problem.path}:{problem.line}:{problem.column}: {problem.rule}: {problem.text}", longest=1000)

"""A sheet of SVG: shapes and text as elements of a tree, so that whatever is written on it stays text."""

from xml.etree import ElementTree as ET

_SPACE = "http://www.w3.org/2000/svg"


class Canvas:
    """Shapes on a sheet or a part of one, each with the classes that give it its look; lengths in pixels."""

    def __init__(self, element: ET.Element | None = None) -> None:
        self.element = ET.Element("svg", {"xmlns": _SPACE}) if element is None else element

    def part(self, x: float, y: float) -> "Canvas":
        """Return a part of the sheet with an origin of its own."""
        return Canvas(ET.SubElement(self.element, "g", {"transform": f"translate({_n(x)} {_n(y)})"}))

    def rect(self, kind: str, x: float, y: float, width: float, height: float, radius: float = 6) -> None:
        """Draw a rectangle with round corners."""
        size = {"x": _n(x), "y": _n(y), "width": _n(width), "height": _n(height), "rx": _n(radius)}
        ET.SubElement(self.element, "rect", {"class": kind, **size})

    def circle(self, kind: str, x: float, y: float, radius: float) -> None:
        """Draw a circle."""
        ET.SubElement(self.element, "circle", {"class": kind, "cx": _n(x), "cy": _n(y), "r": _n(radius)})

    def path(self, kind: str, way: str) -> None:
        """Draw along a path in SVG's own words."""
        ET.SubElement(self.element, "path", {"class": kind, "d": way})

    def text(self, kind: str, x: float, y: float, *pieces: tuple[str, str], full: str = "") -> None:
        """Write pieces of text with their classes side by side; `full` is shown to who points at it."""
        element = ET.SubElement(self.element, "text", {"class": kind, "x": _n(x), "y": _n(y)})
        for name, said in pieces:
            piece = ET.SubElement(element, "tspan", {"class": name} if name else {})
            piece.text = said
        if full:
            ET.SubElement(element, "title").text = full

    def note(self, name: str, text: str) -> None:
        """Put a title, a description or a style before all else."""
        element = ET.Element(name)
        element.text = text
        self.element.insert(sum(child.tag in ("title", "desc", "style") for child in self.element), element)

    def written(self) -> str:
        """Return the sheet as text."""
        return ET.tostring(self.element, encoding="unicode")


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

"""How the marks of a picture look, light and dark; what colour says, a line's kind or a sign says as well."""

_LIGHT = """
.picture text { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.picture text { fill: #1b1f24; }
.picture .title { font: 600 17px system-ui, "DejaVu Sans", sans-serif; }
.picture .heading { font: 600 14px system-ui, "DejaVu Sans", sans-serif; }
.picture .strong, .picture .blame { font-weight: 700; }
.picture .quiet { fill: #57606a; font-weight: 400; }
.picture .bad, .picture .blame { fill: #b3261e; }
.picture .paper { fill: #ffffff; }
.picture .band { fill: #ddf4ff; stroke: #218bff; stroke-width: 1.2; }
.picture .band.extra { fill: #f6f8fa; stroke: #d0d7de; }
.picture .band.missing { fill: none; stroke: #b3261e; stroke-dasharray: 5 5; }
.picture .band.wrong { fill: #ffebe9; stroke: #b3261e; stroke-width: 2; }
.picture .box { fill: #ffffff; stroke: #424a53; stroke-width: 1.6; }
.picture .box.extra { stroke: #8c959f; stroke-width: 1; }
.picture .box.missing { fill: none; stroke: #b3261e; stroke-dasharray: 5 5; }
.picture .box.wrong { stroke: #b3261e; stroke-width: 2.4; }
.picture .box.outside { fill: #f6f8fa; stroke: #8c959f; }
.picture .wire { fill: none; stroke: #424a53; stroke-width: 1.6; }
.picture .wire.extra { stroke: #8c959f; stroke-width: 1; }
.picture .wire.missing { stroke: #b3261e; stroke-dasharray: 4 4; }
.picture .wire.wrong { stroke: #b3261e; stroke-width: 2; }
.picture .dot { fill: #1a7f37; stroke: #1a7f37; stroke-width: 1.6; }
.picture .dot.extra { fill: #ffffff; stroke: #8c959f; }
.picture .dot.missing { fill: #ffffff; stroke: #b3261e; stroke-dasharray: 2.5 2; }
.picture .dot.wrong { fill: #b3261e; stroke: #b3261e; }
.picture .dot.unknown { fill: #ffffff; stroke: #9a6700; }
.picture .cross { fill: none; stroke: #ffffff; stroke-width: 1.6; }
.picture .way, .picture .bar { fill: none; stroke: #1a7f37; stroke-width: 1.6; }
.picture .tip { fill: #1a7f37; }
.picture .way.shut, .picture .bar.shut { stroke: #57606a; }
.picture .way.shut { stroke-dasharray: 1.5 3.5; }
.picture .bar { stroke-width: 2.6; }
.picture .way.wrong { stroke: #b3261e; stroke-width: 2.2; stroke-dasharray: none; }
.picture .way.missing, .picture .bar.missing { stroke: #b3261e; }
.picture .way.missing { stroke-dasharray: 5 4; }
.picture .way.unknown, .picture .bar.unknown { stroke: #9a6700; }
.picture .way.unknown { stroke-dasharray: 2 4; }
.picture .tip.wrong, .picture .tip.missing { fill: #b3261e; }
.picture .tip.unknown { fill: #9a6700; }
.picture .label { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }
.picture .said.wrong, .picture .said.missing { fill: #b3261e; }
.picture .said.unknown { fill: #9a6700; }
"""

_DARK = {
    "#1b1f24": "#e6edf3",
    "#ffffff": "#0d1117",
    "#57606a": "#9da7b1",
    "#424a53": "#c9d1d9",
    "#8c959f": "#7d8590",
    "#d0d7de": "#484f58",
    "#f6f8fa": "#161b22",
    "#b3261e": "#ff8a80",
    "#1a7f37": "#56d364",
    "#9a6700": "#e3b341",
    "#ddf4ff": "#0c2d4d",
    "#218bff": "#388bfd",
    "#ffebe9": "#3d1513",
}


def _in_the_dark() -> str:
    """Return the rules that have a colour, with the colours of the dark."""
    rules = [rule for rule in _LIGHT.strip().splitlines() if "#" in rule]
    text = "\n".join(rules)
    for light, dark in _DARK.items():
        text = text.replace(light, dark)
    return text


STYLE = f"{_LIGHT}@media screen and (prefers-color-scheme: dark) {{\n{_in_the_dark()}\n}}\n"

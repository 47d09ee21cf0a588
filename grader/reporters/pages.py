"""Pages for a browser: one file each, in one house style, that fetch nothing and run nothing but what we wrote."""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.reporters.words import clean

_LONGEST = 1000


def rendered(package: str, template: str, style: str = "", script: str = "", **context: object) -> str:
    """Return a page from a template of a package, which may extend `base.html.jinja`; `style` follows the house's.

    Names of strangers stay text, and what hides in them is made visible. The page's policy names its own style and
    script by digest and allows nothing else: no other script, no font, no request.
    """
    styles = "\n" + beside("grader.reporters", "house.css") + style
    return (
        _environment(package)
        .get_template(template)
        .render(style=Markup(styles), script=Markup(script), sources=_sources(styles, script), **context)  # noqa: S704 (our own files alone)
    )


def _sources(style: str, script: str) -> Markup:
    """Return what the policy allows to be read and run."""
    allowed = {"style-src": style, "script-src": script}
    return Markup(" ").join(f"{name} '{_digest(text)}';" for name, text in allowed.items() if text)


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def beside(package: str, name: str) -> str:
    """Return a style sheet or a script that lies beside a package's templates."""
    return PackageLoader(package, "templates").get_source(Environment(autoescape=True), name)[0]


@cache
def _environment(package: str) -> Environment:
    """Return where the templates of a package are, with the base that all share; kept, for a class has many pages."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package, "templates"), PackageLoader("grader.reporters", "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
        keep_trailing_newline=True,
    )


def _visible(value: object) -> object:
    """Return what a page shows of a value: of a stranger's text, nothing that hides; blanks at its ends are ours."""
    if type(value) is not str:
        return value
    bare = value.strip(" ")
    start = value.index(bare)
    return value[:start] + clean(bare, longest=_LONGEST) + value[start + len(bare) :]

"""Pages for a browser: one file each, in one house style, that fetch nothing and run nothing."""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.reporters.words import clean

_LONGEST = 1000
_HOUSE = PackageLoader("grader.reporters", "templates")


def rendered(package: str, template: str, style: str = "", **context: object) -> str:
    """Return a page from a template of a package, which may extend `base.html.jinja`; `style` follows the house's.

    Names of strangers stay text, and what hides in them is made visible. The page's policy names its own style by
    digest and allows nothing else: no script, no font, no request.
    """
    environment = _environment(package)
    styles = Markup("\n" + _source(environment, "house.css") + style)  # noqa: S704 (our own files, no stranger's text)
    digest = b64encode(sha256(styles.encode()).digest()).decode()
    return environment.get_template(template).render(style=styles, digest=digest, **context)


@cache
def _environment(package: str) -> Environment:
    """Return where a package's templates are read, compiled once: a class has hundreds of pages."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package, "templates"), _HOUSE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )


@cache
def style_of(package: str, name: str) -> str:
    """Return a style sheet that lies beside a package's templates."""
    return _source(Environment(loader=PackageLoader(package, "templates"), autoescape=True), name)


@cache
def _source(environment: Environment, name: str) -> str:
    if environment.loader is None:
        return ""
    return environment.loader.get_source(environment, name)[0]


def _visible(value: object) -> object:
    """Return what a page shows of a value: of a stranger's text, nothing that hides; blanks at its ends are ours."""
    if type(value) is not str:
        return value
    bare = value.strip(" ")
    start = value.index(bare)
    return value[:start] + clean(bare, longest=_LONGEST) + value[start + len(bare) :]

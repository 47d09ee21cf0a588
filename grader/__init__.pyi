from grader.api import Evidence as Evidence
from grader.api import Graded as Graded
from grader.api import Loaded as Loaded
from grader.api import Report as Report
from grader.api import Settings as Settings
from grader.api import grade as grade
from grader.api import load_rubric as load_rubric
from grader.api import regrade as regrade

__version__: str

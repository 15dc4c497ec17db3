"""Studies: many scenarios, many replications, stored, resumed and compared pair by pair."""

from sim.study.compare import Comparison, mean_interval, paired
from sim.study.errors import RunError
from sim.study.execute import Progress, as_plan, run, run_only, run_study
from sim.study.load import StudyPlan, is_study, load_study_file, single_study
from sim.study.result import Headline, Study, load_study
from sim.study.shown import Table
from sim.study.targets import precision_of

__all__ = [
    "Comparison",
    "Progress",
    "RunError",
    "Headline",
    "Study",
    "StudyPlan",
    "Table",
    "as_plan",
    "is_study",
    "load_study",
    "load_study_file",
    "mean_interval",
    "paired",
    "precision_of",
    "run",
    "run_only",
    "run_study",
    "single_study",
]

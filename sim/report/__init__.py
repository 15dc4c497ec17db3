"""What a reader sees of a study: figures, tables and one page; lays out, computes nothing."""

from sim.report.page import build_report
from sim.report.plots import Plots, plots

__all__ = ["Plots", "build_report", "plots"]

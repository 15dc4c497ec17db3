"""What a reader sees of a study: figures, tables, one page and a document; lays out, computes nothing."""

from sim.report.document import build_document
from sim.report.page import build_report
from sim.report.plots import Plots, plots

__all__ = ["Plots", "build_document", "build_report", "plots"]

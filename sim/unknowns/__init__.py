"""What is it that we do not know: every assumption with a range, varied one at a time, ranked by what it moves."""

from sim.unknowns.assumptions import Unknown, Unvaried, gather_unknowns
from sim.unknowns.rank import Ranked, Ranking, rank
from sim.unknowns.study import Question, ask, question_of

__all__ = ["Question", "Ranked", "Ranking", "Unknown", "Unvaried", "ask", "gather_unknowns", "question_of", "rank"]

"""Origin of one good: its costs, its materials, and the tests of the rule that applies on a day.

README.md beside this file tells how an origin file is written. The way of a question:

- `reading.py`, `materials_file.py`, `sections.py` read the file into the facts of `good.py`;
- `agreement_terms.py` takes from the law what an agreement says of every good, `product_rule.py` the rule of this one;
- `tariff_shift.py`, `regional_value.py` (with `materials.py`: what each material brings), `textile.py`, `sets.py` test;
- `books/` reckons what the producer's accounts must give: net cost, allocation, stocks, interest, assists, prices;
- `vehicles/` holds what vehicles and their parts must meet besides, `vehicles/automotive.py` first;
- `determine.py` asks them in order; `finding.py` is one test or computation, `answer.py` the whole, `expected.py`
  what the writer expects of it.
"""

from sim.origin.answer import Answer
from sim.origin.determine import determine, determine_file
from sim.origin.errors import OriginError

__all__ = ["Answer", "OriginError", "determine", "determine_file"]

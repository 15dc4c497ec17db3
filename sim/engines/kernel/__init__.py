"""The event loop of the compiled engine: one heap, integer state, rows of the ledger written into blocks.

What happens is told by `sim.engines.reference`, whose clerks are the functions of this room. Three things differ, and
none can be seen in a ledger: events come out of the heap in order of (second, phase, load row), so claims of one moment
need no collecting; a load has a place in a pool only while it is ordered, made, on the road or on a shelf; and a row of
the ledger is written as soon as it is complete, so that memory is bounded by what
is alive, besides four bytes for each load that might be.
"""

"""The border, one text for every engine: a crossing is a chain of lines that our loads and other people's trucks share.

`queues` holds the state of all crossings, `booths` passes trucks through export modules and booths, `elsewhere` lets a
truck give up or go to a substitute, `bays` has the state inspection, `tractors` the pool that fetches our trailers, and
`ticks` brings all crossings to a posting.
"""

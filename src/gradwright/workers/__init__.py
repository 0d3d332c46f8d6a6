"""Independent work over processes, a pool or a cluster: one function, many items, the same results from any workers.

`mapper` turns what a caller gave as ``workers=`` into one function ``run(function, items)``. Inside, data flows one
way: `mapping` tells the kinds of ``workers`` apart, `dispatch` hands out chunks of items and puts their results in
order, `processes` and `executors` are who may take a chunk (processes of our own, an executor of the caller's),
`chunks` is what a worker does with one.
"""

from gradwright.workers.mapping import Run, Workers, mapper

__all__ = ["Run", "Workers", "mapper"]

"""What the numerical derivatives are measured by: problems with exact answers, contestants, and two reports.

``python benchmarks/accuracy.py`` says how often each library is right and honest; ``python benchmarks/speed.py`` how
its time compares. ``pip install -e ".[bench]"`` brings the peers; one that is missing is reported as not installed.
The tests in ``tests/differentiate/test_targets.py`` assert on the same problems.
"""

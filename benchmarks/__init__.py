"""What the numerical derivatives are measured by: problems with exact answers, contestants, and three reports.

``python benchmarks/accuracy.py`` says how often each library is right and honest; ``python benchmarks/speed.py`` how
its time compares; ``python benchmarks/checkers.py`` does both for gradient checks, beside those of PyTorch and JAX.
``pip install -e ".[bench]"`` brings the peers of the first two; one that is missing is reported as not installed.
The tests in ``tests/differentiate/test_targets.py`` assert on the same problems.
"""

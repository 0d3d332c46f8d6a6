"""BLAS at one thread: of the whole process, whoever on whichever thread wants it so."""

import threading

import pytest

from gradwright.workers.blas import blas_limit, kept_limit, threads_allowed
from gradwright.workers.chunks import one_thread


@pytest.fixture
def counts(need_module):
    info = need_module("threadpoolctl").threadpool_info
    return lambda: [library["num_threads"] for library in info() if library["user_api"] == "blas"]


@pytest.mark.parametrize("block", [lambda: kept_limit()(), one_thread], ids=["steps", "items"])
def test_blocks_that_overlap_on_two_threads_leave_blas_as_it_was(block, counts, need_module):
    with need_module("threadpoolctl").threadpool_limits(3, user_api="blas"):
        before, inside, first_has_ended = counts(), threading.Event(), threading.Event()
        seen = []

        def second():
            with block():
                inside.set()
                first_has_ended.wait(10)
                seen.append(set(counts()))

        other = threading.Thread(target=second)
        with blas_limit()():
            other.start()
            inside.wait(10)
        first_has_ended.set()
        other.join()
        assert seen == [{1}]
        assert counts() == before


def test_after_a_block_other_threads_may_set_the_number(counts, need_module):
    limits = need_module("threadpoolctl").threadpool_limits
    before, seen = counts(), []

    def other():
        with limits(3, user_api="blas"):
            seen.append(set(counts()))

    with kept_limit()():
        pass
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [{3}]
    assert counts() == before


def test_no_more_threads_are_allowed_than_blas_has(counts):
    with kept_limit()():
        assert threads_allowed() == 1

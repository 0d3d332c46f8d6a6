"""Processes of our own: what becomes of errors, of deaths, of many small items."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from gradwright.errors import WorkerError
from gradwright.workers import mapper
from gradwright.workers.chunks import PARTS, Chunk, Pace

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


class TestErrors:
    def test_keep_their_type_and_the_traceback_of_the_worker(self, two, jobs):
        with pytest.raises(jobs.Own) as caught:
            two(jobs.fail, range(20))
        assert "in fail" in str(caught.value.__cause__)
        assert "worker_jobs.py" in str(caught.value.__cause__)

    def test_the_first_in_order_is_raised_not_the_first_in_time(self, two, jobs):
        with pytest.raises(jobs.Own, match="no value at 3"):
            two(jobs.fail_early, range(12))

    @pytest.mark.parametrize(("function", "kind"), [("fail_oddly", "Odd"), ("fail_locally", "Local")])
    def test_what_cannot_be_sent_is_told_in_words(self, two, jobs, function, kind):
        with pytest.raises(WorkerError, match=rf"raised (fail_locally\.<locals>\.)?{kind} .*: .*o") as caught:
            two(getattr(jobs, function), range(4))
        assert f"in {function}" in str(caught.value.__cause__)

    def test_a_function_that_cannot_be_loaded_there(self, two, jobs):
        with pytest.raises(WorkerError, match="`f` was sent to a worker process, which ended as it loaded it"):
            two(jobs.Unloadable(), range(4))
        assert two(jobs.square, [3]) == [9]

    def test_an_error_does_not_wait_for_the_items_behind_it(self, jobs):
        start = time.perf_counter()
        with mapper(2) as run, pytest.raises(jobs.Own):
            run(jobs.fail_or_nap, [-1.0, 20.0])
        assert time.perf_counter() - start < 10


class TestDeaths:
    @pytest.mark.parametrize("way", ["exit", pytest.param("kill", marks=needs_kill)])
    def test_unfinished_items_run_once_again(self, two, jobs, tmp_path, way):
        job = jobs.Dies(str(tmp_path), deadly=30, times=1, way=way)
        assert two(job, range(200)) == [2 * x for x in range(200)]
        begun = [job.begun(x) for x in range(200)]
        assert begun[30] == 2
        assert set(begun) <= {1, 2}  # those of its chunk twice, all others once
        assert begun.count(1) > 100

    def test_several_die(self, jobs, tmp_path):
        job = jobs.Dies(str(tmp_path), deadly=5, times=2)
        with mapper(3) as run:
            assert run(job, range(20)) == [2 * x for x in range(20)]
        assert job.begun(5) == 3

    def test_an_item_that_kills_again_and_again_is_named(self, two, jobs, tmp_path):
        job = jobs.Dies(str(tmp_path), deadly=30, times=100)
        with pytest.raises(
            WorkerError, match=r"item 30 \(counted from 0, of 200\) ended its worker process again and again: 30\."
        ) as e:
            two(job, range(200))
        assert e.value.fields["index"] == 30
        assert isinstance(e.value.__cause__, BrokenProcessPool)
        assert job.begun(30) == 3
        assert max(job.begun(x) for x in range(200) if x != 30) <= 2
        assert two(jobs.square, [3]) == [9]

    def test_a_vector_is_shown_in_one_line(self, two, jobs):
        with pytest.raises(WorkerError, match=r"item 1 .*array\(\[0\.") as caught:
            two(jobs.exit_on_long, [np.zeros(2), np.zeros(500)])
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 300

    @needs_kill
    def test_idle_processes_that_died_are_made_anew(self, jobs):
        with mapper(2) as run:
            for number in set(run(jobs.pid, range(4))):
                os.kill(number, signal.SIGKILL)
            assert run(jobs.square, range(9)) == [x * x for x in range(9)]

    def test_an_executor_that_broke_is_the_callers(self, jobs, tmp_path):
        job = jobs.Dies(str(tmp_path), deadly=3, times=1)
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool, mapper(pool) as run:
            with pytest.raises(WorkerError, match=r"`workers` has lost a process .* Pass a number") as caught:
                run(job, range(20))
            assert isinstance(caught.value.__cause__, BrokenProcessPool)

    def test_a_cluster_that_gave_up_on_a_chunk(self, jobs):
        class KilledWorker(Exception):  # the name of Dask's
            pass

        class Scheduler:
            def submit(self, function, *arguments):
                future = Future()
                try:
                    future.set_result(function(*arguments))
                except ZeroDivisionError:
                    future.set_exception(KilledWorker("4 workers died"))
                return future

        with mapper(Scheduler()) as run, pytest.raises(WorkerError, match=r"item 777 ") as caught:
            run(jobs.inverse_from_777, range(5000))
        assert isinstance(caught.value.__cause__, KilledWorker)


class TestChunks:
    def test_grow_to_a_tenth_of_a_second(self):
        pace = Pace()
        sizes = []
        for _ in range(5):
            sizes.append(pace.size)
            pace.learn(pace.size, pace.size * 1e-4)
        assert sizes == [1, 16, 256, 1000, 1000]
        pace.learn(1000, 100.0)
        assert pace.size == 1

    def test_a_time_of_zero_is_no_trouble(self):
        pace = Pace()
        pace.learn(3, 0.0)
        assert pace.size == 48

    @pytest.mark.parametrize("size", [1, 2, 31, 32, 33, 1000])
    def test_parts_hold_the_same_items(self, size):
        parts = Chunk(5, 5 + size).parts(2)
        assert [i for part in parts for i in range(part.start, part.stop)] == list(range(5, 5 + size))
        assert len(parts) <= PARTS
        assert all(part.deaths == 2 and len(part) for part in parts)
        assert size == 1 or len(parts) > 1

    def test_both_processes_work(self, two, jobs, tmp_path):
        assert len(set(two(jobs.meet, [str(tmp_path)] * 2))) == 2

    def test_few_items_start_few_processes(self, jobs):
        with mapper(50) as run:
            assert len(set(run(jobs.pid, range(2)))) <= 2

    def test_many_small_items_cost_little(self, two, jobs, rng):
        items = list(rng.normal(size=(10_000, 60)))
        start = time.perf_counter()
        expected = [jobs.wave(item) for item in items]
        serial = time.perf_counter() - start
        seconds = []
        for _ in range(3):
            start = time.perf_counter()
            assert two(jobs.wave, items) == expected
            seconds.append(time.perf_counter() - start)
        assert min(seconds) < 8 * serial  # measured 1.3 on two busy cores; one item a message would be 20

    def test_large_results(self, two, jobs):
        assert [result.shape for result in two(jobs.zeros, [300_000] * 6)] == [(300_000,)] * 6


def test_without_a_fork_server(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])  # as on Windows
    with mapper(2) as run:
        job = jobs.Dies(str(tmp_path), deadly=3, times=1)
        assert run(job, range(20)) == [2 * x for x in range(20)]
        with pytest.raises(jobs.Own) as caught:
            run(jobs.fail, range(20))
        assert "in fail" in str(caught.value.__cause__)


def test_the_function_is_sent_once_a_run_to_each_process(jobs):
    function = jobs.Sent(np.arange(5.0))
    with mapper(2) as run:
        function.sent = 0
        assert len(set(run(function, range(12)))) == 1
        assert 1 <= function.sent <= 2


def test_what_the_function_holds_may_change_between_runs(two, jobs):
    function = jobs.Sent(np.array([1.0]))
    assert two(function, range(4)) == [1.0] * 4
    function.values[0] = 7
    assert two(function, range(4)) == [7.0] * 4


def test_a_run_after_the_end_is_refused(jobs):
    with mapper(2) as run:
        pass
    with pytest.raises(WorkerError, match="inside the `with` block"):
        run(jobs.square, [1])


def test_no_process_is_left_behind(jobs):
    with mapper(2) as run:
        numbers = set(run(jobs.pid, range(6)))
        children = {child.pid for child in multiprocessing.active_children()}
        assert numbers <= children
    assert not numbers & {child.pid for child in multiprocessing.active_children()}

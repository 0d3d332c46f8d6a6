"""What may be given as ``workers=``, and that the results are the same for all of it."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.pool import ThreadPool

import numpy as np
import pytest

from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.workers import mapper
from gradwright.workers.mapping import _count

CONTEXT = multiprocessing.get_context("spawn")


class Cluster:
    """An executor such as Dask's: `submit` alone; other threads finish its futures, in any order."""

    def submit(self, function, *arguments):
        future = Future()

        def work():
            future.set_running_or_notify_cancel()
            try:
                future.set_result(function(*arguments))
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=work).start()
        return future


@pytest.fixture(scope="module")
def kinds(jobs, two):
    """Every kind of workers by name: a function that opens a mapper's context, or the shared run."""
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(3))
        processes = stack.enter_context(ProcessPoolExecutor(2, mp_context=CONTEXT))
        pool = stack.enter_context(CONTEXT.Pool(2))
        made = {
            "none": None,
            "one": 1,
            "one of numpy": np.int64(1),
            "three": 3,
            "map": map,
            "list": lambda function, items: [function(item) for item in items],
            "thread map": threads.map,
            "process map": processes.map,
            "pool map": pool.map,
            "thread pool map": stack.enter_context(ThreadPool(2)).map,
            "threads": threads,
            "processes": processes,
            "cluster": Cluster(),
        }
        yield {"two": two, **{name: stack.enter_context(mapper(workers)) for name, workers in made.items()}}


NAMES = ["none", "one", "one of numpy", "two", "three", "map", "list", "thread map", "process map", "pool map"]
NAMES += ["thread pool map", "threads", "processes", "cluster"]


@pytest.fixture(params=NAMES)
def run(request, kinds):
    return kinds[request.param]


class TestEveryKind:
    def test_gives_the_same_bits_in_order(self, run, jobs, rng):
        items = list(rng.normal(size=(300, 60)))
        assert run(jobs.wave, items) == [jobs.wave(item) for item in items]

    def test_gives_arrays_back(self, run, jobs, rng):
        items = [rng.normal(size=n) for n in (3, 3, 1, 0, 5, 3)]
        results = run(jobs.square, items)
        assert [result.tobytes() for result in results] == [(item * item).tobytes() for item in items]
        assert all(result.flags.writeable for result in results)

    def test_takes_a_generator_and_few_items_and_none(self, run, jobs):
        assert run(jobs.square, (n for n in range(57))) == [n * n for n in range(57)]
        assert run(jobs.square, [7]) == [49]
        assert run(jobs.square, []) == []
        assert run(jobs.square, iter(())) == []

    def test_raises_what_the_function_raised(self, run, jobs):
        # One item alone fails here: with several, a multiprocessing pool raises what came first in time.
        with pytest.raises(ValueError, match="no value at 3") as caught:
            run(jobs.fail, [0, 2, 3, 1])
        assert type(caught.value) is jobs.Own
        assert run(jobs.square, [2]) == [4]  # and goes on


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_numbers_of_workers_give_the_same_bits_from_blas(name, kinds, jobs):
    expected = [result.tobytes() for result in kinds["one"](jobs.product, [0.1, 0.7, 1.3, 2.1])]
    assert [result.tobytes() for result in kinds[name](jobs.product, [0.1, 0.7, 1.3, 2.1])] == expected


@pytest.mark.parametrize("name", ["one", "two"])
def test_blas_has_one_thread(name, kinds, jobs, need_module):
    need_module("threadpoolctl")
    assert {threads for threads, *rest in kinds[name](jobs.blas_threads, range(4))} == {1}
    assert kinds[name](jobs.blas_threads, [0])[0]


def test_blas_has_its_threads_again(kinds, jobs, need_module):
    need_module("threadpoolctl")
    before = jobs.blas_threads(0)
    kinds["one"](jobs.square, [1.0])
    assert jobs.blas_threads(0) == before


def test_threadpoolctl_may_be_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    with mapper(1) as run:
        assert run(abs, [-1]) == [1]
        with pytest.raises(TypeError) as caught:
            run(abs, [None])
    assert caught.value.__context__ is None, "it is no part of an error that another package is missing"


def test_one_worker_needs_no_sending():
    with mapper(1) as run:
        assert run(lambda x: x + 1, [1, 2]) == [2, 3]


@pytest.mark.parametrize("name", ["threads", "thread map", "cluster", "map"])
def test_threads_take_a_lambda(name, kinds):
    assert kinds[name](lambda x: x + 1, [1, 2]) == [2, 3]


WRONG = [
    True,
    False,
    np.True_,
    np.array([2]),
    0,
    -2,
    1.5,
    "4",
    "tcp://host:8786",
    [2],
    3j,
    ThreadPoolExecutor,
    Cluster,
]


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_refuses_what_is_none_of_these(value):
    with pytest.raises(
        ArgumentError, match="`n_jobs` must be a whole number of at least 1, -1 for all cores"
    ) as caught:
        mapper(value, name="n_jobs")
    assert str(value) in str(caught.value) or repr(value) in str(caught.value)


def test_a_pool_itself_is_refused_for_its_map():
    with ThreadPool(1) as pool, pytest.raises(ArgumentError, match=r"a map such as `pool\.map`"):
        mapper(pool)


def test_minus_one_is_every_core():
    assert 1 <= _count("workers", -1) <= multiprocessing.cpu_count()
    assert _count("workers", np.int32(-1)) == _count("workers", -1)


@pytest.mark.parametrize(
    ("bad", "got"),
    [
        (lambda function, items: [function(item) for item in items[1:]], "gave 1 for 2 items"),
        (lambda function, items: None, "gave NoneType for 2 items"),
        (lambda function, items: 3, "gave int for 2 items"),
    ],
)
def test_a_map_must_give_one_result_an_item(bad, got):
    with mapper(bad) as run, pytest.raises(ArgumentError, match=f"`workers` {got}"):
        run(abs, [1, 2])


def test_submit_must_give_a_future():
    class Calls:
        def submit(self, function, *arguments):
            return function(*arguments)

    with mapper(Calls()) as run, pytest.raises(ArgumentError, match=r"`workers`\.submit gave tuple"):
        run(abs, [1, 2])


@pytest.mark.parametrize("name", ["two", "processes", "process map", "pool map"])
@pytest.mark.parametrize("wrap", ["", "Wraps"])
def test_a_lambda_cannot_go_to_a_process(name, wrap, kinds, jobs):
    def local(x):
        return x

    for function in (lambda x: x, local):
        given = jobs.Wraps(function) if wrap else function
        with pytest.raises(ArgumentTypeError, match=r"`f` cannot be sent .* `def` .*`workers=pool\.map`") as caught:
            kinds[name](given, [1, 2])
        assert function.__qualname__ in str(caught.value)
        assert "\n" not in str(caught.value)
    assert kinds[name](jobs.square, [3]) == [9]


@pytest.mark.parametrize("name", ["two", "processes"])
def test_nor_can_what_holds_a_lock(name, kinds, jobs):
    with pytest.raises(ArgumentTypeError, match="`f` cannot be sent to other processes: cannot pickle"):
        kinds[name](jobs.Holds(), [1, 2])
    assert kinds[name](jobs.square, [3]) == [9]


@pytest.mark.parametrize("name", ["thread map", "map"])
def test_an_error_of_a_lambda_is_its_own(name, kinds):
    with pytest.raises(AttributeError, match="odd"):
        kinds[name](lambda x: x.odd, [1, 2])


def test_the_caller_names_the_function(jobs):
    with mapper(2, function="gradient") as run, pytest.raises(ArgumentTypeError, match="`gradient` cannot be sent"):
        run(lambda x: x, [1])


def test_is_light():
    program = (
        "import sys, gradwright.workers as w\n"
        "with w.mapper(None) as run: run(abs, [1])\n"
        "with w.mapper(map) as run: run(abs, [1])\n"
        "print(sorted({'multiprocessing', 'concurrent.futures', 'threadpoolctl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"

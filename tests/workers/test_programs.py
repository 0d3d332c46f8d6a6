"""Whole programs: unguarded, interactive, interrupted, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent

USE = """
from gradwright.workers import mapper
def double(x):
    return 2 * x
"""
RUN = """
with mapper(2) as run:
    print(run(double, range(5)))
"""
GUARDED = USE + "if __name__ == '__main__':" + RUN.replace("\n", "\n    ")


def environment():
    """Every program finds what this one finds, and `worker_jobs`."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER), *filter(None, sys.path)])}


def run(*command, text=None, **options):
    return subprocess.run(
        [sys.executable, *command], input=text, env=environment(), capture_output=True, text=True, timeout=60, **options
    )


class TestPrograms:
    # A blank, an apostrophe, Hangul: the path of the program is handed to every process.
    @pytest.mark.parametrize("name", ["program.py", "김's 실습 1.py"])
    def test_a_guarded_program(self, tmp_path, name):
        (tmp_path / name).write_text(GUARDED, encoding="utf-8")
        done = run(str(tmp_path / name))
        assert done.stderr == ""
        assert done.stdout == "[0, 2, 4, 6, 8]\n"

    def test_a_module_that_is_run(self, tmp_path):
        (tmp_path / "program.py").write_text(GUARDED, encoding="utf-8")
        assert run("-m", "program", cwd=tmp_path).stdout == "[0, 2, 4, 6, 8]\n"

    def test_an_unguarded_program_is_told_what_to_do(self, tmp_path):
        (tmp_path / "program.py").write_text(USE + "print('begun')" + RUN, encoding="utf-8")
        done = run(str(tmp_path / "program.py"))
        assert done.returncode == 1
        last = done.stderr.strip().splitlines()[-1]
        assert last.startswith("gradwright.errors.WorkerError: the processes for `workers` did not start: ")
        assert 'under `if __name__ == "__main__":`' in last
        assert done.stdout.count("begun") <= 3, "this one, the fork server's, one worker's: no more are started"

    @pytest.mark.parametrize("command", [("-c", USE + RUN), ("-i", "-q")])
    def test_an_interactive_session_is_told_what_to_do(self, command):
        done = run(*command, text=(USE + "\n" + RUN + "\n") if "-i" in command else None)
        assert (
            "gradwright.errors.ArgumentTypeError: `f` cannot be sent to other processes: double was typed"
            in done.stderr
        )
        assert done.stderr.count("Traceback") == 1

    def test_what_was_typed_after_a_program_is_not_in_its_file(self, tmp_path):
        (tmp_path / "program.py").write_text("", encoding="utf-8")
        done = run("-i", "-q", str(tmp_path / "program.py"), text=USE + "\n" + RUN + "\n")
        assert "`f` cannot be sent to other processes: double was typed" in done.stderr

    def test_a_function_of_a_module_works_in_an_interactive_session(self):
        program = "from gradwright.workers import mapper\nfrom worker_jobs import square\n" + RUN.replace(
            "double", "square"
        )
        done = run("-c", program)
        assert (done.stdout, done.stderr) == ("[0, 1, 4, 9, 16]\n", "")

    def test_in_a_process_that_may_have_no_children(self, tmp_path):
        program = (
            USE
            + "def nested(_):\n    with mapper(2) as run:\n        return run(double, [1])\n"
            + "import multiprocessing\nif __name__ == '__main__':\n"
            + "    with multiprocessing.get_context('spawn').Pool(1) as pool, mapper(pool.map) as run:\n"
            + "        print(run(nested, [1]))\n"
        )
        (tmp_path / "program.py").write_text(program, encoding="utf-8")
        done = run(str(tmp_path / "program.py"))
        assert "WorkerError: the processes for `workers` did not start: daemonic processes" in done.stderr

    def test_workers_in_workers(self, tmp_path):
        program = (
            USE
            + "def nested(x):\n    with mapper(2) as run:\n        return run(double, [x])\n"
            + "if __name__ == '__main__':\n    with mapper(2) as run:\n        print(run(nested, [1, 2]))\n"
        )
        (tmp_path / "program.py").write_text(program, encoding="utf-8")
        done = run(str(tmp_path / "program.py"))
        assert (done.stdout, done.stderr) == ("[[2], [4]]\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_that_the_program_bears_leaves_the_workers_alone(tmp_path):
    program = """
import os, signal, sys, time
from gradwright.workers import mapper
from worker_jobs import meet
if __name__ == "__main__":
    with mapper(2) as run:
        before = set(run(meet, sys.argv[1:2] * 2))
        try:
            os.killpg(0, signal.SIGINT)
            time.sleep(20)
        except KeyboardInterrupt:
            time.sleep(0.5)
        print(set(run(meet, sys.argv[2:] * 2)) == before)
"""
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    folders = [tmp_path / name for name in ("before", "after")]
    for folder in folders:
        folder.mkdir()
    done = run(str(tmp_path / "program.py"), *map(str, folders), start_new_session=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")  # one that has ended and is waited for by nobody yet is dead, too
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_no_process_outlives_the_program(tmp_path, name):
    started = tmp_path / "started"
    started.mkdir()
    program = f"""
import signal
from gradwright.workers import mapper
from worker_jobs import note_and_nap
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores Ctrl-C
    with mapper(2) as run:
        run(note_and_nap, [({str(started)!r}, seconds) for seconds in (600, 0.5)])
"""
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    # In a session of its own, so that a signal to its group is what the terminal's Ctrl-C is.
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py")],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        until(lambda: len(list(started.iterdir())) == 2)
        time.sleep(1)  # by now one of them is at work and the other waits for some
        workers = [int(path.name) for path in started.iterdir()]
        if name == "SIGINT":
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(getattr(signal, name))
        try:
            _, errors = process.communicate(timeout=20)
            until(lambda: not any(map(alive, workers)))
        finally:
            for number in filter(alive, [process.pid, *workers]):
                os.kill(number, signal.SIGKILL)
    if name == "SIGINT":
        assert errors.strip().endswith("KeyboardInterrupt")
        assert errors.count("Traceback") == 1, "the workers say nothing of their own"


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


DASK = """
import os, distributed, tempfile
from gradwright.workers import mapper
from worker_jobs import Dies, Holds, fail, square
def attempt(run, function):
    try:
        return run(function, range(60))
    except Exception as error:
        print(type(error).__name__, str(error).partition(":")[0])
if __name__ == "__main__":
    folders = [tempfile.mkdtemp() for _ in range(2)]
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=60)
    with cluster, distributed.Client(cluster) as client, mapper(client.get_executor(pure=False)) as run:
        print(run(square, range(400)) == [x * x for x in range(400)])
        print(run(lambda x: -x, [1, 2]))
        attempt(run, fail)
        attempt(run, Holds())
        print(attempt(run, Dies(folders[0], 5, 2)) == [2 * x for x in range(60)])
        attempt(run, Dies(folders[1], 5, 99))
"""


@pytest.mark.slow
def test_a_cluster_of_dask(tmp_path):
    pytest.importorskip("distributed")
    (tmp_path / "program.py").write_text(DASK, encoding="utf-8")
    done = run(str(tmp_path / "program.py"))
    assert done.stdout.splitlines() == [
        "True",
        "[-1, -2]",
        "Own no value at 3",
        "ArgumentTypeError `f` cannot be sent to other processes",
        "True",
        "WorkerError item 5 (counted from 0, of 60) ended its worker process again and again",
    ]

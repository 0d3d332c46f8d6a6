"""Sentences of work in other processes."""

MESSAGES: dict[str, tuple[str, str]] = {
    "workers.kind": (
        "`{name}` must be a whole number of at least 1, -1 for all cores, a map such as `pool.map`, or an executor with "
        "`submit`, not {value!r}.",
        "`{name}`에는 1 이상의 정수, 모든 코어를 쓰는 -1, `pool.map`과 같은 map, `submit` 메서드가 있는 실행기(executor) 가운데 하나가 "
        "필요합니다. 받은 값: {value!r}.",
    ),
    "workers.map": (
        "`{name}` gave {got} for {count} items; a map must give one result for each item, in order. Pass one such as "
        "`pool.map`.",
        "`{name}`에 항목 {count}개를 주었는데 돌아온 것: {got}. map은 항목마다 결과를 하나씩 순서대로 돌려주어야 합니다. `pool.map`과 같은 "
        "것을 주세요.",
    ),
    "workers.future": (
        "`{name}`.submit gave {kind}; it must give a future with `add_done_callback`, `exception` and `result`. For Dask, "
        "pass `Client(...).get_executor(pure=False)`.",
        "`{name}`.submit에서 돌아온 형: {kind}. `add_done_callback`, `exception`, `result`가 있는 future여야 합니다. Dask라면 "
        "`Client(...).get_executor(pure=False)`를 주세요.",
    ),
    "workers.local": (
        "`{name}` cannot be sent to other processes: {function} is a lambda or stands inside another function. Write it "
        "with `def` at the top of a module, or use threads: `workers=pool.map` of a ThreadPoolExecutor.",
        "`{name}`에 준 함수({function})는 lambda이거나 다른 함수 안에 있어서 다른 프로세스에 보낼 수 없습니다. 모듈의 맨 바깥에 `def`로 "
        "쓰거나 스레드를 쓰세요: ThreadPoolExecutor의 `workers=pool.map`.",
    ),
    "workers.interactive": (
        "`{name}` cannot be sent to other processes: {function} was typed into an interactive session, which they do not "
        "see. Write it with `def` in a module and import it, or use threads: `workers=pool.map` of a ThreadPoolExecutor.",
        "`{name}`에 준 함수({function})는 대화형 세션에서 입력한 것이라 다른 프로세스에서 보이지 않습니다. 모듈에 `def`로 써서 import "
        "하거나 스레드를 쓰세요: ThreadPoolExecutor의 `workers=pool.map`.",
    ),
    "workers.unsendable": (
        "`{name}` cannot be sent to other processes: {reason}. Keep what it holds to arrays, numbers and functions of "
        "modules, or use threads: `workers=pool.map` of a ThreadPoolExecutor.",
        "`{name}`에 준 함수를 다른 프로세스에 보낼 수 없습니다: {reason}. 함수가 지니는 것을 배열, 숫자, 모듈의 함수로 한정하거나 스레드를 "
        "쓰세요: ThreadPoolExecutor의 `workers=pool.map`.",
    ),
    "workers.load": (
        "`{name}` was sent to a worker process, which ended as it loaded it (its own error is on stderr). Write the "
        "function with `def` in a module that every process can import, or use threads: `workers=pool.map` of a "
        "ThreadPoolExecutor.",
        "`{name}`에 준 함수를 불러오던 작업 프로세스가 끝나 버렸습니다(그 프로세스의 오류는 stderr에 있습니다). 모든 프로세스가 import 할 수 "
        "있는 모듈에 `def`로 쓰거나 스레드를 쓰세요: ThreadPoolExecutor의 `workers=pool.map`.",
    ),
    "workers.start": (
        "the processes for `{name}` did not start: {reason}. Each begins by loading the file of your program: put the "
        'program\'s own code under `if __name__ == "__main__":`. Or use threads: `workers=pool.map` of a '
        "ThreadPoolExecutor.",
        "`{name}`에 쓸 프로세스를 시작하지 못했습니다: {reason}. 각 프로세스는 먼저 프로그램 파일을 불러오므로 프로그램의 실행 코드를 "
        '`if __name__ == "__main__":` 아래에 두세요. 또는 스레드를 쓰세요: ThreadPoolExecutor의 `workers=pool.map`.',
    ),
    "workers.broken": (
        "the executor given as `{name}` has lost a process and takes no more work. Pass a number of workers instead: "
        "their items are then run again, and an item that ends its process again and again is named.",
        "`{name}`에 준 실행기(executor)의 프로세스가 끝나 더는 작업을 받지 않습니다. 실행기 대신 프로세스 수를 주세요. 그러면 끝내지 못한 "
        "항목을 다시 계산하고, 프로세스를 거듭 끝내는 항목의 번호를 알려 줍니다.",
    ),
    "workers.deadly": (
        "item {index} (counted from 0, of {count}) ended its worker process again and again: {item}. It crashes, exits or "
        "needs more memory than there is; compute it alone to see why.",
        "{count}개 가운데 {index}번 항목(0부터 셈)에서 작업 프로세스가 거듭 끝났습니다: {item}. 충돌하거나, 스스로 종료하거나, 메모리가 "
        "모자랍니다. 그 항목만 따로 계산해 까닭을 찾으세요.",
    ),
    "workers.raised": (
        "an item raised {kind} in its worker process, in a form that cannot be sent back: {text}",
        "작업 프로세스에서 항목을 계산하다가 {kind} 예외가 났는데 그대로는 돌려보낼 수 없습니다: {text}",
    ),
    "workers.closed": (
        "the workers have ended; run inside the `with` block of `mapper`.",
        "작업 프로세스가 이미 끝났습니다. `mapper`의 `with` 블록 안에서 실행하세요.",
    ),
}

"""Sentences of the optimizers and the schedules."""

MESSAGES: dict[str, tuple[str, str]] = {
    "optimizer.option": (
        "`{option}` is not an option of the optimizer {optimizer!r}; its options are {options}.",
        "`{option}` 옵션은 {optimizer!r} 최적화 방법에 없습니다. 쓸 수 있는 옵션: {options}.",
    ),
    "optimizer.state": (
        "`state` has no entry {entry!r}, which {optimizer} needs: it was made by another optimizer. "
        "Start with `state = optimizer.init(params)`.",
        "`state`에 {optimizer}의 {entry!r} 항목이 없습니다. 다른 최적화 방법이 만든 상태입니다. "
        "`state = optimizer.init(params)`부터 시작하세요.",
    ),
    "schedule.rate": (
        "`learning_rate` gave {value!r} at step {step}; a schedule must give a finite number that is not negative.",
        "`learning_rate`의 {step}번째 스텝 값은 {value!r}입니다. 학습률 스케줄의 값은 0 이상의 유한한 수여야 합니다.",
    ),
}

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
    "optimizer.state-foreign": (
        "`state` has an entry {entry!r}, which {optimizer} does not keep: it was made by another optimizer. "
        "Start with `state = optimizer.init(params)`.",
        "`state`에 있는 항목 {entry!r}: {optimizer}에는 없는 항목이며, 다른 최적화 방법이 만든 상태입니다. "
        "`state = optimizer.init(params)`부터 시작하세요.",
    ),
    "optimizer.state-form": (
        "`state` must be the dict that {optimizer}'s `init` or `update` returned, not {kind}.",
        "`state`에는 {optimizer}의 `init`이나 `update`가 돌려준 딕셔너리가 필요합니다. 받은 형: {kind}.",
    ),
    "schedule.rate": (
        "`learning_rate` gave {value!r} at step {step}; a schedule must give a finite number that is not negative.",
        "`learning_rate`의 {step}번째 스텝 값은 {value!r}입니다. 학습률 스케줄의 값은 0 이상의 유한한 수여야 합니다.",
    ),
}

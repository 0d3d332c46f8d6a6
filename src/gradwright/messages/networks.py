"""Sentences of the functions, the layers and the networks."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cost.total": (
        "one numerical gradient evaluates the loss {evaluations:,} times",
        "수치 미분으로 기울기를 한 번 구하는 데 손실 함수를 {evaluations:,}번 계산합니다",
    ),
}

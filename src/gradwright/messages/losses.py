"""Sentences of the losses, the activations and the measures of information."""

MESSAGES: dict[str, tuple[str, str]] = {
    "argument.base": (
        "`{name}` must be a positive number other than 1, not {value!r}. Use base=2 for bits, or leave it out for nats.",
        "`{name}`의 값은 1이 아닌 양수여야 합니다. 받은 값: {value!r}. 비트 단위는 base=2, 내트 단위는 생략하면 됩니다.",
    ),
    "array.no-axis": (
        "`{name}` is a single number; it must be an array whose last axis runs over the classes or outcomes.",
        "`{name}`의 값은 숫자 하나입니다. 마지막 축에 클래스나 사건이 놓인 배열이어야 합니다.",
    ),
    "probs.range": (
        "`{name}` must hold probabilities, 0 to 1, but it holds {value} at index {index}.",
        "`{name}`에는 0에서 1 사이의 확률이 들어 있어야 하는데 {index} 위치의 값은 {value}입니다.",
    ),
    "probs.not-softmax": (
        "`{name}` must hold probabilities, 0 to 1, but it holds {value} at index {index}. Apply softmax first, or give "
        "the logits to cross_entropy_with_logits.",
        "`{name}`에는 0에서 1 사이의 확률이 들어 있어야 하는데 {index} 위치의 값은 {value}입니다. 먼저 softmax를 적용하거나 "
        "로짓을 cross_entropy_with_logits에 주세요.",
    ),
    "loss.output-shape": (
        "`{name}` has shape {shape}; it must be (n,) for one sample or (batch, n) for a batch.",
        "`{name}`의 형상은 {shape}입니다. 샘플 하나면 (n,), 배치면 (batch, n)이어야 합니다.",
    ),
    "loss.target-shape": (
        "`{name}` has shape {shape} but `{output}` has shape {output_shape}; `{name}` must be integer labels of shape "
        "{labels_shape}, or one-hot rows or probabilities of shape {output_shape}.",
        "`{name}`의 형상은 {shape}인데 `{output}`의 형상은 {output_shape}입니다. `{name}`에는 형상 {labels_shape}의 정수 "
        "레이블이나 형상 {output_shape}의 원-핫 또는 확률이 필요합니다.",
    ),
    "loss.needs-one-hot": (
        "`{name}` has shape {shape} but `{output}` has shape {output_shape}; they must be the same. If `{name}` holds "
        "class labels, write one_hot({name}, {n_classes}).",
        "`{name}`의 형상은 {shape}인데 `{output}`의 형상은 {output_shape}입니다. 둘은 같아야 합니다. `{name}`의 내용이 클래스 "
        "레이블이면 one_hot({name}, {n_classes})처럼 쓰세요.",
    ),
    "loss.target-negative": (
        "`{name}` must hold one-hot rows or probabilities, 0 or more, but it holds {value} at index {index}.",
        "`{name}`에는 0 이상의 원-핫 값이나 확률이 들어 있어야 하는데 {index} 위치의 값은 {value}입니다.",
    ),
    "labels.range": (
        "`{name}` holds the label {label} at index {index}, but labels count from 0: with {n_classes} classes they must "
        "be 0 to {last}.",
        "`{name}`의 {index} 위치에 레이블 {label} 값이 있습니다. 레이블은 0부터 세므로 클래스가 {n_classes}개이면 0에서 {last} "
        "사이여야 합니다.",
    ),
    "labels.not-integer": (
        "`{name}` has the shape of labels, {shape}, but its dtype is {dtype}; labels must be integers. Convert it to "
        "integers first.",
        "`{name}`의 형상은 {shape}, 곧 레이블의 형상인데 dtype은 {dtype}입니다. 레이블은 정수여야 합니다. 먼저 정수로 변환하세요.",
    ),
}

"""Sentences of the layers and the networks."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cost.told": (
        "a numerical gradient of this network evaluates the loss {evaluations:,} times ({parts}), two for each "
        "parameter; gradient(), by backpropagation, needs one pass forward and one back.",
        "이 신경망의 기울기를 수치 미분으로 구하려면 손실 함수를 {evaluations:,}번({parts}), 매개변수마다 두 번씩 계산해야 합니다. "
        "오차역전파법을 쓰는 gradient()는 순전파와 역전파 한 번씩이면 됩니다.",
    ),
    "init.unknown": (
        "`init` must be a positive number, 'auto', 'he' or 'xavier', not {value!r}.",
        "`init`의 값은 양수, 'auto', 'he', 'xavier' 가운데 하나여야 합니다. 받은 값: {value!r}.",
    ),
    "affine.input": (
        "Affine{name}: `x` has shape {shape} but `weight` has shape {weight}; the last axis of `x` must be {expected}.",
        "Affine{name}: `x`의 형상은 {shape}인데 `weight`의 형상은 {weight}입니다. `x`의 마지막 축의 길이는 {expected}이어야 합니다.",
    ),
    "affine.chain": (
        "Affine '{name}' takes {n_in} inputs, but the layer before it gives {before}. Make the two the same.",
        "Affine '{name}'의 입력은 {n_in}개인데 앞 층의 출력은 {before}개입니다. 둘을 같게 하세요.",
    ),
    "network.sizes": (
        "`sizes` must hold at least the number of inputs and of outputs, not {value}.",
        "`sizes`에는 적어도 입력 수와 출력 수가 있어야 합니다. 받은 값: {value}.",
    ),
    "network.not-savable": (
        "a network with {kind} cannot be saved: the file keeps the name of each layer and of the loss, and {kind} is not "
        "one that gradwright knows. Save `params` yourself, for example with numpy.savez.",
        "{kind} 때문에 이 신경망은 저장할 수 없습니다. 파일에는 층과 손실 함수의 이름만 저장되는데 gradwright가 모르는 이름입니다. "
        "numpy.savez 등으로 `params`를 직접 저장하세요.",
    ),
    "params.form": (
        "`params` must be a dict of arrays, not {kind}.",
        "`params`에는 배열의 딕셔너리가 필요합니다. 받은 형: {kind}.",
    ),
    "params.missing": (
        "`params` has no entry {name!r}, which this network needs: an array of shape {shape}.",
        "`params`에 {name!r} 항목이 없습니다. 이 신경망에 필요한 항목입니다. 형상이 {shape}인 배열을 넣으세요.",
    ),
    "params.kind": (
        "`params[{name!r}]` must be an array of shape {shape}, not {kind}. Make it one with np.array(...).",
        "`params[{name!r}]`에는 형상이 {shape}인 배열이 필요합니다. 받은 형: {kind}. np.array(...)로 만드세요.",
    ),
    "params.shape": (
        "`params[{name!r}]` has shape {shape}, but its layer needs {expected}.",
        "`params[{name!r}]`의 형상은 {shape}인데 이 층에 필요한 형상은 {expected}입니다.",
    ),
    "params.dtype": (
        "`params[{name!r}]` must hold floating-point numbers, but its dtype is {dtype}. Convert it first.",
        "`params[{name!r}]`에는 부동소수점 수가 들어 있어야 하는데 dtype은 {dtype}입니다. 먼저 변환하세요.",
    ),
    "params.apart": (
        "`params[{name!r}]` ({own}) does not go with `params[{first!r}]` ({its}): make all of them arrays of one library, "
        "dtype and device.",
        "`params[{name!r}]`({own})의 배열은 `params[{first!r}]`({its})의 배열과 함께 계산할 수 없습니다. 라이브러리, dtype, 장치를 모두 "
        "같게 하세요.",
    ),
    "params.non-finite": (
        "`params[{name!r}]` holds {what} at {index} ({count} in all), so nothing can be computed with it. Load a saved model, "
        "or make the network anew and train it with a lower `learning_rate`.",
        "`params[{name!r}]`의 {index} 위치에 {what} 값이 있어(모두 {count}개) 계산할 수 없습니다. 저장해 둔 모델을 불러오거나, 신경망을 다시 "
        "만들어 더 작은 `learning_rate`로 학습하세요.",
    ),
    "network.overflow": (
        "the outputs overflow {dtype}, though all of `params` is finite: the weights or the inputs are too large. Scale the "
        "inputs, or use a smaller `init`.",
        "`params`의 값은 모두 유한하지만 출력이 {dtype}의 범위를 넘습니다. 가중치나 입력이 너무 큽니다. 입력의 크기를 조정하거나 `init`의 값을 "
        "줄이세요.",
    ),
    "network.no-affine": (
        "`layers` must hold at least one Affine layer; without one there is nothing to learn.",
        "`layers`에는 Affine 층이 하나 이상 있어야 합니다. 없으면 학습할 것이 없습니다.",
    ),
    "network.no-accuracy": (
        "a network with {loss} predicts numbers, not classes, so it has no accuracy. Look at its loss.",
        "손실 함수가 {loss}인 신경망은 클래스가 아니라 숫자를 예측하므로 정확도가 없습니다. 손실 함수의 값을 보세요.",
    ),
    "network.input": (
        "`x` has shape {shape}; it must be (n_samples, {n_in}), or ({n_in},) for one sample.",
        "`x`의 형상은 {shape}입니다. (샘플 수, {n_in}) 또는 샘플 하나면 ({n_in},)이어야 합니다.",
    ),
    "network.pair": (
        "`x` has shape {shape} but `t` has shape {t_shape}; there must be one answer for each sample.",
        "`x`의 형상은 {shape}인데 `t`의 형상은 {t_shape}입니다. 샘플마다 정답이 하나씩 있어야 합니다.",
    ),
    "model.chain": (
        "layers of which each takes as many numbers as the one before gives",
        "앞 층의 출력 수와 다음 층의 입력 수가 같은 층들",
    ),
    "model.layer": ("a layer of a kind and with settings that there are", "종류와 설정이 올바른 층"),
    "model.arrays": ("the arrays of its layers, {names}", "층에 맞는 배열 {names}"),
    "model.array": ("floating numbers of shape {shape}", "형상이 {shape}인 실수 배열"),
    "metadata.entry": (
        "`metadata[{entry!r}]` must be {expected}, not {value!r}: predictions and exports go by it. Set it right, or "
        "leave it out.",
        "`metadata[{entry!r}]` 항목은 예측하고 내보낼 때 쓰이며, 필요한 것은 {expected}입니다. 받은 값: {value!r}. 바로잡거나 빼세요.",
    ),
    "metadata.json": (
        "`metadata` must be a dict of what JSON can hold: {reason}. Keep text, numbers, lists and dicts there.",
        "`metadata`에는 JSON에 담을 수 있는 딕셔너리가 필요합니다({reason}). 문자열, 숫자, 리스트, 딕셔너리만 넣으세요.",
    ),
    "metadata.classes": (
        "{count} different names, one for each output",
        "출력마다 하나씩 서로 다른 이름 {count}개",
    ),
    "metadata.features": ("{count} names, one for each input", "입력마다 하나씩 이름 {count}개"),
    "metadata.image-shape": (
        "[height, width], of which the product is {count}",
        "곱이 {count}인 [높이, 너비]",
    ),
    "metadata.image-range": ("two finite numbers, the lower first", "작은 것이 먼저인 유한한 수 두 개"),
    "metadata.scaling": (
        "`mean` and `scale` of {count} finite numbers each, the scales above 0",
        "유한한 수가 {count}개씩 있는 `mean`, `scale`(`scale`의 수는 모두 양수)",
    ),
}

"""What gradient checks say: verdicts, entries, causes with their evidence and their cures."""

from __future__ import annotations

_PLACE = {
    "kind.rows": ("row", "행"),
    "kind.columns": ("column", "열"),
}

_VERDICTS = {
    "check.passed": (
        "gradient check passed: {checked:,} of {total:,} entries agree ({evaluations:,} evaluations)",
        "기울기 확인 통과: 전체 {total:,}개 가운데 {checked:,}개 항목이 일치합니다(함수 계산 {evaluations:,}번)",
    ),
    "check.wrong": (
        "gradient check FAILED: {wrong:,} of {checked:,} entries are wrong ({evaluations:,} evaluations)",
        "기울기 확인 실패: 확인한 {checked:,}개 항목 가운데 {wrong:,}개가 틀립니다(함수 계산 {evaluations:,}번)",
    ),
    "check.misbehaves": (
        "gradient check FAILED: the numbers at this point are right, but the gradient misbehaves ({evaluations:,} evaluations)",
        "기울기 확인 실패: 이 점에서 값은 맞지만 기울기 함수의 동작이 잘못되었습니다(함수 계산 {evaluations:,}번)",
    ),
    "check.wrong-along": (
        "gradient check FAILED: {total:,} entries were checked along {directions} random directions, {found} wrong ones "
        "were found one by one ({evaluations:,} evaluations)",
        "기울기 확인 실패: {total:,}개 항목을 무작위 방향 {directions}개로 확인했고, 틀린 항목 {found}개를 찾아냈습니다(함수 계산 "
        "{evaluations:,}번)",
    ),
    "check.inconclusive": (
        "gradient check inconclusive: {unclear:,} of {checked:,} entries could not be decided, too few of their digits "
        "can be trusted ({evaluations:,} evaluations)",
        "기울기 확인 판단 불가: {checked:,}개 가운데 {unclear:,}개 항목은 믿을 수 있는 자릿수가 모자라 판단할 수 없습니다"
        "(함수 계산 {evaluations:,}번)",
    ),
    "check.seed": (
        "drawn with the seed {seed}",
        "난수 시드 {seed}",
    ),
    "check.column-entry": ("entry", "항목"),
    "check.column-analytic": ("analytic", "해석적 미분"),
    "check.column-numeric": ("numeric", "수치 미분"),
    "check.column-error": ("error", "오차"),
    "check.column-tolerance": ("tolerance", "허용 오차"),
    "check.more": ("  ... and {count:,} more", "  ... 외 {count:,}개"),
    "check.kinks": (
        "kinks (a value between the two one-sided slopes is right there): {entries}",
        "꺾인 점(좌우 미분계수 사이의 값이면 맞습니다): {entries}",
    ),
    "check.unclear": ("too few digits to decide: {entries}", "자릿수가 모자라 판단하지 못한 항목: {entries}"),
    "check.taylor": (
        "second opinion: the Taylor remainder falls with order {order:.2f} (2 where a gradient is right; with the measured one "
        "{right_order:.2f})",
        "두 번째 확인: 테일러 나머지가 {order:.2f}차로 줄어듭니다(기울기가 맞으면 2차, 측정한 기울기로는 {right_order:.2f}차)",
    ),
    "check.failed": ("{report_en}", "{report_ko}"),
}

_NETWORK = {
    "gradient.none": (
        "`{name}` has None for {where}. Return an array for each of x's; what does not matter has a gradient of zeros.",
        "`{name}`의 {where} 항목이 None입니다. x의 배열마다 배열 하나를 돌려주세요. 영향이 없는 것의 기울기는 0입니다.",
    ),
    "gradient.integers": (
        "`{name}` has the dtype {dtype}: whole numbers, of which nothing is left but the part before the point. Compute it in "
        "floats (`np.zeros(x.shape)`, not `np.zeros_like` of integers).",
        "`{name}`의 dtype이 {dtype}입니다. 정수에는 소수점 아래가 남지 않습니다. 실수로 계산하세요(정수 배열의 `np.zeros_like`가 아니라 "
        "`np.zeros(x.shape)`).",
    ),
    "gradient.device": (
        "`{name}` is on the device {device}, but x is on {expected}. Return it on the device of x.",
        "`{name}`의 장치는 {device}인데 x의 장치는 {expected}입니다. x와 같은 장치에 돌려주세요.",
    ),
    "network.params": (
        "`params` must be a dict of arrays such as {{'W1': ..., 'b1': ..., 'W2': ..., 'b2': ...}}, not {kind}.",
        "`params`는 {{'W1': ..., 'b1': ..., 'W2': ..., 'b2': ...}}와 같은 배열의 dict여야 합니다. 받은 것: {kind}",
    ),
    "network.names": (
        "`params` must be named W1, b1, W2, b2, ... without a gap (a bias may be missing); it has: {names}.",
        "`params`의 이름은 W1, b1, W2, b2, ...처럼 빠짐없이 이어져야 합니다(편향은 없어도 됩니다). 받은 이름: {names}",
    ),
    "network.axes": (
        "`x` must be a batch of shape (n, n_in) with at least one sample; it has shape {shape}.",
        "`x`는 샘플이 하나 이상인 (n, n_in) 형상의 배치여야 합니다. 받은 형상: {shape}",
    ),
    "network.weight": (
        "`{name}` has shape {shape}, but what it is multiplied with has {width} columns: it must have {width} rows.",
        "`{name}`의 형상은 {shape}인데 곱해지는 배열의 열은 {width}개입니다. 행이 {width}개여야 합니다.",
    ),
    "network.probabilities": (
        "`t` of shape {shape} must hold a probability for each class: none below 0, and each row must sum to 1.",
        "형상이 {shape}인 `t`에는 클래스마다 확률이 있어야 합니다. 0보다 작은 값이 없고 행마다 합이 1이어야 합니다.",
    ),
    "network.answers": (
        "`t` must be whole-number labels of shape ({count},) or rows of probabilities of shape ({count}, {classes}); it has shape "
        "{shape}.",
        "`t`는 형상 ({count},)의 정수 레이블이거나 형상 ({count}, {classes})의 확률이어야 합니다. 받은 형상: {shape}",
    ),
}

_CAUSES = {
    "cause.line": ("cause: {code}\n  {evidence}\n  cure: {cure}", "원인: {code}\n  {evidence}\n  해결: {cure}"),
    "cause.mistake": (
        "{where}: agrees to {agreement:.1g} with a backward pass that has `{wrote}` where `{right}` belongs ({layers}); the right "
        "one is {apart:.2g} away",
        "{where}: 올바른 줄 `{right}` 대신 `{wrote}` 줄이 들어간 역전파의 결과입니다({layers}, 일치 {agreement:.1g}). 올바른 기울기와의 차이: "
        "{apart:.2g}",
    ),
    "cause.mistake-fitted": (
        "{where}: agrees to {agreement:.1g} with a backward pass that has `{wrote}` where `{right}` belongs, with learning_rate = "
        "{rate:.6g}; the right one is {apart:.2g} away",
        "{where}: 올바른 줄 `{right}` 대신 `{wrote}` 줄이 들어간 역전파의 결과입니다(학습률 {rate:.6g}, 일치 {agreement:.1g}). 올바른 "
        "기울기와의 차이: {apart:.2g}",
    ),
    "cause.all-layers": ("at every layer", "모든 층"),
    "cause.one-layer": ("at layer {layer}", "{layer}층"),
    "cause.mutates-input.evidence": (
        "a call of the gradient changed {count:,} entries of `{array}`, by up to {most:.3g}",
        "기울기를 한 번 계산했더니 `{array}`의 항목 {count:,}개가 최대 {most:.3g}만큼 바뀌었습니다",
    ),
    "cause.mutates-input.cure": (
        "Work on a copy (`x = x.copy()`), and use no `+=` or `-=` on what came in.",
        "복사본으로 계산하고(`x = x.copy()`), 받은 배열에 `+=`나 `-=`를 쓰지 마세요.",
    ),
    "cause.stochastic.evidence": (
        "two calls at the same point differ by {spread:.2g} of the largest entry",
        "같은 점에서 두 번 계산한 값이 가장 큰 항목의 {spread:.2g}배만큼 다릅니다",
    ),
    "cause.stochastic.cure": (
        "Seed what is random in it (dropout, sampling, shuffled batches), or switch it off for a check.",
        "무작위 요소(드롭아웃, 표본 추출, 미니배치 섞기)의 시드를 고정하거나 확인하는 동안 끄세요.",
    ),
    "cause.accumulates.evidence": (
        "each call adds the same to what was returned before: the third minus the second is the second minus the first, to "
        "{apart:.1g}",
        "부를 때마다 이전 결과에 같은 값이 더해집니다. 셋째와 둘째의 차가 둘째와 첫째의 차와 {apart:.1g} 이내로 같습니다",
    ),
    "cause.accumulates.cure": (
        "Set stored gradients to zero before each backward pass, or assign with `=` instead of `+=`.",
        "역전파마다 저장된 기울기를 0으로 지우거나 `+=` 대신 `=`로 대입하세요.",
    ),
    "cause.stale-cache.evidence": (
        "along one direction it says {told:.8g}, where f rises by {here:.8g}; {there:.8g} is the slope at the point that it was "
        "called with before",
        "한 방향의 값이 {told:.8g}인데 f의 기울기는 {here:.8g}입니다. 그 전에 부른 점에서의 기울기는 {there:.8g}입니다",
    ),
    "cause.stale-cache.once": (
        "the first call at this point gave another result than the calls after it, by {spread:.2g} of the largest entry: what a "
        "call returns depends on the call before",
        "이 점에서 첫 호출의 결과가 다음 호출들과 가장 큰 항목의 {spread:.2g}배만큼 다릅니다. 결과가 이전 호출에 따라 달라집니다",
    ),
    "cause.stale-cache.batch": (
        "it agrees to {agreement:.1g} with the gradient for {seen}, and is {apart:.2g} away from that for the batch it was given",
        "{seen}에 대한 기울기와 {agreement:.1g} 이내로 일치하고, 받은 배치의 기울기와는 {apart:.2g}만큼 다릅니다",
    ),
    "cause.stale-cache.cure": (
        "Run the forward pass anew in each call; keep nothing from the call before.",
        "부를 때마다 순전파를 새로 계산하고 이전 호출의 값을 남겨 두지 마세요.",
    ),
    "cause.ignores-input.evidence": (
        "it returns the same at two points, {told:.8g} along one direction, where f rises by {here:.8g} at one and {there:.8g} at "
        "the other",
        "두 점에서 같은 값({told:.8g})을 돌려주지만 f의 기울기는 서로 다릅니다({here:.8g}, {there:.8g})",
    ),
    "cause.ignores-input.batch": (
        "it agrees to {agreement:.1g} with the gradient for {seen}, whatever it is given",
        "무엇을 주든 {seen}에 대한 기울기와 {agreement:.1g} 이내로 일치합니다",
    ),
    "cause.ignores-input.cure": (
        "Compute with the arguments, not with arrays of the same name outside the function.",
        "함수 밖의 같은 이름 배열이 아니라 인수로 계산하세요.",
    ),
    "seen.part": (
        "a part of its first call (activations, answers or probabilities)",
        "첫 호출의 일부(활성값, 정답, 확률)",
    ),
    "seen.no-params": (
        "parameters of its own: with other ones it gives the same",
        "자기만의 매개변수: 다른 것을 주어도 결과가 같습니다",
    ),
    "seen.no-batch": (
        "a batch of its own: with another one it gives the same",
        "자기만의 배치: 다른 것을 주어도 결과가 같습니다",
    ),
    "seen.constant": ("nothing in particular: two calls with other arrays give the same", "특정 입력과 무관한 같은 값"),
    "seen.first-batch": ("the batch of its first call", "처음 부른 배치"),
    "seen.first-params": ("the parameters of its first call", "처음 부른 매개변수"),
    "seen.first-call": ("its first call", "첫 호출"),
    "seen.own": ("the arrays that were handed to the check", "확인에 넘긴 배열"),
    "seen.own-batch": ("the batch that was handed to the check", "확인에 넘긴 배치"),
    "seen.own-params": ("the parameters that were handed to the check", "확인에 넘긴 매개변수"),
    "cause.upstream-ignored.evidence": (
        "two different upstream gradients give the same result, to {agreement:.1g}",
        "서로 다른 상류 기울기 두 개에 대한 결과가 {agreement:.1g} 이내로 같습니다",
    ),
    "cause.upstream-ignored.ones": (
        "{where}: it is the result for an upstream gradient of ones, to {agreement:.1g}",
        "{where}: 상류 기울기가 모두 1일 때의 결과와 {agreement:.1g} 이내로 일치합니다",
    ),
    "cause.upstream-ignored.cure": (
        "Multiply by the gradient that comes from above: dx = upstream * local derivative (or upstream @ W.T).",
        "위에서 흘러온 기울기를 곱하세요: dx = 상류 기울기 * 국소 미분(또는 상류 기울기 @ W.T).",
    ),
    "cause.missing-batch-mean.evidence": (
        "{where}: wrong everywhere by the factor {factor:.6g}, the batch size {n} (agreement {agreement:.1g}): the mean over the "
        "batch was not taken",
        "{where}: 모든 항목이 배치 크기 {n}만큼({factor:.6g}배) 큽니다(일치 {agreement:.1g}). 배치에 대한 평균을 내지 않았습니다",
    ),
    "cause.missing-batch-mean.guessed": (
        "{where}: wrong everywhere by the whole number {n}; if that is the batch size, the mean over the batch was not taken",
        "{where}: 모든 항목이 정수 {n}배입니다. 이것이 배치 크기라면 배치에 대한 평균을 내지 않은 것입니다",
    ),
    "cause.missing-batch-mean.cure": (
        "Divide the gradient of the loss by the batch size: dy = (y - t) / n.",
        "손실의 기울기를 배치 크기로 나누세요: dy = (y - t) / n.",
    ),
    "cause.extra-batch-mean.evidence": (
        "{where}: wrong everywhere by the factor {factor:.6g}, one over the batch size {n} (agreement {agreement:.1g}): the mean "
        "over the batch was taken twice",
        "{where}: 모든 항목이 배치 크기 {n}분의 1({factor:.6g}배)입니다(일치 {agreement:.1g}). 배치에 대한 평균을 두 번 냈습니다",
    ),
    "cause.extra-batch-mean.guessed": (
        "{where}: wrong everywhere by the factor 1/{n}; if {n} is the batch size, the mean was taken twice",
        "{where}: 모든 항목이 1/{n}배입니다. 배치 크기가 {n}개라면 평균을 두 번 낸 것입니다",
    ),
    "cause.extra-batch-mean.cure": (
        "Divide by the batch size once: where the loss is a mean, neither dW nor db is divided again.",
        "배치 크기로 한 번만 나누세요. 손실이 평균이면 dW와 db는 다시 나누지 않습니다.",
    ),
    "cause.sign.evidence": (
        "{where}: right in size and of the opposite sign everywhere (agreement {agreement:.1g})",
        "{where}: 모든 항목의 크기는 맞고 부호가 반대입니다(일치 {agreement:.1g})",
    ),
    "cause.sign.cure": (
        "Turn the sign: the gradient of the loss is y - t, not t - y; the descent subtracts it.",
        "부호를 바꾸세요. 손실의 기울기는 t - y가 아니라 y - t이고, 빼는 것은 경사 하강법의 몫입니다.",
    ),
    "cause.transposed.evidence": (
        "{where}: transposed it is right (agreement {agreement:.1g})",
        "{where}: 전치하면 맞습니다(일치 {agreement:.1g})",
    ),
    "cause.transposed.factor": (
        "{where}: the upstream was multiplied with a matrix whose transpose gives the right result (agreement {agreement:.1g})",
        "{where}: 상류 기울기에 곱한 행렬을 전치하면 맞습니다(일치 {agreement:.1g})",
    ),
    "cause.transposed.cure": (
        "Transpose the other factor: dW = x.T @ dy and dx = dy @ W.T.",
        "다른 쪽 행렬을 전치하세요: dW = x.T @ dy, dx = dy @ W.T.",
    ),
    "cause.swapped-parameters.evidence": (
        "{where}: the gradients are each other's (agreement {agreement:.1g})",
        "{where}: 두 기울기가 서로 바뀌었습니다(일치 {agreement:.1g})",
    ),
    "cause.swapped-parameters.cure": (
        "Return each gradient under its own parameter's name.",
        "각 기울기를 해당 매개변수의 이름으로 돌려주세요.",
    ),
    "cause.softmax-diagonal-only.sum": (
        "{where}: it is upstream * y (agreement {agreement:.1g}): the sum over the classes is not taken away",
        "{where}: 상류 기울기 * y만 계산한 값입니다(일치 {agreement:.1g}). 클래스에 대한 합을 빼지 않았습니다",
    ),
    "cause.activation-derivative-misplaced.line": (
        "{where}: it is `{line}`, with u the upstream, x the input and y the output (agreement {agreement:.1g}): that is no derivative "
        "of this function",
        "{where}: `{line}` 식의 값입니다(u는 상류 기울기, x는 입력, y는 출력, 일치 {agreement:.1g}). 이 함수의 미분이 아닙니다",
    ),
    "cause.bias-axis.line": (
        "{where}: it is `{line}`, with u the upstream (agreement {agreement:.1g})",
        "{where}: `{line}` 식의 값입니다(u는 상류 기울기, 일치 {agreement:.1g})",
    ),
    "cause.softmax-diagonal-only.plain": (
        "{where}: it is upstream * y * (1 - y), the diagonal of the Jacobian alone (agreement {agreement:.1g})",
        "{where}: 상류 기울기 * y * (1 - y), 곧 야코비 행렬의 대각 성분만 쓴 값입니다(일치 {agreement:.1g})",
    ),
    "cause.softmax-diagonal-only.cure": (
        "Each probability depends on all logits: with cross-entropy the whole Jacobian gives dz = (y - t) / n.",
        "각 확률은 모든 로짓에 의존합니다. 교차 엔트로피와 함께 야코비 행렬 전체를 쓰면 dz = (y - t) / n입니다.",
    ),
    "cause.bias-axis.total": (
        "{where}: every entry is {value:.6g}, the sum {total:.6g} of what each should be: summed over all axes",
        "{where}: 모든 항목의 값이 {value:.6g}입니다. 올바른 항목들의 합({total:.6g})과 같으니 모든 축으로 더한 것입니다",
    ),
    "cause.bias-axis.mean": (
        "{where}: every entry is {value:.6g}, the mean {total:.6g} of what each should be: averaged over the units",
        "{where}: 모든 항목의 값이 {value:.6g}입니다. 올바른 항목들의 평균({total:.6g})과 같으니 유닛에 대해 평균을 낸 것입니다",
    ),
    "cause.bias-axis.cure": (
        "Sum over the batch and nothing else: db = dy.sum(axis=0).",
        "배치 축으로만 더하세요: db = dy.sum(axis=0).",
    ),
    "cause.activation-derivative-missing.plain": (
        "{where}: times the derivative of {activation} it is right (agreement {agreement:.1g})",
        "{where}: {activation}의 미분을 곱하면 맞습니다(일치 {agreement:.1g})",
    ),
    "cause.activation-derivative-missing.cure": (
        "Multiply by the derivative of the activation on the way back: dz = dh * f'(z).",
        "역전파에서 활성화 함수의 미분을 곱하세요: dz = dh * f'(z).",
    ),
    "cause.activation-derivative-misplaced.output": (
        "{where}: the derivative of {activation} was taken at its output instead of its input (agreement {agreement:.1g})",
        "{where}: {activation}의 미분을 입력이 아니라 출력에서 계산했습니다(일치 {agreement:.1g})",
    ),
    "cause.activation-derivative-misplaced.formula": (
        "{where}: the formula for the derivative of {activation} by its output was given the input (agreement {agreement:.1g})",
        "{where}: 출력으로 쓰는 {activation} 미분 공식에 입력을 넣었습니다(일치 {agreement:.1g})",
    ),
    "cause.activation-derivative-misplaced.value": (
        "{where}: {activation} itself stands where its derivative belongs (agreement {agreement:.1g})",
        "{where}: {activation}의 미분 자리에 함숫값이 있습니다(일치 {agreement:.1g})",
    ),
    "cause.activation-derivative-misplaced.cure": (
        "Take the derivative at the pre-activation z; with the output y = f(z) it is y * (1 - y) for sigmoid, 1 - y**2 for "
        "tanh.",
        "활성화 전 값 z에서 미분하세요. 출력 y = f(z)로 쓰면 시그모이드는 y * (1 - y), tanh는 1 - y**2입니다.",
    ),
    "cause.updated-too-early.cure": (
        "Compute all gradients first and update the parameters afterwards.",
        "모든 기울기를 먼저 계산한 다음에 매개변수를 갱신하세요.",
    ),
    "cause.single-entry.evidence": (
        "only {entry} is wrong, {analytic:.8g} where {numeric:.8g} was measured; {count:,} others of its array agree",
        "{entry} 하나만 틀립니다. {analytic:.8g}인데 측정값은 {numeric:.8g}입니다. 같은 배열의 나머지 {count:,}개는 일치합니다",
    ),
    "cause.single-entry.cure": (
        "Look at how this entry is computed: an index off by one, an edge, a special case.",
        "이 항목의 계산을 살펴보세요. 하나 어긋난 인덱스, 가장자리, 특수한 경우를 의심하세요.",
    ),
    "cause.zero-block.evidence": (
        "{where}: {count:,} of {total:,} entries are exactly 0 where up to {largest:.3g} was measured; the others agree",
        "{where}: {total:,}개 가운데 {count:,}개 항목이 정확히 0이지만 측정값은 최대 {largest:.3g}입니다. 나머지는 일치합니다",
    ),
    "cause.zero-block.cure": (
        "This part was never filled in: look for a loop that stops early, a slice, a detached or masked branch.",
        "이 부분이 채워지지 않았습니다. 일찍 끝나는 반복문, 슬라이스, 끊기거나 가려진 갈래를 찾아보세요.",
    ),
    "cause.factor.evidence": (
        "{where}: wrong everywhere by the factor {factor:.6g} (agreement {agreement:.1g})",
        "{where}: 모든 항목이 {factor:.6g}배입니다(일치 {agreement:.1g})",
    ),
    "cause.factor.lines": (
        "{where}: wrong by one factor in each {kind}: {factors} (agreement {agreement:.1g})",
        "{where}: {kind}마다 일정한 배수만큼 틀립니다: {factors}(일치 {agreement:.1g})",
    ),
    "cause.factor.cure": (
        "A constant was lost or added: a 1/2 in the loss, a weight, a scale, a step counted twice.",
        "상수가 빠지거나 더 들어갔습니다. 손실의 1/2, 가중치, 배율, 두 번 더한 항을 확인하세요.",
    ),
    "cause.weight-decay.left-in": (
        "{where}: too large by {rate:.6g} times the parameter itself (agreement {agreement:.1g}): weight decay that the loss does "
        "not have",
        "{where}: 매개변수의 {rate:.6g}배만큼 큽니다(일치 {agreement:.1g}). 손실에 없는 가중치 감소가 들어 있습니다",
    ),
    "cause.weight-decay.left-out": (
        "{where}: too small by {rate:.6g} times the parameter itself (agreement {agreement:.1g}): weight decay of the loss that "
        "the gradient leaves out",
        "{where}: 매개변수의 {rate:.6g}배만큼 작습니다(일치 {agreement:.1g}). 손실에 있는 가중치 감소가 기울기에 빠졌습니다",
    ),
    "cause.weight-decay.cure": (
        "Have weight decay in both or in neither: loss + rate / 2 * (W**2).sum() goes with dW + rate * W.",
        "가중치 감소를 둘 다에 넣거나 둘 다에서 빼세요: 손실 + 계수 / 2 * (W**2).sum()에는 dW + 계수 * W가 맞습니다.",
    ),
    "cause.permuted.evidence": (
        "{where}: the right numbers, but {count:,} of them in another's place (agreement {agreement:.1g})",
        "{where}: 값은 맞지만 {count:,}개의 자리가 서로 바뀌었습니다(일치 {agreement:.1g})",
    ),
    "cause.permuted.cure": (
        "Look for a reshape in the wrong order, reversed axes, or indices of another order than the parameters'.",
        "잘못된 순서의 reshape, 뒤집힌 축, 매개변수와 다른 순서의 인덱스를 찾아보세요.",
    ),
    "cause.kink.evidence": (
        "at {count:,} entries, such as {entry}, f has a kink: there any value between the two one-sided slopes is right",
        "{entry} 등 {count:,}개 항목에서 f가 꺾입니다. 그곳에서는 좌우 미분계수 사이의 값이면 맞습니다",
    ),
    "cause.kink.cure": (
        "Nothing is wrong; to check more strictly, move x off the kink.",
        "틀린 것이 아닙니다. 더 엄격하게 확인하려면 x를 꺾인 점에서 옮기세요.",
    ),
    "cause.precision.evidence": (
        "{count:,} of {checked:,} derivatives are known to too few digits to tell a right gradient from a wrong one",
        "미분 {checked:,}개 가운데 {count:,}개는 자릿수가 모자라 기울기의 옳고 그름을 가릴 수 없습니다",
    ),
    "cause.precision.cure": (
        "Compute f in float64, or with less noise; or check at a point where the loss is neither flat nor huge.",
        "f를 float64로 또는 더 적은 잡음으로 계산하거나, 손실이 너무 평평하거나 크지 않은 점에서 확인하세요.",
    ),
    "cause.unknown.evidence": (
        "{where}: no mistake that is known gives these numbers",
        "{where}: 알려진 어떤 실수로도 이 값이 나오지 않습니다",
    ),
    "cause.unknown.cure": (
        "Check the steps of the backward pass one by one with `check_vjp`, the last first.",
        "역전파의 단계를 마지막부터 하나씩 `check_vjp`로 확인하세요.",
    ),
}

MESSAGES: dict[str, tuple[str, str]] = {
    **_PLACE,
    **_VERDICTS,
    **_NETWORK,
    **_CAUSES,
}

"""Sentences that explain the way back through a network, step by step."""

MESSAGES: dict[str, tuple[str, str]] = {
    "explain.title": (
        "Backpropagation step by step: {parameters:,} parameters, a batch of N = {count:,}, loss {loss:.6g}",
        "오차역전파법 한 단계씩: 매개변수 {parameters:,}개, 배치 크기 N = {count:,}, 손실 함수의 값 {loss:.6g}",
    ),
    "explain.forward": ("Forward", "순전파"),
    "explain.backward": (
        "Backward: each line uses the results of the lines before it and the values of the forward pass.",
        "역전파: 각 줄은 앞줄의 결과와 순전파에서 구해 둔 값을 씁니다.",
    ),
    "explain.meaning": (
        "{name} stands for dL/d{of}: how the loss L answers to a small change of each entry of {of}.",
        "{name}: dL/d{of}, 곧 {of}의 각 원소를 조금 바꿀 때 손실 L의 변화율입니다.",
    ),
    "explain.meaning-renamed": (
        "{name}, the course's name, stands for dL/d{of} (not for dL/d{other}): how the loss L answers to a small change of "
        "each entry of {of}.",
        "{name}: 교재의 이름이며 dL/d{other} 값이 아니라 dL/d{of}, 곧 {of}의 각 원소를 조금 바꿀 때 손실 L의 변화율입니다.",
    ),
    "explain.softmax-cross-entropy": (
        "Here the way back begins. The derivatives of cross-entropy and of softmax multiply to prediction minus answer, y - "
        "t: the derivation below shows how. The division by N is there because the loss is the mean over the N samples of "
        "the batch (the course's cross_entropy_error ends with / batch_size): each sample has a share of 1/N in it. Without the "
        "division the gradient would grow with the batch, and 100 samples would take steps a hundred times too long. So the "
        "scores {x} get their gradient in one step: the one with respect to y, after the softmax, is never stored. t stands for "
        "one-hot rows, as y has them; labels such as 3 are made into such rows first.",
        "여기서 역전파가 시작됩니다. 교차 엔트로피의 미분과 소프트맥스의 미분을 곱하면 예측에서 정답을 뺀 y - t만 남습니다(아래 유도 "
        "과정). N으로 나누는 까닭은 손실이 배치에 든 샘플 N개의 평균이어서(교재의 cross_entropy_error도 끝에서 batch_size로 나눕니다) 샘플마다 "
        "1/N만큼만 기여하기 때문입니다. 나누지 않으면 기울기가 배치 크기만큼 커져서, 샘플이 100개일 때 한 걸음이 100배 길어집니다. 이렇게 점수 "
        "{x}에 대한 기울기가 한 번에 나오므로, 소프트맥스를 거친 y에 대한 기울기는 따로 저장하지 않습니다. t는 y처럼 행마다 놓인 원-핫 벡터이며, "
        "3과 같은 숫자 레이블은 먼저 원-핫으로 바꿉니다.",
    ),
    "explain.half-squared-error": (
        "Here the way back begins. The square gives a factor 2, which the one half takes away, so prediction minus answer "
        "remains. The division by N is there because the loss is the mean over the N samples of the batch: each sample has "
        "a share of 1/N in it. Without the division the gradient would grow with the batch, and 100 samples would take steps a "
        "hundred times too long.",
        "여기서 역전파가 시작됩니다. 제곱을 미분하면 2가 앞에 나오고 이것이 1/2과 약분되어 예측에서 정답을 뺀 값만 남습니다. N으로 나누는 "
        "까닭은 손실이 배치에 든 샘플 N개의 평균이어서 샘플마다 1/N만큼만 기여하기 때문입니다. 나누지 않으면 기울기가 배치 크기만큼 커져서, "
        "샘플이 100개일 때 한 걸음이 100배 길어집니다.",
    ),
    "explain.weight": (
        "In the forward pass entry [i, j] of {W} multiplied column i of {x} and went into column j of {y}, once for each "
        "sample. By the chain rule it gets {x}[n, i] * {dy}[n, j] from sample n, summed over n: that is the matrix product "
        "with {x} transposed, which puts the samples n next to each other where a matrix product sums. The sum over the batch is "
        "inside the product, and the result has the shape of {W}: a slope for each weight.",
        "순전파에서 {W}의 [i, j] 원소는 샘플마다 한 번씩 {x}의 i열에 곱해져 {y}의 j열에 더해졌습니다. 연쇄 법칙에 따라 샘플 n에서 오는 몫은 "
        "{x}[n, i] * {dy}[n, j]이고, 이를 모든 n에 대해 더하면 {x}의 전치와의 행렬 곱이 됩니다. 행렬 곱은 맞닿은 두 축을 따라 "
        "더하는데, 전치하면 샘플 축 n끼리 맞닿기 때문입니다. 배치에 대한 합은 이 곱 안에 들어 있고, 결과의 형상은 {W}의 형상과 같아 가중치마다 "
        "기울기가 하나씩 있습니다.",
    ),
    "explain.bias": (
        "In the forward pass the same {b} was added to every row of the batch (broadcasting). So {b}[j] acts on the loss by "
        "way of every sample, each time with slope 1, and what comes back from the samples is added up: a sum over axis 0, "
        "the axis of the samples, which leaves the shape of {b}. There is no second division by N; {dy} holds it already.",
        "순전파에서 같은 {b} 벡터가 배치의 모든 행에 더해졌습니다(브로드캐스트). 따라서 {b}[j] 원소는 모든 샘플을 거쳐 손실에 영향을 주고 "
        "그때의 기울기는 매번 1이므로, 샘플들에서 돌아온 값을 축 0(샘플의 축)을 따라 모두 더합니다. 그러면 {b}의 형상만 남습니다. {dy}에 이미 1/N이 들어 있으므로 N으로 다시 나누지 않습니다.",
    ),
    "explain.through-weight": (
        "Entry [n, i] of {x} went into every column j of {y}, with weight {W}[i, j]. Back comes the sum over j of {dy}[n, j] "
        "* {W}[i, j]: the matrix product with {W} transposed, which puts the columns j next to each other. The same weights carry the signal forward and its blame back.",
        "{x}의 [n, i] 원소는 가중치 {W}[i, j]만큼 {y}의 모든 열 j에 들어갔습니다. 그래서 {dy}[n, j] * {W}[i, j] 값을 j에 대해 더한 것이 "
        "돌아오며, 이는 {W}의 전치와의 행렬 곱입니다(전치하면 열 j끼리 맞닿습니다). 신호를 앞으로 보낸 바로 그 가중치가 책임을 뒤로 나누어 줍니다.",
    ),
    "explain.sigmoid": (
        "The sigmoid took each entry by itself, so its slope multiplies entry by entry. The slope at {x}, the course's sigmoid_grad({x}), is {y} * (1 - {y}), "
        "with the {y} that the forward pass has already computed; it is 1/4 at most and almost 0 where {y} is near 0 or 1.",
        "시그모이드는 원소마다 따로 적용되므로 그 기울기도 원소별로 곱합니다. {x}에서의 기울기, 곧 교재의 sigmoid_grad({x}) 값은 {y} * (1 - {y})이고 {y} 값은 순전파에서 이미 "
        "구했습니다. 이 기울기는 최대 1/4이며 {y} 값이 0이나 1에 가까우면 거의 0입니다.",
    ),
    "explain.tanh": (
        "tanh took each entry by itself, so its slope multiplies entry by entry. The slope at {x} is 1 - {y}^2, with the {y} "
        "that the forward pass has already computed; it is 1 at most and almost 0 where {y} is near -1 or 1.",
        "tanh는 원소마다 따로 적용되므로 그 기울기도 원소별로 곱합니다. {x}에서의 기울기는 1 - {y}^2이고 {y} 값은 순전파에서 이미 "
        "구했습니다. 이 기울기는 최대 1이며 {y} 값이 -1이나 1에 가까우면 거의 0입니다.",
    ),
    "explain.relu": (
        "ReLU let a positive entry of {x} through unchanged (slope 1) and stopped every other (slope 0). So the gradient "
        "passes where {y} > 0 and is 0 elsewhere: a unit that was off learns nothing from that sample.",
        "ReLU는 {x}의 양수 원소를 그대로 통과시키고(기울기 1) 나머지는 막았습니다(기울기 0). 그래서 기울기는 {y} > 0인 곳에서만 그대로 "
        "지나가고 다른 곳에서는 0입니다. 꺼져 있던 뉴런은 그 샘플에서 아무것도 배우지 못합니다.",
    ),
    "explain.identity": (
        "{y} is {x} unchanged, slope 1, so the gradient passes unchanged.",
        "{x} 값이 바뀌지 않고 그대로 {y} 값이 되었으므로(기울기 1) 기울기도 그대로 지나갑니다.",
    ),
    "explain.entry": ("Its largest entry, worked out:", "가장 큰 원소를 직접 계산하면:"),
    "explain.entry-sum": (
        "Its largest entry, worked out as a sum of {count:,} terms:",
        "가장 큰 원소를 직접 계산하면({count:,}개 항의 합):",
    ),
    "explain.derivation": (
        "How the first line comes about, with the numbers of sample {index} (L_n: its own loss, a: its row of {of}):",
        "첫 줄의 유도 과정, {index}번 샘플의 숫자와 함께 (L_n: 그 샘플만의 손실, a: {of}에서 그 샘플의 행):",
    ),
    "explain.log-slope": (
        "The cross-entropy of one sample is -sum_k t_k log y_k, and the derivative of log y is 1/y. With a one-hot t only the "
        "right class counts: the smaller its probability, the steeper.",
        "샘플 하나의 교차 엔트로피는 -sum_k t_k log y_k이고 log y의 미분은 1/y입니다. t가 원-핫이면 정답 클래스만 남으며, 그 확률이 작을수록 "
        "가파릅니다.",
    ),
    "explain.softmax-slope": (
        "Every score moves every probability, since they sum to 1: its own up (k = j, where delta_kj is 1), the others down.",
        "확률의 합이 1이므로 점수 하나가 모든 확률을 움직입니다. 자기 확률은 올리고(k = j, delta_kj는 1) 나머지는 내립니다.",
    ),
    "explain.softmax-product": (
        "The chain rule: multiply, and sum over the probabilities k. The y_k cancel, and the answers t_k sum to 1.",
        "연쇄 법칙에 따라 둘을 곱하고 확률 k에 대해 더합니다. y_k는 약분되고 정답 t_k의 합은 1입니다.",
    ),
    "explain.square-slope": (
        "The loss of one sample is half the sum of (y_k - t_k)^2; each output has its own square, so nothing mixes.",
        "샘플 하나의 손실은 (y_k - t_k)^2을 더한 값의 절반입니다. 출력마다 제곱이 따로 있으므로 서로 섞이지 않습니다.",
    ),
    "explain.mean": (
        "The loss of the batch is the mean, L = (1/N) sum_n L_n, so each sample's part is divided by N.",
        "배치의 손실은 평균 L = (1/N) sum_n L_n이므로 샘플마다의 몫을 N으로 나눕니다.",
    ),
    "explain.sample": ("Sample {index} in numbers:", "{index}번 샘플의 숫자:"),
    "explain.right-class": (
        "The network gave probability {y:.3g} to the right class {name}: there y - t = {difference:.3g}, so a step against "
        "the gradient raises the score of {name}.",
        "신경망은 정답 클래스 {name}에 확률 {y:.3g}만큼을 주었습니다. 그곳의 y - t 값은 {difference:.3g}, 음수이므로 기울기의 반대쪽으로 "
        "가면 {name}의 점수가 올라갑니다.",
    ),
    "explain.wrong-class": (
        "Of the wrong classes {name} got most, {y:.3g}: there y - t is that same number, so the step lowers the score of "
        "{name}.",
        "틀린 클래스 가운데 {name}의 확률이 {y:.3g}, 가장 큽니다. 그곳의 y - t는 바로 그 값이므로 점수가 내려갑니다.",
    ),
    "explain.too-low": (
        "Farthest off is output {name}: {y:.3g} where {t:.3g} is the answer, y - t = {difference:.3g}, so a step against the "
        "gradient raises it.",
        "가장 많이 벗어난 출력은 {name}입니다. 정답 {t:.3g}, 예측 {y:.3g}, y - t = {difference:.3g}. 기울기의 반대쪽으로 가면 이 출력이 "
        "올라갑니다.",
    ),
    "explain.too-high": (
        "Farthest off is output {name}: {y:.3g} where {t:.3g} is the answer, y - t = {difference:.3g}, so a step against the "
        "gradient lowers it.",
        "가장 많이 벗어난 출력은 {name}입니다. 정답 {t:.3g}, 예측 {y:.3g}, y - t = {difference:.3g}. 기울기의 반대쪽으로 가면 이 출력이 "
        "내려갑니다.",
    ),
    "explain.exact": (
        "Every output meets its answer, y - t = {difference:.3g}: this sample asks for no change.",
        "모든 출력이 정답과 같습니다(y - t = {difference:.3g}). 이 샘플은 아무 변화도 요구하지 않습니다.",
    ),
    "explain.check": (
        "Check: moving {place} alone changes the loss at the rate {check.numeric:.8g} by differences and {check.analytic:.8g} "
        "by this step; moving all entries at once, {check.along_numeric:.8g} and {check.along_analytic:.8g}. They agree to "
        "{check.difference:.1g}.",
        "확인: {place} 하나만 움직일 때 손실의 변화율은 수치 미분으로 {check.numeric:.8g}, 이 단계로 {check.analytic:.8g}입니다. 모든 원소를 "
        "함께 움직이면 각각 {check.along_numeric:.8g}, {check.along_analytic:.8g}입니다. 차이는 {check.difference:.1g}입니다.",
    ),
    "explain.check-kink": (
        "Check: the loss has a kink here (a unit at exactly 0), so its slope depends on the side. Moving {place} alone, "
        "differences give {check.numeric:.8g} and this step {check.analytic:.8g}; moving all entries at once, "
        "{check.along_numeric:.8g} and {check.along_analytic:.8g}. Where the sides differ, this is no proof either way.",
        "확인: 이곳은 손실 함수의 꺾인 점이어서(정확히 0인 뉴런) 기울기가 방향에 따라 다릅니다. {place} 하나만 움직이면 수치 미분으로 "
        "{check.numeric:.8g}, 이 단계로 {check.analytic:.8g}이고, 모든 원소를 함께 움직이면 각각 {check.along_numeric:.8g}, "
        "{check.along_analytic:.8g}입니다. 양쪽의 기울기가 다른 곳에서는 옳고 그름을 판정할 수 없습니다.",
    ),
    "explain.check-differs": (
        "Check: NOT confirmed. Moving {place} alone changes the loss at the rate {check.numeric:.8g} by differences but "
        "{check.analytic:.8g} by this step; moving all entries at once, {check.along_numeric:.8g} but "
        "{check.along_analytic:.8g}.",
        "확인: 일치하지 않습니다. {place} 하나만 움직일 때 손실의 변화율은 수치 미분으로 {check.numeric:.8g}, 이 단계로 "
        "{check.analytic:.8g}입니다. 모든 원소를 함께 움직이면 각각 {check.along_numeric:.8g}, {check.along_analytic:.8g}입니다.",
    ),
    "explain.weights": (
        "Some answers do not sum to 1 (the one farthest from it: {total:.4g}). For those, softmax comes in that many times: "
        "read y - t as y * sum(t) - t.",
        "합이 1이 아닌 정답이 있습니다(1에서 가장 먼 합: {total:.4g}). 그런 샘플에서는 y - t 대신 y * sum(t) - t로 읽으세요.",
    ),
    "explain.end": (
        "Here it ends: nothing before the first parameters has anything to learn. Every step agrees with differences of the "
        "loss.",
        "여기서 끝납니다. 첫 매개변수보다 앞에는 배울 것이 없습니다. 모든 단계가 손실 함수의 수치 미분과 일치합니다.",
    ),
    "explain.end-differs": (
        "Here it ends, but not every step agrees with differences of the loss: look for NOT confirmed.",
        "여기서 끝나지만 손실 함수의 수치 미분과 일치하지 않는 단계가 있습니다. '일치하지 않습니다'를 찾아보세요.",
    ),
    "explain.figure-why": ("Where the way back begins, and why", "역전파가 시작되는 줄과 그 이유"),
    "explain.figure-why-others": ("The other steps, and why", "그다음 단계들과 그 이유"),
    "explain.head.forward": ("forward", "순전파"),
    "explain.head.back": ("back", "역전파"),
    "explain.head.parameters": ("gradients of the parameters", "매개변수의 기울기"),
    "explain.no-rules": (
        "this network cannot explain itself: {kind} has no `rules`. Give the class its `rules`, as gradwright's own have.",
        "이 신경망은 설명할 수 없습니다. {kind} 클래스에 `rules`가 없습니다. gradwright의 클래스처럼 `rules`를 정의하세요.",
    ),
}

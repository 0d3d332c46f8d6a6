"""Mistakes of backward passes: what is done and why it is wrong, and the words of the page that lists them."""

from __future__ import annotations

_PAGE = {
    "mistakes.title": ("Mistakes of backward passes", "역전파에서 흔히 하는 실수"),
    "mistakes.introduction": (
        "`gradwright.check.check_network` compares a wrong gradient with the {count} mistakes below, each computed on the "
        "same batch: one that agrees to rounding is the cause. They stand under the code of the cause, with what to do "
        "about it.",
        "`gradwright.check.check_network`는 틀린 기울기를 아래의 실수 {count}개와 비교합니다. 실수마다 같은 배치에서 기울기를 계산해 보고 반올림 오차 이내로 일치하면 "
        "그것을 원인으로 봅니다. 실수는 원인 코드별로 해결 방법과 함께 실었습니다.",
    ),
    "mistakes.letters": (
        "The letters: a layer gets `h`, the first one the batch `x`, and computes `z = h @ W + b`; the activation `f` makes "
        "`f(z)` of it, the `h` of the next layer. In a line for `dz`, `h` is the output `f(z)` of that layer. `y` holds the "
        "probabilities after the softmax, `t` the answers as rows, and `n` is the number of samples. `dz`, `dh`, `dW` and "
        "`db` are the gradients of the loss, the mean cross-entropy, by `z`, `h`, `W` and `b`; `f'` is the derivative of `f`.",
        "기호: 층은 `h`를 받아(첫 층은 배치 `x`) `z = h @ W + b`를 계산하고, 여기에 활성화 함수 `f`를 적용한 `f(z)`가 다음 층의 `h`가 됩니다. `dz`를 구하는 줄에서 "
        "`h`는 그 층의 출력 `f(z)`입니다. `y`는 소프트맥스를 지난 확률, `t`는 행으로 쓴 정답, `n`은 샘플 수입니다. `dz`, `dh`, `dW`, `db`는 손실 함수(교차 "
        "엔트로피의 평균)를 `z`, `h`, `W`, `b`로 미분한 기울기이고 `f'`은 `f`의 도함수입니다.",
    ),
    "mistakes.cure": ("Cure: {cure}", "해결: {cure}"),
    "mistakes.name": ("mistake", "실수"),
    "mistakes.wrote": ("wrong", "틀린 줄"),
    "mistakes.right": ("right", "올바른 줄"),
    "mistakes.why": ("what is done, and why it is wrong", "무엇을 했고 왜 틀렸는가"),
    "mistakes.others": ("Other causes", "그 밖의 원인"),
    "mistakes.patterns": (
        "These are no mistakes of one line. They are told from how the gradient behaves when it is called again, or from the "
        "pattern of the wrong numbers.",
        "한 줄의 실수가 아닌 원인들입니다. 기울기를 다시 계산했을 때의 동작이나 틀린 값의 모양을 보고 알아냅니다.",
    ),
    "mistakes.command": (
        "Print the page of all mistakes that the checker knows by name, as Markdown.",
        "기울기 확인이 이름으로 알아보는 실수를 모두 실은 페이지를 마크다운으로 출력합니다.",
    ),
    "mistakes.lang": ("the language of the page", "페이지의 언어"),
}

_OUTPUT = {
    "mistake.output-sign": (
        "The probability is taken from the answer, which points down; a gradient points up, and the minus sign belongs to the "
        "descent.",
        "정답에서 확률을 빼서 내려가는 방향을 구했습니다. 기울기는 올라가는 방향이고 부호를 바꾸는 것은 경사 하강법의 몫입니다.",
    ),
    "mistake.no-batch-mean": (
        "The gradients of the samples are added up and not averaged; the loss is a mean over the batch, so everything is `n` "
        "times too large.",
        "샘플별 기울기를 평균 내지 않고 더하기만 했습니다. 손실 함수는 배치의 평균이므로 모든 값이 `n`배 커집니다.",
    ),
    "mistake.batch-mean-twice": (
        "The batch size divides twice; the loss is divided by it once, so everything is `n` times too small.",
        "배치 크기로 두 번 나누었습니다. 손실 함수는 한 번만 나눈 값이므로 모든 값이 `n`배 작아집니다.",
    ),
    "mistake.softmax-diagonal": (
        "Each probability is differentiated by its own logit alone; the sum in the softmax makes it depend on all the others "
        "too.",
        "각 확률을 자기 로짓으로만 미분했습니다. 소프트맥스의 분모 때문에 확률은 다른 로짓에도 의존합니다.",
    ),
    "mistake.softmax-diagonal-of-difference": (
        "The difference is multiplied by the slope of the softmax; `y - t` is the gradient at the logits already, with the "
        "softmax in it.",
        "`y - t`에 소프트맥스의 미분을 다시 곱했습니다. `y - t`는 이미 소프트맥스까지 미분한, 로짓에 대한 기울기입니다.",
    ),
    "mistake.softmax-without-the-sum": (
        "The upstream gradient was multiplied by the probability alone. The softmax also takes away the mean over the classes, "
        "the sum of dy * y.",
        "위에서 흘러온 기울기에 확률만 곱했습니다. 소프트맥스의 미분에는 클래스에 대한 평균(dy * y의 합)을 빼는 항도 있습니다.",
    ),
    "mistake.slope-before-the-weights": (
        "The derivative of the activation was multiplied in before the way through the weights, at the layer above. It belongs "
        "behind it, at the pre-activations of the layer below.",
        "활성화 함수의 미분을 가중치를 지나기 전, 위층의 값에서 곱했습니다. 가중치를 지난 다음 아래층의 활성화 전 값에서 곱해야 합니다.",
    ),
    "mistake.softmax-passed-over": (
        "The gradient at the probabilities is taken for that at the logits; it has still to go back through the softmax.",
        "확률에 대한 기울기를 로짓에 대한 기울기로 썼습니다. 아직 소프트맥스를 거슬러 지나야 합니다.",
    ),
    "mistake.slope-at-the-logits": (
        "The slope of the hidden layers' activation is taken at the output too; there is nothing but the softmax, which "
        "`y - t` includes.",
        "출력층에도 은닉층 활성화 함수의 미분을 곱했습니다. 출력층에는 소프트맥스뿐이고 그 미분은 `y - t`에 이미 들어 있습니다.",
    ),
}

_PARAMETERS = {
    "mistake.weight-gradient-transposed": (
        "The factors are swapped, which gives `dW` transposed, and reshaped until it fits; to reshape is not to transpose, so "
        "the numbers land in wrong places.",
        "두 행렬의 순서를 바꾸어 전치된 `dW`를 구하고 reshape로 형상만 맞추었습니다. reshape는 전치가 아니므로 값들이 엉뚱한 자리에 놓입니다.",
    ),
    "mistake.bias-total": (
        "The sum runs over the batch and over the units; a bias belongs to one unit, and here all get the same number.",
        "배치뿐 아니라 유닛에 대해서도 더했습니다. 편향은 유닛마다 하나인데 모두 같은 값을 받습니다.",
    ),
    "mistake.bias-mean-of-all": (
        "The mean runs over the batch and over the units; a bias belongs to one unit, and the mean over the batch is in `dz` "
        "already.",
        "배치와 유닛 전체의 평균을 냈습니다. 편향은 유닛마다 하나이고 배치에 대한 평균은 `dz`에 이미 들어 있습니다.",
    ),
    "mistake.bias-over-units": (
        "The sum runs over the units and gives one number a sample; a bias needs one a unit, summed over the batch.",
        "유닛에 대해 더해 샘플마다 값이 하나 나왔습니다. 편향에는 배치에 대해 더한, 유닛마다 하나인 값이 필요합니다.",
    ),
    "mistake.bias-mean-over-units": (
        "The mean runs over the units and gives one number a sample; a bias needs one a unit, summed over the batch.",
        "유닛에 대해 평균을 내어 샘플마다 값이 하나 나왔습니다. 편향에는 배치에 대해 더한, 유닛마다 하나인 값이 필요합니다.",
    ),
    "mistake.bias-padded": (
        "The sums over the units, one a sample, are cut or filled up with zeros to the length of `b`; then the shape fits, but "
        "they are still no sums over the batch.",
        "유닛에 대해 더한 샘플별 값을 `b`의 길이에 맞게 자르거나 0으로 채웠습니다. 형상은 맞지만 배치에 대해 더한 값이 아닙니다.",
    ),
    "mistake.bias-first-sample": (
        "Only the first sample counts; a bias acts on every sample, so the gradients of all are added.",
        "첫 샘플만 썼습니다. 편향은 모든 샘플에 작용하므로 모든 샘플의 기울기를 더해야 합니다.",
    ),
    "mistake.bias-last-sample": (
        "Only the last sample counts, as in a loop that overwrites `db` where it should add to it; a bias acts on every sample.",
        "반복문에서 `db`에 더하지 않고 덮어쓴 것처럼 마지막 샘플만 남았습니다. 편향은 모든 샘플에 작용합니다.",
    ),
}

_LAYERS = {
    "mistake.weights-not-transposed": (
        "The gradient goes back through `W` as the input went forward; on the way back it is `W.T`, but where `W` is square, "
        "or reshaped to fit, no error says so.",
        "순전파에 쓴 `W`를 그대로 곱했습니다. 역전파에서는 전치한 `W.T`를 곱해야 하는데, `W`가 정사각 행렬이거나 reshape로 형상을 맞추면 오류가 나지 않아 알아채기 어렵습니다.",
    ),
    "mistake.weights-updated-first": (
        "The weights make their step before the gradient goes back through them; it belongs to the weights of the forward "
        "pass.",
        "기울기를 되돌리기 전에 가중치부터 갱신했습니다. 역전파에는 순전파에 쓴 가중치를 써야 합니다.",
    ),
    "mistake.ones-for-the-upstream": (
        "Ones take the place of the gradient from above; so what the loss says never reaches the layers below.",
        "위에서 흘러온 기울기 자리에 1을 넣었습니다. 그러면 손실이 아래층에 전해지지 않습니다.",
    ),
    "mistake.mean-for-the-upstream": (
        "`1 / n` takes the place of the gradient from above; the mean over the batch is there, but nothing of the loss.",
        "위에서 흘러온 기울기 자리에 `1 / n`을 넣었습니다. 배치의 평균은 들어갔지만 손실은 전해지지 않습니다.",
    ),
    "mistake.slope-alone": (
        "The slope of the activation stands alone; by the chain rule it is multiplied by the gradient from above.",
        "활성화 함수의 미분만 남았습니다. 연쇄 법칙에 따라 위에서 흘러온 기울기를 곱해야 합니다.",
    ),
    "mistake.slope-alone-mean": (
        "The slope of the activation is divided by the batch size, but not multiplied by the gradient from above; the chain "
        "rule needs both factors.",
        "활성화 함수의 미분을 배치 크기로 나누기만 하고 위에서 흘러온 기울기를 곱하지 않았습니다. 연쇄 법칙에는 두 인수가 모두 필요합니다.",
    ),
    "mistake.no-slope": (
        "The gradient passes the activation unchanged; by the chain rule its slope is a factor.",
        "기울기가 활성화 함수를 그대로 지나갔습니다. 연쇄 법칙에 따라 활성화 함수의 미분을 곱해야 합니다.",
    ),
    "mistake.slope-of-the-pre-activation": (
        "The formula `h * (1 - h)`, the sigmoid's slope by its output, gets the input `z`; it holds for the output alone.",
        "출력으로 쓰는 시그모이드의 미분 공식 `h * (1 - h)`에 입력 `z`를 넣었습니다. 이 공식은 출력에만 맞습니다.",
    ),
    "mistake.square-of-the-pre-activation": (
        "The formula `1 - h**2`, the slope of tanh by its output, gets the input `z`; it holds for the output alone.",
        "출력으로 쓰는 tanh의 미분 공식 `1 - h**2`에 입력 `z`를 넣었습니다. 이 공식은 출력에만 맞습니다.",
    ),
    "mistake.slope-at-the-output": (
        "The derivative is taken at the output `f(z)`, so that `f` is applied twice; it belongs at the input `z`.",
        "미분을 출력 `f(z)`에서 계산해 `f`가 두 번 적용되었습니다. 미분은 입력 `z`에서 계산해야 합니다.",
    ),
    "mistake.slope-at-the-upstream": (
        "The derivative is taken at the gradient from above; it belongs at `z`, where the forward pass was.",
        "위에서 흘러온 기울기에서 활성화 함수의 미분을 계산했습니다. 미분은 순전파의 `z`에서 계산해야 합니다.",
    ),
    "mistake.value-for-the-slope": (
        "The activation itself stands where its derivative belongs; a value is no slope.",
        "활성화 함수의 미분 자리에 함숫값을 곱했습니다. 함숫값은 미분이 아닙니다.",
    ),
    "mistake.pre-activation-for-the-slope": (
        "The input `z` of the activation stands where its derivative belongs; a value is no slope.",
        "활성화 함수의 미분 자리에 입력 `z`를 곱했습니다. 입력값은 미분이 아닙니다.",
    ),
    "mistake.slope-twice": (
        "The slope is a factor twice, as where two functions both multiply by it; the chain rule has it once for each "
        "activation.",
        "두 함수에서 각각 곱한 것처럼 활성화 함수의 미분을 두 번 곱했습니다. 연쇄 법칙에서는 활성화 함수마다 한 번입니다.",
    ),
    "mistake.slope-of-sigmoid": (
        "The derivative of sigmoid is taken where the forward pass has another activation; both ways need the same one.",
        "순전파의 활성화 함수는 다른 것인데 시그모이드의 미분을 곱했습니다. 순전파와 역전파의 활성화 함수는 같아야 합니다.",
    ),
    "mistake.slope-of-tanh": (
        "The derivative of tanh is taken where the forward pass has another activation; both ways need the same one.",
        "순전파의 활성화 함수는 다른 것인데 tanh의 미분을 곱했습니다. 순전파와 역전파의 활성화 함수는 같아야 합니다.",
    ),
    "mistake.slope-of-relu": (
        "The derivative of ReLU is taken where the forward pass has another activation; both ways need the same one.",
        "순전파의 활성화 함수는 다른 것인데 ReLU의 미분을 곱했습니다. 순전파와 역전파의 활성화 함수는 같아야 합니다.",
    ),
    "mistake.sigmoid-formula-on-the-output": (
        "The sigmoid's formula `h * (1 - h)` is used on the output of another activation; it is the slope of sigmoid alone.",
        "다른 활성화 함수의 출력에 시그모이드의 공식 `h * (1 - h)`를 썼습니다. 이 공식은 시그모이드의 미분일 뿐입니다.",
    ),
    "mistake.tanh-formula-on-the-output": (
        "The formula of tanh, `1 - h**2`, is used on the output of another activation; it is the slope of tanh alone.",
        "다른 활성화 함수의 출력에 tanh의 공식 `1 - h**2`를 썼습니다. 이 공식은 tanh의 미분일 뿐입니다.",
    ),
}

MESSAGES: dict[str, tuple[str, str]] = {**_PAGE, **_OUTPUT, **_PARAMETERS, **_LAYERS}

"""Sentences of the training loop and the runs."""

MESSAGES: dict[str, tuple[str, str]] = {
    "rate.chosen": (
        "Learning rate {rate:g}: of {tried}, tried for {steps:,} steps, it did best on samples held back ({accuracy:.2%} right, loss {loss:.4g}).",
        "학습률 {rate:g}: {steps:,}번씩 갱신해 본 {tried} 가운데 따로 둔 데이터에서 가장 좋았습니다(정확도 {accuracy:.2%}, 손실 {loss:.4g}).",
    ),
    "rate.chosen-values": (
        "Learning rate {rate:g}: of {tried}, tried for {steps:,} steps, it did best on samples held back (loss {loss:.4g}{accuracy!s:.0}).",
        "학습률 {rate:g}: {steps:,}번씩 갱신해 본 {tried} 가운데 따로 둔 데이터에서 가장 좋았습니다(손실 {loss:.4g}{accuracy!s:.0}).",
    ),
    "rate.none": (
        "at every learning rate that was tried the loss, {loss:.4g} at first, became infinite. Look at the scale of the data, or give `learning_rate` a number.",
        "해 본 학습률마다 처음에 {loss:.4g}이던 손실이 무한대가 되었습니다. 데이터의 크기를 살펴보거나 `learning_rate`에 수를 주세요.",
    ),
    "training.non-finite": (
        "loss became {loss} at step {step} (learning_rate {rate:g}; last finite loss {last:.2g}). The steps are too "
        "large for the slope: lower `learning_rate`, for example to {lower:g}.",
        "{step}번째 스텝에서 손실 함수의 값이 {loss} 값이 되었습니다(학습률 {rate:g}, 마지막 유한한 값 {last:.2g}). 기울기에 비해 "
        "갱신 폭이 너무 큽니다. `learning_rate`의 값을 낮추세요. 예: {lower:g}.",
    ),
    "training.non-finite-at-once": (
        "loss is {loss} at step {step}, before anything was learned (learning_rate {rate:g}): the weights or the data are "
        "too large. Use a smaller `init`, or scale the data.",
        "학습을 시작하기도 전인 {step}번째 스텝에서 손실 함수의 값이 {loss} 값입니다(학습률 {rate:g}). 가중치나 데이터의 값이 너무 큽니다. "
        "`init`의 값을 줄이거나 데이터의 크기를 조정하세요.",
    ),
    "training.params-non-finite": (
        "loss is {loss} at step {step}, before anything was learned: `params[{name!r}]` of the network holds {what} at "
        "{index} ({count} in all). Load a saved model, or make the network anew.",
        "학습을 시작하기도 전인 {step}번째 스텝에서 손실 함수의 값이 {loss} 값입니다. 신경망의 `params[{name!r}]`의 {index} 위치에 "
        "{what} 값이 있습니다(모두 {count}개). 저장해 둔 모델을 불러오거나 신경망을 다시 만드세요.",
    ),
    "training.no-validation": (
        "`early_stopping` needs samples to watch that are neither trained on nor tested on: give `validation`, for "
        "example 0.1.",
        "`early_stopping`에는 학습에도 시험에도 쓰지 않는 검증 데이터가 필요합니다. `validation`을 주세요. 예: 0.1.",
    ),
    "training.validation-empty": (
        "`validation` of {share} leaves no sample for validation out of {count}. Use a larger share.",
        "`validation`의 값 {share}, 샘플 {count}개에서는 검증 데이터가 하나도 남지 않습니다. 더 큰 비율을 쓰세요.",
    ),
    "training.steps-and-epochs": (
        "give `steps` or `epochs`, not both (got {steps} and {epochs}).",
        "`steps`와 `epochs` 가운데 하나만 주세요(받은 값: {steps}, {epochs}).",
    ),
    "training.batch-size": (
        '`batch_size` must be a positive whole number or "full", not {value!r}.',
        '`batch_size`의 값은 1 이상의 정수이거나 "full"이어야 합니다. 받은 값: {value!r}.',
    ),
    "training.state-form": (
        "`state` must be the dict that `state()` of a Trainer returned, not {kind}.",
        "`state`에는 Trainer의 `state()`가 돌려준 딕셔너리가 필요합니다. 받은 형: {kind}.",
    ),
    "training.state-missing": (
        "`state` has no entry {entry!r}. Give what `state()` of a Trainer returned, whole and unchanged.",
        "`state`에 {entry!r} 항목이 없습니다. Trainer의 `state()`가 돌려준 것을 바꾸지 말고 그대로 주세요.",
    ),
    "training.state-entry": (
        "the entry {entry!r} of `state` is of the kind {kind}, which `state()` of a Trainer never puts there. Give what it "
        "returned, whole and unchanged.",
        "`state`의 {entry!r} 항목에 {kind} 형이 있는데 Trainer의 `state()`는 이런 값을 넣지 않습니다. 돌려받은 것을 바꾸지 말고 그대로 "
        "주세요.",
    ),
    "training.state-optimizer": (
        "`state` is of a run with {before}, here the optimizer is {now}. Make the trainer with the same `optimizer`.",
        "`state`를 저장한 학습의 최적화 방법: {before}. 지금의 최적화 방법: {now}. `optimizer`에 같은 것을 주고 Trainer를 만드세요.",
    ),
    "training.state-network": (
        "`state` is of another network: its parameters have the shapes {before}, here they are {now}. Make the network "
        "as it was.",
        "`state`는 다른 신경망의 것입니다. 저장된 매개변수의 형상: {before}. 지금의 형상: {now}. 신경망을 그때와 같게 만드세요.",
    ),
    "training.state-samples": (
        "`state` is of a run on {before} training samples, here there are {now}. Give the same data and `validation`.",
        "`state`는 훈련 데이터가 {before}개인 학습의 것인데 지금은 {now}개입니다. 같은 데이터와 `validation`을 주세요.",
    ),
    "training.state-rng": (
        "`state` is of a run with the rng {before}, here it is {now}. Make the trainer with the same `rng`.",
        "`state`를 저장한 학습의 rng: {before}. 지금의 rng: {now}. `rng`에 같은 값을 주고 Trainer를 만드세요.",
    ),
    "training.inputs": (
        "the data have {features} features but the network takes {n_in} inputs. Make the first layer {features} wide.",
        "데이터의 특징은 {features}개인데 신경망의 입력은 {n_in}개입니다. 첫 층의 입력 수를 {features}개로 맞추세요.",
    ),
    "training.outputs": (
        "the data have {classes} classes or values to predict but the network has {n_out} outputs. Make the last layer "
        "{classes} wide.",
        "데이터의 클래스(또는 예측할 값)는 {classes}개인데 신경망의 출력은 {n_out}개입니다. 마지막 층의 출력 수를 {classes}개로 맞추세요.",
    ),
    "training.loss": (
        "the loss {loss} does not suit the data, which have {classes} classes: use SoftmaxCrossEntropy for classes and "
        "HalfSquaredError for real values.",
        "손실 함수 {loss}, 클래스가 {classes}개인 이 데이터에는 맞지 않습니다. 분류에는 SoftmaxCrossEntropy, 회귀에는 "
        "HalfSquaredError를 쓰세요.",
    ),
    "evaluation.classes": (
        "`classes` has {count} names but the network has {n_out} outputs; give one name for each.",
        "`classes`에는 이름이 {count}개 있는데 신경망의 출력은 {n_out}개입니다. 출력마다 이름을 하나씩 주세요.",
    ),
    "history.overfits": (
        "Overfitting shows from epoch {epoch:g}: since then the loss on samples not trained on rose from {lowest:.3g} "
        "to {held:.3g}, while the training loss fell to {train:.3g}. Stop there, use fewer hidden units, or more data.",
        "{epoch:g} 에폭부터 오버피팅이 나타납니다. 그 뒤로 학습에 쓰지 않은 데이터의 손실 함수 값은 {lowest:.3g}에서 {held:.3g}까지 올랐고 "
        "훈련 데이터의 값은 {train:.3g}까지 내려갔습니다. 그 지점에서 멈추거나, 은닉층의 뉴런 수를 줄이거나, 데이터를 늘리세요.",
    ),
    "history.rose": (
        "The loss rose, from {first:.3g} at the first step to {last:.3g}: the steps are too large. Lower `learning_rate`.",
        "손실 함수의 값이 첫 스텝의 {first:.3g}에서 {last:.3g}까지 올랐습니다. 갱신 폭이 너무 큽니다. `learning_rate`의 값을 낮추세요.",
    ),
    "history.healthy": (
        "No overfitting so far: the loss on samples not trained on has not clearly risen again.",
        "아직 오버피팅은 보이지 않습니다. 학습에 쓰지 않은 데이터의 손실 함수 값이 뚜렷하게 다시 오르지 않았습니다.",
    ),
    "history.cannot-say": (
        "Too few evaluations, or no samples held back, to tell whether the network overfits.",
        "평가 횟수가 너무 적거나 따로 남겨 둔 데이터가 없어 오버피팅 여부를 알 수 없습니다.",
    ),
    "run.is-file": (
        "{path} is a file; a run needs a folder. Choose another --out.",
        "{path} 경로에는 파일이 있습니다. 실행 결과에는 폴더가 필요합니다. 다른 --out을 고르세요.",
    ),
    "run.exists": (
        "{path} already holds a run ({what}). Choose another --out, or replace it with --overwrite.",
        "{path} 폴더에 이미 실행 결과({what})가 있습니다. 다른 --out을 고르거나 --overwrite로 바꿔 쓰세요.",
    ),
    "run.foreign": (
        "{path} is not empty ({what}). Choose another --out, or write beside these files with --overwrite.",
        "{path} 폴더가 비어 있지 않습니다({what}). 다른 --out을 고르거나, 그 파일들 곁에 쓰려면 --overwrite를 주세요.",
    ),
}

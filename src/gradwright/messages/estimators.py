"""Sentences of the scikit-learn estimators."""

MESSAGES: dict[str, tuple[str, str]] = {
    "estimator.batch-size": (
        '`batch_size` must be a positive whole number, "auto" or "full", not {value!r}.',
        '`batch_size`의 값은 1 이상의 정수이거나 "auto" 또는 "full"이어야 합니다. 받은 값: {value!r}.',
    ),
    "estimator.validation-fraction": (
        "`validation_fraction` must be above 0 and below 1, not {value!r}.",
        "`validation_fraction`의 값은 0보다 크고 1보다 작아야 합니다. 받은 값: {value!r}.",
    ),
    "estimator.random-state": (
        "`random_state` must be a whole number that is not negative, a numpy.random.RandomState, a "
        "numpy.random.Generator or None, not {value!r}.",
        "`random_state`에는 0 이상의 정수, numpy.random.RandomState, numpy.random.Generator 또는 None이 필요합니다. 받은 값: {value!r}.",
    ),
    "estimator.partial-early-stopping": (
        "`early_stopping` must be False for `partial_fit`, which does one epoch and then has nothing to stop. Use `fit`, or "
        "judge the network on samples of your own between the calls.",
        "`partial_fit`은 한 에폭만 학습하므로 멈출 것이 없습니다. `early_stopping`의 값은 False여야 합니다. `fit`을 쓰거나, 호출 사이에 따로 둔 "
        "검증 데이터로 신경망을 평가하세요.",
    ),
    "estimator.weight-negative": (
        "`sample_weight` must hold numbers of 0 or more, but at index {index} it holds {value}. Give each sample the number "
        "of times that it counts.",
        "`sample_weight`의 값은 모두 0 이상이어야 하는데 {index} 위치의 값이 {value}입니다. 샘플마다 몇 번으로 셀지 주세요.",
    ),
    "estimator.weights-zero": (
        "`sample_weight` is zero for all {count} samples, so that there is nothing to learn from. Give one of them a weight "
        "above 0 at least.",
        "`sample_weight`의 값이 샘플 {count}개에서 모두 0이라 학습할 것이 없습니다. 적어도 하나에는 0보다 큰 값을 주세요.",
    ),
    "estimator.goes-on": (
        "`{name}` is {value!r}, but the network that is to learn on has {before!r}. Set it back, or use `fit` with "
        "warm_start=False, which begins anew.",
        "`{name}`의 값은 {value!r}인데 이어서 학습할 신경망의 값은 {before!r}입니다. 그 값으로 되돌리거나, warm_start=False로 두고 `fit`을 불러 "
        "처음부터 학습하세요.",
    ),
    "estimator.validation-empty": (
        "`validation_fraction` of {value} holds back {held} of {count} samples, and a score needs 2. Use a larger fraction, "
        "or more samples.",
        "`validation_fraction`의 값 {value}, 샘플 {count}개에서 남는 검증 데이터는 {held}개인데 점수를 매기려면 2개가 필요합니다. 더 큰 비율을 "
        "쓰거나 데이터를 늘리세요.",
    ),
    "estimator.classes-first": (
        "`classes` is needed in the first call of `partial_fit`: all labels there will be, also those that these samples "
        "lack.",
        "`partial_fit`을 처음 부를 때는 `classes`가 필요합니다. 이번 샘플에 없는 것까지, 앞으로 나올 레이블을 모두 주세요.",
    ),
    "estimator.classes-changed": (
        "`classes` is {value!r}, but in the first call it was {before!r}. Leave it out, or begin with a new estimator.",
        "`classes`의 값은 {value!r}인데 처음 부를 때의 값은 {before!r}입니다. 이번에는 빼거나, 새 추정기로 시작하세요.",
    ),
    "estimator.one-class": (
        "a classifier needs samples of at least two classes, and here there is one class only: {value!r}. Add samples of "
        "the others.",
        "분류하려면 클래스가 둘 이상 있어야 하는데 하나뿐입니다: {value!r}. 다른 클래스의 샘플을 더하세요.",
    ),
    "estimator.label": (
        "`y` holds the label {value!r}, which is none of the classes {classes!r}. Give all labels at the beginning: as "
        "`classes` of the first `partial_fit`, or in the first `fit`.",
        "`y`에 있는 레이블 {value!r}: 클래스 {classes!r} 가운데 없습니다. 처음부터 모든 레이블을 주세요. `partial_fit`이면 첫 호출의 "
        "`classes`로, `fit`이면 첫 데이터에 넣으세요.",
    ),
    "estimator.multilabel": (
        "`y` must hold one label for each sample, but it has shape {shape}. For several labels a sample, wrap the "
        "classifier in sklearn.multioutput.MultiOutputClassifier.",
        "`y`에는 샘플마다 레이블이 하나씩 있어야 하는데 형상이 {shape}입니다. 샘플마다 레이블이 여럿이면 "
        "sklearn.multioutput.MultiOutputClassifier로 감싸서 쓰세요.",
    ),
    "estimator.targets": (
        "`y` has {now} targets for each sample, but in the first fit it had {before}. Give as many, or begin with a new "
        "estimator.",
        "`y`에는 샘플마다 목푯값이 {now}개 있는데 처음 학습할 때는 {before}개였습니다. 개수를 맞추거나, 새 추정기로 시작하세요.",
    ),
    "estimator.labels-unsaved": (
        "`classes_` holds labels of the kind {kind}, which a file cannot hold. Use text, whole numbers, numbers or booleans "
        "as labels.",
        "`classes_`에 {kind} 형의 레이블이 있는데 파일에는 저장할 수 없습니다. 레이블로 문자열, 정수, 실수 또는 불리언을 쓰세요.",
    ),
    "estimator.foreign": (
        "{path} holds a {found}, not a {kind}. Load it with the class that saved it, or with gradwright.Network.load.",
        "{path} 파일에 있는 것은 {found}입니다. 필요한 것: {kind}. 저장한 클래스의 load나 gradwright.Network.load로 읽으세요.",
    ),
}

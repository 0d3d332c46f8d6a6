"""Words in figures, and sentences about them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "plot.no-ratios": (
        "`panels` must hold at least one job, and each job at least one contestant.",
        "`panels`에는 작업이 하나 이상, 작업마다 참가자가 하나 이상 있어야 합니다.",
    ),
    "plot.ending": (
        "`{name}` is {path!r}; a figure's file must end in one of {endings}.",
        "`{name}`의 값은 {path!r}인데 그림 파일에 쓸 수 있는 확장자는 {endings}입니다.",
    ),
    "plot.names": (
        "`{name}` must be two words, one for each axis, not {value!r}.",
        "`{name}`에는 축마다 하나씩, 이름 두 개가 필요합니다. 받은 값: {value!r}.",
    ),
    "plot.path": (
        "`run_or_path` must be a run whose x0 is an array of two numbers, an array of shape (n + 1, 2), or a dict such as "
        "{{'SGD': run, 'Adam': other}}; got {kind}.",
        "`run_or_path`에 필요한 것: x0이 숫자 두 개의 배열인 실행, 형상이 (n + 1, 2)인 배열, 또는 {{'SGD': run, 'Adam': other}} 같은 "
        "딕셔너리. 받은 것: {kind}.",
    ),
    "plot.path-of-dict": ("a run whose x0 is a dict", "x0이 딕셔너리인 실행"),
    "plot.path-of-runs": ("a list of runs", "실행의 리스트"),
    "plot.epoch": ("epoch", "에폭"),
    "plot.step": ("step", "스텝"),
    "plot.loss": ("loss", "손실"),
    "plot.learning-rate": ("learning rate", "학습률"),
    "plot.range-test": ("range test: the loss as the rate grows", "범위 시험: 학습률을 키울 때의 손실"),
    "plot.trials": (
        "held back samples after {steps:,} steps",
        "{steps:,}번 갱신한 뒤 따로 둔 데이터",
    ),
    "plot.diverged": ("diverged", "발산"),
    "plot.accuracy": ("accuracy (%)", "정확도 (%)"),
    "plot.each-step": ("each step", "매 스텝"),
    "plot.train": ("train", "훈련"),
    "plot.validation": ("validation", "검증"),
    "plot.test": ("test", "시험"),
    "plot.overfits-epoch": ("overfits from epoch {epoch}", "{epoch} 에폭부터 오버피팅"),
    "plot.overfits-step": ("overfits from step {step}", "{step} 스텝부터 오버피팅"),
    "plot.answer": ("right answer", "정답"),
    "plot.prediction": ("prediction", "예측"),
    "plot.fit": ("R² {r2:.3f}, root mean squared error {rmse:.4g}", "R² {r2:.3f}, 평균 제곱근 오차 {rmse:.4g}"),
    "plot.confusion-title": (
        "{right:,} of {count:,} right ({accuracy:.1%})",
        "{count:,}개 중 {right:,}개 정답 ({accuracy:.1%})",
    ),
    "plot.predicted": ("predicted class", "예측한 클래스"),
    "plot.true": ("true class", "정답 클래스"),
    "plot.recall": ("recall (%)", "재현율 (%)"),
    "plot.precision": ("precision (%)", "정밀도 (%)"),
    "plot.row-share": ("share of the row", "행에서의 비율"),
    "plot.weights-title": ("weights into each {unit} ({count:,})", "{unit}별 가중치 ({count:,}개)"),
    "plot.weights-first": (
        "weights into each {unit} (the first {shown:,} of {count:,})",
        "{unit}별 가중치 ({count:,}개 중 처음 {shown:,}개)",
    ),
    "plot.hidden-unit": ("hidden unit", "은닉층 뉴런"),
    "plot.output-unit": ("output unit", "출력층 뉴런"),
    "plot.input": ("input", "입력"),
    "plot.weight": ("weight", "가중치"),
    "plot.mistakes-title": (
        "{wrong:,} of {count:,} wrong: true → predicted (its probability)",
        "{count:,}개 중 {wrong:,}개 오답: 정답, 예측 (예측의 확률)",
    ),
    "plot.mistakes-first": (
        "{wrong:,} of {count:,} wrong, the {shown:,} most confident: true → predicted (its probability)",
        "{count:,}개 중 {wrong:,}개 오답, 확신이 큰 {shown:,}개: 정답, 예측 (예측의 확률)",
    ),
    "plot.no-mistakes": ("No mistakes: all {count:,} are right.", "틀린 것이 없습니다. {count:,}개 모두 맞았습니다."),
    "plot.samples": (
        "`x` has {rows} samples but `evaluation` is of {count}; give the samples that were evaluated.",
        "`x`의 표본은 {rows}개인데 `evaluation`의 표본은 {count}개입니다. 평가한 표본을 그대로 주세요.",
    ),
    "plot.limits": (
        "`limits` must be {expected}, low below high and both finite, not {value!r}.",
        "`limits`에 필요한 것은 {expected}입니다(앞의 값이 더 작고 둘 다 유한). 받은 값: {value!r}.",
    ),
    "plot.nothing-finite": (
        "`f` is finite nowhere within `limits`; choose other limits.",
        "`limits` 안에서 `f`의 값이 유한한 곳이 없습니다. 범위를 바꾸세요.",
    ),
    "plot.too-large": (
        "the picture would be wider or higher than the largest float (about 1.8e308); choose narrower `limits`, or scale "
        "`f`.",
        "그림의 너비나 높이가 가장 큰 부동소수점 수(약 1.8e308)를 넘습니다. `limits`를 좁히거나 `f`의 크기를 줄이세요.",
    ),
    "plot.slope": ("slope {slope}", "기울기 {slope}"),
    "plot.slope-error": ("slope {slope} ± {error}", "기울기 {slope} ± {error}"),
    "plot.slope-left": ("slope {slope} from the left", "왼쪽 기울기 {slope}"),
    "plot.slope-right": ("slope {slope} from the right", "오른쪽 기울기 {slope}"),
    "plot.vertical": ("vertical tangent", "수직인 접선"),
    "plot.no-tangent": ("no tangent: {status}", "접선 없음: {status}"),
    "plot.forward": ("forward", "전방 차분"),
    "plot.backward": ("backward", "후방 차분"),
    "plot.central": ("central", "중심 차분"),
    "plot.complex": ("complex step", "복소 차분"),
    "plot.automatic": ("automatic", "자동 선택"),
    "plot.truncation": ("truncation ∝ {law}", "절단 오차 ∝ {law}"),
    "plot.round-off": ("round-off ∝ 1/h", "반올림 오차 ∝ 1/h"),
    "plot.textbook-step": ("textbook, h = 1e-4", "교재의 h = 1e-4"),
    "plot.best-step": ("best h ≈ {step}", "최적 h ≈ {step}"),
    "plot.reference-limit": ("the reference is known no better", "기준값의 정밀도 한계"),
    "plot.sweep-title": ("error of the derivative at x = {x}", "x = {x}에서 수치 미분의 오차"),
    "plot.sweep-step": ("step h", "간격 h"),
    "plot.sweep-error": ("absolute error", "절대 오차"),
    "kind.report-or-test": ("a GradientReport or a TaylorTest", "GradientReport 또는 TaylorTest 객체"),
    "plot.taylor-not-wrong": (
        "`{name}` has no Taylor test: one is made where entries of a gradient are wrong, and here the verdict is {verdict!r}, "
        "with no wrong entry. To see the picture, check a gradient that is wrong, such as 1.1 times the right one.",
        "`{name}`에 테일러 검사가 없습니다. 테일러 검사는 기울기에 틀린 항목이 있을 때 하는데 이 보고서에는 틀린 항목이 없습니다(verdict: {verdict!r}). 그림을 "
        "보려면 올바른 기울기의 1.1배처럼 틀린 기울기를 확인하세요.",
    ),
    "plot.taylor-unmeasured": (
        "`{name}` is of a wrong gradient but has no Taylor test, since f has no slope that could be measured along a random "
        "direction (a kink, a jump, noise). Check at another point, or read what str(report) says of the entries.",
        "`{name}`의 기울기는 틀렸지만 무작위 방향으로 f의 기울기를 잴 수 없어(꺾인 점, 불연속, 잡음) 테일러 검사가 없습니다. 다른 점에서 확인하거나 "
        "str(report)에 나온 항목을 살펴보세요.",
    ),
    "plot.taylor-nothing": (
        "`{name}` has no remainder that is finite and above 0, so there is nothing to draw; check at a point around which f is "
        "finite.",
        "`{name}`에 0보다 크고 유한한 나머지가 없어 그릴 것이 없습니다. 주변에서 f의 값이 유한한 점에서 확인하세요.",
    ),
    "plot.taylor-tested": ("gradient under test", "확인한 기울기"),
    "plot.taylor-measured": ("measured gradient", "측정한 기울기"),
    "plot.taylor-order": ("order {order}", "{order}차"),
    "plot.taylor-none": ("order not known", "차수 알 수 없음"),
    "plot.taylor-floor": ("rounding of f", "f의 반올림 오차"),
    "plot.taylor-deep": ("rounding of f: {floor}, far below", "f의 반올림 오차: {floor} (훨씬 아래)"),
    "plot.taylor-title": ("the Taylor remainder along a random direction v", "무작위 방향 v를 따라 구한 테일러 나머지"),
    "plot.taylor-step": ("step s, in lengths of v", "간격 s (단위: v의 길이)"),
    "plot.taylor-remainder": ("remainder |f(x + s v) − f(x) − s g·v|", "나머지 |f(x + s v) − f(x) − s g·v|"),
    "plot.field-negative": ("negative gradient, −∇f", "기울기의 반대 방향, −∇f"),
    "plot.field-positive": ("gradient, ∇f", "기울기, ∇f"),
    "plot.longest": ("longest arrow: {size}", "가장 긴 화살표: {size}"),
    "plot.cut": ("pale arrows are longer than {size} and cut", "흐린 화살표는 {size}보다 길어 잘렸습니다"),
    "plot.start": ("start", "시작"),
    "plot.end": ("end", "끝"),
    "plot.start-end": ("start and end", "시작과 끝"),
    "plot.steps-values": ("{steps:,} steps, f: {first} → {last}", "{steps:,}스텝, f: {first} → {last}"),
    "plot.steps-only": ("{steps:,} steps", "{steps:,}스텝"),
    "plot.leaves": ("leaves the picture at step {step:,}", "{step:,}스텝에서 그림 밖으로 나갑니다"),
}

"""Words in figures, and sentences about them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "plot.ending": (
        "`path` is {path!r}; a figure's file must end in one of {endings}.",
        "`path`의 값은 {path!r}인데 그림 파일에 쓸 수 있는 확장자는 {endings}입니다.",
    ),
    "plot.epoch": ("epoch", "에폭"),
    "plot.step": ("step", "스텝"),
    "plot.loss": ("loss", "손실"),
    "plot.accuracy": ("accuracy (%)", "정확도 (%)"),
    "plot.each-step": ("each step", "매 스텝"),
    "plot.train": ("train", "훈련"),
    "plot.validation": ("validation", "검증"),
    "plot.test": ("test", "시험"),
    "plot.overfits-epoch": ("overfits from epoch {epoch}", "{epoch} 에폭부터 오버피팅"),
    "plot.overfits-step": ("overfits from step {step}", "{step} 스텝부터 오버피팅"),
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
}

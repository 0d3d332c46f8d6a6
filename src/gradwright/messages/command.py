"""Sentences of the command line."""

MESSAGES: dict[str, tuple[str, str]] = {
    "compare.batch": ("batch{size!s:.0}", "배치{size!s:.0}"),
    "compare.stochastic": ("stochastic{size!s:.0}", "확률적{size!s:.0}"),
    "compare.mini-batch": ("mini-batch {size}", "미니배치 {size}"),
    "compare.column.name": ("descent", "경사 하강법"),
    "compare.column.updates": ("updates", "갱신"),
    "compare.column.epochs": ("epochs", "에폭"),
    "compare.column.seconds": ("seconds", "초"),
    "compare.column.loss": ("loss", "손실"),
    "compare.column.accuracy": ("test acc", "시험 정확도"),
    "compare.updates": ("By updates ({amount:,.0f} each)", "갱신 횟수로 보면({amount:,.0f}번씩)"),
    "compare.epochs": ("By epochs ({amount:,.1f} each)", "에폭으로 보면({amount:,.1f}씩)"),
    "compare.seconds": ("By seconds ({amount:.3g} each)", "시간으로 보면({amount:.3g}초씩)"),
    "compare.best": (
        "{amount}, {name} has the lowest loss, {loss:.4g}; next comes {second}, {other:.4g}.",
        "{amount} 손실이 가장 낮은 것은 {name}({loss:.4g}), 다음은 {second}({other:.4g})입니다.",
    ),
    "compare.alone": (
        "{amount}, {name} came to a loss of {loss:.4g}{second}{other!s:.0}; there is nothing to compare it with.",
        "{amount} {name}의 손실은 {loss:.4g}{second}{other!s:.0}입니다. 비교할 다른 것이 없습니다.",
    ),
    "compare.all-diverged": (
        "All diverged. Lower the learning rate, or use --learning-rate auto.",
        "모두 발산했습니다. 학습률을 낮추거나 --learning-rate auto를 쓰세요.",
    ),
    "compare.none": (
        "`contestants` is empty; name at least one way to train.",
        "`contestants`가 비어 있습니다. 학습 방법을 하나는 주세요.",
    ),
    "compare.name": (
        "`contestants` must have names, strings, as its keys, not {value!r}.",
        "`contestants`의 키는 이름(문자열)이어야 합니다. 받은 값: {value!r}.",
    ),
    "compare.options": (
        '`contestants[{name!r}]` must be the options of a run, such as {{"batch_size": 1}}, not {kind}.',
        '`contestants[{name!r}]` 자리에는 {{"batch_size": 1}} 같은 학습 옵션의 딕셔너리가 필요합니다. 받은 형: {kind}.',
    ),
    "compare.option": (
        "`contestants[{name!r}]` has the option {option!r}; contestants may differ in {options}.",
        "`contestants[{name!r}]`에 옵션 {option!r} 항목이 있습니다. 서로 다르게 줄 수 있는 옵션: {options}.",
    ),
    "export.done": (
        "written: {path}; it takes x, float32 of shape (n, {features}), as the data are, and gives {outputs}",
        "저장: {path}; 데이터 그대로인 x(float32, 형상 (n, {features}))를 받아 {outputs} 출력을 냅니다",
    ),
    "export.layer": (
        "{kind} has no ONNX operation; only layers and losses of gradwright can be exported.",
        "{kind}에 맞는 ONNX 연산이 없습니다. gradwright의 계층과 손실 함수만 내보낼 수 있습니다.",
    ),
    "command.interrupted": ("interrupted; nothing more was written.", "중단되었습니다. 더 저장한 것은 없습니다."),
    "command.exclude": (
        "`{first}` and `{second}` exclude each other: give one of them.",
        "`{first}`, `{second}` 옵션은 함께 쓸 수 없습니다. 하나만 주세요.",
    ),
    "command.output": ("the output", "출력"),
    "command.failed": ("{place}: {reason}.", "{place}: {reason}."),
    "command.data-name": (
        "`--data` is {value!r}, a name that is no text in UTF-8. Rename the file or folder.",
        "`--data` 값 {value!r}: UTF-8 텍스트가 아닌 이름입니다. 파일이나 폴더의 이름을 바꾸세요.",
    ),
    "command.data": (
        "`--data` must be one of {names}, or an existing file or folder, not {value!r}.",
        "`--data`에는 {names} 가운데 하나나 있는 파일 또는 폴더를 주세요. 받은 값: {value!r}.",
    ),
    "command.own-data": (
        "`{flag}` is for data of your own, which {data} is not. Leave it out.",
        "`{flag}` 옵션은 직접 마련한 데이터에 씁니다. {data} 데이터에는 빼세요.",
    ),
    "command.data-dir": (
        "`--data-dir` belongs to --data mnist; the digits come with gradwright.",
        "`--data-dir`은 --data mnist에만 씁니다. digits는 gradwright에 들어 있습니다.",
    ),
    "command.hidden": (
        "`--hidden` must be whole numbers separated by commas, such as 50 or 128,64, not {value!r}.",
        "`--hidden`의 값은 50이나 128,64처럼 쉼표로 나눈 정수여야 합니다. 받은 값: {value!r}.",
    ),
    "command.list-twice": (
        "`{name}` names {value!r} more than once; each way is trained once. Leave the second out.",
        "`{name}`에 {value!r} 값이 두 번 이상 있습니다. 각 방법은 한 번씩만 학습합니다. 하나만 남기세요.",
    ),
    "command.number": (
        "`{name}` must be a number, not {value!r}.",
        "`{name}`의 값은 숫자여야 합니다. 받은 값: {value!r}.",
    ),
    "command.whole": (
        "`{name}` must be a whole number, not {value!r}.",
        "`{name}`의 값은 정수여야 합니다. 받은 값: {value!r}.",
    ),
    "command.number-or": (
        "`{name}` must be a number or {words}, not {value!r}.",
        "`{name}`의 값은 숫자 또는 {words}이어야 합니다. 받은 값: {value!r}.",
    ),
    "train.network": ("{network}; {optimizer}; {steps:,} steps", "{network}; {optimizer}; 갱신 {steps:,}번"),
    "train.cost": (
        "numerical gradients: by their definition each step evaluates the loss {evaluations:,} times",
        "수치 미분: 정의대로라면 한 번 갱신할 때마다 손실 함수를 {evaluations:,}번 계산합니다",
    ),
    "train.twin": (
        "The same run by backpropagation, in {seconds:.1f} s: {accuracy:.2%} right. The largest difference between the"
        " two sets of weights is {largest_difference:.1e}, in {parameter} (weights go up to {largest_weight:.1f}).",
        "오차역전파법으로 같은 학습({seconds:.1f}초): 정확도 {accuracy:.2%}. 두 가중치의 가장 큰 차이는"
        " {largest_difference:.1e}이고 {parameter}에 있습니다(가중치의 크기는 {largest_weight:.1f}까지).",
    ),
    "train.progress": ("training", "학습 중"),
    "train.column.epoch": ("epoch", "에폭"),
    "train.column.step": ("step", "스텝"),
    "train.column.loss": ("loss", "손실"),
    "train.column.train": ("train acc", "훈련 정확도"),
    "train.column.test": ("test acc", "시험 정확도"),
    "train.done": (
        "{steps:,} steps in {seconds:.1f} s: {test:.2%} of the test samples are right ({train:.2%} in training).",
        "{seconds:.1f}초 동안 {steps:,}번 갱신: 시험 데이터의 정확도 {test:.2%}(훈련 데이터 {train:.2%}).",
    ),
    "train.done-no-test": (
        "{steps:,} steps in {seconds:.1f} s: {train:.2%} of the training samples are right{test!s:.0}.",
        "{seconds:.1f}초 동안 {steps:,}번 갱신: 훈련 데이터의 정확도 {train:.2%}{test!s:.0}.",
    ),
    "train.column.train-loss": ("train loss", "훈련 손실"),
    "train.column.test-loss": ("test loss", "시험 손실"),
    "train.done-values": (
        "{steps:,} steps in {seconds:.1f} s: half squared error {test:.4f} on the test samples ({train:.4f} in training), in units of the answers' variance.",
        "{seconds:.1f}초 동안 {steps:,}번 갱신: 시험 데이터의 제곱 오차의 절반 {test:.4f}(훈련 데이터 {train:.4f}), 정답의 분산 단위.",
    ),
    "train.saved": (
        "Model, history and curves are in {folder}",
        "모델, 기록, 학습 곡선을 저장한 폴더: {folder}",
    ),
    "train.next": ("Try next:", "다음에 해 볼 명령:"),
    "predict.line": (
        "{image}: {name} ({share:.1%}), then {runner_up} ({runner_up_share:.1%})",
        "{image}: {name} ({share:.1%}), 다음 후보 {runner_up} ({runner_up_share:.1%})",
    ),
    "predict.alone": (
        "{image}: {name} ({share:.1%}), the only class there is",
        "{image}: {name} ({share:.1%}), 클래스는 이것뿐입니다",
    ),
    "predict.saved": ("written: {path}, {count:,} rows", "저장: {path}, {count:,}행"),
    "predict.unit": (
        "{path} was trained on pictures whose numbers were neither bytes nor from 0 to 1, and does not say from what to what they went, so the grey of a file cannot be told in their unit. Train it anew, or on bytes.",
        "{path} 모델이 학습한 그림의 값은 바이트도 0에서 1 사이도 아니고 값의 범위도 적혀 있지 않아 파일의 회색 값을 그 단위로 바꿀 수 없습니다. 다시 학습하거나 바이트로 학습하세요.",
    ),
    "predict.needs-picture": (
        "{path} is {came}, but {model} was trained on pictures of {height} x {width} pixels. Give it an image of any size: PNG, JPEG, BMP, GIF, TIFF, WebP or PPM.",
        "{path} 파일은 {came}입니다. {model} 모델은 {height} x {width} 픽셀 그림으로 학습했습니다. 크기에 상관없이 PNG, JPEG, BMP, GIF, TIFF, WebP, PPM 이미지를 주세요.",
    ),
    "predict.a-table": ("a table (its columns: {columns})", "표(열: {columns})"),
    "predict.no-image-at-all": ("not an image that can be read", "읽을 수 있는 이미지가 아닌 파일"),
    "predict.needs-table": (
        "{path} is an image, but {model} was trained on a table. Give it a CSV or TSV file with the columns {columns}.",
        "{path} 파일은 이미지인데 {model} 모델은 표로 학습했습니다. 다음 열이 있는 CSV나 TSV 파일을 주세요: {columns}.",
    ),
    "evaluate.changed": (
        "{data} is no longer what {path} was trained on, so which rows were held back is not known. Give other data with --data, or train anew.",
        "{data} 데이터가 {path} 모델을 학습한 뒤 바뀌어 어느 행을 따로 두었는지 알 수 없습니다. --data로 다른 데이터를 주거나 다시 학습하세요.",
    ),
    "predict.no-names": (
        "{path} was not trained on pictures, nor on a table with names for its columns: which of {file} its {features} inputs are is not known. Predict in Python, with gradwright.Network.load.",
        "{path} 모델은 그림으로 학습한 것도, 열 이름이 있는 표로 학습한 것도 아니어서 {file} 파일의 무엇이 입력 {features}개인지 알 수 없습니다. 파이썬에서 gradwright.Network.load로 예측하세요.",
    ),
    "evaluate.total": (
        "accuracy {accuracy:.4f}, loss {loss:.4f} on {count:,} test samples",
        "시험 데이터 {count:,}개: 정확도 {accuracy:.4f}, 손실 {loss:.4f}",
    ),
    "evaluate.values": (
        "{count:,} samples: root mean squared error {rmse:.6g}, mean absolute error {mae:.6g}, R² {r2:.4f}",
        "데이터 {count:,}개: 평균 제곱근 오차 {rmse:.6g}, 평균 절대 오차 {mae:.6g}, R² {r2:.4f}",
    ),
    "evaluate.no-test": (
        "{data} has no test part to evaluate on. Give other data with --data.",
        "{data} 데이터에 평가할 시험 데이터가 없습니다. --data로 다른 데이터를 주세요.",
    ),
    "evaluation.classifies": (
        "a network with {loss} tells classes apart; use `evaluate`.",
        "손실 함수가 {loss}인 신경망은 클래스를 구별합니다. `evaluate`를 쓰세요.",
    ),
    "evaluate.column.class": ("class", "클래스"),
    "evaluate.column.count": ("samples", "샘플 수"),
    "evaluate.column.precision": ("precision", "정밀도"),
    "evaluate.column.recall": ("recall", "재현율"),
    "evaluate.column.f1": ("F1", "F1"),
    "evaluate.saved": ("drawn: {path}", "그림 저장: {path}"),
    "evaluate.exists": (
        "{path} already holds {what}. Choose another --out, or replace them with --overwrite.",
        "{path} 폴더에 이미 {what} 파일이 있습니다. 다른 --out을 고르거나 --overwrite로 바꿔 쓰세요.",
    ),
    "command.drawn": ("drawn: {path}", "그림 저장: {path}"),
    "command.exists": (
        "{path} already exists. Choose another {flag}, or replace it with --overwrite.",
        "{path}에 이미 파일이 있습니다. {flag}에 다른 파일을 주거나 --overwrite로 바꿔 쓰세요.",
    ),
    "command.onto-input": (
        "`{flag}` names {path}, which is read here: it would be lost. Choose another file.",
        "`{flag}`에 준 {path} 파일은 여기서 읽는 파일이어서 내용을 잃게 됩니다. 다른 파일을 고르세요.",
    ),
    "command.numbers": (
        "`{name}` must be numbers separated by commas, not {value!r}.",
        "`{name}`의 값은 쉼표로 나눈 수여야 합니다. 받은 값: {value!r}.",
    ),
    "command.count": (
        "`{name}` must be {count} finite number(s), one for each variable of the formula, not {value!r}.",
        "`{name}`의 값은 식의 변수마다 하나씩, 유한한 수 {count}개여야 합니다. 받은 값: {value!r}.",
    ),
    "diff.one-variable": (
        "`--order` and `--plot` need a formula of one variable; this one has {variables}.",
        "`--order`와 `--plot`은 변수가 하나인 식에만 쓸 수 있습니다. 이 식의 변수: {variables}.",
    ),
    "diff.plot-order": (
        "`--plot` draws the tangent, whose slope is the first derivative. Leave out `--order`.",
        "`--plot`은 기울기가 1차 미분인 접선을 그립니다. `--order`를 빼세요.",
    ),
    "diff.numeric": ("numerical:  {estimate}", "수치 미분:   {estimate}"),
    "diff.sides": (
        "no derivative here: slope {left:.9g} from the left, {right:.9g} from the right",
        "여기서는 미분할 수 없습니다. 왼쪽 미분계수 {left:.9g}, 오른쪽 미분계수 {right:.9g}",
    ),
    "diff.undefined": (
        "no derivative here: the formula has no finite value at this point ({value})",
        "여기서는 미분할 수 없습니다. 이 점에서 식의 값이 유한하지 않습니다({value})",
    ),
    "diff.exact": (
        "exact:      {exact:.15g} = {rule} there; the difference is {difference:.1g}",
        "해석적 미분: {exact:.15g} = {rule}; 차이 {difference:.1g}",
    ),
    "diff.rule-there": ("exact:      {exact:g} = {rule} there", "해석적 미분: {exact:g} = {rule}"),
    "command.no-variables": (
        "the formula {formula} has no variable, so there is nothing to differentiate. Write one, such as x.",
        "식 {formula}에는 변수가 없어 미분할 것이 없습니다. x 같은 변수를 쓰세요.",
    ),
    "diff.rule": ("elsewhere:  {rule}", "다른 점에서는: {rule}"),
    "diff.no-rule": ("exact:      {reason}", "해석적 미분: {reason}"),
    "diff.partial": (
        "d/d{name}: {value:.15g} +- {error:.1g} ({status})",
        "d/d{name}: {value:.15g} +- {error:.1g} ({status})",
    ),
    "descend.two-variables": (
        "`--plot` draws a path over two variables; this formula has {count}.",
        "`--plot`은 변수가 둘인 식의 경로를 그립니다. 이 식의 변수는 {count}개입니다.",
    ),
    "descend.direction": ("`direction`: {way}", "`direction` 방향: {way}"),
    "descend.bounds": (
        "`--bounds` must be two numbers separated by a comma, the lower first, such as 0,inf, not {value!r}.",
        "`--bounds`의 값은 0,inf처럼 쉼표로 나눈 수 두 개여야 하고 작은 수가 먼저 와야 합니다. 받은 값: {value!r}.",
    ),
    "descend.start-outside": (
        "`--start` must lie within `--bounds`, {low:g} to {high:g}.",
        "`--start`의 값은 `--bounds` 범위({low:g} ~ {high:g}) 안에 있어야 합니다.",
    ),
    "descend.column.step": ("step", "스텝"),
    "target.form": (
        "`{target}` must be written FILE.py:NAME, such as model.py:loss.",
        "`{target}`: model.py:loss처럼 FILE.py:NAME 형식으로 쓰세요.",
    ),
    "target.suffix": (
        "{path} is not a Python file: its name must end in .py.",
        "{path}: 파이썬 파일이 아닙니다. 파일 이름은 .py로 끝나야 합니다.",
    ),
    "target.no-name": (
        "{path} has no {name}. It has {names}.",
        "{path} 파일에 {name}에 해당하는 이름이 없습니다. 있는 이름: {names}.",
    ),
    "target.nothing": ("no public function or array at all", "공개된 함수나 배열 없음"),
    "target.arguments": (
        "`{target}` must take one argument, the point, but it is {signature}. Fix the others first, as in "
        "`f = lambda x: loss(x, t)`.",
        "`{target}`에 해당하는 함수는 점 하나만 인수로 받아야 합니다. 현재 형태: {signature}. `f = lambda x: loss(x, t)`처럼 나머지를 먼저 "
        "정하세요.",
    ),
    "target.no-arguments": (
        "`{target}` must take no arguments, so that it can return the point, but it is {signature}.",
        "`{target}`에 해당하는 함수는 인수 없이 점을 돌려주어야 합니다. 현재 형태: {signature}.",
    ),
    "target.point": (
        "`{target}` must be an array, a number, a dict or list of arrays, or a function without arguments that returns "
        "one, not {kind}.",
        "`{target}`에 필요한 것은 배열, 숫자, 배열의 딕셔너리나 리스트, 또는 이를 돌려주는 인수 없는 함수입니다. 받은 것: {kind}.",
    ),
    "target.gradient": (
        "`{target}` must be a function, or the gradient at the point as an array or a dict of arrays, not {kind}.",
        "`{target}`에 필요한 것은 함수, 또는 그 점의 기울기를 담은 배열이나 배열의 딕셔너리입니다. 받은 것: {kind}.",
    ),
    "code.raised": ("{said} ({path}, line {line})", "{said} ({path}, {line}번째 줄)"),
    "code.raised-somewhere": ("{said} ({path})", "{said} ({path})"),
    "usage.no-option": (
        "there is no option {option}. Did you mean {near}?",
        "{option} 옵션은 없습니다. 비슷한 것: {near}.",
    ),
    "usage.missing": ("{name} is missing. See --help.", "{name} 값이 빠졌습니다. --help를 보세요."),
    "usage.no-value": ("{option} needs a value. See --help.", "{option} 옵션에는 값이 필요합니다. --help를 보세요."),
    "usage.twice": (
        "{option} is given more than once. Give it once; where it takes several values, separate them by commas.",
        "{option} 옵션을 두 번 이상 주었습니다. 한 번만 주고, 값을 여럿 받는 옵션이면 쉼표로 나누세요.",
    ),
    "usage.flag-value": ("{option} takes no value.", "{option} 옵션에는 값을 줄 수 없습니다."),
    "usage.surplus": (
        "`{words}` is more than {command} takes. See --help.",
        "`{words}`: {command} 명령에서 쓰지 않는 값입니다. --help를 보세요.",
    ),
    "usage.surplus-formula": (
        '`{words}` is more than {command} takes. Put the formula in quotation marks, as in "x**2 + 1".',
        '`{words}`: {command} 명령에서 쓰지 않는 값입니다. 식은 "x**2 + 1"처럼 따옴표로 묶으세요.',
    ),
    "usage.no-command": (
        "there is no command {name}. Did you mean {near}?",
        "{name} 명령은 없습니다. 비슷한 것: {near}.",
    ),
    "usage.other": ("{said} See --help.", "명령을 이해할 수 없습니다: {said} --help를 보세요."),
    "evaluate.no-data": (
        "{path} does not say what it was trained on. Give --data.",
        "{path} 모델에는 어떤 데이터로 학습했는지 적혀 있지 않습니다. --data를 주세요.",
    ),
    "evaluate.gone": (
        "{path} was trained on {data}, as it and its run.json say, which is no longer there. Bring it back, or give other data with --data.",
        "{path} 모델을 학습한 데이터 {data} 경로(run.json에도 적혀 있음)에 이제 아무것도 없습니다. 되돌려 놓거나 --data로 다른 데이터를 주세요.",
    ),
    "evaluate.mismatch": (
        "{path} takes {n_in} numbers and tells {n_out} classes apart, but {data} has {features} numbers and {classes} "
        "classes. Evaluate it on the data that it was trained on.",
        "{path} 모델의 입력은 {n_in}개, 클래스는 {n_out}개인데 {data} 데이터의 특징은 {features}개, 클래스는 {classes}개입니다. "
        "학습에 쓴 데이터로 평가하세요.",
    ),
}

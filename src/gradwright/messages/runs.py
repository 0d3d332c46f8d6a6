"""Sentences of the training loop and the runs."""

MESSAGES: dict[str, tuple[str, str]] = {
    "rate.chosen": (
        "Learning rate {rate:g}: of {tried}, each tried for {steps:,} steps and judged by samples held back, it had the "
        "lowest loss ({loss:.4g}) among the most accurate ({accuracy:.2%} right).",
        "학습률 {rate:g}: {tried} 값으로 {steps:,}번씩 갱신해 따로 둔 데이터로 견주었더니, 정확도가 가장 높은 것들(정확도 {accuracy:.2%}) 가운데 손실이 가장 "
        "낮았습니다(손실 {loss:.4g}).",
    ),
    "rate.chosen-values": (
        "Learning rate {rate:g}: of {tried}, each tried for {steps:,} steps and judged by samples held back, it had the "
        "lowest loss ({loss:.4g}{accuracy!s:.0}).",
        "학습률 {rate:g}: {tried} 값으로 {steps:,}번씩 갱신해 따로 둔 데이터로 견주었더니, 손실이 가장 낮았습니다(손실 {loss:.4g}{accuracy!s:.0}).",
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
    "checkpoint.kind": (
        "the state cannot be saved: its entry {entry!r} is of the kind {kind}. What an optimizer keeps must be arrays of "
        "numbers, numbers or text, in dicts and lists.",
        "상태를 저장할 수 없습니다. {entry!r} 항목의 형: {kind}. 최적화 방법의 상태에는 숫자 배열, 숫자, 문자열과 그 딕셔너리나 리스트만 쓸 수 있습니다.",
    ),
    "checkpoint.ahead": (
        "there is a checkpoint of a later step, {path}, but this run is at step {step}: it would be mixed up with another "
        "run. Go on from it with restore(trainer), or choose another folder.",
        "더 나중 스텝의 체크포인트 {path} 파일이 이미 있습니다. 이 학습은 {step}번째 스텝이어서 다른 학습과 섞이게 됩니다. restore(trainer)로 이어서 "
        "학습하거나 다른 폴더를 고르세요.",
    ),
    "checkpoint.unwritable": (
        "the checkpoint {path} cannot be written: {reason}. The run stopped there; older checkpoints are as they were. "
        "Make room for it, or make its folder writable, and go on from them.",
        "체크포인트 {path} 파일을 쓸 수 없습니다: {reason}. 학습을 멈췄으며 이전 체크포인트는 그대로 있습니다. 공간을 비우거나 폴더에 쓸 수 있게 한 뒤 "
        "이어서 학습하세요.",
    ),
    "checkpoint.all-damaged": (
        "no checkpoint in {path} is sound: {names}. Bring back a copy of one, or start anew with --overwrite.",
        "{path} 폴더에 온전한 체크포인트가 없습니다: {names}. 사본을 되돌려 놓거나 --overwrite로 처음부터 학습하세요.",
    ),
    "checkpoint.passed-over": (
        "damaged and passed over: {names}. The run goes on from {used}.",
        "손상되어 건너뛴 체크포인트: {names}. 이어서 학습할 체크포인트: {used}.",
    ),
    "run.busy": (
        "another process is writing in {path}. Wait until it has ended, or choose another folder.",
        "다른 프로세스가 {path} 폴더에 쓰고 있습니다. 끝날 때까지 기다리거나 다른 폴더를 고르세요.",
    ),
    "run.folder-given": (
        "{path} is a folder. Give the run.json in it: {inside}.",
        "{path}: 파일이 아니라 폴더입니다. 그 안의 run.json을 주세요: {inside}.",
    ),
    "run.not-ours": (
        "{path} is no run.json that `gradwright train` wrote, or it is damaged.",
        "{path} 파일은 `gradwright train`이 만든 run.json이 아니거나 손상되었습니다.",
    ),
    "run.is-file": (
        "{path} is a file; a run needs a folder. Choose another --out.",
        "{path} 경로에는 파일이 있습니다. 실행 결과에는 폴더가 필요합니다. 다른 --out을 고르세요.",
    ),
    "run.exists": (
        "{path} already holds a run ({what}). Choose another --out, go on with it with --resume, or replace it with "
        "--overwrite.",
        "{path} 폴더에 이미 실행 결과({what})가 있습니다. 다른 --out을 고르거나, --resume으로 이어서 학습하거나, --overwrite로 바꿔 쓰세요.",
    ),
    "run.foreign": (
        "{path} is not empty ({what}). Choose another --out, or write beside these files with --overwrite.",
        "{path} 폴더가 비어 있지 않습니다({what}). 다른 --out을 고르거나, 그 파일들 곁에 쓰려면 --overwrite를 주세요.",
    ),
    "resume.interrupted": (
        "interrupted; all steps up to {step:,} are kept. Go on with: {command}",
        "중단되었습니다. {step:,}번째 스텝까지 저장되어 있습니다. 이어서 하려면: {command}",
    ),
    "resume.no-out": (
        "`--resume` needs `--out`, the folder of the run to go on with.",
        "`--resume`에는 이어서 할 학습의 폴더가 필요합니다. `--out`을 주세요.",
    ),
    "resume.no-checkpoint": (
        "{path} holds no checkpoint to go on from. Leave out --resume to begin there.",
        "{path} 폴더에 이어서 할 체크포인트가 없습니다. 처음부터 하려면 --resume을 빼세요.",
    ),
    "resume.not-train": (
        "{path} was not written by `gradwright train`: it tells no settings. Go on with it in Python, by "
        "Checkpoints.restore.",
        "{path} 파일은 `gradwright train`이 쓴 것이 아니어서 설정이 들어 있지 않습니다. 파이썬에서 Checkpoints.restore로 이어서 하세요.",
    ),
    "resume.settings": (
        "settings differ from those of the run in {path} (its own -> now): {differ}. Leave these flags out, or begin "
        "another run in another folder.",
        "{path}에 있는 학습과 설정이 다릅니다(그때 -> 지금): {differ}. 이 옵션들을 빼거나 다른 폴더에서 새 학습을 시작하세요.",
    ),
    "resume.environment": (
        "the run was begun elsewhere (there -> here): {differ}. The last bits may come out otherwise.",
        "학습을 시작한 환경과 다릅니다(그때 -> 지금): {differ}. 결과의 마지막 비트가 달라질 수 있습니다.",
    ),
    "resume.data": (
        "the data called {data} are not those of the run: their SHA-256 was {before}..., now it is {now}... Bring back "
        "the data of the run, or say with --data where they are.",
        "지금의 {data} 데이터는 그 학습의 데이터와 다릅니다. 그때의 SHA-256은 {before}..., 지금은 {now}... 그때의 데이터를 되돌려 놓거나 있는 곳을 --data로 알려 주세요.",
    ),
    "resume.data-gone": (
        "the data of the run in {path}, {data}, are no longer there. Bring them back, or say with --data where they are now.",
        "{path}에 있는 학습의 데이터 {data} 경로에 이제 아무것도 없습니다. 되돌려 놓거나 지금 있는 곳을 --data로 알려 주세요.",
    ),
    "resume.shorter": (
        "the run has done {done:,} steps already, more than the {steps:,} asked for. Give `--steps` of at least {done:,}.",
        "이 학습은 이미 {done:,}번 갱신했는데 요청한 횟수는 {steps:,}번입니다. `--steps`에 {done:,} 이상의 값을 주세요.",
    ),
    "resume.from": (
        "going on after step {step:,} of {steps:,}, from {path}",
        "갱신 {steps:,}번 가운데 {step:,}번 다음부터 이어서 합니다: {path}",
    ),
    "resume.finished": (
        "the run in {folder} is finished: all {steps:,} steps are done. To go on, ask for more with --steps or --epochs.",
        "{folder} 폴더의 학습은 끝났습니다(갱신 {steps:,}번). 더 하려면 --steps나 --epochs를 더 크게 주세요.",
    ),
    "run.setting": (
        "{path} cannot be used: its setting {entry!r} is {value!r}, which `gradwright train` never writes there.",
        "{path}: 쓸 수 없습니다. {entry!r} 설정의 값 {value!r}, `gradwright train`이 쓰지 않는 값입니다.",
    ),
}

"""What the command line says of its commands and options (``--help``)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "help.gradwright": (
        "Gradients you can trust: differentiate, check, descend, learn.",
        "믿을 수 있는 기울기: 미분하고, 확인하고, 하강하고, 학습합니다.",
    ),
    "help.usage": ("Usage:", "사용법:"),
    "help.options": ("Options", "옵션"),
    "help.commands": ("Commands", "명령"),
    "help.word.options": ("[OPTIONS]", "[옵션]"),
    "help.word.command": ("COMMAND [ARGS]...", "명령 [인수]..."),
    "help.help": ("Show this message and exit.", "이 도움말을 보여 주고 끝냅니다."),
    "help.version": ("Show the version and exit.", "버전을 보여 주고 끝냅니다."),
    "help.default": ("[default: {value}]", "[기본값: {value}]"),
    "help.required": ("[required]", "[필수]"),
    "help.json": ("Write one JSON document and nothing else.", "JSON 문서 하나만 출력합니다."),
    "help.lang": ("The language of all sentences (default: the locale's).", "출력 언어(기본값: 시스템 언어)."),
    "help.quiet": ("Write nothing but errors.", "오류 외에는 출력하지 않습니다."),
    "help.data": (
        "The data set, or a file or folder of your own: .csv, .tsv, .npz, IDX files, a folder of pictures a class.",
        "데이터 세트, 또는 직접 마련한 파일이나 폴더: .csv, .tsv, .npz, IDX 파일, 클래스별 이미지 폴더.",
    ),
    "help.task": (
        "What the answers of your own data are: by themselves, text and few different whole numbers are classes.",
        "직접 마련한 데이터의 정답 종류. 따로 정하지 않으면 글이나 종류가 적은 정수는 클래스로 봅니다.",
    ),
    "help.label": (
        "The column of a table that holds the answers (default: label, target, class, t or y, else the last).",
        "표에서 정답이 있는 열(기본값: label, target, class, t, y 가운데 있는 것, 없으면 마지막 열).",
    ),
    "help.evaluate.data": (
        "The data set (default: the one that the model was trained on).",
        "데이터 세트(기본값: 모델을 학습한 데이터).",
    ),
    "help.data-dir": (
        "The folder that holds the four MNIST files; without it they are downloaded once and kept.",
        "MNIST 파일 네 개가 있는 폴더. 주지 않으면 한 번 내려받아 보관합니다.",
    ),
    "help.train.command": (
        "Train a network: the gradient is checked first; then a table shows how it goes, and the model, its history and "
        "a picture of the curves are kept in a folder. Without arguments, on the digits that come with gradwright.",
        "신경망을 학습합니다. 먼저 기울기를 확인하고, 진행 과정을 표로 보여 주며, 모델과 기록, 학습 곡선 그림을 폴더에 저장합니다. "
        "인수를 주지 않으면 gradwright에 들어 있는 손글씨 숫자로 학습합니다.",
    ),
    "help.train.target": (
        'Ask "is it NAME?" instead of which class it is.',
        '어느 클래스인지 대신 "NAME인가?"를 묻습니다.',
    ),
    "help.train.hidden": ("The hidden layers' sizes.", "은닉층의 뉴런 수."),
    "help.train.activation": ("The hidden layers' activation function.", "은닉층의 활성화 함수."),
    "help.train.optimizer": (
        "How a gradient becomes a step (default: sgd on mnist, else momentum).",
        "기울기로 매개변수를 갱신하는 방법(기본값: mnist는 sgd, 그 밖에는 momentum).",
    ),
    "help.train.learning-rate": (
        "The learning rate; auto looks for one first (default: 0.1, for values to predict 0.01).",
        "학습률. auto이면 먼저 알맞은 것을 찾습니다(기본값: 0.1, 값을 예측할 때는 0.01).",
    ),
    "help.train.batch-size": (
        "Samples in a mini-batch; 1 is stochastic, full is batch gradient descent (default: 100 on mnist, else 20).",
        "미니배치의 샘플 수. 1은 확률적, full은 배치 경사 하강법입니다(기본값: mnist는 100, 그 밖에는 20).",
    ),
    "help.train.steps": ("How many steps.", "갱신 횟수."),
    "help.train.epochs": (
        "How many passes through the training data (default: 17 on mnist, else 30).",
        "훈련 데이터를 몇 번 훑을지(기본값: mnist는 17, 그 밖에는 30 에폭).",
    ),
    "help.train.gradient": (
        "How the gradient is found: by backpropagation, or numerically, for each parameter.",
        "기울기를 구하는 방법: 오차역전파법(backprop) 또는 매개변수마다 수치 미분(numerical).",
    ),
    "help.train.sampling": (
        "Whether each epoch goes once through all samples, or each batch is drawn anew.",
        "에폭마다 모든 샘플을 한 번씩 쓸지(permutation), 배치마다 새로 뽑을지(replacement).",
    ),
    "help.train.evaluate-every": (
        "Steps between two evaluations of the full sets (default: an epoch).",
        "전체 데이터로 평가하는 간격(기본값: 1 에폭).",
    ),
    "help.train.init": (
        "The standard deviation of the first weights; auto is He or Xavier.",
        "가중치 초깃값의 표준편차. auto는 He 또는 Xavier 초깃값.",
    ),
    "help.train.dtype": ("The dtype of the parameters.", "매개변수의 dtype."),
    "help.train.seed": (
        "The seed: the same seed gives the same bits.",
        "난수 시드. 시드가 같으면 결과도 비트까지 같습니다.",
    ),
    "help.train.checkpoint-every": (
        "Steps between two checkpoints (default: an epoch, or more where epochs are short); there is always one at the "
        "end.",
        "체크포인트를 저장하는 간격(기본값: 1 에폭, 에폭이 짧으면 더 길게). 마지막에는 언제나 저장합니다.",
    ),
    "help.train.from": (
        "Do the run that this run.json records once more: all its settings, the same data, the same bits.",
        "이 run.json에 기록된 학습을 다시 합니다. 설정과 데이터가 모두 같으며 결과도 비트까지 같습니다.",
    ),
    "help.train.resume": (
        "Go on with the run in --out from its newest checkpoint, with its own settings; --steps, --epochs and "
        "--checkpoint-every may differ, and --data where your own data have moved.",
        "--out 폴더의 학습을 최신 체크포인트부터 그때의 설정으로 이어서 합니다. --steps, --epochs, --checkpoint-every는 달라도 되고, 직접 마련한 데이터를 옮겼으면 --data로 알려 줍니다.",
    ),
    "help.train.out": (
        "Where to keep the run (default: a new folder under runs).",
        "결과를 저장할 폴더(기본값: runs 아래 새 폴더).",
    ),
    "help.train.overwrite": ("Replace a run that is there.", "이미 있는 결과를 바꿔 씁니다."),
    "help.predict.command": (
        "Say what is in pictures of any size and either polarity, or what follows from the rows of a table, with a model that `train` made.",
        "`train`이 만든 모델로 그림에 무엇이 있는지 알아맞히거나(크기나 배경색은 상관없습니다) 표의 행마다 예측합니다.",
    ),
    "help.predict.out": (
        "Write a table of the predictions into this CSV file: a row a sample, with the probability of each class.",
        "예측을 저장할 CSV 파일. 샘플마다 한 행에 예측과 클래스별 확률을 씁니다.",
    ),
    "help.compare.command": (
        "Train in several ways side by side, and say which does best by updates, by epochs and by seconds.",
        "여러 방법으로 나란히 학습하고 갱신 횟수, 에폭, 시간으로 보아 어느 것이 가장 좋은지 알려 줍니다.",
    ),
    "help.compare.batch-size": (
        "Sizes to compare: full is batch, 1 stochastic gradient descent, others are mini-batches.",
        "비교할 배치 크기. full은 배치, 1은 확률적 경사 하강법, 그 밖은 미니배치입니다.",
    ),
    "help.compare.optimizer": ("Optimizers to compare.", "비교할 최적화 방법."),
    "help.compare.learning-rate": (
        "The learning rate of all, or auto: one is looked for, for each.",
        "모두의 학습률. auto이면 각각에 맞는 것을 찾습니다.",
    ),
    "help.compare.epochs": (
        "How many epochs each runs for; and for 1,000 updates at least.",
        "각각의 에폭 수. 적어도 1,000번은 갱신합니다.",
    ),
    "help.compare.out": ("Draw the curves into this file.", "곡선을 그려 저장할 파일."),
    "help.export.command": (
        "Write a model that `train` made for other programs, with what was done to the data in it.",
        "`train`이 만든 모델을 다른 프로그램에서 쓸 수 있게 저장합니다. 데이터에 한 처리도 함께 들어갑니다.",
    ),
    "help.onnx": ("The ONNX file to write.", "저장할 ONNX 파일."),
    "help.export.overwrite": ("Replace a file that is there.", "이미 있는 파일을 바꿔 씁니다."),
    "help.evaluate.command": (
        "Evaluate a model that `train` made on the test part of a data set.",
        "`train`이 만든 모델을 데이터 세트의 시험 데이터로 평가합니다.",
    ),
    "help.evaluate.out": (
        "Draw the confusion matrix, the worst mistakes and the first weights into this folder.",
        "혼동 행렬, 크게 틀린 예, 첫 층의 가중치 그림을 저장할 폴더.",
    ),
    "help.evaluate.overwrite": ("Replace pictures that are there.", "이미 있는 그림을 바꿔 씁니다."),
    "help.plot": ("Draw the picture into this file (PNG, SVG or PDF).", "그림을 저장할 파일(PNG, SVG 또는 PDF)."),
    "help.plot-steps": (
        "Draw the error of the plain differences against their step into this file.",
        "차분 간격에 따른 수치 미분의 오차를 그릴 파일.",
    ),
    "help.overwrite-plot": ("Replace a picture that is there.", "이미 있는 그림을 바꿔 씁니다."),
    "help.diff.command": (
        "Differentiate a formula such as 0.01*x**2 + 0.1*x numerically, with its error, beside the exact derivative.",
        "0.01*x**2 + 0.1*x 같은 식을 수치 미분하여 오차와 함께 보여 주고, 해석적 미분과 견줍니다.",
    ),
    "help.diff.at": (
        "The point; numbers separated by commas for several variables.",
        "미분할 점. 변수가 여럿이면 쉼표로 나눈 수.",
    ),
    "help.diff.method": ("Which difference.", "차분 방법: 자동, 중심, 전방, 후방, 복소."),
    "help.diff.step": ("The step h (default: chosen).", "차분 간격 h(기본값: 알아서 고름)."),
    "help.diff.order": ("The order of the derivative.", "몇 번 미분할지."),
    "help.check.command": (
        "Check a gradient that you wrote against measured derivatives, and name what is wrong with it, where and why. The "
        "files that you name are executed. The exit status is 0 if the gradient passed, else 1.",
        "직접 쓴 기울기를 수치 미분한 값과 견주어 확인하고, 무엇이 어디서 왜 틀렸는지 알려 줍니다. 지정한 파일은 실행됩니다. "
        "종료 상태는 기울기가 맞으면 0, 그 밖에는 1입니다.",
    ),
    "help.check.names": (
        "FILE.py:f is the function f in FILE.py, FILE.py:gradient its gradient: a function, or the array that it would "
        "return. The word autograd stands for the gradient that PyTorch or JAX finds.",
        "FILE.py:f는 FILE.py에 있는 함수 f이고, FILE.py:gradient는 그 기울기(함수, 또는 함수가 돌려줄 배열)입니다. autograd라고 쓰면 "
        "PyTorch나 JAX가 구하는 기울기를 확인합니다.",
    ),
    "help.check.at": (
        "The point: an array, a list of numbers, a dict of arrays, or a function without arguments that returns one.",
        "확인할 점: 배열, 숫자의 리스트, 배열의 딕셔너리, 또는 이를 돌려주는 인수 없는 함수.",
    ),
    "help.check.sample": (
        "Check at most so many entries of each array (default: all).",
        "배열마다 확인할 항목의 최대 개수(기본값: 모두).",
    ),
    "help.check.seed": (
        "The seed of the sample and of random directions.",
        "샘플과 무작위 방향을 뽑는 난수 시드.",
    ),
    "help.check.batch-size": (
        "The number of samples that f is a mean over (default: looked for).",
        "f가 평균을 내는 샘플 수(기본값: 알아서 찾음).",
    ),
    "help.descend.command": (
        "Go down (or up) a formula by gradient descent, and say how it went and what to change.",
        "식의 값이 작아지도록(또는 커지도록) 경사 하강법을 실행하고, 결과와 고칠 점을 알려 줍니다.",
    ),
    "help.descend.start": (
        "Where to start; numbers separated by commas, such as -3,4.",
        "시작점. -3,4처럼 쉼표로 나눈 수.",
    ),
    "help.descend.optimizer": ("How a gradient becomes a step.", "기울기로 점을 옮기는 방법."),
    "help.descend.learning-rate": ("The learning rate.", "학습률."),
    "help.descend.steps": ("How many steps.", "갱신 횟수."),
    "help.descend.step": (
        "The step h of the central difference, 1e-4 in the course (default: chosen).",
        "중심 차분의 간격 h. 책에서는 1e-4(기본값: 알아서 고름).",
    ),
    "help.descend.bounds": (
        "Where every variable must stay, such as -1,1; a step that would leave ends on the bound.",
        "모든 변수의 범위. 예: -1,1. 범위를 벗어나는 갱신은 경계에서 멈춥니다.",
    ),
    "help.descend.tol": (
        "Stop where the gradient is no longer than this.",
        "기울기의 크기가 이 값 이하가 되면 멈춥니다.",
    ),
    "help.descend.maximize": ("Go up instead of down.", "내려가는 대신 올라갑니다(경사 상승법)."),
}

"""Sentences of the comparison with other libraries."""

MESSAGES: dict[str, tuple[str, str]] = {
    "help.bench.command": (
        "Measure how fast gradwright is beside other libraries, on this machine: about a minute.",
        "이 컴퓨터에서 다른 라이브러리와 속도를 비교합니다(약 1분).",
    ),
    "help.bench.rounds": (
        "How often each contestant takes its turn; the median counts.",
        "참가자마다 재는 횟수. 중앙값을 씁니다.",
    ),
    "help.bench.data-dir": (
        "The folder that holds the four MNIST files; without it the images are random.",
        "MNIST 파일 네 개가 있는 폴더. 주지 않으면 무작위 이미지를 씁니다.",
    ),
    "help.bench.out": ("Draw the ratios into this file.", "비율을 이 파일에 그립니다."),
    "bench.machine": (
        "cores: {cores}; {system}; Python {python}, NumPy {numpy}; rounds: {rounds}, in turns; medians",
        "코어 {cores}개; {system}; Python {python}, NumPy {numpy}; 번갈아 {rounds}회; 중앙값",
    ),
    "bench.data.mnist": ("on the images of MNIST", "MNIST 이미지로"),
    "bench.data.random": (
        "on random images with as much ink as MNIST's (--data-dir gives the folder of the real ones)",
        "잉크의 양이 MNIST와 같은 무작위 이미지로(진짜 이미지는 --data-dir로 지정)",
    ),
    "bench.progress": ("measuring", "측정 중"),
    "bench.job.numerical": (
        "Numerical gradient of 784-50-10, 100 images",
        "784-50-10 신경망의 수치 미분, 이미지 100장",
    ),
    "bench.job.numerical-deep": (
        "Numerical gradient of 784-50-30-10, 100 images",
        "784-50-30-10 신경망의 수치 미분, 이미지 100장",
    ),
    "bench.job.training": (
        "Training of 784-50-10, 1,200 steps of 100, accuracies",
        "784-50-10 학습, 100장씩 1,200번 갱신, 정확도 포함",
    ),
    "bench.job.wide": (
        "One step of 784-1024-1024-10, relu, Adam, 512 images",
        "784-1024-1024-10의 갱신 한 번, relu, Adam, 이미지 512장",
    ),
    "bench.job.start": ("Start: import, and the help of the command", "시작: 불러오기와 명령의 도움말"),
    "bench.name.floor": ("the bare products and gathers", "행렬 곱과 복사만"),
    "bench.name.textbook": ("textbook code, BLAS threads: {threads}", "교과서 코드, BLAS 스레드 {threads}개"),
    "bench.name.torch": ("PyTorch, threads: {threads}", "PyTorch, 스레드 {threads}개"),
    "bench.name.jax": ("JAX, compiled", "JAX, 컴파일"),
    "bench.name.sklearn": ("scikit-learn (no accuracies)", "scikit-learn(정확도 없음)"),
    "bench.times": ("{ratio} times as long", "{ratio}배"),
    "bench.missing": ("not installed here: {names}", "설치되어 있지 않음: {names}"),
    "bench.title": ("Time, in units of gradwright's", "걸린 시간(gradwright를 1로)"),
    "bench.saved": ("The picture is in {path}", "그림을 저장한 파일: {path}"),
}

"""Sentences of the data sets, their files and the images."""

MESSAGES: dict[str, tuple[str, str]] = {
    "data.describe": (
        "{name}: {train:,} training and {test:,} test samples of {features:,} features; {count} classes: {classes}",
        "{name}: 훈련 데이터 {train:,}개, 시험 데이터 {test:,}개, 특징 {features:,}개, 클래스 {count}개: {classes}",
    ),
    "data.describe-values": (
        "{name}: {train:,} training and {test:,} test samples of {features:,} features; values to predict: {count}",
        "{name}: 훈련 데이터 {train:,}개, 시험 데이터 {test:,}개, 특징 {features:,}개, 예측할 값 {count}개",
    ),
    "data.form": (
        "`data` must be a Dataset, (x, t), (x_train, t_train, x_test, t_test) or ((x_train, t_train), (x_test, t_test)), not {kind} of another form.",
        "`data`에는 Dataset, (x, t), (x_train, t_train, x_test, t_test), ((x_train, t_train), (x_test, t_test)) 가운데 하나가 필요합니다. 받은 형: {kind}.",
    ),
    "data.half-test": (
        "`x_test` and `t_test` belong together: give both or neither.",
        "`x_test`와 `t_test`는 짝입니다. 둘 다 주거나 둘 다 빼세요.",
    ),
    "data.rows": (
        "`{name}` has shape {shape}; it must have one sample a row, so at least two axes. For a single feature use x.reshape(-1, 1).",
        "`{name}`의 형상은 {shape}입니다. 행마다 샘플이 하나씩 있도록 축이 둘 이상이어야 합니다. 특징이 하나라면 x.reshape(-1, 1)을 쓰세요.",
    ),
    "data.targets": (
        "`{name}` has shape {shape}; it must be labels of shape (n,), one-hot rows (n, n_classes), or values (n, k) to predict.",
        "`{name}`의 형상은 {shape}입니다. 레이블 (n,), 원-핫 행 (n, n_classes), 예측할 값 (n, k) 가운데 하나여야 합니다.",
    ),
    "data.values": (
        "`{name}` has shape {shape} and dtype {dtype}, but the training targets are values to predict; give floating values of shape (n, k).",
        "`{name}`의 형상은 {shape}, dtype은 {dtype}인데 훈련 데이터의 목표는 예측할 값입니다. 형상이 (n, k)인 실수를 주세요.",
    ),
    "data.lengths": (
        "`{x}` has {n_x} rows but `{t}` has {n_t}; each sample needs one target.",
        "`{x}`의 행은 {n_x}개인데 `{t}`의 행은 {n_t}개입니다. 샘플마다 목표가 하나씩 있어야 합니다.",
    ),
    "data.width": (
        "`x_test` has {x_test} features but `x_train` has {x_train}; they must be the same.",
        "`x_test`의 특징은 {x_test}개인데 `x_train`의 특징은 {x_train}개입니다. 둘은 같아야 합니다.",
    ),
    "data.target-width": (
        "`t_test` has {t_test} values a row but `t_train` has {t_train}; they must be the same.",
        "`t_test`의 한 행은 값이 {t_test}개인데 `t_train`의 한 행은 {t_train}개입니다. 둘은 같아야 합니다.",
    ),
    "data.non-finite": (
        "`{name}` holds {what} in row {row}, column {column} ({count} such values in all); every value must be finite in float32. Remove or replace them first.",
        "`{name}`의 {row}행 {column}열에 {what} 값이 있습니다(모두 {count}개). 모든 값은 float32에서 유한해야 합니다. 먼저 지우거나 바꾸세요.",
    ),
    "data.label-whole": (
        "`{name}` has label {label} in row {row}; a label must be a whole number. For values to predict give shape (n, 1).",
        "`{name}`의 {row}행 레이블은 {label}입니다. 레이블은 정수여야 합니다. 예측할 값이라면 형상을 (n, 1)로 주세요.",
    ),
    "data.label-range": (
        "`{name}` has label {label} in row {row}; with {count} classes a label must be 0 to {last}.",
        "`{name}`의 {row}행 레이블은 {label}입니다. 클래스가 {count}개이면 레이블은 0에서 {last} 사이여야 합니다.",
    ),
    "data.label-large": (
        "`{name}` has label {label} in row {row}, but a label must be 0 to {last}. Number the classes from 0, or, for values to predict, give floating numbers of shape (n, 1).",
        "`{name}`의 {row}행 레이블은 {label}인데 레이블은 0에서 {last} 사이여야 합니다. 클래스를 0부터 세거나, 예측할 값이라면 형상이 (n, 1)인 실수를 주세요.",
    ),
    "data.one-hot": (
        "row {row} of `{name}` (shape {shape}) is not one-hot: it must hold a single 1 and else 0. Or give labels of shape (n,); for values to predict, floating numbers of shape (n, k).",
        "`{name}`(형상 {shape})의 {row}행은 원-핫이 아닙니다. 1이 하나이고 나머지는 0이어야 합니다. 또는 형상이 (n,)인 레이블을, 예측할 값이라면 형상이 (n, k)인 실수를 주세요.",
    ),
    "data.one-class": (
        "{name}: every training sample is of the class {target!r}; a classifier needs samples of two classes or more.",
        "{name}: 훈련 데이터가 모두 {target!r} 클래스입니다. 분류하려면 클래스가 둘 이상 있어야 합니다.",
    ),
    "data.classes-twice": (
        "`classes` must be distinct, but it holds more than once: {classes}.",
        "`classes`의 이름은 서로 달라야 하는데 두 번 이상 나온 이름이 있습니다: {classes}.",
    ),
    "data.image-shape": (
        "`image_shape` is {image_shape}, but a sample has {n_features} features; height times width must give that number.",
        "`image_shape`의 값은 {image_shape}인데 샘플의 특징은 {n_features}개입니다. 높이와 너비의 곱이 그 수와 같아야 합니다.",
    ),
    "data.target": (
        "`target` must be one of the classes {classes}, not {target!r}.",
        "`target`에 쓸 수 있는 클래스: {classes}. 받은 값: {target!r}.",
    ),
    "data.no-classes": (
        "{name}: there are no classes to ask for; the targets are values to predict.",
        "{name}: 물어볼 클래스가 없습니다. 목표는 예측할 값입니다.",
    ),
    "data.test-fraction": (
        "`test_fraction` must be at least 0 and below 1, not {value!r}: something must be left to train on.",
        "`test_fraction`의 값은 0 이상 1 미만이어야 합니다. 받은 값: {value!r}. 훈련할 데이터가 남아야 합니다.",
    ),
    "idx.magic": (
        "{path} is no IDX file: it begins with {magic}, which names no known dtype and number of axes.",
        "{path} 파일은 IDX 형식이 아닙니다. 첫 바이트({magic})는 알려진 dtype과 축의 수에 맞지 않습니다.",
    ),
    "idx.truncated": (
        "{path} is cut off: it claims {claimed:,} bytes but holds {found:,}. Get it again.",
        "{path} 파일이 잘렸습니다. {claimed:,}바이트라고 적혀 있으나 {found:,}바이트만 있습니다. 다시 받으세요.",
    ),
    "idx.trailing": (
        "{path} holds more than the {claimed:,} bytes that its header claims (shape {shape}). Get it again.",
        "{path} 파일에 헤더가 말하는 {claimed:,}바이트(형상 {shape})보다 많은 내용이 있습니다. 다시 받으세요.",
    ),
    "idx.limit": (
        "{path} claims {claimed:,} bytes (shape {shape}), more than the limit of {limit:,}.",
        "{path} 파일의 헤더가 말하는 크기는 {claimed:,}바이트(형상 {shape})로 한도 {limit:,}바이트를 넘습니다.",
    ),
    "idx.gzip": (
        "{path} is a damaged or cut off gzip file. Get it again.",
        "{path} 파일은 손상되었거나 잘린 gzip 파일입니다. 다시 받으세요.",
    ),
    "mnist.missing": (
        "{folder} does not hold {file} (nor {file}.gz), one of the four MNIST files. Give the folder that holds them: `--data-dir DIR`, in Python `folder=`.",
        "{folder} 폴더에 MNIST의 네 파일 가운데 {file}(또는 {file}.gz) 파일이 없습니다. 파일이 있는 폴더를 주세요: `--data-dir DIR`, 파이썬에서는 `folder=`.",
    ),
    "mnist.kind": (
        "{path} holds an array of shape {shape} and dtype {dtype}; it must have {axes} axes, none empty, and dtype uint8.",
        "{path} 파일에 든 배열의 형상은 {shape}, dtype은 {dtype}입니다. 비어 있지 않은 축 {axes}개와 dtype uint8이 필요합니다.",
    ),
    "mnist.download": (
        "the MNIST file {file} could not be downloaded ({failures}). Check the connection, or give a folder that holds the four files: `--data-dir DIR`, in Python `folder=`.",
        "MNIST 파일 {file}의 내용을 내려받지 못했습니다({failures}). 연결을 확인하거나 네 파일이 있는 폴더를 주세요: `--data-dir DIR`, 파이썬에서는 `folder=`.",
    ),
    "image.unknown": (
        "{path} is not an image that can be read; give a PNG, JPEG, BMP, GIF, TIFF, WebP or PPM file.",
        "{path} 파일은 읽을 수 있는 이미지가 아닙니다. PNG, JPEG, BMP, GIF, TIFF, WebP, PPM 파일을 주세요.",
    ),
    "image.damaged": (
        "{path} is a damaged or cut off image ({reason}). Use another copy.",
        "{path} 파일은 손상되었거나 잘린 이미지입니다({reason}). 다른 사본을 쓰세요.",
    ),
    "image.large": (
        "{path} has {pixels:,} pixels, more than the limit of {limit:,}. Scale it down first.",
        "{path} 이미지의 픽셀은 {pixels:,}개로 한도 {limit:,}개를 넘습니다. 먼저 줄이세요.",
    ),
    "image.bomb": (
        "{path} has far more pixels than the limit of {limit:,}. Scale it down first.",
        "{path} 이미지의 픽셀이 한도 {limit:,}개를 크게 넘습니다. 먼저 줄이세요.",
    ),
    "image.shape": (
        "`image_shape` must be (height, width), not {value!r}; only a model that was trained on images has one.",
        "`image_shape`의 값은 (height, width)여야 합니다. 받은 값: {value!r}. 이미지로 훈련한 모델에만 있습니다.",
    ),
    "image.axes": (
        "`image` has shape {shape}; it must be grey values of shape (height, width).",
        "`image`의 형상은 {shape}입니다. 형상이 (height, width)인 회색 값이어야 합니다.",
    ),
    "image.range": (
        "`image` has values from {low} to {high}; they must lie in 0 to 1 (or be uint8). Divide by the largest possible value.",
        "`image`의 값은 {low}에서 {high}까지입니다. 0에서 1 사이(또는 uint8)여야 합니다. 가능한 가장 큰 값으로 나누세요.",
    ),
    "image.non-finite": (
        "{path} holds NaN or infinity for grey values. Save it again with numbers, as 16 bits or 8.",
        "{path} 이미지의 회색 값에 NaN이나 무한대가 있습니다. 16비트나 8비트의 수로 다시 저장하세요.",
    ),
    "image.in-file": ("{path}: {reason}", "{path}: {reason}"),
    "image.several": (
        "there seem to be several digits on the image, side by side; one is told at a time. Cut them apart, or wipe away what else is on it.",
        "이미지에 숫자가 여럿 나란히 있는 것 같습니다. 한 번에 하나만 알아맞힐 수 있습니다. 하나씩 잘라 내거나 다른 것을 지우세요.",
    ),
    "image.blank": (
        "the image is blank: nothing on it stands out from its background by more than {contrast} (0 to 1). Write darker, or light the paper better.",
        "이미지가 비어 있습니다. 배경과 가장 크게 다른 곳의 차이가 {contrast}(0에서 1 사이)뿐입니다. 더 진하게 쓰거나 종이를 더 밝게 비추세요.",
    ),
}

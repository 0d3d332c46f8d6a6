"""Sentences of data sets that come from a file or a folder of the user's: tables, archives, folders."""

MESSAGES: dict[str, tuple[str, str]] = {
    "data.scaling": (
        "a scaling must hold `mean` and `scale`, finite numbers one of each for a feature, `scale` positive. Take it from the model or the data set.",
        "스케일링에는 유한한 수인 `mean`과 양수인 `scale`이 같은 개수만큼 있어야 합니다. 모델이나 데이터 세트의 것을 쓰세요.",
    ),
    "data.scaling-width": (
        "`x` has shape {shape}, but the scaling is of {features} features; the last axis must have that length.",
        "`x`의 형상은 {shape}인데 스케일링의 특징은 {features}개입니다. 마지막 축의 길이가 그 수와 같아야 합니다.",
    ),
    "data.features": (
        "`features` has {count} names, but a sample has {n_features} features; give one name for each.",
        "`features`의 이름은 {count}개인데 샘플의 특징은 {n_features}개입니다. 특징마다 이름을 하나씩 주세요.",
    ),
    "table.empty": (
        "{path} holds blank lines only. Its first line must name the columns, as `x1,x2,label`.",
        "{path} 파일에는 빈 줄뿐입니다. 첫 줄에는 `x1,x2,label`처럼 열 이름이 있어야 합니다.",
    ),
    "table.encoding": (
        "{path} is no text in UTF-8 but {found}. Save it as CSV in UTF-8; unpack it first, if it is packed.",
        "{path} 파일은 UTF-8 텍스트가 아니라 {found} 형식입니다. UTF-8 CSV로 저장하세요(압축된 파일이면 먼저 푸세요).",
    ),
    "table.utf-8": (
        '{path}, line {line}: this is no UTF-8. Save the table in UTF-8; a spreadsheet calls it "CSV UTF-8".',
        '{path}, {line}번째 줄: UTF-8이 아닙니다. 표를 UTF-8로 저장하세요. 스프레드시트에서는 "CSV UTF-8"입니다.',
    ),
    "table.binary": (
        "{path} is no table of text: the names of its columns hold zero bytes or control characters. Export it as CSV in UTF-8.",
        "{path} 파일은 텍스트 표가 아닙니다. 열 이름에 0 바이트나 제어 문자가 있습니다. UTF-8 CSV로 내보내세요.",
    ),
    "table.limit": (
        "{path} has {size:,} bytes, more than the limit of {limit:,}. Use fewer rows, or save it as NPZ.",
        "{path} 파일의 크기는 {size:,}바이트로 한도 {limit:,}바이트를 넘습니다. 행을 줄이거나 NPZ로 저장하세요.",
    ),
    "table.no-header": (
        "{path}, line {line}: these are numbers ({first}), where the names of the columns must be. Add such a line above them, as `x1,x2,label`.",
        "{path}, {line}번째 줄: 열 이름이 있어야 할 자리에 수가 있습니다({first}). 그 위에 `x1,x2,label` 같은 줄을 더하세요.",
    ),
    "table.no-name": (
        "{path}: column {column} has no name in the first line. Name it, or remove it if it only counts the rows.",
        "{path}: 첫 줄의 {column}번째 열에 이름이 없습니다. 이름을 주거나, 행 번호일 뿐이면 지우세요.",
    ),
    "table.twice": (
        "{path}: the columns {first} and {second} have the same name, {name!r}. Rename one.",
        "{path}: {first}번째 열과 {second}번째 열의 이름이 같습니다({name!r}). 하나를 바꾸세요.",
    ),
    "table.no-column": (
        "{path} has no column {name!r}; it has: {columns}. Name the column of answers with `--label NAME`, in Python `label=`.",
        "{path} 파일에 {name!r} 열이 없습니다. 있는 열: {columns}. 정답 열의 이름을 주세요: `--label NAME`, 파이썬에서는 `label=`.",
    ),
    "table.no-feature": (
        "{path} has no column {name!r}, which the model was trained on; it has: {columns}. Name the columns as there.",
        "{path} 파일에 모델이 학습한 {name!r} 열이 없습니다. 있는 열: {columns}. 열 이름을 학습 때와 같게 하세요.",
    ),
    "table.no-features": (
        "{path} has no column beside {column!r}, the answers; there must be at least one to predict them from.",
        "{path} 파일에는 정답 열 {column!r} 말고 다른 열이 없습니다. 정답을 예측할 특징 열이 하나는 있어야 합니다.",
    ),
    "table.one-column": (
        "{path} has one column only, {column!r}: there is no comma, tab or semicolon in its first line. If its cells are separated by something else, such as blanks or |, save it with commas.",
        "{path} 파일에는 열이 {column!r} 하나뿐입니다. 첫 줄에 쉼표, 탭, 세미콜론이 없습니다. 칸이 빈칸이나 | 같은 다른 문자로 나뉘어 있으면 쉼표로 저장하세요.",
    ),
    "table.labels": (
        "{path}: each of the columns {columns} may be the answers. Name one with `--label NAME`, in Python `label=`.",
        "{path}: 정답일 수 있는 열이 여럿입니다: {columns}. 하나를 고르세요: `--label NAME`, 파이썬에서는 `label=`.",
    ),
    "table.no-rows": (
        "{path} has no rows below the names of the columns.",
        "{path} 파일에는 열 이름 아래에 행이 없습니다.",
    ),
    "table.ragged": (
        "{path}, line {line}: {found} cells, but the first line names {columns} columns. Quote a cell that holds the separator, and fill missing ones.",
        "{path}, {line}번째 줄: 칸은 {found}개인데 첫 줄의 열은 {columns}개입니다. 구분자가 든 칸은 따옴표로 묶고 빠진 칸은 채우세요.",
    ),
    "table.no-answers": (
        "{path} has no column beside the features of the model, so there are no answers to compare with. Add one.",
        "{path} 파일에는 모델의 특징 열뿐이어서 비교할 정답이 없습니다. 정답 열을 더하세요.",
    ),
    "table.answer": (
        "{path}, line {line}: column {column!r} holds {cell!r}, which is no answer: it is too long, goes over a line, or has control characters. Look for a quote that stays open.",
        "{path}, {line}번째 줄: {column!r} 열의 {cell!r} 값은 정답으로 볼 수 없습니다. 너무 길거나, 줄을 넘어가거나, 제어 문자가 있습니다. 닫히지 않은 따옴표가 있는지 보세요.",
    ),
    "table.missing": (
        "{path}, line {line}: column {column!r} is empty. Fill it, or remove the row.",
        "{path}, {line}번째 줄: {column!r} 열이 비어 있습니다. 채우거나 그 행을 지우세요.",
    ),
    "table.not-number": (
        "{path}, line {line}: column {column!r} holds {cell!r}, which is no number. Write numbers as 1234.5, without commas, signs or words, and fill in what is missing; only the answers may be text.",
        "{path}, {line}번째 줄: {column!r} 열의 {cell!r} 값은 수가 아닙니다. 쉼표나 기호나 글 없이 1234.5처럼 쓰고 빠진 값은 채우세요. 글은 정답 열에만 쓸 수 있습니다.",
    ),
    "table.non-finite": (
        "{path}, line {line}: column {column!r} holds {cell!r}; it must be a finite number. Replace it, or remove the row.",
        "{path}, {line}번째 줄: {column!r} 열의 값은 {cell!r}입니다. 유한한 수여야 합니다. 바꾸거나 그 행을 지우세요.",
    ),
    "table.unreadable": (
        "{path}, line {line}: the row that begins here cannot be read ({reason}). Look for a quote that stays open, or a foreign sign.",
        "{path}, {line}번째 줄: 여기에서 시작하는 행을 읽을 수 없습니다({reason}). 닫히지 않은 따옴표나 낯선 문자가 있는지 보세요.",
    ),
    "table.long-line": (
        "{path}, line {line}: this line has more than {most:,} characters, so it is hardly a row of a table. Look for lost line ends, or save it as NPZ.",
        "{path}, {line}번째 줄: 글자가 {most:,}개를 넘어 표의 행으로 보기 어렵습니다. 줄바꿈이 빠졌는지 보거나 NPZ로 저장하세요.",
    ),
    "table.many-lines": (
        "a quoted cell goes on over {most:,} lines",
        "따옴표로 묶인 칸이 {most:,}줄을 넘어 이어짐",
    ),
    "npz.members": (
        "{path} holds {count} members; an NPZ file of samples has at least one and at most {most}.",
        "{path} 파일에 든 항목은 {count}개입니다. 샘플이 든 NPZ 파일에는 1개에서 {most}개까지 있습니다.",
    ),
    "npz.limit": (
        "{path} claims {claimed:,} bytes when unpacked, more than the limit of {limit:,}. Use fewer samples, or bytes for pixels.",
        "{path} 파일을 풀면 {claimed:,}바이트로 한도 {limit:,}바이트를 넘습니다. 샘플을 줄이거나 픽셀을 바이트로 저장하세요.",
    ),
    "npz.twice": (
        "{path} holds {member!r} twice. Save it again.",
        "{path} 파일에 {member!r} 항목이 두 번 있습니다. 다시 저장하세요.",
    ),
    "npz.damaged": (
        "{path} is no NPZ file, or a damaged, cut off or encrypted one. Save it again with `numpy.savez`.",
        "{path} 파일은 NPZ가 아니거나 손상되었거나 잘렸거나 암호화되었습니다. `numpy.savez`로 다시 저장하세요.",
    ),
    "npz.path": (
        "{path} holds a member called {member!r}, a path that leads out of the archive. Do not trust this file.",
        "{path} 파일에 {member!r} 항목이 있습니다. 압축 파일 밖을 가리키는 경로입니다. 이 파일을 믿지 마세요.",
    ),
    "npz.foreign": (
        "{path} holds {member!r}, which is no array. Save the arrays alone, with `numpy.savez`; a spreadsheet as CSV.",
        "{path} 파일에 배열이 아닌 {member!r} 항목이 있습니다. `numpy.savez`로 배열만 저장하세요. 스프레드시트는 CSV로 저장하세요.",
    ),
    "npz.header": (
        "{path}: the header of {member!r} is damaged or of an unknown version. Save it again with `numpy.savez`.",
        "{path}: {member!r} 항목의 헤더가 손상되었거나 모르는 판입니다. `numpy.savez`로 다시 저장하세요.",
    ),
    "npz.pickle": (
        "{path}: {member!r} is an array of Python objects, a pickle, which can run programs; it is not loaded. Save numbers or text, as with `array.astype(float)`.",
        "{path}: {member!r} 항목은 파이썬 객체 배열(pickle)이라 프로그램을 실행할 수 있어 읽지 않습니다. `array.astype(float)`처럼 수나 글로 바꾸어 저장하세요.",
    ),
    "npz.dtype": (
        "{path}: {member!r} has dtype {dtype}; samples are real numbers, answers numbers or text. Convert it first.",
        "{path}: {member!r} 항목의 dtype은 {dtype}입니다. 샘플은 실수, 정답은 수나 글이어야 합니다. 먼저 바꾸세요.",
    ),
    "npz.size": (
        "{path}: {member!r} must hold {wanted:,} bytes by its header (shape {shape}) but has {size:,}. Save it again.",
        "{path}: {member!r} 항목은 헤더(형상 {shape})에 따르면 {wanted:,}바이트인데 {size:,}바이트가 있습니다. 다시 저장하세요.",
    ),
    "npz.names": (
        "{path} holds {members}; it must hold x_train, t_train, x_test and t_test, or x and t. Rename the arrays.",
        "{path} 파일에 든 배열: {members}. x_train, t_train, x_test, t_test 또는 x, t가 있어야 합니다. 이름을 바꾸세요.",
    ),
    "npz.samples": (
        "{path}: {member!r} has shape {shape} and dtype {dtype}; samples are numbers, one sample a row, and answers have a row for each. Reshape it.",
        "{path}: {member!r} 항목의 형상은 {shape}, dtype은 {dtype}입니다. 샘플은 행마다 하나씩인 수이고 정답도 행마다 하나입니다. 형상을 바꾸세요.",
    ),
    "npz.text": (
        "{path}: {member!r} holds text that is no UTF-8, or no characters at all. Save it again as an array of str.",
        "{path}: {member!r} 항목의 글이 UTF-8이 아니거나 문자가 아닙니다. str 배열로 다시 저장하세요.",
    ),
    "idx.part-missing": (
        "{path} holds no file that begins with {part}-idx, one of the four that belong together. Add it.",
        "{path} 폴더에 {part}-idx로 시작하는 파일이 없습니다. 네 파일이 모두 있어야 합니다. 파일을 더하세요.",
    ),
    "idx.part-twice": (
        "{path} holds the same part more than once: {files}. Keep one.",
        "{path} 폴더에 같은 부분이 두 번 이상 있습니다: {files}. 하나만 남기세요.",
    ),
    "idx.foreign": (
        "{path} looks like one of four IDX files, but its name is none of theirs: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or with .gz. Rename it, or move it away.",
        "{path} 파일은 IDX 네 파일 가운데 하나로 보이지만 이름이 다릅니다: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte(또는 .gz). 이름을 바꾸거나 옮기세요.",
    ),
    "idx.part-shapes": (
        "{path}: the images of {part} have shape {images} and the labels {labels}; there must be one label for each image.",
        "{path}: {part} 이미지의 형상은 {images}, 레이블의 형상은 {labels}입니다. 이미지마다 레이블이 하나씩 있어야 합니다.",
    ),
    "folder.classes": (
        "{path}: `train` and `test` do not have the same classes; only one of them has {classes}.",
        "{path}: `train`과 `test`의 클래스가 다릅니다. 한쪽에만 있는 클래스: {classes}.",
    ),
    "folder.limit": (
        "{path}: {count:,} pictures of {shape} pixels are more than the limit of {limit:,} bytes. Choose a smaller `image_shape`.",
        "{path}: {shape} 픽셀 이미지 {count:,}개는 한도 {limit:,}바이트를 넘습니다. 더 작은 `image_shape`을 고르세요.",
    ),
    "folder.loose-file": (
        "{path} lies beside the folders of the classes; a class is a folder of pictures. Move it away, or into a folder.",
        "{path} 파일이 클래스 폴더들 옆에 있습니다. 클래스마다 이미지 폴더가 하나입니다. 옮기거나 폴더에 넣으세요.",
    ),
    "folder.empty-class": (
        "{path} holds no pictures; each class needs some. Add pictures, or remove the folder.",
        "{path} 폴더에 이미지가 없습니다. 클래스마다 이미지가 있어야 합니다. 이미지를 더하거나 폴더를 지우세요.",
    ),
    "folder.nested": (
        "{path} is a folder inside the folder of a class; put its pictures beside the others. (Only `train` and `test`, alone side by side, may hold the folders of classes.)",
        "{path} 폴더가 클래스 폴더 안에 있습니다. 그 안의 이미지를 다른 이미지들 옆에 두세요. (클래스 폴더를 담을 수 있는 것은 나란히 있는 `train`과 `test` 두 폴더뿐입니다.)",
    ),
    "folder.twice": (
        "{path} holds two folders called {name!r}, if letters taken apart are put together and blanks are left out. Rename one.",
        "{path} 폴더 안에 이름이 {name!r} 같은 폴더가 둘 있습니다(풀어쓴 자모를 모으고 빈칸을 빼면 같습니다). 하나를 바꾸세요.",
    ),
    "folder.name": (
        "{path} holds a folder called {name!r}, which is no name of a class: it is too long, or has line breaks or control characters. Rename it.",
        "{path} 폴더 안의 {name!r} 폴더 이름은 클래스 이름으로 쓸 수 없습니다. 너무 길거나 줄바꿈이나 제어 문자가 있습니다. 이름을 바꾸세요.",
    ),
    "load.folder": (
        "{path} is no data set: a folder must hold four IDX files, named train-images-idx3-ubyte and so on, or a folder of pictures for each class.",
        "{path} 폴더는 데이터 세트가 아닙니다. train-images-idx3-ubyte와 같은 이름의 IDX 파일 넷이나 클래스별 이미지 폴더가 있어야 합니다.",
    ),
    "load.empty": (
        "{path} is an empty file. Save it again, or give another one.",
        "{path} 파일이 비어 있습니다. 다시 저장하거나 다른 파일을 주세요.",
    ),
    "load.kind": (
        "{path} is of no kind that can be loaded: give a .npz, .csv or .tsv file, or a folder of IDX files or of pictures.",
        "{path} 파일은 읽을 수 있는 종류가 아닙니다. .npz, .csv, .tsv 파일이나 IDX 파일 폴더, 이미지 폴더를 주세요.",
    ),
    "load.no-columns": (
        "{path} has no columns, so `label` ({label!r}) names nothing; it is for tables. Leave it out.",
        "{path} 데이터에는 열이 없어 `label`({label!r})이 가리키는 것이 없습니다. 표에만 씁니다. 빼세요.",
    ),
    "load.one-row": (
        "{path} has {count} rows to train on; there must be at least two, to train on one and test on another.",
        "{path} 데이터에서 훈련에 쓸 행은 {count}개입니다. 훈련과 시험에 쓰려면 둘 이상 있어야 합니다.",
    ),
    "load.answers": (
        "{path}: the answers have shape {shape}; there must be one for each sample: a label, a one-hot row or a row of values. Reshape them.",
        "{path}: 정답의 형상은 {shape}입니다. 샘플마다 레이블, 원-핫 행, 값의 행 가운데 하나가 있어야 합니다. 형상을 바꾸세요.",
    ),
    "load.text-values": (
        "{place}: the answer {value!r} is no number, as the others are. Replace it or remove the row; if the answers are names of classes, use `task=classification`.",
        "{place}: 다른 정답과 달리 {value!r} 값은 수가 아닙니다. 바꾸거나 그 행을 지우세요. 정답이 클래스 이름이면 `task=classification`을 쓰세요.",
    ),
    "load.missing": (
        "{place}: the answer {value!r} stands for one that is missing. Fill it in or remove the row; if it is the name of a class, use `task=classification`.",
        "{place}: 정답 {value!r} 값은 빠진 값을 나타내는 표시로 보입니다. 채우거나 그 행을 지우세요. 클래스 이름이면 `task=classification`을 쓰세요.",
    ),
    "load.answer": (
        "{place}: {value!r} is no answer: it is empty, too long, or has line breaks or control characters. Replace it or remove the row.",
        "{place}: {value!r} 값은 정답으로 볼 수 없습니다. 비었거나, 너무 길거나, 줄바꿈이나 제어 문자가 있습니다. 바꾸거나 그 행을 지우세요.",
    ),
    "load.one-hot": (
        "{place}: {value} is no one-hot row, which holds a single 1 and else 0. Correct it; if the answers are values to predict, use `task=regression`.",
        "{place}: {value} 행은 원-핫이 아닙니다. 1이 하나이고 나머지는 0이어야 합니다. 고치세요. 예측할 값이라면 `task=regression`을 쓰세요.",
    ),
    "load.many-classes": (
        "{path}: the answers are {count:,} different texts in {rows:,} rows; this is hardly a column of classes. Choose another, or use `task=classification` (for amounts `task=regression`).",
        "{path}: {rows:,}행의 정답이 서로 다른 글 {count:,}가지여서 클래스로 보기 어렵습니다. 다른 열을 고르거나 `task=classification`(양이라면 `task=regression`)을 쓰세요.",
    ),
    "load.foreign-classes": (
        "{place}: the model does not know these classes: {classes}. Evaluate it on the classes that it was trained on.",
        "{place}: 모델이 모르는 클래스가 있습니다: {classes}. 학습한 클래스로 평가하세요.",
    ),
    "load.test-samples": (
        "{path}: the samples to train on have shape {train}, those to test on {test}; after the first axis they must be the same.",
        "{path}: 훈련 데이터의 형상은 {train}, 시험 데이터의 형상은 {test}입니다. 첫 축 뒤는 같아야 합니다.",
    ),
    "load.test-answers": (
        "{path}: the answers to train on have shape {train} and dtype {train_kind}, those to test on {test} and {test_kind}; they must be of one kind. Convert one.",
        "{path}: 훈련 정답의 형상은 {train}, dtype은 {train_kind}이고 시험 정답의 형상은 {test}, dtype은 {test_kind}입니다. 둘은 같은 종류여야 합니다. 한쪽을 바꾸세요.",
    ),
    "load.non-finite": (
        "{place} is {what} ({count:,} such values in all); it must be a finite number. Replace it, or remove the sample.",
        "{place}: 값은 {what}입니다(모두 {count:,}개). 유한한 수여야 합니다. 바꾸거나 그 샘플을 지우세요.",
    ),
    "load.too-large": (
        "{place}: {value} is so far from the data trained on that a network cannot compute with it in float32. Look for a mistake in it, or in its unit.",
        "{place}: {value} 값은 훈련한 데이터에서 너무 멀어 신경망이 float32로 계산할 수 없습니다. 값이나 단위가 틀리지 않았는지 보세요.",
    ),
    "load.features": (
        "{path}: a sample has {found:,} features, but the model takes {expected:,}. Give data of the kind that it was trained on.",
        "{path}: 샘플의 특징은 {found:,}개인데 모델이 받는 특징은 {expected:,}개입니다. 학습한 것과 같은 종류의 데이터를 주세요.",
    ),
    "load.values": (
        "{path}: a sample has {found:,} values to predict, but the model predicts {expected:,}. Give data of the kind that it was trained on.",
        "{path}: 샘플의 예측할 값은 {found:,}개인데 모델이 예측하는 값은 {expected:,}개입니다. 학습한 것과 같은 종류의 데이터를 주세요.",
    ),
    "load.lengths": (
        "{path}: `{x}` has {n_x:,} rows but `{t}` has {n_t:,}; each sample needs one answer. Save them again, row by row in the same order.",
        "{path}: `{x}`의 행은 {n_x:,}개인데 `{t}`의 행은 {n_t:,}개입니다. 샘플마다 정답이 하나씩 있어야 합니다. 같은 순서로 다시 저장하세요.",
    ),
    "load.limit": (
        "{path}: {count:,} values in float32 are more than the limit of {limit:,} bytes. Use fewer samples, or smaller ones.",
        "{path}: float32 값 {count:,}개는 한도 {limit:,}바이트를 넘습니다. 샘플을 줄이거나 작게 만드세요.",
    ),
    "place.line": (
        "{path}, line {line}",
        "{path}, {line}번째 줄",
    ),
    "place.cell": (
        "{path}, line {line}, column {column!r}",
        "{path}, {line}번째 줄, {column!r} 열",
    ),
    "place.entry": (
        "{path}, `{member}[{index}]`",
        "{path}, `{member}[{index}]`",
    ),
    "table.label-taken": (
        "{path}: the column {name!r} is one that the model takes, so it cannot hold the answers. Name another with `--label NAME`, in Python `label=`.",
        "{path}: {name!r} 열은 모델의 입력이어서 정답으로 쓸 수 없습니다. `--label NAME`, 파이썬에서는 `label=`로 다른 열을 고르세요.",
    ),
}

"""Sentences of the lowest row: arguments, arrays, trees, files."""

MESSAGES: dict[str, tuple[str, str]] = {
    "argument.positive": (
        "`{name}` must be a positive number, not {value!r}.",
        "`{name}`의 값은 양수여야 합니다. 받은 값: {value!r}.",
    ),
    "argument.finite": (
        "`{name}` must be a finite number, not {value!r}.",
        "`{name}`의 값은 유한한 수여야 합니다. 받은 값: {value!r}.",
    ),
    "argument.positive-int": (
        "`{name}` must be a positive whole number, not {value!r}.",
        "`{name}`의 값은 1 이상의 정수여야 합니다. 받은 값: {value!r}.",
    ),
    "argument.non-negative-int": (
        "`{name}` must be a whole number that is not negative, not {value!r}.",
        "`{name}`의 값은 0 이상의 정수여야 합니다. 받은 값: {value!r}.",
    ),
    "argument.range": (
        "`{name}` must be {low} to {high}, not {value!r}.",
        "`{name}`의 값은 {low}에서 {high} 사이여야 합니다. 받은 값: {value!r}.",
    ),
    "argument.fraction": (
        "`{name}` must be at least 0 and below 1, not {value!r}.",
        "`{name}`의 값은 0 이상 1 미만이어야 합니다. 받은 값: {value!r}.",
    ),
    "argument.choice": (
        "`{name}` must be one of {choices}, not {value!r}.",
        "`{name}`에 쓸 수 있는 값: {choices}. 받은 값: {value!r}.",
    ),
    "argument.type": (
        "`{name}` must be {expected}, not {kind}.",
        "`{name}`에 필요한 것은 {expected}입니다. 받은 것: {kind}.",
    ),
    "kind.a": ("a {name}", "{name} 객체"),
    "kind.an": ("an {name}", "{name} 객체"),
    "kind.number-or-array": ("a number or an array", "숫자 또는 배열"),
    "kind.one-number": ("one number", "숫자 하나"),
    "kind.numbers": ("numbers", "숫자"),
    "kind.functions": ("a list of functions", "함수의 리스트"),
    "kind.options": ("a dict of options by name", "이름별 옵션의 딕셔너리"),
    "kind.runs": ("at least one run", "하나 이상의 실행"),
    "kind.shape": ("shape {shape}", "형상 {shape}"),
    "kind.range": ("a pair (low, high)", "(low, high) 쌍"),
    "kind.path": ("a path", "경로"),
    "kind.names": ("a list of names", "이름의 리스트"),
    "kind.flag": ("True or False", "True 또는 False"),
    "kind.dict": ("a dict", "딕셔너리"),
    "kind.list": ("a list", "리스트"),
    "kind.text": ("text", "문자열"),
    "kind.json-object": ("a JSON object", "JSON 객체"),
    "kind.whole": ("a whole number", "정수"),
    "kind.saved-by": ("what {kind}.save wrote there", "{kind}.save에서 저장한 내용"),
    "kind.one-of": ("one of {choices}", "다음 가운데 하나: {choices}"),
    "kind.row-or-rows": ("(n,) or (batch, n)", "(n,) 또는 (batch, n)"),
    "kind.ranges": (
        "(low, high) or ((low, high), (low, high))",
        "(low, high) 또는 ((low, high), (low, high))",
    ),
    "argument.class": (
        "`{name}` needs an object, not the class {kind} itself: write {kind}(...), with brackets.",
        "`{name}`에는 클래스 {kind} 자체가 아니라 객체가 필요합니다. {kind}(...)처럼 괄호를 붙여 쓰세요.",
    ),
    "argument.not-callable": (
        "`{name}` must be a function that can be called, not {kind}.",
        "`{name}`에는 호출할 수 있는 함수가 필요합니다. 받은 형: {kind}.",
    ),
    "argument.rng": (
        "`{name}` must be a whole number, a numpy.random.Generator or None, not {value!r}.",
        "`{name}`에는 정수, numpy.random.Generator 또는 None이 필요합니다. 받은 값: {value!r}.",
    ),
    "array.not-numeric": (
        "`{name}` must hold numbers, but its dtype is {dtype}. Convert it first.",
        "`{name}`에는 숫자가 들어 있어야 하는데 dtype은 {dtype}입니다. 먼저 변환하세요.",
    ),
    "array.not-real": (
        "`{name}` must hold real numbers, but its dtype is {dtype}. Take the real part, or the absolute value, first.",
        "`{name}`에는 실수가 들어 있어야 하는데 dtype은 {dtype}입니다. 먼저 실수부나 절댓값을 구하세요.",
    ),
    "array.not-array": (
        "`{name}` must be a number or an array of numbers, not {kind}.",
        "`{name}`에는 숫자나 숫자 배열이 필요합니다. 받은 형: {kind}.",
    ),
    "array.ragged": (
        "`{name}` cannot be made into an array: its rows have different lengths.",
        "`{name}`의 행 길이가 서로 달라 배열로 만들 수 없습니다.",
    ),
    "array.empty": (
        "`{name}` is empty (shape {shape}); give at least one value.",
        "`{name}`의 형상은 {shape}이며 비어 있습니다. 값을 하나 이상 주세요.",
    ),
    "array.non-finite": (
        "`{name}` holds {what} at index {index} ({count} in all). Remove or replace such values first.",
        "`{name}`의 {index} 위치에 {what} 값이 있습니다(모두 {count}개). 먼저 지우거나 바꾸세요.",
    ),
    "array.shape": (
        "`{name}` has shape {shape}, but it must have shape {expected}.",
        "`{name}`의 형상은 {shape}인데 필요한 형상은 {expected}입니다.",
    ),
    "array.shapes-differ": (
        "`{first}` has shape {first_shape} but `{second}` has shape {second_shape}; they must be the same.",
        "`{first}`의 형상은 {first_shape}인데 `{second}`의 형상은 {second_shape}입니다. 둘은 같아야 합니다.",
    ),
    "array.mixed-libraries": (
        "`{name}` mixes arrays of different libraries ({libraries}); convert them to one first.",
        "`{name}`에 서로 다른 라이브러리({libraries})의 배열이 섞여 있습니다. 먼저 하나로 맞추세요.",
    ),
    "autograd.library": (
        '`gradient="autograd"` needs arrays of a library that differentiates by itself ({libraries}), but `{name}` is of '
        "{library}. Make it an array of one of these, or give the gradient as a function.",
        '`gradient="autograd"`에는 자동 미분이 있는 라이브러리({libraries})의 배열이 필요합니다. `{name}`의 라이브러리: {library}. 그런 배열로 '
        "바꾸거나 기울기를 함수로 주세요.",
    ),
    "autograd.left": (
        "`{name}` returned something that {library} cannot follow back to its argument: on the way it was detached, or "
        "computed by another library such as NumPy. Compute with {library} alone, or give `gradient` as a function.",
        "`{name}`의 반환값은 {library}에서 인수까지 거슬러 갈 수 없습니다. 계산 그래프에서 떼어 냈거나 NumPy 같은 다른 라이브러리로 계산했습니다. "
        "{library}만으로 계산하거나 `gradient`를 함수로 주세요.",
    ),
    "autograd.unused": (
        "`{name}` does not use its argument: what it returned was computed from other arrays. Write it with its argument, "
        "which holds copies, and not with the arrays or the module outside.",
        "`{name}`의 반환값은 인수가 아닌 다른 배열로 계산되었습니다. 함수 밖의 배열이나 모듈이 아니라, 복사본이 담긴 인수로 계산하세요.",
    ),
    "module.no-parameters": (
        "`{name}` is a {kind} without parameters that require gradients. Unfreeze those to be checked, or give `{name}` as "
        "a dict of arrays.",
        "`{name}` ({kind} 형): 기울기를 계산할 매개변수가 없습니다. 확인할 매개변수의 고정을 풀거나 `{name}` 자리에 배열의 딕셔너리를 주세요.",
    ),
    "module.lazy": (
        "`{name}` has a parameter without a shape yet, {parameter}. Call the module once on data first.",
        "`{name}`의 매개변수 {parameter}: 아직 형상이 정해지지 않았습니다. 먼저 데이터로 모듈을 한 번 호출하세요.",
    ),
    "module.copy": (
        "`{name}` is a {kind} that cannot be copied: {reason}. Give `{name}` as a dict of arrays instead, and `f` as a "
        "function of it.",
        "`{name}` ({kind} 형): 복사할 수 없습니다({reason}). `{name}` 자리에 배열의 딕셔너리를 주고 `f`도 그 딕셔너리의 함수로 쓰세요.",
    ),
    "tree.leaf": (
        "`{name}` has {kind} at {path}; parameters must be numbers or arrays, in dicts, lists or tuples.",
        "`{name}`의 {path} 위치에 {kind} 형이 있습니다. 매개변수는 딕셔너리, 리스트, 튜플 안의 숫자나 배열이어야 합니다.",
    ),
    "tree.key": (
        "`{name}` has the key {key!r} at {path}; keys must be text.",
        "`{name}`의 {path} 위치에 있는 키: {key!r}. 키는 문자열이어야 합니다.",
    ),
    "tree.path": (
        "`{name}` has two entries with the path {path}; rename one of them.",
        "`{name}`에 경로가 {path}인 항목이 둘 있습니다. 둘 중 하나의 이름을 바꾸세요.",
    ),
    "tree.structure": (
        "`{name}` must have the same entries as `{other}`: missing {missing}, unexpected {unexpected}.",
        "`{name}`의 항목은 `{other}`의 항목과 같아야 합니다. 빠진 것: {missing}. 남는 것: {unexpected}.",
    ),
    "extra.missing": (
        'this needs the package {package}, which is not installed: pip install "gradwright[{extra}]"',
        '이 기능에는 {package} 패키지가 필요한데 설치되어 있지 않습니다: pip install "gradwright[{extra}]"',
    ),
    "file.missing": (
        "there is no file {path}.",
        "{path} 파일이 없습니다.",
    ),
    "file.no-file": (
        "{path} is no file, but a pipe or a device. Give a file.",
        "{path}: 파일이 아니라 파이프나 장치입니다. 파일을 주세요.",
    ),
    "file.folder-given": (
        "{path} is a folder. Give the files in it, one by one.",
        "{path}: 파일이 아니라 폴더입니다. 그 안의 파일을 하나씩 주세요.",
    ),
    "file.bomb": (
        "{path} has {packed:,} bytes and would unpack to {size:,}, as only a file does that is made to fill the memory. If it is sound, save it without compression.",
        "{path} 파일은 {packed:,}바이트인데 풀면 {size:,}바이트가 됩니다. 메모리를 채우려고 만든 파일에서나 볼 수 있는 크기입니다. 올바른 파일이라면 압축하지 않고 저장하세요.",
    ),
    "file.unreadable": (
        "{path} cannot be read: {reason}.",
        "{path} 파일을 읽을 수 없습니다: {reason}.",
    ),
    "file.unwritable": (
        "{path} cannot be written: {reason}. Choose another place.",
        "{path} 파일을 쓸 수 없습니다: {reason}. 다른 곳을 고르세요.",
    ),
    "file.no-folder": (
        "there is no folder {path}. Make it first, or choose another place.",
        "{path} 폴더가 없습니다. 먼저 만들거나 다른 곳을 고르세요.",
    ),
    "file.is-folder": (
        "{path} is a folder; no file can take its place. Choose another name.",
        "{path} 자리에는 폴더가 있어 파일을 쓸 수 없습니다. 다른 이름을 고르세요.",
    ),
    "file.special": (
        "{path} is a device or a pipe, and no file can take its place. Choose another name.",
        "{path} 자리에는 장치나 파이프가 있어 파일을 쓸 수 없습니다. 다른 이름을 고르세요.",
    ),
    "file.exists": (
        "{path} already exists; choose another name or pass overwrite=True.",
        "{path}에 이미 파일이 있습니다. 다른 이름을 쓰거나 overwrite=True를 주세요.",
    ),
    "model.not-safetensors": (
        "{path} is not a sound safetensors file ({reason}). Give the model.safetensors that `gradwright train` wrote.",
        "{path} 파일은 올바른 safetensors 파일이 아닙니다({reason}). `gradwright train`이 만든 model.safetensors를 주세요.",
    ),
    "model.folder": (
        "{path} is a folder. Give the model in it: {inside}.",
        "{path}: 파일이 아니라 폴더입니다. 그 안의 모델 파일을 주세요: {inside}.",
    ),
    "model.foreign": (
        "{path} is a safetensors file, but not one that gradwright wrote: its metadata has no {entry!r}.",
        "{path} 파일은 safetensors 형식이지만 gradwright가 만든 것이 아닙니다. 메타데이터에 {entry!r} 항목이 없습니다.",
    ),
    "model.damaged": (
        "{path} is damaged: the SHA-256 of {entry!r} does not match the one saved with it. Use another copy.",
        "{path} 파일이 손상되었습니다. {entry!r}의 SHA-256이 저장된 값과 다릅니다. 다른 사본을 쓰세요.",
    ),
    "model.entry": (
        "{path} is damaged: its {entry!r} must be {expected}, not {value!r}. Use another copy.",
        "{path} 파일이 손상되었습니다. {entry!r} 항목에 필요한 것: {expected}. 들어 있는 것: {value!r}. 다른 사본을 쓰세요.",
    ),
    "model.newer": (
        "{path} was written in format {version}; this gradwright reads up to {known}. Update gradwright.",
        "{path} 파일의 형식은 {version}인데 이 gradwright는 {known}까지 읽습니다. gradwright를 업데이트하세요.",
    ),
}

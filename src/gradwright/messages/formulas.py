"""Sentences of the room that reads formulas."""

MESSAGES: dict[str, tuple[str, str]] = {
    "formula.not-text": (
        "A formula must be text such as 'x**2 + 1', not {kind}.",
        "수식은 'x**2 + 1'과 같은 문자열이어야 합니다. 받은 것은 {kind} 형입니다.",
    ),
    "formula.empty": (
        "Column {column}: the formula is empty. Write one such as x**2 + 1.",
        "{column}번째 글자: 수식이 비어 있습니다. x**2 + 1처럼 쓰세요.",
    ),
    "formula.long": (
        "The formula has {length:,} characters; at most {limit:,} are read. Shorten it, or write a Python function.",
        "수식이 {length:,}글자입니다. {limit:,}글자까지만 읽습니다. 줄이거나 파이썬 함수로 쓰세요.",
    ),
    "formula.operators": (
        "Column {column}: by `{piece}` the formula has more than {limit} operators and functions. "
        "Shorten it, or write a Python function.",
        "{column}번째 글자: `{piece}`에 이르러 연산자와 함수가 {limit}개를 넘습니다. 줄이거나 파이썬 함수로 쓰세요.",
    ),
    "formula.nested": (
        "Column {column}: more than {limit} brackets are open at `{piece}`. Take the formula apart.",
        "{column}번째 글자: `{piece}`에서 열린 괄호가 {limit}개를 넘습니다. 수식을 나누어 쓰세요.",
    ),
    "formula.character": (
        "Column {column}: `{piece}` ({code}, {called}) is not part of a formula. Type it with the letters A to Z, "
        "the digits 0 to 9 and + - * / ^ ( ).",
        "{column}번째 글자: `{piece}` ({code}, {called}): 수식에 쓸 수 없는 글자입니다. 영문자, 숫자 0~9, + - * / ^ ( )만 "
        "쓰세요.",
    ),
    "formula.sign": (
        "Column {column}: `{piece}` is not part of a formula. Allowed are numbers, names, + - * / ^ **, brackets ( ) "
        "and commas.",
        "{column}번째 글자: `{piece}` 기호는 수식에 쓸 수 없습니다. 숫자, 이름, + - * / ^ **, 괄호 ( ), 쉼표만 쓰세요.",
    ),
    "formula.underscore": (
        "Column {column}: `{piece}` may only stand singly inside a name, as in x_1.",
        "{column}번째 글자: `{piece}` 기호는 x_1처럼 이름 안에 하나씩만 쓸 수 있습니다.",
    ),
    "formula.keyword": (
        "Column {column}: `{piece}` is a word of Python and cannot be a name here; a formula only computes.",
        "{column}번째 글자: `{piece}`: 파이썬의 예약어이므로 이름으로 쓸 수 없습니다. 수식은 계산만 합니다.",
    ),
    "formula.name-long": (
        "Column {column}: the name `{piece}` is longer than {limit} characters. Shorten it.",
        "{column}번째 글자: 이름 `{piece}`의 길이가 {limit}글자를 넘습니다. 줄이세요.",
    ),
    "formula.number-large": (
        "Column {column}: the number `{piece}` is too large for floating point; the largest is about 1.8e308.",
        "{column}번째 글자: 수 `{piece}`의 크기가 부동소수점의 한계(약 1.8e308)를 넘습니다.",
    ),
    "formula.number-small": (
        "Column {column}: the number `{piece}` is too small for floating point; the smallest is about 4.9e-324. Write 0.",
        "{column}번째 글자: 수 `{piece}`의 크기가 부동소수점의 한계(약 4.9e-324)보다 작습니다. 0으로 쓰세요.",
    ),
    "formula.not-finite": (
        "Column {column}: `{piece}` has no finite real value. Check its numbers and brackets.",
        "{column}번째 글자: `{piece}`의 값은 유한한 실수가 아닙니다. 수와 괄호를 확인하세요.",
    ),
    "formula.no-brackets": (
        "Column {column}: the function `{piece}` needs its argument in brackets, as in {piece}(x).",
        "{column}번째 글자: 함수 `{piece}`의 인수는 {piece}(x)처럼 괄호 안에 써야 합니다.",
    ),
    "formula.not-function": (
        "Column {column}: `{piece}` is not a function. To multiply, write {piece}*(...).",
        "{column}번째 글자: `{piece}`: 함수가 아닙니다. 곱하려면 {piece}*(...)처럼 쓰세요.",
    ),
    "formula.unknown-function": (
        "Column {column}: there is no function `{piece}`. The functions are {allowed}.",
        "{column}번째 글자: `{piece}`: 없는 함수입니다. 쓸 수 있는 함수: {allowed}.",
    ),
    "formula.unknown-function-near": (
        "Column {column}: there is no function `{piece}`. Did you mean {hint}?",
        "{column}번째 글자: `{piece}`: 없는 함수입니다. 혹시 이것인가요: {hint}?",
    ),
    "formula.unknown-name": (
        "Column {column}: `{piece}` is no name known here; names are {allowed}. A product needs its *; "
        "a longer name must be listed in `variables`.",
        "{column}번째 글자: `{piece}`: 알 수 없는 이름입니다. 쓸 수 있는 이름: {allowed}. 곱셈에는 * 기호가 필요하고, "
        "긴 이름은 `variables`에 적어야 합니다.",
    ),
    "formula.unknown-name-near": (
        "Column {column}: `{piece}` is no name known here. Did you mean {hint}? A product needs its *; "
        "a longer name must be listed in `variables`.",
        "{column}번째 글자: `{piece}`: 알 수 없는 이름입니다. 혹시 이것인가요: {hint}? 곱셈에는 * 기호가 필요하고, "
        "긴 이름은 `variables`에 적어야 합니다.",
    ),
    "formula.side-by-side": (
        "Column {column}: an operator is missing between `{left}` and `{piece}`. To multiply, write *.",
        "{column}번째 글자: `{left}` 다음, `{piece}` 앞에 연산자가 없습니다. 곱하려면 * 기호를 쓰세요.",
    ),
    "formula.literal": (
        "Column {column}: `{piece}` is not a decimal number; hexadecimal, binary and complex numbers are not read. "
        "To multiply, write *.",
        "{column}번째 글자: `{piece}`: 십진수가 아닙니다. 16진수, 2진수, 복소수는 읽지 않습니다. 곱하려면 * 기호를 쓰세요.",
    ),
    "formula.ambiguous": (
        "Column {column}: `{piece}` has two readings after a division or a power. Write ({left}*...) or a * of its own.",
        "{column}번째 글자: 나눗셈이나 거듭제곱 뒤의 `{piece}`에는 두 가지 뜻이 있습니다. ({left}*...)처럼 괄호를 쓰거나 "
        "* 기호를 쓰세요.",
    ),
    "formula.missing": (
        "Column {column}: a number, a name or a bracket must come before `{piece}`.",
        "{column}번째 글자: `{piece}` 앞에 수, 이름 또는 괄호가 와야 합니다.",
    ),
    "formula.ends": (
        "Column {column}: after `{piece}` the formula ends; a number, a name or a bracket must follow.",
        "{column}번째 글자: `{piece}` 뒤에서 수식이 끝납니다. 수, 이름 또는 괄호가 이어져야 합니다.",
    ),
    "formula.bracket-closed": (
        "Column {column}: `{piece}` closes a bracket that was never opened.",
        "{column}번째 글자: `{piece}`에 짝이 되는 여는 괄호가 없습니다.",
    ),
    "formula.bracket-open": (
        "Column {column}: the bracket opened at `{piece}` is never closed.",
        "{column}번째 글자: `{piece}`에서 열린 괄호가 닫히지 않았습니다.",
    ),
    "formula.bracket-empty": (
        "Column {column}: `{piece}` holds nothing; a number or a name must stand inside.",
        "{column}번째 글자: `{piece}` 안이 비어 있습니다. 수나 이름을 써야 합니다.",
    ),
    "formula.comma": (
        "Column {column}: `{piece}` may only part the arguments of a function, as in max(x, 0). "
        "In a number write a point: 0.5.",
        "{column}번째 글자: `{piece}` 기호는 max(x, 0)처럼 함수의 인수 사이에만 쓸 수 있습니다. 소수점은 0.5처럼 쓰세요.",
    ),
    "formula.arity": (
        "Column {column}: `{piece}` takes {arity} argument(s), not {count}.",
        "{column}번째 글자: `{piece}`의 인수는 {arity}개여야 하는데 {count}개입니다.",
    ),
    "formula.complex": (
        "`{function}` has no complex derivative, so the complex step cannot be used. Choose another method.",
        "`{function}`: 복소 도함수가 없는 함수이므로 복소수 스텝을 쓸 수 없습니다. 다른 방법을 고르세요.",
    ),
    "formula.arguments": (
        "The formula takes {expected} argument(s) ({names}), not {count}. For one vector of them all, use .at(point).",
        "수식의 인수는 {expected}개({names})인데 {count}개를 받았습니다. 벡터 하나로 주려면 .at(point)를 쓰세요.",
    ),
    "formula.point": (
        "`point` has shape {shape}; its first axis must be {expected}, one entry for each variable ({names}).",
        "`point`의 형상은 {shape}입니다. 첫 축의 길이는 변수({names})의 수인 {expected}이어야 합니다.",
    ),
    "formula.which-variable": (
        "`name` must say which variable to differentiate by: {names}. For all of them use .gradient().",
        "`name`에 미분할 변수를 적어야 합니다: {names}. 모든 변수의 편미분은 .gradient()로 구합니다.",
    ),
    "formula.no-variable": (
        "`name` must be a variable of the formula ({names}), not {name!r}.",
        "`name`의 값은 수식의 변수({names}) 가운데 하나여야 합니다. 받은 값: {name!r}.",
    ),
    "formula.variable-name": (
        "`variables` must hold names of letters and digits such as x, x0, rate, none of them a function or a constant; "
        "{name} is not one.",
        "`variables`에는 x, x0, rate처럼 영문자와 숫자로 된 이름을 적어야 하고, 함수나 상수의 이름은 쓸 수 없습니다. "
        "받은 값: {name}.",
    ),
    "formula.variable-twice": (
        "`variables` names one of these twice: {names}.",
        "`variables`에 같은 이름이 두 번 있습니다: {names}.",
    ),
    "formula.derivative-long": (
        "The derivative has more than {limit:,} parts, is nested too deeply or takes too much work. Use a lower order, or "
        "gradwright.derivative for its value.",
        "도함수의 항이 {limit:,}개를 넘거나, 너무 깊게 중첩되거나, 계산이 너무 많아집니다. 차수를 낮추거나, 값은 "
        "gradwright.derivative로 구하세요.",
    ),
    "formula.derivative-base": (
        "`{base}` to a variable power has no real derivative: the base must not be negative.",
        "밑이 `{base}`인 거듭제곱의 지수에 변수가 있으면 실수 도함수가 없습니다. 밑은 음수가 아니어야 합니다.",
    ),
    "formula.derivative-number": (
        "The derivative holds a number beyond floating point (about 1e-308 to 1.8e308). Scale the formula.",
        "도함수에 부동소수점의 범위(약 1e-308에서 1.8e308)를 벗어나는 수가 나옵니다. 수식의 단위를 바꾸세요.",
    ),
}

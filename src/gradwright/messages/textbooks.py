"""Sentences of the course's names."""

MESSAGES = {
    "textbook.array": (
        "`x` must be a NumPy array of numbers, not {kind}: its entries are moved in place. Write np.array(...).",
        "`x`에는 NumPy 숫자 배열이 필요합니다. 원소를 제자리에서 바꾸기 때문입니다. 받은 형: {kind}. np.array(...)로 만드세요.",
    ),
    "textbook.two-numbers": (
        "`x` must hold two numbers, x[0] and x[1], not {kind}.",
        "`x`에는 숫자 두 개(x[0], x[1])가 필요합니다. 받은 것: {kind}.",
    ),
    "textbook.precision": (
        "`x` has dtype {dtype}, in which a step of 1e-4 leaves the gradient about {digits} digits. Use float64: "
        'np.array(..., dtype="float64"), or for the parameters of a network TwoLayerNet(..., dtype="float64").',
        "`x`의 dtype은 {dtype}이어서 1e-4만큼 움직이면 기울기의 유효 숫자가 {digits}자리쯤밖에 남지 않습니다. float64로 만드세요: "
        'np.array(..., dtype="float64"), 신경망의 매개변수라면 TwoLayerNet(..., dtype="float64").',
    ),
    "textbook.read-only": (
        "`x` is read-only, but its entries are moved in place (and put back). Hand over x.copy().",
        "`x`의 값을 바꿀 수 없습니다(읽기 전용). 원소를 제자리에서 바꾼 뒤 되돌려 놓아야 하므로 x.copy()를 넘기세요.",
    ),
    "textbook.integers": (
        "`x` has dtype {dtype} and `f` does not read its argument: it reads the array itself, whose integers cannot "
        "be moved by 1e-4. Make it an array of floats, for example np.array([3.0, 4.0]).",
        "`x`의 dtype은 {dtype}이고 `f`의 값은 인수가 아니라 배열 자체에 따라 바뀝니다. 그런데 정수는 1e-4만큼 움직일 수 없습니다. "
        "np.array([3.0, 4.0])처럼 실수 배열로 만드세요.",
    ),
}

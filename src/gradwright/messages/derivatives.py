"""Sentences of the room that differentiates."""

MESSAGES: dict[str, tuple[str, str]] = {
    "status.converged": ("converged", "수렴"),
    "status.one_sided": ("one-sided", "한쪽 차분"),
    "status.kink": ("kink", "꺾인 점"),
    "status.jump": ("jump", "불연속점"),
    "status.noisy": ("noisy", "잡음이 큼"),
    "status.nonfinite": ("not finite", "유한하지 않음"),
    "status.unresolved": ("unresolved", "결정하지 못함"),
    "estimate.note": ("{status}, {evaluations:,} evaluations", "{status}, 함수 계산 {evaluations:,}번"),
    "estimate.several": (
        "float() needs a single number, but this estimate holds {count:,}: take `value`, or one entry of it.",
        "float()에는 숫자 하나가 필요한데 이 추정값에는 {count:,}개가 있습니다. `value`를 쓰거나 그 가운데 한 원소를 고르세요.",
    ),
    "f.returned-none": (
        "`{name}` returned None; it must return a number. Is a `return` missing?",
        "`{name}`의 반환값이 None입니다. 숫자를 반환해야 합니다. `return`을 빠뜨리지 않았나요?",
    ),
    "f.returned-kind": (
        "`{name}` returned {kind}; it must return a number or an array of real numbers.",
        "`{name}`의 반환값은 {kind} 형입니다. 숫자나 실수 배열을 반환해야 합니다.",
    ),
    "f.returned-large": (
        "`{name}` returned an {kind} too large for floating point; the largest is about 1.8e308. Scale it.",
        "`{name}`의 반환값({kind} 형)이 부동소수점의 한계(약 1.8e308)를 넘습니다. 크기를 줄이세요.",
    ),
    "f.reads-itself": (
        "`{name}` does not read its argument: it gives the same value at every point, and it can reach the very array "
        "that was given as `x` ({where}). It gets copies of `x`, so write it with its argument in place of {where}; or "
        "use gradwright.textbook.numerical_gradient, which moves the array itself.",
        "`{name}`의 값은 인수에 따라 달라지지 않습니다. 어느 점에서나 값이 같고, `x`로 주어진 배열 자체({where})를 읽을 수 있습니다. "
        "인수로는 `x`의 복사본이 주어지므로 {where} 자리에 인수를 쓰거나, 배열을 제자리에서 움직이는 "
        "gradwright.textbook.numerical_gradient를 쓰세요.",
    ),
    "f.not-scalar": (
        "`{name}` returned an array of shape {shape}; here it must return one number. For an array use gw.jacobian.",
        "`{name}`의 반환값은 형상 {shape}의 배열입니다. 여기서는 숫자 하나를 반환해야 합니다. 배열이면 gw.jacobian을 쓰세요.",
    ),
    "f.not-elementwise": (
        "`{name}` returned shape {shape} for points of shape {points}; derivative works point by point. "
        "For a function of several variables use gw.gradient or gw.jacobian.",
        "`{name}`의 반환값은 형상 {points}의 점들에 대해 형상 {shape}입니다. derivative는 점마다 하나씩 미분합니다. "
        "변수가 여럿인 함수에는 gw.gradient나 gw.jacobian을 쓰세요.",
    ),
    "f.shape-changed": (
        "`{name}` returned shape {shape} where it returned {first} before; its shape must not depend on the point.",
        "`{name}`의 반환값은 처음에 형상 {first}, 이번에는 {shape}입니다. 반환값의 형상은 점에 따라 달라지면 안 됩니다.",
    ),
    "f.not-vectorized": (
        "`{name}` returned shape {shape} for {count} stacked points; with vectorized=True it must return one value or "
        "row for each point, so the first axis must be {count}.",
        "`{name}`의 반환값은 점 {count}개에 대해 형상 {shape}입니다. vectorized=True이면 점마다 값이나 행을 하나씩 "
        "반환해야 하므로 첫 축의 길이는 {count}이어야 합니다.",
    ),
    "f.not-complex": (
        "`{name}` returned a real number for a complex argument, so the complex step sees no change (abs, max and "
        "float() do this). Use another method.",
        "`{name}`의 반환값은 복소수 인수에 대해 실수입니다. 그래서 복소 차분으로는 변화를 볼 수 없습니다(abs, max, float() 등). "
        "다른 method를 쓰세요.",
    ),
    "x.complex": (
        "`{name}` is complex; derivatives are taken with respect to real numbers only.",
        "`{name}`의 값은 복소수입니다. 실수에 대해서만 미분할 수 있습니다.",
    ),
    "x.non-finite": (
        "`{name}` holds {value} at {where}; there is no derivative at a point that is not finite.",
        "`{name}`의 {where} 위치에 {value} 값이 있습니다. 유한하지 않은 점에서는 미분할 수 없습니다.",
    ),
    "bounds.form": (
        "`bounds` must be a pair (low, high), each a number, an array that broadcasts to `x` or None; got {value!r}.",
        "`bounds`는 (low, high) 쌍이어야 하며 각각 숫자, `x`의 형상에 맞는 배열 또는 None이어야 합니다. 받은 값: {value!r}.",
    ),
    "bounds.order": (
        "`bounds` must be a pair (low, high) with low below high; for {where} they are {low} and {high}.",
        "`bounds`는 앞의 값이 뒤의 값보다 작은 (low, high) 쌍이어야 합니다. {where}의 범위: {low}, {high}.",
    ),
    "bounds.outside": (
        "`x` must lie within `bounds`, but {where} = {value} is outside {low} to {high}.",
        "`x`의 값은 `bounds` 안에 있어야 하는데 {where} = {value}, 범위는 {low}에서 {high}까지입니다.",
    ),
    "bounds.no-room": (
        '`bounds` leave {where} no room for method={method!r} with step {step:g}. Use method="auto" or a smaller step.',
        '`bounds` 안에서는 method={method!r}, step {step:g}만큼 움직일 수 없습니다({where}의 범위). method="auto" 또는 더 작은 '
        "step을 쓰세요.",
    ),
    "order.high": (
        "`order` must be at most {highest}, not {order}: rounding leaves no digits of higher differences.",
        "`order`의 값은 {highest} 이하여야 합니다. 받은 값: {order}. 더 높은 차분에는 반올림 때문에 믿을 자릿수가 남지 않습니다.",
    ),
    "order.complex": (
        '`order` must be 1 with method="complex", not {order}.',
        'method="complex"에서는 `order`의 값이 1이어야 합니다. 받은 값: {order}.',
    ),
    "partial.none": (
        "`variables` are missing: name each entry to differentiate by, such as {first}; repeat it for a higher order.",
        "`variables` 인수가 없습니다. 미분할 항목을 하나씩 주세요(예: {first}). 차수를 높이려면 같은 항목을 되풀이하세요.",
    ),
    "partial.high": (
        "`variables` must be at most {highest}, not {order}: rounding leaves no digits of higher differences.",
        "`variables`의 개수는 {highest} 이하여야 합니다. 받은 개수: {order}. 더 높은 차분에는 반올림 때문에 믿을 자릿수가 남지 않습니다.",
    ),
    "partial.path": (
        "`variables` has {variable!r}, but `x` has no array of that name; it has {known}.",
        "`variables`의 {variable!r}: `x`에 그런 이름의 배열이 없습니다. 있는 배열: {known}.",
    ),
    "partial.index": (
        "`variables` has {variable!r}, which is no entry of that array; its entries are {first} to {last}.",
        "`variables`의 {variable!r}: 그 배열에 없는 항목입니다. 항목의 범위: {first}에서 {last}까지.",
    ),
    "sparsity.shape": (
        "`sparsity` has shape {shape}, but the Jacobian has {expected}: the numbers that `f` returns, the numbers in `x`.",
        "`sparsity`의 형상은 {shape}인데 야코비안의 형상은 {expected}입니다(`f`의 반환값 개수, `x`의 항목 개수).",
    ),
    "sparsity.kind": (
        "`sparsity` must be an array of booleans, a SciPy sparse matrix or a tuple (rows, columns) of whole numbers, not "
        "{kind}. Of an array of numbers give `array != 0`.",
        "`sparsity`에는 불리언 배열, SciPy 희소 행렬 또는 정수 목록의 튜플 (rows, columns)이 필요합니다. 받은 형: {kind}. 숫자 배열이면 "
        "`array != 0`을 주세요.",
    ),
    "sparsity.pair": (
        "`sparsity` as a tuple (rows, columns) must be two lists of the same length, not of shapes {rows} and {columns}.",
        "`sparsity`를 튜플 (rows, columns)로 줄 때는 길이가 같은 두 목록이어야 합니다. 받은 형상: {rows}, {columns}.",
    ),
    "sparsity.outside": (
        "`sparsity` names row {row}, column {column}, which is outside of the Jacobian of shape {shape}.",
        "`sparsity`의 {row}행 {column}열은 형상 {shape}인 야코비안 밖에 있습니다.",
    ),
    "sparsity.repeated": (
        "`sparsity` names row {row}, column {column} more than once; give each entry once.",
        "`sparsity`에 {row}행 {column}열이 두 번 이상 있습니다. 항목마다 한 번씩만 주세요.",
    ),
    "sparsity.incomplete": (
        "`sparsity` leaves out entries: in {count:,} of {rows:,} rows, first row {first}, `f` changes along a random "
        "direction otherwise than it allows. Add them, leave `sparsity` out to find it, or pass check=False.",
        "`sparsity`에 빠진 항목이 있습니다. 전체 {rows:,}행 가운데 {count:,}개 행(처음은 {first}행)에서 무작위 방향으로 본 `f`의 변화를 "
        "설명하지 못합니다. 항목을 더하거나, `sparsity`를 빼고 찾게 하거나, check=False를 주세요.",
    ),
    "sparse.scipy": (
        "`tocsr` needs SciPy, which is not installed: pip install scipy. `toarray` does without.",
        "`tocsr`에는 SciPy가 필요한데 설치되어 있지 않습니다: pip install scipy. `toarray`는 SciPy 없이도 됩니다.",
    ),
    "sparse.summary": (
        "{height:,} x {width:,}, {entries:,} entries in {colours:,} colours, +- {error:.1g} ({note})",
        "{height:,} x {width:,}, 항목 {entries:,}개, 색 {colours:,}개, +- {error:.1g}({note})",
    ),
    "sparse.unexplained": (
        "{count:,} rows (first: {first}) depend on more than was found",
        "{count:,}개 행(처음: {first}행)에는 찾지 못한 항목이 더 있습니다",
    ),
    "sweep.no-derivative": (
        "`f` has no derivative at x = {x} ({status}), so there is nothing to count errors from. Choose another point, or "
        "give `exact`.",
        "`f`는 x = {x}에서 미분할 수 없습니다({status}). 오차를 잴 기준이 없으니 다른 점을 고르거나 `exact`를 주세요.",
    ),
    "direction.shape": (
        "`v` must have the structure and shapes of `x`; at {where} it has {shape}, not {expected}.",
        "`v`의 구조와 형상은 `x`와 같아야 합니다. {where} 위치의 형상은 {shape}인데 {expected}이어야 합니다.",
    ),
}

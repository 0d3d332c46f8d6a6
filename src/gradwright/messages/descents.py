"""Sentences of descents: how a run ended, and what to change."""

MESSAGES: dict[str, tuple[str, str]] = {
    "descent.status.converged": ("converged", "수렴"),
    "descent.status.diverged": ("diverged", "발산"),
    "descent.status.frozen": ("frozen", "멈춤(반올림에 묻힘)"),
    "descent.status.crawling": ("crawling", "너무 느림"),
    "descent.status.oscillating": ("oscillating", "진동"),
    "descent.status.plateau": ("on a plateau", "고원(플래토)"),
    "descent.status.saddle": ("at a saddle point", "안장점"),
    "descent.status.max-steps": ("still on its way", "진행 중"),
    "descent.summary": (
        "{status} after {steps} steps: f went from {start:.6g} to {value:.6g} ({evaluations} evaluations).",
        "{steps}번의 갱신 뒤 상태: {status}. f의 값: {start:.6g} → {value:.6g}(함수 호출 {evaluations}번).",
    ),
    "descent.stable": (
        "Largest curvature measured: {curvature:.4g}; learning rates below {rate:.4g} are stable.",
        "측정된 가장 큰 곡률: {curvature:.4g}. 안정한 학습률은 {rate:.4g}보다 작은 값입니다.",
    ),
    "descent.advice.converged": (
        "A minimum, as far as rounding lets one tell: the gradient is {gradient:.2g}.",
        "반올림 오차 안에서 최솟값에 도달했습니다(적어도 그 부근에서). 기울기의 크기: {gradient:.2g}.",
    ),
    "descent.advice.converged-up": (
        "A maximum, as far as rounding lets one tell: the gradient is {gradient:.2g}.",
        "반올림 오차 안에서 최댓값에 도달했습니다(적어도 그 부근에서). 기울기의 크기: {gradient:.2g}.",
    ),
    "descent.advice.diverged": (
        "The learning rate {rate:.4g} is too large: steps shrink only below {stable:.4g}. Use {better:.4g}.",
        "학습률 {rate:.4g} 값은 너무 큽니다. {stable:.4g}보다 작아야 갱신 폭이 줄어듭니다. {better:.4g} 값을 쓰세요.",
    ),
    "descent.advice.diverged-other": (
        "The steps grow at the learning rate {rate:.4g}. Lower it, for example to {better:.4g}.",
        "학습률 {rate:.4g}에서 갱신 폭이 점점 커집니다. 더 낮추세요. 예: {better:.4g}.",
    ),
    "descent.advice.unbounded": (
        "f ran to {value:.3g} with ever longer steps: it seems to have no end that way. Check the sign of f, or give "
        "`bounds`.",
        "갱신 폭이 계속 커지며 f의 값이 {value:.3g}까지 갔습니다. 이 방향에는 끝이 없는 것 같습니다. f의 부호를 확인하거나 `bounds`를 "
        "주세요.",
    ),
    "descent.advice.frozen-difference": (
        "Not a minimum: the true gradient is {gradient:.3g}. At x = {x:.4g} floats lie {spacing:.2g} apart, so that a "
        "difference step of {step:g} is absorbed (x + h == x) and the numerical gradient is 0, since step {since}. Leave "
        "out `step`, and lower the learning rate from {rate:.4g} if x ran away.",
        "최솟값이 아닙니다. 실제 기울기의 크기: {gradient:.3g}. x = {x:.4g} 부근에서 부동소수점 수의 간격은 {spacing:.2g} 값이므로 "
        "차분 간격 {step:g} 값이 반올림에 묻혀(x + h == x) 수치 미분의 값이 0이 됩니다({since}번째 스텝부터). `step`을 빼고, x가 멀리 "
        "달아났다면 학습률을 {rate:.4g}보다 낮추세요.",
    ),
    "descent.advice.frozen-update": (
        "The step is absorbed by rounding: x - {rate:.3g} * gradient == x, while the gradient is {gradient:.3g}. The "
        "learning rate must be above {needed:.3g} to move x at all.",
        "갱신이 반올림에 묻힙니다. x - {rate:.3g} * 기울기 == x인데 기울기의 크기는 {gradient:.3g}입니다. x가 움직이려면 학습률이 "
        "{needed:.3g}보다 커야 합니다.",
    ),
    "descent.advice.crawling": (
        "At the learning rate {rate:.3g} it takes about {need:.2g} steps. Rates below {stable:.4g} are stable: use "
        "{better:.4g}.",
        "학습률 {rate:.3g}에서는 약 {need:.2g}번의 갱신이 필요합니다. {stable:.4g}보다 작은 학습률은 안정합니다. {better:.4g} 값을 "
        "쓰세요.",
    ),
    "descent.advice.crawling-other": (
        "At the learning rate {rate:.3g} it takes about {need:.2g} steps. Raise it, step by step, towards {better:.2g}.",
        "학습률 {rate:.3g}에서는 약 {need:.2g}번의 갱신이 필요합니다. {better:.2g} 쪽으로 조금씩 높이세요.",
    ),
    "descent.advice.oscillating": (
        "It swings to and fro in steps of {swing:.3g}: the learning rate {rate:.4g} is at the stability limit "
        "{stable:.4g}. Use {better:.4g}.",
        "폭 {swing:.3g}만큼 왔다 갔다 합니다. 학습률 {rate:.4g} 값은 안정 한계인 {stable:.4g} 부근입니다. {better:.4g} 값을 쓰세요.",
    ),
    "descent.advice.oscillating-kink": (
        "It swings to and fro in steps of {swing:.3g} and comes no closer. A smaller learning rate than {rate:.3g}, such "
        "as {better:.3g}, or one that falls with the steps (exponential_decay, cosine), makes the swing smaller.",
        "폭 {swing:.3g}만큼 왔다 갔다 하며 더 가까워지지 않습니다. 학습률을 {rate:.3g}보다 작게, 예를 들어 {better:.3g} 값으로 하거나 "
        "스텝에 따라 줄이면(exponential_decay, cosine) 진동의 폭이 줄어듭니다.",
    ),
    "descent.advice.plateau": (
        "The gradient is only {gradient:.2g} and steps are {pace:.2g} long, but this is only a flat stretch: at a distance of "
        "{distance:.3g} f is not flat. Start elsewhere, or scale the inputs.",
        "기울기의 크기가 {gradient:.2g}, 갱신 폭이 {pace:.2g}에 지나지 않지만 평평한 구간일 뿐입니다. {distance:.3g}만큼 떨어진 곳에서는 f의 값이 "
        "뚜렷이 달라집니다. 다른 곳에서 시작하거나 입력의 크기를 조정하세요.",
    ),
    "descent.advice.saddle": (
        "The gradient is {gradient:.2g}, but f curves down ({curvature:.4g}) along `direction`: a saddle, not a minimum. "
        "Move x a little that way and go on.",
        "기울기의 크기는 {gradient:.2g}이지만 `direction` 방향의 곡률이 {curvature:.4g}이므로 최솟값이 아니라 안장점입니다. x를 그 방향으로 "
        "조금 옮겨 계속하세요.",
    ),
    "descent.advice.saddle-up": (
        "The gradient is {gradient:.2g}, but f curves up ({curvature:.4g}) along `direction`: a saddle, not a maximum. "
        "Move x a little that way and go on.",
        "기울기의 크기는 {gradient:.2g}이지만 `direction` 방향의 곡률이 {curvature:.4g}이므로 최댓값이 아니라 안장점입니다. x를 그 방향으로 "
        "조금 옮겨 계속하세요.",
    ),
    "descent.advice.max-steps": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps. About {need:,.0f} more steps bring it a "
        "thousand times closer.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 갱신을 약 {need:,.0f}번 더 하면 거리가 천분의 일로 "
        "줄어듭니다.",
    ),
    "descent.advice.max-steps-pace": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps. At the length of the last steps, the end is "
        "about {need:,.0f} steps away.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 마지막 갱신 폭으로는 약 {need:,.0f}번이 더 필요합니다.",
    ),
    "descent.advice.max-steps-open": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps, and no end is in sight. Run more steps.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 끝은 아직 보이지 않습니다. 갱신 횟수를 늘리세요.",
    ),
    "descent.start": (
        "`f` is {value} at `x0`; start where it is finite.",
        "`x0`에서 `f`의 값: {value}. 유한한 값이 나오는 곳에서 시작하세요.",
    ),
    "descent.gradient": (
        "the derivative with respect to {where} is not finite where f is {value:.6g}: f jumps there, or the given "
        "gradient is wrong. Start elsewhere, or give `bounds`.",
        "f의 값은 {value:.6g}인데 {where}에 관한 미분의 값이 유한하지 않습니다. f가 그곳에서 불연속이거나 주어진 기울기가 틀렸습니다. "
        "다른 곳에서 시작하거나 `bounds`를 주세요.",
    ),
    "descent.two-rates": (
        "give `learning_rate` or `optimizer`, not both: got {learning_rate} and {optimizer}, which has its own rate.",
        "`learning_rate`와 `optimizer` 가운데 하나만 주세요(받은 값: {learning_rate}, {optimizer}). 최적화 기법에는 자체 학습률이 있습니다.",
    ),
}

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
    "descent.advice.converged-noise": (
        "A minimum, as far as the noise of f lets one tell: its values scatter by about {noise:.2g}, so that the gradient "
        "is known to {known:.2g} only, and is 0 within that. To come closer, make f less noisy, or give `gradient`.",
        "f의 잡음 안에서 최솟값에 도달했습니다(적어도 그 부근에서). f의 값이 {noise:.2g}만큼 흔들려 기울기는 {known:.2g}까지만 알 수 있고 "
        "그 안에서는 0입니다. 더 다가가려면 f의 잡음을 줄이거나 `gradient`를 주세요.",
    ),
    "descent.advice.converged-noise-up": (
        "A maximum, as far as the noise of f lets one tell: its values scatter by about {noise:.2g}, so that the gradient "
        "is known to {known:.2g} only, and is 0 within that. To come closer, make f less noisy, or give `gradient`.",
        "f의 잡음 안에서 최댓값에 도달했습니다(적어도 그 부근에서). f의 값이 {noise:.2g}만큼 흔들려 기울기는 {known:.2g}까지만 알 수 있고 "
        "그 안에서는 0입니다. 더 다가가려면 f의 잡음을 줄이거나 `gradient`를 주세요.",
    ),
    "descent.advice.converged-tol": (
        "The gradient, {gradient:.2g}, is below `tol`, {tol:.2g}. By its curvature the minimum is {distance:.2g} away, and "
        "f {gain:.2g} lower there; with a smaller `tol` the run goes on.",
        "기울기의 크기 {gradient:.2g}에서 `tol` 값인 {tol:.2g}보다 작아져 멈췄습니다. 곡률로 보면 최솟값은 {distance:.2g}만큼 떨어져 있고 "
        "그곳에서 f는 {gain:.2g}만큼 더 작습니다. `tol`을 줄이면 계속합니다.",
    ),
    "descent.advice.converged-tol-up": (
        "The gradient, {gradient:.2g}, is below `tol`, {tol:.2g}. By its curvature the maximum is {distance:.2g} away, and "
        "f {gain:.2g} higher there; with a smaller `tol` the run goes on.",
        "기울기의 크기 {gradient:.2g}에서 `tol` 값인 {tol:.2g}보다 작아져 멈췄습니다. 곡률로 보면 최댓값은 {distance:.2g}만큼 떨어져 있고 "
        "그곳에서 f는 {gain:.2g}만큼 더 큽니다. `tol`을 줄이면 계속합니다.",
    ),
    "descent.advice.converged-tol-open": (
        "The gradient, {gradient:.2g}, is below `tol`, {tol:.2g}. How far off an extremum is, if there is one, the "
        "curvature here does not tell; with a smaller `tol` the run goes on.",
        "기울기의 크기 {gradient:.2g}에서 `tol` 값인 {tol:.2g}보다 작아져 멈췄습니다. 이곳의 곡률로는 극값이 있는지, 있다면 얼마나 떨어져 "
        "있는지 알 수 없습니다. `tol`을 줄이면 계속합니다.",
    ),
    "descent.advice.converged-kink": (
        "A minimum on a kink: at {where} = {x:.6g} f has no derivative (slopes {left:.4g} from the left, {right:.4g} from "
        "the right), and rises to both sides. A run that does not land on it swings across it at every constant rate.",
        "꺾인 점에 있는 최솟값입니다. {where} = {x:.6g}에서 f의 미분은 없고(왼쪽 기울기 {left:.4g}, 오른쪽 기울기 {right:.4g}) 양쪽으로 "
        "커집니다. 정확히 이 점에 닿지 않으면 학습률이 일정한 한 계속 왔다 갔다 합니다.",
    ),
    "descent.advice.converged-kink-up": (
        "A maximum on a kink: at {where} = {x:.6g} f has no derivative (slopes {left:.4g} from the left, {right:.4g} from "
        "the right), and falls to both sides. A run that does not land on it swings across it at every constant rate.",
        "꺾인 점에 있는 최댓값입니다. {where} = {x:.6g}에서 f의 미분은 없고(왼쪽 기울기 {left:.4g}, 오른쪽 기울기 {right:.4g}) 양쪽으로 "
        "작아집니다. 정확히 이 점에 닿지 않으면 학습률이 일정한 한 계속 왔다 갔다 합니다.",
    ),
    "descent.advice.converged-bound": (
        "A minimum on the bound: at {where} = {x:.6g} the slope is {slope:.4g}, so that f would fall only beyond it. In "
        "what is free to move the gradient is {gradient:.2g}.",
        "경계에 있는 최솟값입니다. {where} = {x:.6g}에서 기울기의 값: {slope:.4g}. f는 경계 밖으로 나가야만 더 작아집니다. 움직일 수 있는 "
        "방향의 기울기의 크기: {gradient:.2g}.",
    ),
    "descent.advice.converged-bound-up": (
        "A maximum on the bound: at {where} = {x:.6g} the slope is {slope:.4g}, so that f would rise only beyond it. In "
        "what is free to move the gradient is {gradient:.2g}.",
        "경계에 있는 최댓값입니다. {where} = {x:.6g}에서 기울기의 값: {slope:.4g}. f는 경계 밖으로 나가야만 더 커집니다. 움직일 수 있는 "
        "방향의 기울기의 크기: {gradient:.2g}.",
    ),
    "descent.advice.ended": (
        "Step {step} led to {where} = {x:.6g}, where f is {value}: on that way it stops being finite at {where} = "
        "{edge:.6g}. Let `bounds` keep {where} within where f is finite. A smaller learning rate than {rate:.4g}, such as {better:.3g}, "
        "helps only if f has a minimum before that edge.",
        "{step}번째 스텝이 {where} = {x:.6g}까지 갔고 그곳에서 f의 값: {value}. 그 길에서 f는 {where} = {edge:.6g}부터 유한하지 않습니다. "
        "f가 유한한 곳에 머물도록 `bounds`를 정하세요. 그 끝에 닿기 전에 최솟값이 있다면 학습률을 {rate:.4g}보다 작게, 예를 들어 {better:.3g} "
        "값으로 해도 됩니다.",
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
        "Not a minimum: the true gradient is {gradient:.3g}. At {where} = {x:.4g} floats lie {spacing:.2g} apart, so that a "
        "difference step of {step:g} is absorbed (x + h == x) and the numerical gradient is 0, since step {since}. Leave "
        "out `step`, and lower the learning rate from {rate:.4g} if x ran away.",
        "최솟값이 아닙니다. 실제 기울기의 크기: {gradient:.3g}. {where} = {x:.4g} 부근에서 부동소수점 수의 간격은 {spacing:.2g} 값이므로 "
        "차분 간격 {step:g} 값이 반올림에 묻혀(x + h == x) 수치 미분의 값이 0이 됩니다({since}번째 스텝부터). `step`을 빼고, x가 멀리 "
        "달아났다면 학습률을 {rate:.4g}보다 낮추세요.",
    ),
    "descent.advice.frozen-update": (
        "The step is absorbed by rounding: x - {rate:.3g} * gradient == x, while the gradient is {gradient:.3g}. The "
        "learning rate must be above {needed:.3g} to move x at all.",
        "갱신이 반올림에 묻힙니다. x - {rate:.3g} * 기울기 == x인데 기울기의 크기는 {gradient:.3g}입니다. x가 움직이려면 학습률이 "
        "{needed:.3g}보다 커야 합니다.",
    ),
    "descent.advice.frozen-gradient": (
        "It stands still where the given gradient is {given:.3g}, while the true one is {gradient:.3g}: no minimum. Put the "
        "gradient right, or leave it out.",
        "주어진 기울기의 크기가 {given:.3g}인 곳에 멈췄지만 실제 기울기의 크기: {gradient:.3g}. 최솟값이 아닙니다. 기울기를 고치거나 빼세요.",
    ),
    "descent.advice.crawling-open": (
        "At the learning rate {rate:.3g} x moved by only {moved:.2g}, and how far it has to go the curvature here does not tell. Raise the rate, step by "
        "step, for example to {better:.2g}.",
        "학습률 {rate:.3g}에서 x가 {moved:.2g}밖에 움직이지 않았고, 이곳의 곡률로는 얼마나 더 가야 하는지 알 수 없습니다. 조금씩 높이세요. 예: {better:.2g}.",
    ),
    "descent.advice.crawling": (
        "At the learning rate {rate:.3g} it takes about {need:.2g} steps, by the curvature here. Rates below {stable:.4g} are stable: use "
        "{better:.4g}.",
        "이곳의 곡률로 보면 학습률 {rate:.3g}에서는 약 {need:.2g}번의 갱신이 필요합니다. {stable:.4g}보다 작은 학습률은 안정합니다. {better:.4g} 값을 "
        "쓰세요.",
    ),
    "descent.advice.crawling-other": (
        "At the learning rate {rate:.3g} it takes about {need:.2g} steps, by the curvature here. Raise it, step by step, towards {better:.2g}.",
        "이곳의 곡률로 보면 학습률 {rate:.3g}에서는 약 {need:.2g}번의 갱신이 필요합니다. {better:.2g} 쪽으로 조금씩 높이세요.",
    ),
    "descent.advice.oscillating": (
        "It swings to and fro in steps of {swing:.3g}: the learning rate {rate:.4g} is at the stability limit, "
        "{stable:.4g}, or above it. Use {better:.4g}.",
        "폭 {swing:.3g}만큼 왔다 갔다 합니다. 학습률 {rate:.4g} 값은 안정 한계인 {stable:.4g} 부근이거나 그보다 큽니다. {better:.4g} 값을 쓰세요.",
    ),
    "descent.advice.oscillating-below": (
        "It swings to and fro in steps of {swing:.3g}, and the swing shrinks only slowly: the learning rate {rate:.4g} is below "
        "the stability limit, {stable:.4g}, but close to it. Use {better:.4g}.",
        "폭 {swing:.3g}만큼 왔다 갔다 하며 폭은 천천히 줄어듭니다. 학습률 {rate:.4g} 값은 안정 한계인 {stable:.4g}보다 작지만 그에 "
        "가깝습니다. {better:.4g} 값을 쓰세요.",
    ),
    "descent.advice.oscillating-kink": (
        "It swings to and fro in steps of {swing:.3g} across a kink of f, near {where} = {x:.6g}: the gradient does not "
        "shrink there, and no constant rate is stable. A smaller learning rate than {rate:.3g}, such as {better:.3g}, or one "
        "that falls with the steps (exponential_decay, cosine), makes the swing smaller.",
        "f가 꺾이는 {where} = {x:.6g} 부근에서 폭 {swing:.3g}만큼 왔다 갔다 합니다. 그곳에서는 기울기가 줄지 않으므로 일정한 학습률은 어느 "
        "것도 안정하지 않습니다. 학습률을 {rate:.3g}보다 작게, 예를 들어 {better:.3g} 값으로 하거나 스텝에 따라 줄이면(exponential_decay, "
        "cosine) 진동의 폭이 줄어듭니다.",
    ),
    "descent.advice.oscillating-other": (
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
    "descent.advice.maximum": (
        "The gradient is {gradient:.2g}, but f curves down ({curvature:.4g}) in every direction: this is a maximum, not a "
        "minimum. Move x a little along `direction` and go on; if a maximum is what you want, it is `maximize=True`.",
        "기울기의 크기는 {gradient:.2g}이지만 모든 방향의 곡률이 음수({curvature:.4g})이므로 최솟값이 아니라 최댓값입니다. x를 `direction` "
        "방향으로 조금 옮겨 계속하세요. 최댓값을 찾는다면 `maximize=True`를 주세요.",
    ),
    "descent.advice.maximum-up": (
        "The gradient is {gradient:.2g}, but f curves up ({curvature:.4g}) in every direction: this is a minimum, not a "
        "maximum. Move x a little along `direction` and go on; if a minimum is what you want, leave out `maximize`.",
        "기울기의 크기는 {gradient:.2g}이지만 모든 방향의 곡률이 양수({curvature:.4g})이므로 최댓값이 아니라 최솟값입니다. x를 `direction` "
        "방향으로 조금 옮겨 계속하세요. 최솟값을 찾는다면 `maximize`를 빼세요.",
    ),
    "descent.advice.saddle-level": (
        "The gradient is {gradient:.2g} and no curvature shows along `direction`, yet f goes on that way as if nothing "
        "were: a level place on a slope, no extremum. Move x a little that way and go on.",
        "기울기의 크기가 {gradient:.2g}이고 `direction` 방향의 곡률도 없지만 f는 그 방향으로 계속 변합니다. 비탈의 평평한 곳일 뿐 극값이 "
        "아닙니다. x를 그 방향으로 조금 옮겨 계속하세요.",
    ),
    "descent.advice.saddle-kink": (
        "f has a kink at {where} = {x:.6g} (slopes {left:.4g} from the left, {right:.4g} from the right), where its "
        "numerical gradient cancels, but no extremum. Move x a little and go on.",
        "{where} = {x:.6g}에서 f가 꺾입니다(왼쪽 기울기 {left:.4g}, 오른쪽 기울기 {right:.4g}). 수치 미분에서 두 기울기가 상쇄되었을 뿐 찾는 "
        "극값이 아닙니다. x를 조금 옮겨 계속하세요.",
    ),
    "descent.advice.max-steps-noise": (
        "Noise hides the way on: over the last {window} steps the measured gradient was hardly above its own error bar, as "
        "each value of f scatters by about {noise:.2g} (the gradient is {gradient:.2g}). Make f less noisy, give "
        "`gradient`, or let the learning rate fall with the steps (exponential_decay, cosine).",
        "잡음 때문에 내려갈 길이 보이지 않습니다. f의 값이 {noise:.2g}만큼 흔들려 마지막 스텝 {window}개 동안 잰 기울기가 그 오차보다 그리 크지 "
        "않았습니다(기울기의 크기: {gradient:.2g}). f의 잡음을 줄이거나, `gradient`를 주거나, 스텝에 따라 학습률을 낮추세요"
        "(exponential_decay, cosine).",
    ),
    "descent.advice.max-steps": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps. About {need:,.0f} more steps bring it a "
        "thousand times closer.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 갱신을 약 {need:,.0f}번 더 하면 거리가 천분의 일로 "
        "줄어듭니다.",
    ),
    "descent.advice.max-steps-seen": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps. It shrank evenly, over the last {window} steps "
        "from {before:.2g} to {now:.2g}: if that goes on, about {need:,.0f} more make it a thousand times smaller.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 마지막 {window}번의 갱신에서 {before:.2g} → {now:.2g}, "
        "고르게 줄었습니다. 이대로라면 약 {need:,.0f}번 더 갱신할 때 천분의 일이 됩니다.",
    ),
    "descent.advice.max-steps-slower": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps. Over the last {window} it went from "
        "{before:.2g} to {now:.2g}, more slowly than before, so that no number of steps can be promised.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 마지막 {window}번의 갱신에서 {before:.2g} → {now:.2g}, "
        "줄어드는 속도가 점점 느려지므로 몇 번이 더 필요한지 말할 수 없습니다.",
    ),
    "descent.advice.max-steps-open": (
        "Not there yet: the gradient is {gradient:.2g} after {steps} steps ({before:.2g} before the last {window}), and it "
        "cannot be told yet how many more it takes. Run more steps, and look at `values`.",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}(마지막 {window}번의 갱신 전: {before:.2g}). 몇 번이 더 "
        "필요한지는 아직 알 수 없습니다. 갱신 횟수를 늘리고 `values`를 살펴보세요.",
    ),
    "descent.advice.max-steps-kink": (
        "Not there yet: after {steps} steps the gradient is {gradient:.2g}, and it does not shrink: f has a kink on the way, "
        "near {where} = {x:.6g}. If its minimum lies on one, no constant rate settles there: let the rate fall with the "
        "steps (exponential_decay, cosine).",
        "아직 도달하지 않았습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}, 줄어들지 않습니다. 지나온 길의 {where} = {x:.6g} 부근에서 f가 "
        "꺾입니다. 최솟값이 꺾인 점에 있다면 일정한 학습률로는 멈추지 않으므로 스텝에 따라 학습률을 줄이세요(exponential_decay, cosine).",
    ),
    "descent.advice.max-steps-unbounded": (
        "No end is in sight: the gradient is {gradient:.2g} after {steps} steps, and nothing curves up ahead. As far as "
        "{distance:.2g} off, f goes on to {value:.3g}: it seems unbounded that way, and more steps will not end it. Check "
        "the sign of f and `maximize`, or give `bounds`.",
        "끝이 보이지 않습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 앞쪽에서 f가 되돌아오는 곳이 없고 {distance:.2g}만큼 떨어진 "
        "곳에서는 {value:.3g}까지 갑니다. 이 방향으로는 한없이 변하는 것 같으므로 갱신을 더 해도 끝나지 않습니다. f의 부호와 `maximize`를 "
        "확인하거나 `bounds`를 주세요.",
    ),
    "descent.advice.max-steps-levels": (
        "No end is in sight: the gradient is {gradient:.2g} after {steps} steps, and f only levels out that way, towards "
        "{value:.6g}, with no extremum as far as one looks ({distance:.2g} off). Steps get ever shorter there: stop with `tol`, or "
        "add a term that holds x, such as weight decay.",
        "끝이 보이지 않습니다. {steps}번의 갱신 뒤 기울기의 크기: {gradient:.2g}. 이 방향으로 f는 {value:.6g} 쪽으로 완만해질 뿐 살펴본 "
        "곳({distance:.2g}만큼 떨어진 곳)까지 극값이 없습니다. 갱신 폭은 점점 줄어듭니다. `tol`로 멈추거나 가중치 감소처럼 x를 붙잡는 항을 "
        "더하세요.",
    ),
    "descent.advice.max-steps-spent": (
        "Not there yet: the gradient is {gradient:.2g}, but the learning rate is 0 since step {since}, so that x stands "
        "still. Let the schedule last as long as the steps.",
        "아직 도달하지 않았습니다. 기울기의 크기는 {gradient:.2g}이지만 {since}번째 스텝부터 학습률이 0이라 x가 움직이지 않습니다. 학습률 "
        "스케줄의 길이를 갱신 횟수에 맞추세요.",
    ),
    "descent.advice.misled": (
        "The true gradient where the run ended is {gradient:.3g}: what the run did says nothing about the learning rate. "
        "Put the gradient right first, or leave it out.",
        "실행이 끝난 곳에서 실제 기울기의 크기: {gradient:.3g}. 이 실행으로는 학습률이 알맞은지 말할 수 없습니다. 먼저 기울기를 고치거나 "
        "빼세요.",
    ),
    "descent.mismatch": (
        "The given `gradient` is not that of f: with respect to {where}, at step {step}, it gives {given:.6g}, and f itself "
        "changes by {measured:.6g} +- {error:.1g}. `gw.check_gradient(f, x, gradient)` finds the cause.",
        "주어진 `gradient`가 f의 기울기가 아닙니다. {step}번째 스텝의 점에서 {where}에 관한 값: {given:.6g}, 실제로 잰 값: {measured:.6g} +- "
        "{error:.1g}. `gw.check_gradient(f, x, gradient)`가 원인을 찾아 줍니다.",
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
    "descent.noisy": (
        "`f` gives another value each time at the same point ({first:.6g}, {second:.6g}): its differences are noise. Fix its "
        "random numbers, or give `gradient`, or a `step` that is long beside the noise.",
        "`f`가 같은 점에서 매번 다른 값을 냅니다({first:.6g}, {second:.6g}). 그 차분은 잡음일 뿐입니다. 난수를 고정하거나, `gradient`를 "
        "주거나, 잡음보다 충분히 큰 `step`을 주세요.",
    ),
    "descent.two-rates": (
        "give `learning_rate` or `optimizer`, not both: got {learning_rate} and {optimizer}, which has its own rate.",
        "`learning_rate`와 `optimizer` 가운데 하나만 주세요(받은 값: {learning_rate}, {optimizer}). 최적화 기법에는 자체 학습률이 있습니다.",
    ),
}

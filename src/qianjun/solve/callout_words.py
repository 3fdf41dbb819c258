"""A plan in one Chinese and one English sentence. 说明"""

from qianjun.solve.callout import Need, Plan

REASONS = {
    "asked": ("已通知", "asked already"),
    "duplicate": ("重复", "listed twice"),
    "minor": ("未成年", "minor"),
    "uninsured": ("未投保", "uninsured"),
    "hours": ("超时长", "over their hours"),
    "busy": ("忙碌", "busy"),
    "paused": ("暂停", "paused"),
    "capped": ("本年已满", "called often enough this year"),
    "unskilled": ("无所需技能", "without the skill"),
    "too_far": ("赶不到", "cannot arrive in time"),
}
ENOUGH = (
    "已答应和未答复的人足够：{by} 前 {need} 人到场的可能性 {p}，不再通知人。",
    "Those asked already are enough: {need} people by {by} with a probability of {p}; "
    "nobody else is called.",
)
WAVE = (
    "通知 {count} 人，{by} 前 {need} 人到场的可能性为 {p}，预计到场 {expected} 人；"
    "按按时到场的可能排序，不按距离。{left}",
    "Call {count} people: {need} on scene by {by} with a probability of {p}, {expected} expected; "
    "ranked by the chance of being there in time, not by distance.{left}",
)
SHORT = (
    "达不到 {target}：所有可召集的人都通知，{by} 前 {need} 人到场的可能性也只有 {best}。"
    "建议先通知 {count} 人（{p}，预计到场 {expected} 人），"
    "并推迟时间、减少人数或向上请求增援。{left}",
    "{target} cannot be had: with everybody called, {need} people by {by} have a probability of "
    "{best}. Call {count} ({p}, {expected} expected), and allow more time, ask for fewer, or ask "
    "for help from above.{left}",
)


def sentences(need: Need, found: Plan) -> tuple[str, str]:
    """What is proposed and why, in Chinese and in English. 说明"""
    chosen = ENOUGH if found.enough else WAVE if found.best_possible is None else SHORT
    words = {
        "by": f"{need.by:%H:%M}",
        "need": need.count,
        "count": found.count,
        "p": percent(found.probability),
        "target": percent(need.probability),
        "best": percent(found.best_possible or 0.0),
        "expected": f"{found.expected_arrivals:.1f}",
    }
    left_zh, left_en = _left_out(found)
    zh, en = chosen
    return zh.format(**words, left=left_zh), en.format(**words, left=left_en)


def percent(share: float) -> str:
    """Per cent, never rounded up to a promise of 100. 百分数"""
    if share > 0.999:
        return "99.9%"
    return f"{share * 100:.0f}%" if share >= 0.01 or share == 0 else "<1%"


def _left_out(found: Plan) -> tuple[str, str]:
    counts = {reason: len(rows) for reason, rows in found.excluded.items() if rows}
    if not counts:
        return "", ""
    zh = "、".join(f"{REASONS[reason][0]} {n}" for reason, n in counts.items())
    en = ", ".join(f"{n} {REASONS[reason][1]}" for reason, n in counts.items())
    return f"未列入：{zh}。", f" Left out: {en}."

"""Three calls by the keystroke-level model, played in a real browser. 接报按键模型

The string of operators is counted from the scripts in ``bench/ground/intake_calls.toml``; a browser
then presses those very keys, so that the string is what the page needs: no click of the mouse, no
fact that does not arrive. The seconds are those of the model, not of this machine.
"""

import time
from typing import Final

from bench.ground import frame
from bench.ground.house import house
from bench.ground.keying import SECONDS, calls, seconds, short
from bench.intake_keys import play

EXPERT_S: Final = 35.0
FAST_PER_MINUTE: Final = 1_500  # the browser's own typing is not what is measured


def run(args: list[str]) -> frame.Answer:
    """Count, then play what was counted."""
    del args
    began = time.monotonic()
    with house("keystrokes") as made:
        played = play(made, speed=FAST_PER_MINUTE)
        strings = {call.name: call.operators() for call in calls()}
        longest = round(max(seconds(one) for one in strings.values()), 1)
        gates = [
            frame.Gate(what="seconds of an expert, longest call", value=longest, at_most=EXPERT_S),
            frame.Gate(
                what="clicks of the mouse", value=sum(one.clicks for _c, one in played), at_most=0
            ),
            frame.Gate(
                what="facts that did not arrive",
                value=sum(len(one.missing) for _c, one in played),
                at_most=0,
            ),
        ]
        seen: frame.Answer = {
            "operators_s": SECONDS,
            "calls": {
                call.name: {
                    "operators": short(strings[call.name]),
                    "seconds": round(seconds(strings[call.name]), 1),
                    "seconds_in_full_pinyin": round(seconds(call.operators(full=True)), 1),
                }
                for call in calls()
            },
        }
        return frame.answer("keystrokes", gates=gates, seen=seen, folder=made.folder, began=began)


if __name__ == "__main__":
    frame.main(run)

"""Asks check_backward about each published mistake, and tells whether its reason names the mistake.

    python -m tests.campaigns.judge_published          all of them
    python -m tests.campaigns.judge_published tanh     those with "tanh" in their name, room or forward pass

A line tells the case, whether the verdict agrees (it should not), and whether its reason has one of the expected
phrases; the reason follows. The right gradients of each case are checked too, and should agree.
"""

import re
import sys
import time
from collections import Counter
from typing import NamedTuple

from tests.campaigns.published_mistakes import KINDS


class Judged(NamedTuple):
    """The verdict of check_backward on a case; `why` is the text of the error, if it raised one."""

    agrees: bool
    why: str
    seconds: float
    right_agrees: bool

    def is_explained(self, says):
        return not self.agrees and any(re.search(pattern, self.why, re.IGNORECASE) for pattern in says)


def judge(check_backward, case):
    begun = time.perf_counter()
    agrees, why = ask(check_backward, case, case.wrong())
    seconds = time.perf_counter() - begun
    return Judged(agrees, why, seconds, ask(check_backward, case, case.right())[0])


def ask(check_backward, case, gradients):
    try:
        verdict = check_backward(case.forward, case.inputs, gradients, upstream=case.upstream)
    except Exception as error:  # an error counts as not explained, unless its text names the mistake
        return False, f"{type(error).__name__}: {error}"
    return verdict.agrees(), verdict.why


def main(word=""):
    from autograd import check_backward

    totals = Counter()
    for kind in KINDS:
        room = kind.__name__.rpartition(".")[2]
        for case in kind.CASES:
            if word.lower() not in f"{case.name} {room} {case.forward.__name__}".lower():
                continue
            found = judge(check_backward, case)
            explained = found.is_explained(case.says)
            mark = "explained" if explained else "OTHER WORDS" if found.why else "NO REASON"
            mark = "AGREES" if found.agrees else mark
            print(f"{mark:<12} {room}: {case.name} ({case.forward.__name__}, {found.seconds:.2f} s)")
            print(f"             {found.why or '—'}".replace("\n", "\n             "))
            if not found.right_agrees:
                print("             THE RIGHT GRADIENTS DO NOT AGREE")
            group = "in the table" if case.in_table else "others"
            totals[group, "explained"] += explained
            totals[group, "cases"] += 1
            totals["right ones refused"] += not found.right_agrees
    for group in ("in the table", "others"):
        if cases := totals[group, "cases"]:
            explained = totals[group, "explained"]
            print(f"{group}: {explained} of {cases} explained ({explained / cases:.0%})")
    print(f"right gradients said to be wrong: {totals['right ones refused']}")


if __name__ == "__main__":
    main(*sys.argv[1:2])

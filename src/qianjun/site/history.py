"""A small past for the demo, told through the real verbs. 演示历史"""


def load_history(*, small: bool) -> int:  # noqa: ARG001
    """Write the incidents of the last days once; return how many. 演示历史"""
    return 0

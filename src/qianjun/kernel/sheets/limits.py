"""What a foreign sheet may cost before it is refused. 限额"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Sizes, counts and times of one reading; a bureau's largest list stays far below. 限额"""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 500_000_000  # all entries of an archive together, as they really unpack
    entry_ratio: int = 200  # of one entry above RATIO_FROM_BYTES; rosters reach 20 to 60
    entries: int = 2_000
    sheets: int = 30
    rows: int = 200_000
    columns: int = 500
    cells: int = 4_000_000
    cell_characters: int = 10_000
    memory_bytes: int = 1 << 30  # address space of the child
    cpu_s: int = 30
    wall_s: int = 120
    answer_bytes: int = 400_000_000  # what the child may write back


RATIO_FROM_BYTES = 4_000_000
DEFAULT = Limits()

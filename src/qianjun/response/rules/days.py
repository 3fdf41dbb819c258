"""Days as the law counts them: in Beijing, to midnight. 按日计算"""

from datetime import datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))


def end_of_day(at: datetime, *, days: int = 0) -> datetime:
    """24:00 in Beijing of the day of this instant, or of so many days after it. 当日24时

    The day itself is not counted: seven days from any hour of the 24th end with the 31st.
    """
    local = at.astimezone(BEIJING)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days + 1)

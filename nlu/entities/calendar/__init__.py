"""Days, spans of days, lengths of time and times of day. What "next" means is decided by `now`."""

from nlu.entities.calendar.clock import times
from nlu.entities.calendar.days import named_days
from nlu.entities.calendar.durations import durations
from nlu.entities.calendar.feasts import feasts
from nlu.entities.calendar.months import days_of_month
from nlu.entities.calendar.periods import periods
from nlu.entities.calendar.recurrence import recurrences
from nlu.entities.calendar.shifts import shifts
from nlu.entities.calendar.working_days import working_days
from nlu.entities.calendar.written import written_days

__all__ = [
    "days_of_month",
    "durations",
    "feasts",
    "named_days",
    "periods",
    "recurrences",
    "shifts",
    "times",
    "working_days",
    "written_days",
]

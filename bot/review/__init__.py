"""The learning loop: what the bot got wrong with customers, labelled by a person in seconds, back into the utterances.

events -> candidates (`candidates`) -> review list (`items`) -> decisions (`decisions`) -> utterance files (`nlu.utterance_files`)
"""

from bot.review.candidates import Candidate, Reason
from bot.review.decisions import Decision, Decisions
from bot.review.items import ReviewItem, collect, review_list
from bot.review.learning import ReviewTarget, Written, decide, plan, write

__all__ = [
    "Candidate",
    "Decision",
    "Decisions",
    "Reason",
    "ReviewItem",
    "ReviewTarget",
    "Written",
    "collect",
    "decide",
    "plan",
    "review_list",
    "write",
]

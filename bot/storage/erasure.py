"""What is left when a customer is forgotten: an empty conversation that goes on, and a case without words."""

from __future__ import annotations

from bot.conversation.events import Restarted
from bot.conversation.store import Case, Commit, Head
from bot.conversation.tracker import Tracker

ERASED = "erased"
"""Key of the metadata of the event that an erased conversation begins with."""


def emptied(head: Head, channel: str, at: float) -> Commit:
    """The one commit that an erased conversation consists of.

    Its version is higher than before, so that whoever still holds the old state in memory is refused and reads anew, and
    customers' places in the list of messages stay valid.
    """
    tracker = Tracker(head.conversation_id)
    tracker.state.seq = head.version
    restart = Restarted(seq=head.version + 1, timestamp=at, metadata={ERASED: True})
    tracker.apply(restart)
    tracker.state.channel = channel
    return Commit(
        conversation_id=head.conversation_id,
        expected_version=head.version,
        events=[restart],
        head=Head(conversation_id=head.conversation_id, version=restart.seq),
        channel=channel,
        snapshot=tracker.snapshot(),
    )


def wordless(case: Case) -> Case:
    """Times, codes, queue and agent stay, as the figures of a contact centre are made of them."""
    return case.model_copy(
        update={
            "customer_name": "",
            "reason_text": "",
            "last_text": "",
            "outcome_note": "",
            "phone": "",
            "tags": (),
            "version": case.version + 1,
        }
    )

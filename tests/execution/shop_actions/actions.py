"""Ten actions of a mail-order shop: what builders do with rasa-sdk, from plain replies to validated forms."""

# ruff: noqa: UP006, UP019, UP035 (written as builders of the last years write; it must run unchanged)

from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import DomainDict

STOCK = {"운동화": 3, "모자": 0}
Events = List[Dict[Text, Any]]


class ActionHello(Action):
    def name(self) -> Text:
        return "action_hello"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(text="반가워요!")
        return []


class ActionStock(Action):
    def name(self) -> Text:
        return "action_stock"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        product = tracker.get_slot("product")
        count = STOCK.get(product, 0)
        dispatcher.utter_message(text=f"{product} 재고는 {count}개예요.")
        return [SlotSet("in_stock", count > 0)]


class ActionOffer(Action):
    def name(self) -> Text:
        return "action_offer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(
            response="utter_offer",
            price="3만 원",
            buttons=[{"title": "살래요", "payload": "/affirm"}],
            image="https://example.com/shoe.png",
        )
        return []


class ActionTemplate(Action):
    def name(self) -> Text:
        return "action_template"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(template="utter_offer", price="2만 원")
        return []


class ActionJson(Action):
    def name(self) -> Text:
        return "action_json"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(json_message={"kind": "coupon", "code": "AUTUMN"})
        return []


class ActionForget(Action):
    def name(self) -> Text:
        return "action_forget"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return [AllSlotsReset(), FollowupAction("action_hello")]


class ActionEcho(Action):
    def name(self) -> Text:
        return "action_echo"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        last = tracker.latest_message.get("text")
        names = ", ".join(sorted(domain.get("slots", {})))
        dispatcher.utter_message(text=f"{tracker.sender_id}: {last} ({names})")
        return []


class ActionRefuse(Action):
    def name(self) -> Text:
        return "action_refuse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        raise ActionExecutionRejection(self.name(), "not now")


class ActionFail(Action):
    def name(self) -> Text:
        return "action_fail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        raise RuntimeError("the customer's number is 010-1234-5678")


class ValidateProduct(Action):
    def name(self) -> Text:
        return "validate_product"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        product = tracker.get_slot("product")
        if product in STOCK:
            return []
        dispatcher.utter_message(text="그런 상품은 없어요.")
        return [SlotSet("product", None)]

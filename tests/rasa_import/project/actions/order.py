from rasa_sdk import Action
from rasa_sdk.events import SlotSet


class ActionSaveOrder(Action):
    def name(self):
        return "action_save_order"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="주문 번호는 7번이에요.")
        return [SlotSet("member", True)]

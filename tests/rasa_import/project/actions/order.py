from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import SlotSet


class ActionSaveOrder(Action):
    def name(self):
        return "action_save_order"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="주문 번호는 7번이에요.")
        return [SlotSet("member", True)]


class ValidateOrderForm(FormValidationAction):
    def name(self):
        return "validate_order_form"

    def validate_flower(self, value, dispatcher, tracker, domain):
        if value in ("장미", "튤립"):
            return {"flower": value}
        dispatcher.utter_message(text="장미와 튤립만 있어요.")
        return {"flower": None}

    async def validate_phone(self, value, dispatcher, tracker, domain):
        return {"phone": value.replace("-", "")}

"""Validators of slot values by name: `validation: {validators: [phone, {name: amount, maximum: 5000000}]}` in domain.yml."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from bot.conversation.slot_validators.account import AccountValidator
from bot.conversation.slot_validators.amount import AmountValidator
from bot.conversation.slot_validators.business_date import BusinessDateValidator
from bot.conversation.slot_validators.phone import PhoneValidator
from bot.conversation.slot_validators.port import Checked, SlotValidator

VALIDATORS: dict[str, type[BaseModel]] = {
    "phone": PhoneValidator,
    "amount": AmountValidator,
    "business_date": BusinessDateValidator,
    "account": AccountValidator,
}
"""Name in domain.yml -> settings, which are the validator."""


def slot_validator(item: str | dict[str, Any]) -> SlotValidator:
    """A validator as domain.yml names it. Raises `ValueError` for an unknown name or a wrong setting."""
    settings = {"name": item} if isinstance(item, str) else dict(item)
    name = str(settings.pop("name", ""))
    if name not in VALIDATORS:
        raise ValueError(f"one of {', '.join(VALIDATORS)}, not {name!r}")
    try:
        made: Any = VALIDATORS[name].model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    validator: SlotValidator = made
    return validator


__all__ = ["VALIDATORS", "Checked", "SlotValidator", "slot_validator"]

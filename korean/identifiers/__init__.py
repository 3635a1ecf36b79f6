"""Numbers and addresses that name a person, an account or a company, as Koreans write them."""

from korean.identifiers.accounts import accounts
from korean.identifiers.cards import cards, last_digits, luhn
from korean.identifiers.found import Identifier
from korean.identifiers.online import emails, urls
from korean.identifiers.phones import phones
from korean.identifiers.registrations import (
    business_numbers,
    driver_licences,
    passports,
    resident_numbers,
)

__all__ = [
    "Identifier",
    "accounts",
    "business_numbers",
    "cards",
    "driver_licences",
    "emails",
    "last_digits",
    "luhn",
    "passports",
    "phones",
    "resident_numbers",
    "urls",
]

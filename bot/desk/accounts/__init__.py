"""Who may sign in at the desk, and which customer may open which conversation."""

from bot.desk.accounts.chat_tokens import ChatTokens
from bot.desk.accounts.secret import secret_key
from bot.desk.accounts.service import AccountService, SignIn
from bot.desk.accounts.users import Role, User, UserState

__all__ = ["AccountService", "ChatTokens", "Role", "SignIn", "User", "UserState", "secret_key"]

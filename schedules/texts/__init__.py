"""Open facts to words for mail and chat, in Swedish and English. Pure."""

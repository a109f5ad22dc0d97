"""The scheduling core of Samtid: no chat, no Slack."""

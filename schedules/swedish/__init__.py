"""What needs a Swedish library: red days, personal identity numbers, phone numbers. Behind ports."""

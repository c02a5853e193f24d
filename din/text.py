"""How two texts are compared."""


def text_key(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".").rstrip()

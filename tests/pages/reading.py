"""Read pages as their readers do. 读页面"""

import re
from html import unescape
from typing import Protocol

from django.test import Client


class Answer(Protocol):
    """What a test client gives back."""

    content: bytes


TAG = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]*>", re.DOTALL)


def text_of(response: Answer) -> str:
    """The words that stand on a page."""
    return " ".join(unescape(TAG.sub(" ", response.content.decode())).split())


def html_of(response: Answer) -> str:
    """The page itself."""
    return response.content.decode()


def key_of(client: Client) -> str:
    """The key of a fresh intake form."""
    found = re.search(r'name="key" value="([^"]+)"', html_of(client.get("/intake/")))
    assert found
    return found[1]


def take_in(client: Client, text: str, **fields: str) -> str:
    """Send the intake form; the path of the incident it led to."""
    sent = {"key": key_of(client), "text": text, **fields}
    response = client.post("/intake/", sent)
    assert response.status_code == 302, text_of(response)
    return response.headers["Location"]


def offer_in(page: str) -> str:
    """What the toast of a page sends to take back what was just done."""
    found = re.search(r'name="undo" value="([^"]+)"', page)
    assert found, "nothing is offered"
    return found[1]

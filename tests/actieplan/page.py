"""What every page must be, whatever is on it: our shell, Dutch, and nothing the content security policy refuses."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Words of allauth's and Django's own pages that are no Dutch.
_ENGLISH = re.compile(
    r"\b(Sign|sign in|Password|password|Login|Logout|Email|email|Remember|Submit|Cancel|Confirm|Authenticator|Recovery"
    r"|Deactivate|Activate|Generate|Account Connections|This|Your|You|Please|Welcome|Forgot|required|[Ii]ncorrect)\b"
)


class Page(HTMLParser):
    """A rendered page, read: its visible text, its elements with their attributes, its title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self._inside: list[str] = []
        self.inline_code: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline_code.append(data)
        else:
            self._text.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._text).split())

    def of(self, tag: str, **attrs: str) -> list[dict[str, str]]:
        """The attributes of every `tag` that has these attributes."""
        return [found for name, found in self.elements if name == tag and attrs.items() <= found.items()]

    def links(self) -> list[str]:
        return [found.get("href", "") for found in self.of("a")]


def read_page(response: object) -> Page:
    """The page of a response, after the checks that hold for all of them."""
    page = Page(response.content.decode())  # type: ignore[attr-defined]
    assert page.of("html", lang="nl")
    assert len(page.of("main", id="main")) == 1
    assert page.of("a", href="#main"), "the skip link"
    assert len(page.of("h1")) == 1
    assert page.of("footer")
    assert_allowed_by_policy(page)
    assert not (found := _ENGLISH.search(page.text)), f"English on the page: {found}"
    return page


def assert_allowed_by_policy(page: Page) -> None:
    """No inline script or style, no handler, no data: address."""
    assert not "".join(page.inline_code).strip()
    for tag, attrs in page.elements:
        assert "style" not in attrs, f"style on <{tag}>"
        assert not any(name.startswith("on") for name in attrs), f"a handler on <{tag}>"
        assert not any(value.startswith(("data:", "javascript:")) for value in attrs.values()), f"<{tag}> with {attrs}"
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids)), "an id twice"

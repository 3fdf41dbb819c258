"""Goods, units and numbers as the reader knows them. 物资标签"""

from django import template

from qianjun.supply.models import Article
from qianjun.supply.queries import unit_word, word

register = template.Library()


@register.filter
def goods(article: Article) -> str:
    """The article in the reader's language."""
    return word(article)


@register.filter
def counted(article: Article) -> str:
    """Its unit in the reader's language."""
    return unit_word(article)


@register.filter
def many(quantity: int) -> str:
    """A quantity with commas; nothing is a dash."""
    return f"{quantity:,}" if quantity else "–"


@register.filter
def signed(quantity: int) -> str:
    """A quantity with its sign."""
    return f"{quantity:+,}"


@register.filter
def of(table: dict[str, str], key: str) -> str:
    """What a table says under a key."""
    return table.get(key, key)

"""Who holds a post from when to when: rows that whoever keeps the roster places here. 任职"""

from datetime import datetime

from django.db import transaction

from qianjun.org.actor import Actor, not_found, require
from qianjun.org.models import Holding, Person, Post


def held_post(code: str) -> Post:
    """The post, held, so that two do not change who has it at once; 404 for none. 锁定岗位"""
    post = Post.objects.select_for_update().filter(code=code).first()
    if post is None:
        raise not_found()
    return post


@transaction.atomic(savepoint=False)
def place_on_post(
    *, by: Actor, post: Post, person: Person, since: datetime, until: datetime | None
) -> Holding:
    """He holds the post in this time, without end when there is none. 上岗

    ValueError for a time that ends before it begins.
    """
    require(by, "post.hold")
    if until is not None and until <= since:
        raise ValueError("a holding ends after it begins")
    return Holding.objects.create(post=post, person=person, since=since, until=until)


@transaction.atomic(savepoint=False)
def move_holding(*, by: Actor, holding: Holding, since: datetime, until: datetime | None) -> None:
    """He holds it from and until another time. 改任职起止"""
    require(by, "post.hold")
    holding.since, holding.until = since, until
    holding.save(update_fields=["since", "until"])


@transaction.atomic(savepoint=False)
def end_holding(*, by: Actor, holding: Holding, at: datetime) -> bool:
    """He leaves the post; whether he was on it. What has not begun is gone. 离岗"""
    require(by, "post.hold")
    if holding.since >= at:
        holding.delete()
        return False
    if holding.until is not None and holding.until <= at:
        return False
    holding.until = at
    holding.save(update_fields=["until"])
    return True

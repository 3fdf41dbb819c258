"""What tests of people and roles do again and again. 步骤"""

from django.test import Client

from qianjun.journal.models import Entry
from qianjun.journal.queries import lines_of
from qianjun.org.models import Person
from tests import cast
from tests.pages.reading import text_of

PEOPLE, ROLES = "/admin/people/", "/admin/roles/"
PASSWORD = "liu-he-shui-ku-71"


def at(person: Person, *more: object) -> str:
    """The address of a person's page, or of what is below it."""
    return "/".join(str(one) for one in (f"{PEOPLE}{person.pk}", *more)) + "/"


def with_password(part: cast.Part) -> Person:
    """Somebody who could really sign in."""
    person = cast.person(part)
    assert person.user is not None
    person.user.set_password(PASSWORD)
    person.user.save()
    return person


def sent(client: Client, person: Person, *path: object, **form: object) -> str:
    """What the page says after a form was sent with the version that it showed."""
    person.refresh_from_db()
    reply = client.post(at(person, *path), {"version": person.version, **form}, follow=True)
    assert reply.status_code == 200, reply.status_code
    return text_of(reply)


def added(client: Client, name: str = "演示新来的", unit: str = cast.DISTRICT) -> Person:
    reply = client.post(f"{PEOPLE}add/", {"name": name, "unit": unit}, follow=True)
    assert reply.status_code == 200, text_of(reply)
    return Person.objects.get(name=name)


def said() -> list[str]:
    return [line.text_zh for line in lines_of(Entry.objects.order_by("pk"))]

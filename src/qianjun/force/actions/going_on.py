"""The house goes on calling, within an officer's mandate. 自动续召"""

from dataclasses import replace

from django.db import transaction

from qianjun.force.actions.holding import held_callout
from qianjun.force.actions.mandates import end_mandate, look_again, why_over
from qianjun.force.actions.waves import Cut, new_wave, send_to, taken, worked_out
from qianjun.force.callout_events import WaveSentByMandate
from qianjun.force.models import CallOut, Mandate, Wave
from qianjun.force.queries.mandates import invited
from qianjun.journal.bus import emit
from qianjun.org.actor import Actor, Scope, not_found
from qianjun.org.queries import name_of


@transaction.atomic(savepoint=False)
def continue_callout(*, by: Actor, mandate_id: int, look: int) -> Wave | None:
    """Call the next wave within a mandate, when the answers so far ask for one. 续召

    ``look`` is how often the house had looked when this look was set: of a look that comes twice
    the second does nothing. A mandate that is used up or past ends here.
    """
    if by.kind != "system":
        raise not_found()
    callout = Mandate.objects.values_list("callout_id", flat=True).get(pk=mandate_id)
    row = held_callout(by, callout)
    mandate = Mandate.objects.get(pk=mandate_id)
    if mandate.state != "in_force" or mandate.looks != look:
        return None
    if over := why_over(row, mandate):
        end_mandate(by, row, over)
        return None
    wave = _call_more(row, mandate)
    mandate.looks += 1
    mandate.save(update_fields=["looks"])
    if over := why_over(row, mandate):
        end_mandate(by, row, over)
    else:
        look_again(row, mandate)
    return wave


def _call_more(row: CallOut, mandate: Mandate) -> Wave | None:
    """The wave that is sent now; None when the open answers suffice or nobody is left."""
    house = _house_of(mandate)
    found = worked_out(row, house)
    if not found.plan.count:
        return None
    # one that waits for its second key was worked out from older answers
    Wave.objects.filter(callout=row, sent_at__isnull=True).delete()
    left = mandate.max_people - invited(row.pk)
    wave = new_wave(row, found, _cut(left, of=found.plan.count))
    people = taken(row, wave)
    if not people:
        wave.delete()
        return None
    event = WaveSentByMandate(
        callout_id=row.pk,
        mandate_id=mandate.pk,
        rank=wave.rank,
        count=len(people),
        left=left - len(people),
    )
    about = ("callout", str(row.pk))
    officer = name_of(mandate.by_kind, mandate.by_id)
    emit(event, by=house, incident=row.incident_id, about=about, body=officer)
    send_to(row, wave, people, sent_by=house)
    return wave


def _house_of(mandate: Mandate) -> Actor:
    """The house, because of that officer's word and in the tree in which he calls. 代行"""
    house = Actor(kind="system", ident="force", cause=mandate.entry)
    if not mandate.unit_path:
        return house
    return replace(house, scope=Scope(kind="unit", unit_path=mandate.unit_path))


def _cut(left: int, *, of: int) -> Cut:
    return Cut(
        most=left,
        why_zh=f"测算要再通知 {of} 人，授权只剩 {left} 人：先召集按时到场可能最高的 {left} 人。",
        why_en=f"{of} more would be called, {left} are left of the mandate: those {left} with the "
        "best chance of being there in time.",
    )

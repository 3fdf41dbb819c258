"""The HTTP API: every module's routes behind one set of manners. 接口"""

import os
from importlib import import_module

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from qianjun import __version__
from qianjun.incident.api import router as incident
from qianjun.incident.instruction_api import router as instructions
from qianjun.incident.phone_api import router as calls
from qianjun.incident.records_api import router as records
from qianjun.media.api import router as media
from qianjun.message.api import router as message
from qianjun.org.listing.api import router as listing
from qianjun.place.api import router as place
from qianjun.response.activation_api import router as activating
from qianjun.response.api import router as response
from qianjun.response.batch_api import router as sorting
from qianjun.response.chasing_api import router as chasing
from qianjun.response.clocks_api import router as clocks
from qianjun.response.closing_api import router as closing
from qianjun.response.command_api import router as commanding
from qianjun.response.confirm_api import router as confirming
from qianjun.response.enquiry_api import router as enquiring
from qianjun.response.hand_over_api import router as handing
from qianjun.response.merging_api import router as merging
from qianjun.response.notice_api import router as noticing
from qianjun.response.then_api import router as then
from qianjun.response.upward_api import router as reporting
from qianjun.site.asking import may_ask
from qianjun.site.bench_api import router as bench
from qianjun.site.clock_api import router as clock
from qianjun.site.modules import modules_with
from qianjun.site.parsing import StrictParser
from qianjun.site.problems import answer
from qianjun.site.search_api import router as searching

# their routes stand below in an order of ours; any other module is found
LISTED = ("incident", "media", "message", "place", "response", "site")


class Api(NinjaAPI):
    """The API whose every failure is a problem document. 接口"""

    def on_exception(self, request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
        """Say no in the one way of the house."""
        fault = exc if isinstance(exc, Exception) else exc()
        if isinstance(fault, HttpError | ValidationError) and not may_ask(request):
            fault = PermissionDenied()
        return answer(request, fault)


api = Api(
    title="Qianjun 千钧",
    version=__version__,
    description="The duty desk of an emergency-management bureau, for programs.",
    urls_namespace="v1",
    docs_url=None,
    parser=StrictParser(),
)
for _router in (
    place,
    media,
    message,
    incident,
    records,
    instructions,
    calls,
    sorting,
    handing,
    activating,
    commanding,
    noticing,
    then,
    reporting,
    chasing,
    clocks,
    closing,
    merging,
    enquiring,
    confirming,
    listing,
    response,
    searching,
    clock,
):
    api.add_router("", _router)
for _name in modules_with("api", but=LISTED):
    api.add_router("", import_module(f"qianjun.{_name}.api").router)
if os.environ.get("QIANJUN_BENCH") == "1":  # beside what a report costs: one bare row
    api.add_router("", bench)

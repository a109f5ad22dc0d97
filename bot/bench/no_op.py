"""What an ack costs before anything is decided: the program's HTTP side with a listener that only acks.

`python -m bot.bench.no_op` takes the program's settings. Nothing else is different: the same server, the same
routes, the same Bolt with its signatures and `process_before_response`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import uvicorn
from slack_bolt import Ack
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.assembly import LISTENER_THREADS, bare_bolt
from bot.http import bolt_routes
from bot.metrics import Metrics
from bot.program import Slack
from bot.serve import settle_memory
from bot.settings import Settings


def _web(settings: Settings) -> Starlette:
    slack = Slack(settings.slack_bot_token or "", settings.slack_signing_secret or "", settings.slack_api_url)
    bolt = bare_bolt(slack, ThreadPoolExecutor(LISTENER_THREADS))

    @bolt.view("referral_submit")
    def nothing(ack: Ack) -> None:
        ack()

    ready = Route("/readyz", lambda _: PlainTextResponse("ready\n"))
    return Starlette(routes=[ready, *bolt_routes(bolt, Metrics(), in_turn=True)])


def _serve(settings: Settings) -> None:
    web = _web(settings)
    settle_memory()
    uvicorn.run(web, host="127.0.0.1", port=settings.http_port, log_config=None, access_log=False)


if __name__ == "__main__":
    _serve(Settings())

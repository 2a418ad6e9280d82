"""The commands. Exit codes: 0 done, 1 refused or failed with one clear sentence, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Annotated

import typer

from shengeng import __version__
from shengeng.cli import backtesting, demonstrating, keeping, operating, serving
from shengeng.cli.composition import Composition
from shengeng.cli.output import bar, emit, language
from shengeng.kernel.clock import wall_now
from shengeng.kernel.errors import Refusal, ShopError
from shengeng.plays import day, replay
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import COMPLETE_JOURNEY
from shengeng.sense.exports import api as shop_exports

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on the last line.")]
Context = typer.Context
NOT_A_DAY = Refusal(
    "not_a_day",
    "invalid",
    en="{value} is not a day: write it as 2017-11-26.",
    zh="“{value}”不是日期：请写成 2017-11-26。",
)

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shengeng (深耕): what happened in the shop, what to do about it, what it was worth.",
)


cli.command()(keeping.backup)
cli.command()(keeping.restore)


@cli.callback()
def options(debug: Annotated[bool, typer.Option(help="Show the traceback of a failure.")] = False) -> None:
    """Options before the command; `run` reads --debug itself, for failures before parsing ends."""


@cli.command()
def demo(
    ctx: Context,
    serve: Annotated[bool, typer.Option(help="Serve the console afterwards.")] = True,
    as_json: AsJson = False,
) -> None:
    """Import the demo shop, run its first days, and open the console."""
    compose: Composition = ctx.obj
    settings = compose.settings()
    if serve:
        serving.check_ports(settings)
    with compose.open(settings) as stores:
        summary = demonstrating.prepare(stores)
        emit(as_json, summary, *demonstrating.story(summary, settings))
        if serve:
            operating.learn_later(stores)
            compose.logs(settings)
            serving.serve(compose.web(stores), settings, sandbox=operating.with_sandbox(stores))


@cli.command()
def serve(ctx: Context, as_json: AsJson = False) -> None:
    """Serve the console and the API, with the background worker and the storefront."""
    compose: Composition = ctx.obj
    settings = compose.settings()
    serving.check_ports(settings)
    with compose.open(settings) as stores:
        compose.logs(settings)
        emit(as_json, operating.addresses(settings), *operating.address_lines(settings))
        serving.serve(compose.web(stores), settings, sandbox=operating.with_sandbox(stores))


@cli.command()
def work(
    ctx: Context,
    parent: Annotated[int | None, typer.Option(hidden=True, help="End with this process.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run background jobs here, beside or instead of the server's own worker."""
    compose: Composition = ctx.obj
    settings = compose.settings()
    with compose.open(settings) as stores:
        compose.logs(settings)
        if parent is None:
            emit(as_json, {"tasks": stores.queue.names()}, "Working; Ctrl-C ends it.")
        serving.work(stores, parent)


@cli.command()
def storefront(
    ctx: Context,
    parent: Annotated[int | None, typer.Option(hidden=True, help="End with this process.")] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the shop that shoppers see, beside or instead of the server's own."""
    compose: Composition = ctx.obj
    settings = compose.settings()
    serving.check_port(settings, settings.storefront_port, "SHENGENG_SHOP_PORT")
    with compose.open(settings) as stores:
        compose.logs(settings)
        url = settings.storefront_url
        if parent is None:
            emit(as_json, {"url": url}, f"The storefront answers at {url}  (Ctrl-C ends it)")
        serving.serve_beside(compose.storefront(stores), settings, settings.storefront_port, parent)


@cli.command()
def sandbox(ctx: Context, as_json: AsJson = False) -> None:
    """Serve the payment sandbox: a provider to try the shop with. No money moves."""
    compose: Composition = ctx.obj
    settings = compose.settings()
    serving.check_port(settings, settings.paying_port, "SHENGENG_SANDBOX_PORT")
    url = operating.sandbox_url(settings)
    emit(as_json, {"url": url}, f"The payment sandbox answers at {url}  (Ctrl-C ends it)")
    serving.run_sandbox(settings)


@cli.command(name="import")
def import_(
    ctx: Context,
    source: Annotated[
        str, typer.Argument(help="A folder or file: canonical, or a shop's exports; or complete-journey.")
    ],
    timezone: Annotated[str | None, typer.Option(help="The shop's IANA zone, over shop.toml.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code, over shop.toml.")] = None,
    until: Annotated[
        str | None, typer.Option(help="Last local day to take; later orders wait for replay.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in a shop's orders, products, customers and promotions."""
    compose: Composition = ctx.obj
    last = parse_day(until)
    with compose.open(compose.settings()) as stores, bar("import") as progress:
        bring = shop_exports.import_path if shop_exports.are_exports(source) else connect.import_source
        report = bring(
            stores,
            source,
            timezone=timezone,
            currency=currency,
            until=last,
            progress=progress,
            now=wall_now(),
        )
        if source == COMPLETE_JOURNEY:
            operating.promotions_later(stores)
    emit(as_json, operating.import_facts(report), *operating.import_lines(report))


@cli.command()
def cycle(ctx: Context, as_json: AsJson = False) -> None:
    """Run the day's cycle for the shop's clock: estimates, settlements, proposals."""
    compose: Composition = ctx.obj
    with compose.open(compose.settings()) as stores, bar("cycle") as progress, replay.alone(stores):
        done = day.run_day(stores, replay.known_day(stores), progress, wall_now())
    emit(as_json, operating.plain(done), operating.sentence(done))


@cli.command(name="replay")
def replay_(
    ctx: Context,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many waiting days to let arrive.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Let waiting days of orders arrive, one by one, each with its cycle."""
    compose: Composition = ctx.obj
    with compose.open(compose.settings()) as stores, bar("replay") as progress:
        done = replay.advance(stores, days, progress, wall_now)
    facts = {"days": [operating.plain(one) for one in done]}
    emit(as_json, facts, *(operating.sentence(one) for one in done))


@cli.command()
def backtest(
    engine: Annotated[str, typer.Argument(help="recommend, value, demand or persona.")],
    data: Annotated[str, typer.Option(help="A canonical folder, or complete-journey.")],
    cut: Annotated[str | None, typer.Option(help="First day to score; default: the last quarter.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
    frequency: Annotated[str | None, typer.Option(help="demand only: daily or weekly.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The shop's IANA zone, over shop.toml.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code, over shop.toml.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score an engine beside simple baselines on your own data, without a database."""
    report = backtesting.run(
        engine,
        data,
        cut=parse_day(cut),
        seed=seed,
        frequency=frequency,
        timezone=timezone,
        currency=currency,
    )
    emit(as_json, report.as_json(), *backtesting.table(report))


@cli.command()
def operator(
    ctx: Context,
    name: Annotated[str, typer.Argument(help="Sign-in name.")],
    role: Annotated[str, typer.Option(help="viewer, operator, approver or admin.")] = "operator",
    reset: Annotated[bool, typer.Option(help="Give an existing operator a new password.")] = False,
    as_json: AsJson = False,
) -> None:
    """Create an operator, or reset a password; prints the generated password once."""
    compose: Composition = ctx.obj
    with compose.open(compose.settings()) as stores:
        password = operating.give_login(stores, name, role, reset=reset)
    emit(as_json, {"name": name, "password": password}, f"name      {name}", f"password  {password}")


@cli.command()
def health(ctx: Context, as_json: AsJson = False) -> None:
    """Check database, lake files and worker; exit code 1 when something is wrong."""
    compose: Composition = ctx.obj
    with compose.open(compose.settings()) as stores:
        facts = operating.examine(stores)
    emit(as_json, facts, *(f"{name:12} {state}" for name, state in facts["checks"].items()))
    if facts["status"] != "ok":
        raise typer.Exit(1)


@cli.command()
def openapi(ctx: Context) -> None:
    """Print the API's OpenAPI description (JSON)."""
    compose: Composition = ctx.obj
    print(compose.openapi(), end="")


@cli.command()
def version(as_json: AsJson = False) -> None:
    """Print the version."""
    emit(as_json, {"version": __version__}, f"shengeng {__version__}")


def parse_day(text: str | None) -> date | None:
    """A local day from an option; refuses what is not one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NOT_A_DAY.error(value=text) from None


def run(compose: Composition) -> None:
    """Runs the command line; no traceback reaches a person without --debug."""
    try:
        cli(obj=compose, standalone_mode=True)
    except ShopError as refused:
        _end("--debug" in sys.argv, refused.text(language(os.environ.get("LANG", ""))))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as failed:
        _end("--debug" in sys.argv, f"{failed.strerror or failed}: {failed.filename or ''}".rstrip(": "))


def _end(debug: bool, sentence: str) -> None:
    if debug:
        raise  # noqa: PLE0704  # called from an except block: the traceback somebody asked for
    print(sentence, file=sys.stderr)
    raise SystemExit(1)

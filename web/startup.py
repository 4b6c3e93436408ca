"""Before the first request: the database is brought up to date, models are deployed, the demo is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine import deployments
from engine.deployments import Deployment, Resource
from engine.runtime import Actor
from engine.store.database import Store
from web.settings import Settings
from web.wiring import Product, build
from workflows.accounts import store as accounts
from workflows.calendar import store as calendar
from workflows.demo import loading as demo
from workflows.organisation import store as organisation

Say = Callable[[str], None]

PACKAGE = Path(__file__).parent
MODEL_SUFFIXES = (".bpmn", ".dmn", ".form")


def prepare(settings: Settings, say: Say) -> Product:
    """Everything ``yishi run`` needs; quick when there is nothing to do. ``say`` gets a line for each slow step.

    Of several processes one prepares, and the others find it done.
    """
    store = Store.open(settings.database_url)
    with store.alone():
        if _migrate(store):
            say("数据库已升级到最新结构")
        product = build(settings, store=store)
        with store.transaction() as connection:
            calendar.seed(connection)
        for name in deploy_shipped(product):
            say(f"已部署 {name}")
        if settings.demo and not has_demo(product):
            say("正在载入演示社区和历次议事，约需半分钟……")
            load_demo(product)
    return product


def load_demo(product: Product) -> None:
    """In one transaction: an installation that is killed meanwhile begins anew, without a trace of the first try."""
    with product.store.together() as store:
        whole = build(product.settings, product.engine.clock, store)
        demo.load(whole.engine, keep=whole.keep_sample)


def has_demo(product: Product) -> bool:
    """Whether the community is there already, the demo's or a real one under the same name."""
    return bool(product.community_name())


def migrate(settings: Settings) -> bool:
    """Bring the database to the newest schema; whether anything had to be done."""
    store = Store.open(settings.database_url)
    with store.alone():
        changed = _migrate(store)
    store.close()
    return changed


def _migrate(store: Store) -> bool:
    config = Config()
    config.set_main_option("script_location", str(_shipped("_migrations", "migrations")))
    head = ScriptDirectory.from_config(config).get_current_head()
    with store.database.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        with store.transaction() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return current != head


def models(directory: Path | None = None) -> list[Path]:
    """The model files in a directory and below it; those that come with the product when none is given."""
    found = (directory or _shipped("_models", "bpmn")).rglob("*")
    return sorted(path for path in found if path.suffix in MODEL_SUFFIXES)


def deploy(product: Product, files: Iterable[Path]) -> list[str]:
    """Deploy files together; the names and versions of the processes that are new."""
    with product.engine.work(Actor.system(), product.settings.community) as work:
        return _new(deployments.deploy(work, _resources(files)))


def deploy_shipped(product: Product) -> list[str]:
    """Deploy what came with this release and was never deployed; the administrator's own versions stand."""
    with product.engine.work(Actor.system(), product.settings.community) as work:
        return _new(deployments.deploy(work, deployments.unseen(work, _resources(models()))))


def _resources(files: Iterable[Path]) -> list[Resource]:
    return [Resource(f"{path.parent.name}/{path.name}", path.read_bytes()) for path in files]


def _new(deployment: Deployment) -> list[str]:
    return [f"{found.name}第 {found.version} 版" for found in deployment.definitions]


def add_account(product: Product, person: str, username: str, password: str) -> None:
    """Open an account for somebody the organisation knows; refused with a sentence otherwise."""
    with product.store.transaction() as connection:
        organisation.require_person(connection, person)
        accounts.create(connection, person, username, password)


def _shipped(installed: str, source: str) -> Path:
    """Data files: inside the package once it is installed, beside it in a checkout."""
    inside = PACKAGE / installed
    return inside if inside.is_dir() else PACKAGE.parent / source

"""`flask communities …`: the region tree and the communities of a real installation."""

import click

from app.cli.edge import OPERATOR, command
from services.communities import regions
from services.communities.models import Region
from services.core import scope
from services.core.actor import Actor
from services.reports import roll_up

KINDS = ("city", "district", "street")


@command("communities add", permission="communities.create")
@click.argument("code")
@click.option("--name", required=True, help="The community's name in Chinese.")
@click.option("--name-en", required=True, help="The community's name in English.")
@click.option("--under", required=True, help="City, district and street in Chinese: 滨海市/清河区/枣园街道.")
@click.option("--under-en", required=True, help="The same in English: Binhai/Qinghe District/Zaoyuan Street.")
def add(code: str, name: str, name_en: str, under: str, under_en: str) -> None:
    """Add a community; CODE is its part of every address. Regions that are not there yet are added too."""
    operator = Actor(None, None, OPERATOR)
    street = _street(operator, _path(under, "--under"), _path(under_en, "--under-en"))
    community = regions.add_community(operator, street=street, code=code, name=name, name_en=name_en)
    scope.enter(community.id)
    roll_up.begin(Actor(None, community.id, OPERATOR))
    click.echo(f"{code} is there. Next: flask people add-admin {code} --name … --login …")


def _path(text: str, option: str) -> list[str]:
    names = [part.strip() for part in text.split("/")]
    if len(names) != len(KINDS) or not all(names):
        raise click.UsageError(f"{option} needs city/district/street.")
    return names


def _street(operator: Actor, names: list[str], names_en: list[str]) -> Region:
    region: Region | None = None
    for depth, kind in enumerate(KINDS):
        found = regions.find_region(names[: depth + 1])
        region = found or regions.add_region(
            operator, kind=kind, name=names[depth], name_en=names_en[depth], parent=region
        )
    assert region is not None
    return region

"""A community's own words: everywhere at once, understood in ledgers, and never lost where they are used."""

import pytest
from sqlalchemy import select

from services.communities import catalogue, wordlists
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.households import needs
from services.ledgers.cells.needs import needs as read_needs
from services.ledgers.cells.text import codes as read_codes
from services.pairings.models import Proposal
from tests.factories import households, pledges, volunteers, world
from tests.factories.pairings import make_run


@pytest.fixture
def admin(session, north):
    world.enter(north)
    return north.actor("admin")


def add(admin, name="喂猫", name_en="Feeding the cat", words=(), which="kinds"):
    return wordlists.add(admin, which=which, name=name, name_en=name_en, words=words)


def test_a_word_of_ones_own_is_in_the_list_and_understood_in_ledgers(admin, north):
    code = add(admin, words=["照看猫", "照看猫"])
    assert catalogue.listed(catalogue.NEED_KINDS)[-1].code == code
    read, notes = read_needs("照看猫每周3次、理发")
    assert [need.kind for need in read] == [code, "haircut"] and notes == []
    skills, notes = read_codes(catalogue.NEED_KINDS, "喂 猫、送餐")
    assert skills == (code, "meal_delivery") and notes == []
    assert wordlists.words_of("kinds", code) == ["照看猫"]


def test_it_matches_helpers_with_households(admin, north):
    code = add(admin)
    household = households.make_household(north, need=code)
    volunteer = volunteers.make_volunteer(north, skills={code: 2})
    run = make_run(north)
    drafts = db.session.scalars(select(Proposal).where(Proposal.run_id == run.id))
    assert [(row.volunteer_id, row.household_id) for row in drafts] == [(volunteer.id, household.id)]


def test_another_community_has_its_own_words(app, admin, north, south):
    code = add(admin)
    world.enter(south)
    assert catalogue.find(catalogue.NEED_KINDS, "喂猫") is None
    with pytest.raises(DomainError):
        catalogue.known(catalogue.NEED_KINDS, [code], field="kind")
    with pytest.raises(NotFound):
        wordlists.rename(south.actor("admin"), which="kinds", code=code, name="x", name_en="x")


def test_another_name_keeps_the_code_and_the_words_of_old_ledgers(admin):
    wordlists.rename(admin, which="kinds", code="haircut", name="剃头", name_en="Barber", words=["修面"])
    for word in ("剃头", "Barber", "修面", "理发", "上门理发", "haircut"):
        assert catalogue.find(catalogue.NEED_KINDS, word).code == "haircut"
    assert catalogue.term(catalogue.NEED_KINDS, "haircut").zh == "剃头"


@pytest.mark.parametrize("word", ["理发", "配餐", "Haircut", "送、餐", "每天", "３次", " ", "\u3000"])
def test_a_word_means_one_thing(admin, word):
    with pytest.raises(DomainError):
        add(admin, name=word)
    with pytest.raises(DomainError):
        add(admin, words=[word])
    assert not any(term.own for term in catalogue.listed(catalogue.NEED_KINDS))


def _need(north, code):
    household = households.make_household(north, need=None)
    needs.add_need(north.actor("staff"), household_id=household.id, kind=code)


def _skill(north, code):
    volunteers.make_volunteer(north, skills={code: 1})


def _pledge(north, code):
    pledges.make_haircuts(north).need_kind = code


@pytest.mark.parametrize("use", [_need, _skill, _pledge])
def test_a_word_in_use_is_hidden_not_removed(admin, north, use):
    code = add(admin)
    use(north, code)
    with pytest.raises(Conflict, match="in_use"):
        wordlists.remove(admin, which="kinds", code=code)
    wordlists.offer(admin, which="kinds", code=code, offered=False)
    assert catalogue.term(catalogue.NEED_KINDS, code).hidden
    catalogue.known(catalogue.NEED_KINDS, [code], field="kind")


def test_a_category_in_use_stays(admin, north):
    code = add(admin, "三无老人", "Older person with nobody", which="categories")
    households.make_household(north, categories=[code])
    with pytest.raises(Conflict):
        wordlists.remove(admin, which="categories", code=code)


def test_what_nobody_uses_goes_and_what_linli_came_with_stays(admin):
    code = add(admin)
    wordlists.remove(admin, which="kinds", code=code)
    assert catalogue.find(catalogue.NEED_KINDS, "喂猫") is None
    with pytest.raises(DomainError, match="built_in"):
        wordlists.remove(admin, which="kinds", code="haircut")


def test_only_administrators(admin, north):
    for change in (
        lambda actor: add(actor),
        lambda actor: wordlists.rename(actor, which="kinds", code="haircut", name="x", name_en="x"),
        lambda actor: wordlists.offer(actor, which="kinds", code="haircut", offered=False),
        lambda actor: wordlists.remove(actor, which="kinds", code="haircut"),
        lambda actor: wordlists.terms(actor, which="kinds"),
    ):
        with pytest.raises(Forbidden):
            change(north.actor("staff"))
    with pytest.raises(NotFound):
        wordlists.terms(admin, which="languages")

"""Forms of people: sign-in, joining by invitation, own account, members."""

from app.forms import FormSchema, choice, day, text
from services.people.memberships import COMMUNITY_ROLES


class SignInSchema(FormSchema):
    """A phone number or e-mail address, and the password."""

    login = text(120)
    password = text(200)


class JoinSchema(FormSchema):
    """What somebody invited types: a name, where to reach him, a password of his own."""

    name = text(60)
    login = text(120)
    password = text(200)


class PasswordSchema(FormSchema):
    """Changing one's password."""

    old = text(200)
    new = text(200)


class MemberSchema(FormSchema):
    """Letting an existing account into the community."""

    login = text(120)
    role = choice(COMMUNITY_ROLES)


class MemberEndSchema(FormSchema):
    """A membership's last day."""

    last_day = day(required=False)

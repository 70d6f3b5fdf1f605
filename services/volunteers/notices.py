"""What a helper is told about his registration."""

from services.communities import regions
from services.core.actor import Actor
from services.messages import outbox, templates
from services.volunteers.models import Volunteer

templates.register(
    "volunteer.accepted",
    zh=(
        "{community}欢迎您",
        "{name}，您好：\n\n社区已通过您的志愿者登记。有合适的邻里需要帮助时，我们会先征求您的意见。",
    ),
    en=(
        "Welcome to {community}",
        "Dear {name},\n\nThe community office has accepted you as a helper. When a neighbour needs what you can do, "
        "you will be asked first.",
    ),
)
templates.register(
    "volunteer.declined",
    zh=(
        "您在{community}的志愿者登记",
        "{name}，您好：\n\n社区这次没有通过您的登记。如有疑问，请与社区联系；以后也可以再次登记。",
    ),
    en=(
        "Your registration in {community}",
        "Dear {name},\n\nThe community office has not accepted your registration this time. Please ask the office if you "
        "wonder why; you may register again later.",
    ),
)


def answered(actor: Actor, volunteer: Volunteer, template: str) -> None:
    """Tell a helper with an account how his registration was answered; once for each time he registered."""
    if volunteer.account_id is None:
        return
    community = regions.get_community(actor.community_id or 0)
    outbox.tell(
        actor,
        account_id=volunteer.account_id,
        template=template,
        params={
            "name": volunteer.name,
            "community": {"zh": community.name, "en": community.name_en},
        },
        subject_kind="volunteer",
        subject_id=volunteer.id,
        key=f"{template}:{volunteer.id}:{volunteer.version}",
        path=f"/c/{community.code}/volunteers/own",
    )

"""Where SMS go on a developer's machine."""

import pytest

from app.local.supervisor import Address, local_gateway

HERE = Address("0.0.0.0", 8001)


def test_without_a_gateway_they_go_to_linli_itself():
    given = local_gateway(HERE, {"NO_PROXY": "intranet"})
    assert given == {"LINLI_SMS_URL": "http://127.0.0.1:8001/dev/gateway", "no_proxy": "intranet,127.0.0.1"}


@pytest.mark.parametrize("name", ["LINLI_SMS_URL", "MAIL_SERVER", "LINLI_HTTPS"])
def test_a_real_installation_has_its_own(name):
    assert local_gateway(HERE, {name: "1"}) == {}

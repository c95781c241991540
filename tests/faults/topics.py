"""Changing topics live: their settings, and who may write to them."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from tests.faults import script as do
from tests.faults.broker import USER, FaultyKafka
from tests.faults.place import Place


class Topics:
    """The topic steps of a run."""

    broker: FaultyKafka
    place: Place

    def __init__(self) -> None:
        self._configs: dict[str, dict[str, str]] = {}  # as they were

    def _config(self, step: do.Config) -> None:
        """Set one, or (with an empty value) drop all that were set live."""
        topic = self._topic(step.topic)

        async def alter() -> None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
            await admin.start()
            try:
                wanted = {step.name: step.value} if step.value else self._configs[topic]
                if step.value:
                    self._configs.setdefault(topic, await _configured(admin, topic))
                    wanted = {**self._configs[topic], **wanted}
                await admin.alter_configs(
                    [ConfigResource(ConfigResourceType.TOPIC, topic, configs=wanted)]
                )
            finally:
                await admin.close()

        asyncio.run(alter())

    def _deny(self, step: do.Deny) -> None:
        admin = AdminClient({"bootstrap.servers": self.broker.bootstrap, "log_level": 0})
        what = (
            ResourceType.TOPIC, self._topic(step.topic), ResourcePatternType.LITERAL,
            f"User:{USER}", "*", AclOperation.WRITE, AclPermissionType.DENY,
        )  # fmt: skip
        if step.back:
            futures = [*admin.delete_acls([AclBindingFilter(*what)]).values()]
        else:
            allow = (*what[:3], "User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW)
            futures = [*admin.create_acls([AclBinding(*allow), AclBinding(*what)]).values()]
        for future in futures:
            future.result(20)

    def _topic(self, logical: str) -> str:
        return (
            self.place.changelog if logical == "changelog" else self.place.settings.topic(logical)
        )


async def _configured(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    """What was set on this very topic."""
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    dynamic = 1
    return {e[0]: e[1] for e in answers[0].resources[0][4] if e[3] == dynamic}

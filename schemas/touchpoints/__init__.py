"""Every touchpoint type, found from the family modules by its being there.

A new type is one class in one family module: a subclass of ``Envelope`` whose ``type`` is a
Literal. Nothing is registered by hand.
"""

import importlib
import pkgutil
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import Field

from schemas.touchpoints.envelope import Actor, Envelope, Reason

__all__ = ["FAMILIES", "TYPES", "Actor", "Envelope", "Reason", "Touchpoint"]


def _family_types() -> dict[str, dict[str, type[Envelope]]]:
    families: dict[str, dict[str, type[Envelope]]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        found = vars(importlib.import_module(f"{__name__}.{module}")).values()
        own = [m for m in found if isinstance(m, type) and issubclass(m, Envelope)]
        tagged = {get_args(m.model_fields["type"].annotation)[0]: m for m in own if _is_tagged(m)}
        if tagged:
            families[module] = tagged
    return families


def _is_tagged(model: type[Envelope]) -> bool:
    return get_origin(model.model_fields["type"].annotation) is Literal


FAMILIES: dict[str, dict[str, type[Envelope]]] = _family_types()
"""Family module name → its types."""

TYPES: dict[str, type[Envelope]] = {
    name: model for family in FAMILIES.values() for name, model in family.items()
}
"""``type`` → its model, in a fixed order."""

Touchpoint: Any = Annotated[Union[tuple(TYPES.values())], Field(discriminator="type")]
"""Any touchpoint: the union over ``type``."""

"""Every touchpoint type, found from the family modules by its being there.

A new type is one class in one family module: a subclass of ``Envelope`` whose ``type`` is a
Literal. Nothing is registered by hand.
"""

import importlib
import pkgutil
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, get_origin

from pydantic import Field

from schemas.touchpoints.envelope import Actor, Envelope, Reason

__all__ = ["FAMILIES", "TYPES", "Actor", "Envelope", "Reason", "Touchpoint"]


def _family_types() -> dict[str, dict[str, type[Envelope]]]:
    families: dict[str, dict[str, type[Envelope]]] = {}
    for family in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{family}")
        for model in vars(module).values():
            if _is_type(model) and model.__module__ == module.__name__:
                families.setdefault(family, {})[model.model_fields["type"].default] = model
    return families


def _is_type(model: Any) -> bool:
    """Whether it is a touchpoint type, and not the envelope or what a few types share."""
    if not (isinstance(model, type) and issubclass(model, Envelope)):
        return False
    return get_origin(model.model_fields["type"].annotation) is Literal


FAMILIES: dict[str, dict[str, type[Envelope]]] = _family_types()
"""Family module name → its types."""

TYPES: dict[str, type[Envelope]] = {
    name: model for family in FAMILIES.values() for name, model in family.items()
}
"""``type`` → its model, in a fixed order."""

Touchpoint: Any = Annotated[reduce(or_, TYPES.values()), Field(discriminator="type")]
"""Any touchpoint: the union over ``type``."""

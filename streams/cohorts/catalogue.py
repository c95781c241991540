"""The index of cohort detectors: found by their being there, as those of customers are."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from streams.cohorts import detectors
from streams.cohorts.detector import CohortDetector


def entries() -> Iterator[tuple[str, CohortDetector, str]]:
    """Kind, detector with default thresholds, and its file's text, by kind.

    Raises:
        TypeError: a file lacks a docstring, a ``DETECTOR`` or an action.
    """
    for kind in sorted(module.name for module in iter_modules(detectors.__path__)):
        module = import_module(f"{detectors.__name__}.{kind}")
        detector = getattr(module, "DETECTOR", None)
        if not isinstance(detector, CohortDetector) or not module.__doc__ or not detector.action:
            raise TypeError(f"{module.__name__}: needs a docstring, DETECTOR and an action")
        yield kind, detector, module.__doc__

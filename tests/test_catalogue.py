"""Detectors are found by their being there; a policy may change them, and is told what it cannot."""

from dataclasses import replace

import pytest

from streams import catalogue
from streams.catalogue import FAMILIES, entries, on_request, questions
from tests.laws import faulty


def test_every_file_of_a_family_is_a_detector():
    """Folder and file name are the alert's family and kind; nothing is registered by hand."""
    found = {(entry.family, entry.kind) for entry in entries()}

    assert ("effort", "repeat_contact") in found and ("friction", "bill_shock") in found
    assert {family for family, _ in found} <= set(FAMILIES)
    assert len({kind for _, kind in found}) == len(found)
    asked = [(q.family, q.kind) for q in (*questions(), *on_request())]
    assert sorted(asked) == sorted(found)


def test_a_threshold_is_changed_by_name():
    """The others keep their defaults, and so do the other detectors."""
    changed = {q.kind: q.detector for q in questions({"wait_excess": {"wait_min": 30}})}
    plain = {q.kind: q.detector for q in questions()}

    assert changed["wait_excess"] == replace(plain["wait_excess"], wait_min=30)
    assert all(changed[kind] == plain[kind] for kind in plain if kind != "wait_excess")


def test_a_detector_can_be_left_out():
    """``enabled = false``."""
    kinds = [q.kind for q in questions({"wait_excess": {"enabled": False}})]

    assert "wait_excess" not in kinds and "repeat_contact" in kinds


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"no_such": {}}, "detectors.no_such"),
        ({"wait_excess": {"wait_h": 1}}, "detectors.wait_excess.wait_h"),
        ({"wait_excess": {"wait_min": 0}}, "detectors.wait_excess.wait_min"),
        ({"wait_excess": {"wait_min": "long"}}, "detectors.wait_excess.wait_min"),
        ({"wait_excess": {"enabled": "no"}}, "detectors.wait_excess.enabled"),
        ({"wait_excess": 3}, "detectors.wait_excess"),
        (3, "detectors"),
    ],
)
def test_what_cannot_be_used_is_named(overrides, named):
    """Every message begins with the key at fault."""
    with pytest.raises(ValueError, match=f"^{named}: "):
        questions(overrides)


@pytest.mark.parametrize("lacking", ["DETECTOR", "__doc__", "listens", "action"])
def test_a_file_that_is_no_detector_is_named(lacking, monkeypatch):
    """A docstring, a DETECTOR, something to listen to, a suggested action: one must have all."""
    module = catalogue.import_module("streams.detectors.effort.wait_excess")
    if lacking in ("DETECTOR", "__doc__"):
        monkeypatch.setattr(module, lacking, None)
    else:
        lame = type("Lame", (faulty.Sound,), {lacking: () if lacking == "listens" else ""})
        monkeypatch.setattr(module, "DETECTOR", lame())

    with pytest.raises(
        catalogue.UnfitDetector, match=r"^streams/detectors/effort/wait_excess\.py: "
    ):
        entries()

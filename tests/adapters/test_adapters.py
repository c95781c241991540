"""Adapters are found by their being there."""

import pytest

from streams import adapters


def test_every_module_is_an_adapter_that_says_what_it_reads() -> None:
    """A name is listed when its file is there; each has ``read`` and a docstring to show."""
    assert "servicenow" in adapters.names()
    for name in adapters.names():
        adapter = adapters.load(name)
        assert callable(adapter.read)
        assert (adapter.__doc__ or "").strip()


def test_helpers_are_no_adapters() -> None:
    """A module whose name begins with an underscore belongs to the adapters, and is none."""
    assert not [name for name in adapters.names() if name.startswith("_")]


@pytest.mark.parametrize("name", ["nothing", "_incident_census", "", "..cli"])
def test_unknown_name_says_which_there_are(name: str) -> None:
    """Asking for what is not there names what is."""
    with pytest.raises(LookupError, match="servicenow"):
        adapters.load(name)

"""What the pages print works on a real Kafka, too."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.kafka.broker.real import RealKafka
from tests.pages import Block, blocks, named, surroundings, type_in


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Kafka with our topics under the names the pages use."""
    with RealKafka() as kafka:
        environment = {"THROUGHLINE_BROKER": kafka.bootstrap}
        type_in("$ throughline topics create", tmp_path_factory.mktemp("topics"), environment)
        yield environment


@pytest.mark.parametrize("block", blocks("console kafka"), ids=named)
def test_console_block(block: Block, tmp_path: Path, broker: dict[str, str]) -> None:
    """Typed as it stands, with a broker where the settings say, it works."""
    type_in(block.text, tmp_path, broker)


@pytest.mark.parametrize("block", blocks("python kafka"), ids=named)
def test_script(block: Block, tmp_path: Path, broker: dict[str, str]) -> None:
    """Run as it stands, it ends well."""
    script = tmp_path / "script.py"
    script.write_text(block.text)
    run = subprocess.run(
        [sys.executable, script], env=surroundings(broker), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr

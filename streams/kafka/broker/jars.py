"""Kafka's jars: fetched by Maven, held against their checksums, kept for good.

A step of set-up, never of a run: ``make test`` and the first ``--broker kafka`` call it, and
starting a broker only looks whether it has been done. The version stands in ``kafka-pom.xml``,
every jar's SHA-256 in ``kafka-jars.sha256``; what Maven brings must be exactly that.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from streams.kafka.broker.unavailable import BrokerUnavailable

_HERE = Path(__file__).parent
_POM = _HERE / "kafka-pom.xml"
_CHECKSUMS = _HERE / "kafka-jars.sha256"
_FETCH_TIMEOUT_S = 900


def fetch_jars(progress: Callable[[str], None], cache: Path | None = None) -> Path:
    """Make sure that Kafka's jars are here and are the ones we know; fetch them if not.

    Args:
        progress: told each step worth a line; not called when there is nothing to do.
        cache: where to keep them; by default ``.kafka/`` of the project, or the user's cache.

    Returns:
        The folder that holds the jars.

    Raises:
        BrokerUnavailable: Maven is missing or failed, or a jar is not the one we know.
    """
    jars = _jars_folder(cache)
    if jars.is_dir():
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    # Fetched aside and renamed: two of us may do this at once, and a half-fetched folder must
    # never be taken for a whole one.
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=jars.parent) as aside:
        fetched = Path(aside) / "jars"
        progress("fetching Apache Kafka's jars with Maven (46 MB, once)")
        _copy_dependencies(Path(aside), fetched)
        _verify(fetched)
        try:
            fetched.rename(jars)
        except OSError:
            if not jars.is_dir():  # else: the other one was first, with the same jars
                raise
    progress(f"Apache Kafka is ready in {jars}")
    return jars


def present_jars(cache: Path | None = None) -> Path:
    """The folder with Kafka's jars, if set-up has fetched them.

    Raises:
        BrokerUnavailable: it has not.
    """
    jars = _jars_folder(cache)
    if not jars.is_dir():
        raise BrokerUnavailable(
            "Kafka did not start.",
            f"Its jars are not in {jars}, and nothing is downloaded at run time.",
            f"Fetch them once (needs Maven): {sys.executable} -m streams.kafka.broker.jars",
        )
    return jars


def _jars_folder(cache: Path | None) -> Path:
    """One folder per checksum list, so that a changed list is a changed Kafka."""
    known = hashlib.sha256(_CHECKSUMS.read_bytes()).hexdigest()[:12]
    return (cache or _default_cache()) / f"jars-{known}"


def _default_cache() -> Path:
    project = _HERE.parents[2]
    if (project / "pyproject.toml").is_file():
        return project / ".kafka"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "throughline" / "kafka"


def _copy_dependencies(workplace: Path, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerUnavailable(
            "Kafka's jars could not be fetched.",
            "Maven is not installed: there is no 'mvn' on the PATH.",
            "Install it (Debian: apt install maven), or point at a Kafka that already runs.",
        )
    shutil.copy(_POM, workplace / "pom.xml")
    command = [maven, "--batch-mode", "--quiet", "--strict-checksums"]
    command += ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    command += [f"-DoutputDirectory={jars.resolve()}"]
    try:
        run = subprocess.run(
            command,
            cwd=workplace,
            capture_output=True,
            text=True,
            timeout=_FETCH_TIMEOUT_S,
            check=False,
        )
        failure = f"{run.stdout}\n{run.stderr}".strip()[-600:] if run.returncode else None
    except subprocess.TimeoutExpired:
        failure = f"Maven did not finish within {_FETCH_TIMEOUT_S} s."
    if failure is not None:
        raise BrokerUnavailable(
            "Kafka's jars could not be fetched.",
            f"Maven said: {failure}",
            "Check that Maven reaches its repository, then try again.",
        )


def _verify(jars: Path) -> None:
    """Refuse anything but exactly the jars of the list.

    Raises:
        BrokerUnavailable: one is missing, unknown, or has another checksum.
    """
    checksums = (line.split() for line in _CHECKSUMS.read_text().splitlines())
    known = {name: checksum for checksum, name in checksums}
    found = {
        jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in sorted(jars.iterdir())
    }
    wrong = sorted(
        name for name in known.keys() | found.keys() if known.get(name) != found.get(name)
    )
    if wrong:
        raise BrokerUnavailable(
            "Kafka's jars were refused.",
            f"They are not the ones in {_CHECKSUMS.name}: {', '.join(wrong)}.",
            "Look at where Maven gets its jars from before trusting them.",
        )


if __name__ == "__main__":
    try:
        fetch_jars(lambda line: print(f"set-up: {line}", file=sys.stderr))
    except BrokerUnavailable as refusal:
        sys.exit(str(refusal))

"""Kafka's jars are the ones we know or none, and what is missing is said in three lines."""

import hashlib
import shutil
from pathlib import Path

import pytest

from streams.kafka.broker import jars
from streams.kafka.broker.jars import fetch_jars, present_jars
from streams.kafka.broker.java import java_binary
from streams.kafka.broker.unavailable import BrokerUnavailable


def fake_program(folder: Path, name: str, script: str) -> Path:
    """A shell script under this name, and nothing else but the shell's own tools, on a PATH."""
    folder.mkdir(parents=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def three_lines(refusal: pytest.ExceptionInfo[BrokerUnavailable]) -> tuple[str, str, str]:
    """What, why, what to do."""
    what, why, mend = str(refusal.value).splitlines()
    return what, why, mend


def test_jars_that_are_here_are_not_fetched_again(tmp_path, monkeypatch):
    """With nothing on the PATH, and so no Maven, the cached folder is simply given."""
    here = present_jars()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fetch_jars(pytest.fail) == here
    assert (here / "kafka_2.13-3.9.2.jar").is_file()


def test_the_jars_here_are_the_known_ones():
    """Every jar of the list is there with its checksum, and there is no other."""
    listed = Path(jars.__file__).with_name("kafka-jars.sha256").read_text().split()
    known = dict(zip(listed[1::2], listed[::2], strict=True))
    found = {
        jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in present_jars().iterdir()
    }
    assert found == known


def test_absent_jars_are_not_fetched_by_a_start(tmp_path):
    """Nothing is downloaded at run time: it says which command of set-up fetches them."""
    with pytest.raises(BrokerUnavailable) as refusal:
        present_jars(tmp_path)
    assert three_lines(refusal)[2].endswith("-m streams.kafka.broker.jars")


def test_without_maven_it_says_so(tmp_path, monkeypatch):
    """The missing program is named, with how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerUnavailable) as refusal:
        fetch_jars(lambda _: None, tmp_path / "cache")
    _, why, mend = three_lines(refusal)
    assert "Maven is not installed" in why
    assert "apt install maven" in mend


def test_a_maven_that_fails_leaves_nothing_that_looks_like_jars(tmp_path, monkeypatch):
    """Its own words are passed on, and the next try starts anew."""
    maven = fake_program(tmp_path / "bin", "mvn", "echo 'no route to repository'; exit 1")
    monkeypatch.setenv("PATH", str(maven.parent))
    with pytest.raises(BrokerUnavailable, match="no route to repository"):
        fetch_jars(lambda _: None, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("fault", ["changed", "missing", "added"])
def test_a_jar_we_do_not_know_is_refused(tmp_path, monkeypatch, fault):
    """One byte more, one jar fewer, one jar more: none of it becomes our Kafka."""
    served = tmp_path / "served"
    shutil.copytree(present_jars(), served)
    if fault == "changed":
        with (served / "jose4j-0.9.6.jar").open("ab") as jar:
            jar.write(b"!")
    elif fault == "missing":
        (served / "jose4j-0.9.6.jar").unlink()
    else:
        (served / "stranger-1.0.jar").write_bytes(b"")
    put_there = (
        f'for a; do case "$a" in -DoutputDirectory=*) cp -r {served} "${{a#*=}}";; esac; done'
    )
    maven = fake_program(tmp_path / "bin", "mvn", put_there)
    monkeypatch.setenv("PATH", f"{maven.parent}:/usr/bin:/bin")
    with pytest.raises(BrokerUnavailable, match=r"stranger|jose4j") as refusal:
        fetch_jars(lambda _: None, tmp_path / "cache")
    assert three_lines(refusal)[0] == "Kafka's jars were refused."
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_java_it_says_so(tmp_path, monkeypatch):
    """Also when JAVA_HOME points at nothing: the path that was tried is named."""
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(BrokerUnavailable) as refusal:
        java_binary()
    _, why, mend = three_lines(refusal)
    assert str(tmp_path) in why
    assert "Java 17" in mend


@pytest.mark.parametrize(
    ("version", "good"), [("1.8.0_412", False), ("11.0.2", False), ("17", True)]
)
def test_a_java_too_old_for_kafka_is_refused(tmp_path, monkeypatch, version, good):
    """Java 8 called itself 1.8; 17 is the first that will do."""
    told = f"""echo 'openjdk version "{version}" 2024' >&2"""
    java = fake_program(tmp_path / "bin", "java", told)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if good:
        assert java_binary() == str(java)
    else:
        with pytest.raises(BrokerUnavailable, match=version):
            java_binary()

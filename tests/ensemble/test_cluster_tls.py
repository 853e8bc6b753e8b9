"""By TLS an ensemble runs on a cluster with the bits of one process, and only for clients of its authority."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.ensemble.local_cluster import Cluster
from tests.ensemble.small import MEMBERS, SHORT, bits
from testsite_sim.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unprinted_in_module")]
Certificates = tuple[Path, Path, Path]


def certificates(folder: Path) -> Certificates:
    """Write an authority, a certificate of it for this machine, and its key; return the files."""
    folder.mkdir()
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    files = (folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(files[0]))
    for number, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(str(files[1]), append=number > 0)
    issued.private_key_pem.write_to_path(str(files[2]))
    return files


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("ours") / "tls")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("theirs") / "tls")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, ours: Certificates) -> Iterator[Cluster]:
    names = ("--tls-ca-file", "--tls-cert", "--tls-key")
    tls = tuple(text for name, file in zip(names, ours, strict=True) for text in (name, str(file)))
    made = Cluster(tmp_path_factory.mktemp("cluster"), tls)
    made.worker()
    yield made
    made.end()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("testsite_sim.ensemble.cluster.CONNECT_SECONDS", 4.0)


def command(folder: Path, address: str, *more: str) -> int | str | None:
    """Return the exit code of the command that runs the small ensemble on a cluster."""
    sets = [text for each in SHORT for text in ("--set", each)]
    options = ["--members", str(MEMBERS), *sets, "-o", str(folder), "--scheduler", address, *more]
    try:
        main(["run", "flanders-wind-farm/test-site", *options])
    except SystemExit as left:
        return left.code
    return 0


def test_a_cluster_reached_by_tls_gives_the_bits_of_one_process(
    cluster: Cluster, ours: Certificates, tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    assert cluster.address.startswith("tls://")
    assert command(tmp_path / "encrypted", cluster.address, "--tls", *map(str, ours)) == 0
    assert bits(tmp_path / "encrypted") == unbroken


def test_one_option_starts_a_cluster_here_with_the_bits_of_one_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], unbroken: dict[str, bytes]
) -> None:
    assert command(tmp_path / "cluster", "local", "--workers", "2") == 0
    assert "cluster of 2 on this machine: tls://127.0.0.1:" in capsys.readouterr().err
    assert bits(tmp_path / "cluster") == unbroken


def refused(capsys: pytest.CaptureFixture[str], folder: Path, code: int | str | None) -> str:
    """Return the one line of a refusal, besides what a record of three days is for an ensemble; nothing is left."""
    assert code == 2
    assert not folder.exists()
    assert not list(folder.parent.glob(".*"))
    lines = capsys.readouterr().err.strip().splitlines()
    assert "3 days hold no other week" in lines[0]
    assert len(lines) == 2
    return lines[1]


def test_a_client_that_does_not_encrypt_is_refused(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command(tmp_path / "run", cluster.address.replace("tls://", "tcp://"))
    line = refused(capsys, tmp_path / "run", code)
    assert "is encrypted; take tls://" in line


def test_a_scheduler_of_another_authority_is_refused(
    cluster: Cluster, theirs: Certificates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command(tmp_path / "run", cluster.address, "--tls", *map(str, theirs))
    line = refused(capsys, tmp_path / "run", code)
    assert "is not trusted by the CA of `--tls`" in line


def test_a_certificate_that_the_scheduler_does_not_trust_is_refused(
    cluster: Cluster, ours: Certificates, theirs: Certificates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command(tmp_path / "run", cluster.address, "--tls", str(ours[0]), str(theirs[1]), str(theirs[2]))
    line = refused(capsys, tmp_path / "run", code)
    assert "refuses the certificate of `--tls`" in line


def test_a_scheduler_that_does_not_encrypt_is_refused_by_a_client_that_does(
    ours: Certificates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plain").mkdir()
    plain = Cluster(tmp_path / "plain")
    try:
        code = command(tmp_path / "run", plain.address.replace("tcp://", "tls://"), "--tls", *map(str, ours))
    finally:
        plain.end()
    line = refused(capsys, tmp_path / "run", code)
    assert "is not encrypted; take tcp:// without `--tls`" in line


@pytest.mark.parametrize("missing", range(3))
def test_a_missing_file_is_named(
    cluster: Cluster, ours: Certificates, missing: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / "absent.pem") if number == missing else str(file) for number, file in enumerate(ours)]
    code = command(tmp_path / "run", cluster.address, "--tls", *files)
    assert "absent.pem" in refused(capsys, tmp_path / "run", code)


def test_a_key_that_is_not_of_the_certificate_is_refused(
    cluster: Cluster, ours: Certificates, theirs: Certificates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command(tmp_path / "run", cluster.address, "--tls", str(ours[0]), str(ours[1]), str(theirs[2]))
    assert "--tls" in refused(capsys, tmp_path / "run", code)

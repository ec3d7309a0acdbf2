"""Checking as pipelines do it: mended through a pipe byte by byte, a diff that `patch` takes, the entries of the hooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.unit.cli.desk import PROCEDURE

pytestmark = pytest.mark.e2e

REPOSITORY = Path(__file__).resolve().parents[2]
BAD = b"\xef\xbb\xbf" + PROCEDURE.replace("procflow: 1", 'procflow: "1" # ä').replace("\n", "\r\n").encode()
GOOD = BAD.replace(b'"1"', b"1", 1)


def run(*words: str, folder: Path, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=environment, input=text, capture_output=True, timeout=60
    )


def test_a_text_goes_through_a_pipe_and_only_what_is_wrong_changes(tmp_path: Path) -> None:
    done = run("procflow", "check", "--fix", "-", folder=tmp_path, text=BAD)
    assert (done.returncode, done.stdout) == (0, GOOD), done.stderr
    again = run("procflow", "check", "--fix", "-", folder=tmp_path, text=GOOD)
    assert (again.returncode, again.stdout) == (0, GOOD)


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch here")
def test_patch_makes_of_a_diff_what_fix_makes(tmp_path: Path) -> None:
    file = tmp_path / "complaint.yaml"
    file.write_bytes(BAD.rstrip())
    diff = run("procflow", "check", "--diff", "complaint.yaml", folder=tmp_path)
    assert diff.returncode == 1
    assert file.read_bytes() == BAD.rstrip()
    subprocess.run(["patch", "--binary", "-p1"], cwd=tmp_path, input=diff.stdout, check=True, capture_output=True)
    assert run("procflow", "check", "complaint.yaml", folder=tmp_path).returncode == 0
    patched = file.read_bytes()
    file.write_bytes(BAD.rstrip())
    run("procflow", "check", "--fix", "complaint.yaml", folder=tmp_path)
    assert file.read_bytes() == patched


def test_the_entries_of_the_hooks_run(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "procedures", tmp_path / "procedures")
    for hook in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8")):
        done = run(*hook["entry"].split(), "procedures/complaint.yaml", folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr

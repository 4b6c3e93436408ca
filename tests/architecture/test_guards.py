"""The guards of conftest.py hold: each is tried from inside."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import warnings

import pytest

from tests.architecture.sources import ROOT

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_a_connection_to_another_machine_is_refused(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock, pytest.raises(RuntimeError, match="no network"):
        sock.connect(address)


def test_a_name_of_another_machine_is_not_resolved():
    with pytest.raises(RuntimeError, match="no network"):
        socket.getaddrinfo("example.org", 443)


def test_a_connection_to_this_machine_is_allowed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_our_own_code_may_not_sleep():
    with pytest.raises(RuntimeError, match="real_time"):
        time.sleep(0)


@pytest.mark.real_time  # the mark is what is tried
def test_a_marked_test_may_sleep():
    time.sleep(0)


def test_a_library_may_wait_for_a_process():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.01)
    process.communicate(b"\n")


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning):
        warnings.warn("noticed", UserWarning, stacklevel=1)


@pytest.mark.parametrize("arguments", [[], ["--numprocesses=1"]], ids=["alone", "in workers"])
def test_a_module_without_tests_is_an_error(pytester, arguments):
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(test_misspelt="def tset_nothing(): ...", test_fine="def test_something(): ...")
    outcome = pytester.runpytest_subprocess(*arguments)
    outcome.stdout.fnmatch_lines(["*test_misspelt.py holds no test"])
    assert outcome.ret != pytest.ExitCode.OK

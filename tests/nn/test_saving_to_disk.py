"""Claims about save on a real disk: after any failure the file is whole, and load does not read from pipes."""

import os
import signal
import stat
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from nn import MLP, load, save, saving
from tests.helpers.networks import small

ROOT = Path(__file__).parents[2]


POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and permissions are those of POSIX")


def test_a_save_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "m.json"
    save(small(1), path)

    def full(*_):
        raise OSError(28, "No space left on device")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, full)
            with pytest.raises(OSError, match="No space left"):
                save(small(2), path)
        assert load(path).state() == small(1).state()
        assert [entry.name for entry in tmp_path.iterdir()] == ["m.json"]


@POSIX
def test_a_pipe_is_neither_replaced_nor_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="save writes one file; got"):
        save(small(), tmp_path / "pipe")
    with pytest.raises(ValueError, match="is no file that save wrote: it is a device or a pipe"):
        load(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_what_is_too_large_is_neither_read_nor_written(tmp_path, monkeypatch):
    path = tmp_path / "m.json"
    save(small(1), path)
    size = path.stat().st_size
    monkeypatch.setattr(saving, "MOST_BYTES", size)
    assert load(path).state() == small(1).state()
    monkeypatch.setattr(saving, "MOST_BYTES", size - 1)
    with pytest.raises(ValueError, match=f"is no file that save wrote: it has more than {size - 1:,} bytes"):
        load(path)
    with pytest.raises(ValueError, match=f"a file holds at most {size - 1:,} bytes; got a model of {size:,}"):
        save(small(1), path)
    monkeypatch.undo()
    assert load(path).state() == small(1).state()


def test_of_a_file_without_end_only_a_part_is_read(tmp_path, monkeypatch):
    """The file is a terabyte of zeros, stored as a hole."""
    monkeypatch.setattr(saving, "MOST_BYTES", 2**20)
    with open(tmp_path / "m.json", "wb") as file:
        try:
            file.truncate(2**40)
        except OSError:
            pytest.skip("this file system has no files with holes")
    tracemalloc.start()
    with pytest.raises(ValueError, match="is no file that save wrote: it has more than"):
        load(tmp_path / "m.json")
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


@POSIX
def test_permissions_are_those_of_any_new_file_and_a_link_stays_one(tmp_path):
    (tmp_path / "plain").write_text("")
    save(small(), tmp_path / "m.json")
    assert stat.S_IMODE((tmp_path / "m.json").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    (tmp_path / "link.json").symlink_to("m.json")
    save(small(3), tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert load(tmp_path / "m.json").state() == small(3).state()


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o400, 0o755, 0o604])
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_a_file_that_is_replaced_keeps_its_mode(mode, umask, tmp_path):
    path = tmp_path / "m.json"
    save(small(1), path)
    path.chmod(mode)
    (tmp_path / "link.json").symlink_to(path)
    before = os.umask(umask)
    try:
        for seed, target in enumerate((path, tmp_path / "link.json")):
            save(small(seed), target)
            assert stat.S_IMODE(path.stat().st_mode) == mode
        save(small(), tmp_path / "new.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o666 & ~umask
    path.chmod(0o600)
    assert load(path).state() == small(1).state()


@POSIX
def test_what_nobody_may_read_is_never_readable(tmp_path, monkeypatch):
    """The new file beside the old one has the old one's mode before it has any content."""
    path, seen = tmp_path / "m.json", []
    save(small(1), path)
    path.chmod(0o600)
    real = os.chmod

    def watched(file, mode, **options):
        seen.append((stat.S_IMODE(os.stat(file).st_mode), os.stat(file).st_size))
        real(file, mode, **options)

    monkeypatch.setattr(os, "chmod", watched)
    save(small(2), path)
    assert seen == [(0o600, 0)]


@POSIX
@pytest.mark.parametrize("call", ["chmod", "chown"])
def test_a_disk_without_modes_or_owners_is_no_reason_to_lose_a_model(call, tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    save(small(1), tmp_path / "m.json")
    monkeypatch.setattr(os, call, refused)
    save(small(2), tmp_path / "m.json")
    assert load(tmp_path / "m.json").state() == small(2).state()


@POSIX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path):
    save(small(1), tmp_path / "m.json")
    os.chown(tmp_path / "m.json", 12345, 23456)
    save(small(2), tmp_path / "m.json")
    found = (tmp_path / "m.json").stat()
    assert (found.st_uid, found.st_gid) == (12345, 23456)


SAVE_AND_DIE = """
import os, signal, sys
from nn import MLP, save
real, stop = getattr(os, sys.argv[2]), sys.argv[3]
def die(*args):
    if stop == "after": real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], die)
save(MLP(3, [4, 2], "tanh", "sigmoid", seed=2), sys.argv[1])
"""


@POSIX
@pytest.mark.parametrize(
    ("call", "stop", "seed"),
    [("fsync", "before", 1), ("fsync", "after", 1), ("replace", "before", 1), ("replace", "after", 2)],
)
def test_a_process_killed_during_save_loses_nothing(call, stop, seed, tmp_path):
    """Killed before the new file takes the old one's place, it leaves the old model; after that, the whole new one."""
    path = tmp_path / "m.json"
    save(small(1), path)
    command = [sys.executable, "-c", SAVE_AND_DIE, str(path), call, stop]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert load(path).state() == small(seed).state()
    save(small(3), path)
    assert load(path).state() == small(3).state()


SAVE_FOR_EVER = """
import itertools, sys
from nn import MLP, save
models = [MLP(6, [30, 30, 2], seed=seed) for seed in range(2)]
for made in itertools.cycle(models):
    save(made, sys.argv[1])
"""


@POSIX
def test_a_process_killed_at_any_moment_leaves_one_of_its_models(tmp_path):
    path = tmp_path / "m.json"
    states = [MLP(6, [30, 30, 2], seed=seed).state() for seed in range(2)]
    for delay in (0.01, 0.03, 0.05, 0.08):
        process = subprocess.Popen([sys.executable, "-c", SAVE_FOR_EVER, str(path)], cwd=ROOT)
        while not path.exists():
            time.sleep(0.005)
        time.sleep(delay)
        process.kill()
        process.wait()
        assert load(path).state() in states
        path.unlink()

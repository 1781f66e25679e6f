"""A model in a file: its architecture and its parameters, as JSON that can be read by eye and holds every digit."""

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from .activations import ACTIVATIONS
from .layers import MLP
from .module import Module
from .own_activations import Given

__all__ = ["load", "save"]

FORMAT, VERSION = "chalkgrad model", 2  # version 1 named the activations of hidden layers once, then the output's
MOST_BYTES = 2**27  # some two million parameters; a file that claims more is not worth the memory of reading it


def save(model: Module, path: str | os.PathLike[str]) -> str:
    """Write a model into a file, and return the path.

    The file is either there as a whole or, if anything goes wrong on the way, as it was before. (A process that is
    killed meanwhile may leave a file beside it whose name ends in .part.) A file that is replaced keeps its mode, and
    a link stays a link. Of an MLP the file holds the architecture too, an activation by its name; of another module the
    parameters alone, by the names of `model.state()`.
    """
    if not isinstance(model, Module):
        raise TypeError(f"save writes an nn.Module, such as an MLP; got {type(model).__name__}")
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise ValueError(f"save writes one file; got {os.fspath(path)!r}: save(model, 'model.json')")
    content = {"kind": type(model).__name__, "architecture": _architecture(model), "state": model.state()}
    document = {"format": FORMAT, "version": VERSION, "checksum": _checksum(content), **content}
    data = json.dumps(document, ensure_ascii=False, indent=1).encode()
    if len(data) > MOST_BYTES:
        raise ValueError(f"a file holds at most {MOST_BYTES:,} bytes; got a model of {len(data):,}")
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, data)
    return os.fspath(path)


def load(
    path: str | os.PathLike[str],
    into: Module | None = None,
    activations: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Any:
    """Read a model from a file that `save` wrote.

    An MLP is built anew; the parameters of any module can be read `into` one that has the same. A file holds no code:
    it says what an activation of your own is called, and `activations` what that is, {"swish": swish}. Loading runs
    nothing that the file says. Raises ValueError for a file that is damaged, cut short, foreign, or of a later version,
    and for a module that the parameters do not fit, which stays as it was; OSError if the file cannot be read.
    """
    try:
        document = _read(Path(path))
    except RecursionError:
        raise ValueError(f"{os.fspath(path)} is no file that save wrote: it is nested beyond sense") from None
    state, architecture = document["state"], document["architecture"]
    if into is not None:
        if not isinstance(into, Module):
            raise TypeError(f"load reads into an nn.Module; got {type(into).__name__}")
        own = _architecture(into)
        if own is not None and architecture is not None and own != architecture:
            raise ValueError(f"{os.fspath(path)} holds an MLP of {_told(architecture)}; got one of {_told(own)}")
        into.load_state(state)
        return into
    if architecture is None:
        raise ValueError(
            f"{os.fspath(path)} holds the parameters of a {document['kind']:.60}, and no architecture to build it by: "
            f"make one yourself, and load(path, into=it)"
        )
    sizes = architecture["sizes"]
    model = MLP(sizes[0], sizes[1:], _known(architecture["activations"], activations or {}, path), seed=0)
    model.load_state(state)
    return model


def _architecture(model: Module) -> dict[str, Any] | None:
    """What an MLP can be built from again; None for a module that it would not give."""
    if type(model) is not MLP or not model.layers or not all(layer.neurons for layer in model.layers):
        return None
    functions = [layer.neurons[0].function for layer in model.layers]
    twin = MLP(model.sizes[0], model.sizes[1:], functions, seed=0)
    called = dict(zip(model.activations, functions, strict=True))
    one_each = all(called[name] is function for name, function in zip(model.activations, functions, strict=True))
    plain = len(model.parameters()) == _count(model.sizes)  # none belongs to an activation
    same = _activations(twin) == _activations(model) and twin.state().keys() == model.state().keys()
    return {"sizes": model.sizes, "activations": model.activations} if same and one_each and plain else None


def _activations(model: MLP) -> list[list[Any]]:
    """What each neuron's activation is called, and is, layer by layer; any of them may have been replaced."""
    return [[layer.activation, *((n.activation, n.function) for n in layer.neurons)] for layer in model.layers]


def _count(sizes: list[int]) -> int:
    """How many weights and biases a network of these sizes has."""
    return sum(n * (m + 1) for m, n in pairwise(sizes))


def _known(names: list[str], own: Any, path: str | os.PathLike[str]) -> list[Given]:
    """Each layer's activation: one that is known by name, or one that was given."""
    if not isinstance(own, Mapping):
        raise TypeError(f'activations says what each name is: {{"swish": swish}}; got {type(own).__name__}')
    strange = [name for name in names if name not in ACTIVATIONS and name not in own]
    if strange:
        raise ValueError(
            f"{os.fspath(path)} holds an MLP with an activation called {strange[0]:.60}, and no code for it: "
            f"load(path, activations={{{strange[0]!r:.60}: ...}}) with the function"
        )
    return [name if name in ACTIVATIONS else own[name] for name in names]


def _told(architecture: dict[str, Any]) -> str:
    return f"sizes {architecture['sizes']} with {', '.join(architecture['activations'])}"


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps([content["kind"], content["architecture"], content["state"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(target: Path, data: bytes) -> None:
    """Beside the target first, and only when it is safely on the disk in its place, which takes one instant."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    replaced = target.stat() if target.exists() else None
    try:
        with open(beside, "xb", opener=None if replaced is None else _for_the_owner_alone) as file:
            if replaced is not None:
                _take_over(beside, replaced)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _for_the_owner_alone(path: str, flags: int) -> int:
    """Open a new file that nobody else may read, until it has the mode of the one that it replaces."""
    return os.open(path, flags, 0o600)


def _take_over(path: Path, replaced: os.stat_result) -> None:
    """Give a file the owner, the group and the mode of another, as far as this process may."""
    with suppress(OSError, AttributeError):  # Windows has no chown
        os.chown(path, replaced.st_uid, replaced.st_gid)
    with suppress(OSError):
        os.chmod(path, stat.S_IMODE(replaced.st_mode))


def _read(path: Path) -> dict[str, Any]:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ValueError(f"{path} is no file that save wrote: it is a device or a pipe")
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"{path} is no file that save wrote: it has more than {MOST_BYTES:,} bytes")
    if not data.strip():
        raise ValueError(f"{path} is empty: it holds no model")
    try:
        document = json.loads(data)
    except ValueError:  # no UTF-8, or no JSON
        kind = "is damaged or cut short" if FORMAT.encode() in data[:100] else "is no file that save wrote"
        raise ValueError(f"{path} {kind}: it is not readable as JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f'{path} is no file that save wrote: it does not say "format": "{FORMAT}"')
    if type(document.get("version")) is not int or not 1 <= document["version"] <= VERSION:
        raise ValueError(
            f"{path} is of version {document.get('version')!r:.20}, and this chalkgrad reads 1 to {VERSION}: "
            "load it with the one that wrote it, or a later one"
        )
    parts = ("kind", "architecture", "state")
    if any(part not in document for part in parts) or document.get("checksum") != _checksum(document):
        raise ValueError(f"{path} is damaged: its checksum does not match what it holds")
    if not _plausible(document):
        raise ValueError(f"{path} is no model that save could have written: its parts do not fit each other")
    if document["version"] == 1 and document["architecture"] is not None:
        document["architecture"] = _of_version_1(**document["architecture"])
    return document


def _of_version_1(sizes: list[int], activations: list[str]) -> dict[str, Any]:
    hidden, output = activations
    return {"sizes": sizes, "activations": [*[hidden] * (len(sizes) - 2), output]}


def _plausible(document: dict[str, Any]) -> bool:
    """Whether the parts are what `save` writes: numbers by name, as many as the architecture has."""
    state, architecture = document["state"], document["architecture"]
    if not isinstance(document["kind"], str):
        return False
    if not isinstance(state, dict) or not all(type(number) is float for number in state.values()):
        return False
    if architecture is None:
        return True
    if not isinstance(architecture, dict) or architecture.keys() != {"sizes", "activations"}:
        return False
    sizes, names = architecture["sizes"], architecture["activations"]
    if not isinstance(sizes, list) or not all(type(size) is int and size > 0 for size in sizes) or len(sizes) < 2:
        return False
    if not isinstance(names, list) or not all(isinstance(called, str) for called in names):
        return False
    layers, first = len(sizes) - 1, document["version"] == 1
    named = len(names) == 2 and all(called in ACTIVATIONS for called in names) if first else len(names) == layers
    return named and _count(sizes) == len(state)

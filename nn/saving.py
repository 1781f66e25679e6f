"""A model in a file: its architecture and its parameters as JSON, readable by people and exact to the last digit."""

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

from .layers import MLP
from .module import Module
from .own_activations import FUNCTIONS

__all__ = ["load", "save"]

FORMAT, VERSION = "chalkgrad model", 2  # version 1 had one activation for all hidden layers, and one for the output
MOST_BYTES = 2**27  # about two million parameters; reading a larger file could exhaust the memory


def save(model: Module, path: str | os.PathLike[str]) -> str:
    """Writes a model to a file, and returns the path.

    The file holds the parameters, by the paths of `model.state()`. For an MLP it also holds the architecture, which is
    the sizes and the names of the activations. It is left out for another module, and where the names are not clear:
    two functions have the same name, or a layer has several activations. If writing fails, an existing file stays as it
    was. (If the process is killed, a file whose name ends in .part may stay beside it.) A file that is replaced keeps
    its mode, and a link stays a link.

    Raises:
        TypeError: If the model is not a Module.
        ValueError: If the path is not that of a file, or the model is too large for one.
        OSError: If the file cannot be written.
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
    """Reads a model from a file that `save` wrote. Code in the file is never run.

    Args:
        path: The file.
        into: A module that receives the parameters. Without it, a new MLP is built, if the file has an architecture.
        activations: The functions of activations of your own, by their names in the file: {"swish": swish}. The file
            holds no code.
    Returns:
        The new MLP, or `into`.
    Raises:
        ValueError: If the file is damaged, cut short, foreign, or of a later version, or if the parameters do not fit
            the module `into`, which stays as it was then.
        TypeError: If `into` is not a Module, or `activations` is not a mapping.
        OSError: If the file cannot be read.
    """
    if not isinstance(into, Module | None):
        raise TypeError(f"load reads into an nn.Module; got {type(into).__name__}")
    if not isinstance(activations, Mapping | None):
        raise TypeError(f'activations says what each name is: {{"swish": swish}}; got {type(activations).__name__}')
    document = _read(Path(path))
    try:
        if document["version"] == 1 and document["architecture"] is not None:
            document["architecture"] = _of_version_1(**document["architecture"])
        model = _built(document, activations or {}) if into is None else _checked(into, document["architecture"])
        model.load_state(document["state"])
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{os.fspath(path)}: {error}") from error
    return model


def _architecture(model: Module) -> dict[str, Any] | None:
    """Returns a dict of the sizes and activations of an MLP; None for another module, or if names are ambiguous.

    Names are ambiguous if two functions have the same name, or the neurons of a layer have several activations.
    """
    if type(model) is not MLP:
        return None
    called = dict(FUNCTIONS)
    for layer in model.layers:
        for neuron in layer.neurons:
            same = called.setdefault(neuron.activation, neuron.function) is neuron.function
            if not same or neuron.activation != layer.activation:
                return None
    return {"sizes": model.sizes, "activations": model.activations}


def _built(document: dict[str, Any], own: Mapping[str, Any]) -> MLP:
    """Returns a new network of the file's architecture; ValueError if numbers or functions for it are missing."""
    architecture, state = document["architecture"], document["state"]
    if architecture is None:
        raise ValueError(
            f"it holds the parameters of a {document['kind']!s:.60}, and no architecture to build it by: make one "
            "yourself, and load(path, into=it)"
        )
    (nin, *nouts), names = architecture["sizes"], architecture["activations"]
    if any(n * (m + 1) > len(state) for m, n in pairwise((nin, *nouts))):
        raise ValueError(f"it holds {len(state)} numbers, and an MLP {_told(architecture)} has more")
    for name in names:
        if name not in FUNCTIONS and name not in own:
            raise ValueError(
                f"it holds an MLP with an activation called {name:.60}, and no code for it: "
                f"load(path, activations={{{name!r:.60}: ...}}) with the function"
            )
    return MLP(nin, nouts, [name if name in FUNCTIONS else own[name] for name in names], seed=0)


def _checked(into: Module, architecture: Any) -> Module:
    """Returns the module `into`; ValueError if it is an MLP of another architecture than the file's."""
    own = _architecture(into)
    if own is not None and architecture is not None and own != architecture:
        raise ValueError(f"it holds an MLP {_told(architecture)}; got one {_told(own)}")
    return into


def _of_version_1(sizes: list[int], activations: list[str]) -> dict[str, Any]:
    hidden, output = activations
    return {"sizes": sizes, "activations": [*[hidden] * (len(sizes) - 2), output]}


def _told(architecture: dict[str, Any]) -> str:
    return f"of sizes {architecture['sizes']} with {', '.join(architecture['activations'])}"


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps([content["kind"], content["architecture"], content["state"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(target: Path, data: bytes) -> None:
    """Writes a new file beside the target, waits until it is on the disk, and then moves it there in one step."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    replaced = target.stat() if target.exists() else None
    access = 0o666 if replaced is None else 0o600  # only the owner may read it until it has the old file's mode
    try:
        with open(beside, "xb", opener=lambda path, flags: os.open(path, flags, access)) as file:
            if replaced is not None:
                with suppress(OSError, AttributeError):  # Windows has no chown
                    os.chown(beside, replaced.st_uid, replaced.st_gid)
                with suppress(OSError):
                    os.chmod(beside, stat.S_IMODE(replaced.st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    """Returns the document that `save` wrote; raises ValueError if it is damaged, foreign or of a later version."""
    foreign = f"{path} is no file that save wrote"
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ValueError(f"{foreign}: it is a device or a pipe")
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"{foreign}: it has more than {MOST_BYTES:,} bytes")
    if not data.strip():
        raise ValueError(f"{path} is empty: it holds no model")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested too deeply
        told = f"{path} is damaged or cut short" if FORMAT.encode() in data[:100] else foreign
        raise ValueError(f"{told}: it is not readable as JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f'{foreign}: it does not say "format": "{FORMAT}"')
    if type(document.get("version")) is not int or not 1 <= document["version"] <= VERSION:
        raise ValueError(
            f"{path} is of version {document.get('version')!r:.20}, and this chalkgrad reads 1 to {VERSION}: "
            "load it with the one that wrote it, or a later one"
        )
    parts = ("kind", "architecture", "state")
    if any(part not in document for part in parts) or document.get("checksum") != _checksum(document):
        raise ValueError(f"{path} is damaged: its checksum does not match what it holds")
    return document

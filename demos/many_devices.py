"""One lifted program learns the digits on one device, on two, and in two processes, with the same costs.

JAX splits the examples over the devices and copies the parameters to all of them; XLA's program adds the gradients up.
The processes started here end when this one ends, or when one of them fails.
"""

import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import lift
from demos.digits import examples, network
from demos.printing import tell
from nn import softmax_cross_entropy

__all__ = ["Way", "batches", "learnt_in", "placed", "shared", "with_jax"]

EPOCHS, BATCH, RATE = 20, 128, 0.01
SECONDS = 110.0  # the time limit of all processes
ROOT = Path(__file__).parent.parent
GIVEN, COSTS = "given.pickle", "costs.json"  # files of a folder that processes share
NEEDED = {"jax": "jax", "optax": "jax", "torch": "torch", "sklearn": "data"}  # module: the extra that installs it


class Way(NamedTuple):
    """An engine, and the numbers of its devices and processes."""

    engine: str
    devices: int = 1
    processes: int = 1


WAYS = {
    "JAX, one device": Way("jax"),
    "JAX, two devices": Way("jax", devices=2),
    "JAX, two processes": Way("jax", processes=2),
    "PyTorch, one device": Way("torch"),
}


# ---- the program, and its examples


def program_and_rows() -> tuple[Any, NDArray[np.float64]]:
    """Returns the lifted cost of a digit, and the training images as rows: pixels, then the one-hot digit."""
    (pixels, digits), _ = examples()
    model, one_hot = network(), np.eye(10)[digits]
    program = lift(lambda x, y: softmax_cross_entropy(model(x), y), model.parameters(), (pixels, one_hot))
    return program, np.hstack([pixels, one_hot])


def batches(rows: NDArray[np.float64], epochs: int) -> Iterator[list[NDArray[np.float64]]]:
    """Yields each epoch's batches: all rows, in an order that depends only on the epoch. The last batch is smaller."""
    for epoch in range(epochs):
        order = np.random.default_rng(epoch).permutation(len(rows))
        yield [rows[order[start : start + BATCH]] for start in range(0, len(rows), BATCH)]


# ---- in JAX


def placed(batch: NDArray[np.float64], devices: list[Any]) -> tuple[Any, Any]:
    """Puts a batch on all devices: each gets an equal share, and a copy of the few rows left over."""
    from jax import make_array_from_callback
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    mesh = Mesh(np.array(devices), ("examples",))
    even = len(batch) - len(batch) % len(devices)
    parts = (batch[:even], PartitionSpec("examples")), (batch[even:], PartitionSpec())
    whole, rest = (
        make_array_from_callback(part.shape, NamedSharding(mesh, spec), lambda index, part=part: part[index])
        for part, spec in parts
    )
    return whole, rest


def shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function of a batch in two parts, as `placed` returns it: the parts' means weighted by their sizes."""

    def cost_and_gradient(parameters: Any, whole: Any, rest: Any) -> Any:
        parts = [(len(part), function(parameters, part)) for part in (whole, rest) if len(part)]
        n = sum(count for count, _ in parts)
        return tuple(sum(count / n * made[k] for count, made in parts) for k in (0, 1))

    return cost_and_gradient


def with_jax(program: Any, rows: NDArray[np.float64], epochs: int) -> list[float]:
    """Trains with optax's Adam on all devices of all processes; returns each epoch's cost."""
    import jax
    import optax

    devices, optimizer = jax.devices(), optax.adam(RATE)
    cost_and_gradient = shared(program.jax())

    @jax.jit
    def step(parameters: Any, state: Any, whole: Any, rest: Any) -> Any:
        cost, gradient = cost_and_gradient(parameters, whole, rest)
        update, state = optimizer.update(gradient, state, parameters)
        return optax.apply_updates(parameters, update), state, cost

    parameters = program.parameters.copy()
    state = optimizer.init(parameters)
    costs = []
    for parts in batches(rows, epochs):
        found = []
        for batch in parts:
            parameters, state, cost = step(parameters, state, *placed(batch, devices))
            found.append(len(batch) * cost)
        costs.append(sum(float(x.addressable_data(0)) for x in found) / len(rows))
    return costs


# ---- in PyTorch


def with_torch(program: Any, rows: NDArray[np.float64], epochs: int) -> list[float]:
    """Trains with torch.optim's Adam; returns each epoch's cost."""
    import torch

    module = program.torch()
    optimizer = torch.optim.Adam(module.parameters(), RATE)
    costs = []
    for parts in batches(rows, epochs):
        total = 0.0
        for batch in parts:
            optimizer.zero_grad()
            cost = module(torch.from_numpy(batch))
            cost.backward()
            optimizer.step()
            total += len(batch) * cost.item()
        costs.append(total / len(rows))
    return costs


# ---- processes


def work(engine: str, epochs: int, processes: int, number: int, address: str, folder: str) -> None:
    """Trains, in a process that `learnt_in` started. The first process writes the costs to a file."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    if engine == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
        if processes > 1:
            jax.config.update("jax_cpu_collectives_implementation", "gloo")
            jax.distributed.initialize(address, num_processes=processes, process_id=number)
    learn = with_jax if engine == "jax" else with_torch
    costs = learn(*pickle.loads((Path(folder) / GIVEN).read_bytes()), epochs)
    if number == 0:
        (Path(folder) / COSTS).write_text(json.dumps(costs), encoding="utf-8")


def _end_with_the_parent() -> None:
    """Ends this process when the process that started it ends, since that closes its end of the pipe."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def learnt_in(
    way: Way, program: Any, rows: NDArray[np.float64], epochs: int = EPOCHS, seconds: float = SECONDS
) -> list[float]:
    """Trains in new processes, and returns each epoch's cost. No process is left running.

    Raises RuntimeError if a process fails, or if it takes more than `seconds`.
    """
    deadline = time.monotonic() + seconds
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "PYTHONPATH": path,
                   "XLA_FLAGS": f"--xla_force_host_platform_device_count={way.devices}"}  # fmt: skip
    address = f"127.0.0.1:{_free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder) / "errors"
        (Path(folder) / GIVEN).write_bytes(pickle.dumps((program, rows)))
        started: list[subprocess.Popen[bytes]] = []
        try:
            for number in range(way.processes):
                settings = (way.engine, epochs, way.processes, number, address, folder)
                command = [sys.executable, "-c", f"from demos.many_devices import work; work(*{settings!r})"]
                with errors.open("ab") as told:
                    started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                                    stderr=told, env=environment))  # fmt: skip
            while any(process.poll() is None for process in started):
                if any(process.poll() for process in started) or time.monotonic() > deadline:
                    break
                time.sleep(0.05)
        finally:
            for process in started:
                process.kill()
                process.communicate()
        if any(process.returncode for process in started):
            late = f"it took longer than {seconds:.0f} s" if time.monotonic() > deadline else "a process failed"
            raise RuntimeError(f"{way}: {late}\n{errors.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        made: list[float] = json.loads((Path(folder) / COSTS).read_text(encoding="utf-8"))
        return made


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def run(epochs: int = EPOCHS) -> None:
    missing = sorted({extra for module, extra in NEEDED.items() if find_spec(module) is None})
    if missing:
        raise SystemExit(f"this demo needs pip install 'chalkgrad[{','.join(missing)}]'")
    tell("═══ One program on many devices ═══\n")
    end = time.monotonic() + SECONDS
    program, rows = program_and_rows()
    found: dict[str, list[float]] = {}
    for name, way in WAYS.items():
        start = time.monotonic()
        found[name] = learnt_in(way, program, rows, epochs, max(end - start, 1.0))
        apart = max(abs(a - b) for a, b in zip(found[name], next(iter(found.values())), strict=True))
        tell(f"{name + ':':<21}C = {found[name][0]:.6f} in the first epoch, {found[name][-1]:.6f} in epoch {epochs}; "
             f"{time.monotonic() - start:.1f} s; at most {apart:.0e} from the first")  # fmt: skip
    if not all(np.allclose(costs, found["JAX, one device"], rtol=0, atol=1e-9) for costs in found.values()):
        raise SystemExit("the costs differ by more than 1e-9")
    tell("\nAll give the same costs, to 1e-9, epoch by epoch.")


if __name__ == "__main__":
    run()

"""Make `resources/simulator/canopy_table.npz`: PROSAIL condensed for the simulator.

Needs `prosail` (with numba) and scikit-learn, best in an environment of their own:

    python3 -m venv /tmp/prosail-venv
    /tmp/prosail-venv/bin/pip install prosail numba scipy scikit-learn
    /tmp/prosail-venv/bin/python training/make_canopy_table.py

PROSPECT-D (Feret et al. 2017) and 4SAIL (Verhoef et al. 2007) run on a Sobol design of leaf,
canopy and geometry parameters. What is stored is the canopy over a black soil, what passes it
twice, and what it throws back onto the soil: the soil then enters analytically, as in 4SAIL, so
that any soil spectrum can be used. A small tanh network regresses the three on the parameters.
The errors in the README beside the table are against PROSAIL run with a soil, on draws that were
not fitted.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from prosail import run_prosail, spectral_lib
from scipy.stats import qmc
from sklearn.neural_network import MLPRegressor

# Sentinel-2A spectral responses (ESA S2-SRF 3.0): central wavelength and bandwidth, nm
BANDS = {
    "B02": (492.4, 66.0),
    "B03": (559.8, 36.0),
    "B04": (664.6, 31.0),
    "B05": (704.1, 15.0),
    "B06": (740.5, 15.0),
    "B07": (782.8, 20.0),
    "B08": (832.8, 106.0),
    "B8A": (864.7, 21.0),
    "B11": (1613.7, 91.0),
    "B12": (2202.4, 175.0),
}
# name: (lowest, highest, exponent of the spacing: above 1 puts more draws at the low end)
PARAMETERS = {
    "n": (1.0, 2.6, 1.0),
    "cab": (0.0, 90.0, 1.3),
    "car": (0.0, 22.0, 1.3),
    "cbrown": (0.0, 1.6, 2.0),
    "cw": (0.0005, 0.05, 1.6),
    "cm": (0.001, 0.02, 1.3),
    "lai": (0.0, 8.5, 1.6),
    "ala": (20.0, 80.0, 1.0),
    "tts": (20.0, 78.0, 1.0),
    "tto": (0.0, 12.0, 1.0),
    "psi": (0.0, 180.0, 1.0),
}
HOTSPOT = 0.1
EXTINCTION = 0.5  # g = 1 - exp(-EXTINCTION * LAI) is factored out: exact where there is no canopy


def responses() -> np.ndarray:
    """Gaussian band responses on 400..2500 nm, each of sum 1: (10, 2101)."""
    wavelength = np.arange(400, 2501)[None, :]
    centre = np.array([c for c, _ in BANDS.values()])[:, None]
    sigma = np.array([w for _, w in BANDS.values()])[:, None] / 2.3548
    weight = np.exp(-0.5 * ((wavelength - centre) / sigma) ** 2)
    return weight / weight.sum(axis=1, keepdims=True)


def design(count_log2: int, seed: int) -> np.ndarray:
    """Sobol draws of the parameters, (2**count_log2, 11)."""
    unit = qmc.Sobol(len(PARAMETERS), seed=seed).random_base2(count_log2)
    low, high, power = (np.array(column) for column in zip(*PARAMETERS.values()))
    return low + (high - low) * unit**power


def canopy_terms(draw: np.ndarray) -> np.ndarray:
    """Band values (3, 10) of one draw: rso over black soil, two-way transmission, rdd."""
    n, cab, car, cbrown, cw, cm, lai, ala, tts, tto, psi = draw
    terms = run_prosail(
        n, cab, car, cbrown, cw, cm, lai, ala, HOTSPOT, tts, tto, psi,
        prospect_version="D", factor="ALLALL", rsoil0=np.zeros(2101),
    )  # fmt: skip
    tss, too, tsstoo, rdd, _, _, tsd, _, tdo, rso = terms[:10]
    # 4SAIL: rsot = rso + (tsstoo + ((tss+tsd) tdo + (tsd + tss rs rdd) too) / (1 - rs rdd)) rs.
    # The part of tsstoo beyond tss*too (the hot spot) is counted as if it bounced too.
    passed = tsstoo - tss * too + (tss + tsd) * (tdo + too)
    spectra = np.stack([np.broadcast_to(v, (2101,)) for v in (rso, passed, rdd)])
    return spectra @ responses().T


def with_soil(draw: np.ndarray) -> np.ndarray:
    """PROSAIL's own reflectance over a soil, for the check: draw (13,) -> (10,)."""
    n, cab, car, cbrown, cw, cm, lai, ala, tts, tto, psi, brightness, dry = draw
    spectrum = run_prosail(
        n, cab, car, cbrown, cw, cm, lai, ala, HOTSPOT, tts, tto, psi,
        prospect_version="D", rsoil=brightness, psoil=dry,
    )  # fmt: skip
    return responses() @ spectrum


def inputs(draws: np.ndarray) -> np.ndarray:
    """What the network sees of (N, 11) draws; the simulator's `canopy.inputs` is the same."""
    n, cab, car, cbrown, cw, cm, lai, ala, tts, tto, psi = draws.T
    radians = np.pi / 180.0
    return np.stack(
        [
            n,
            np.sqrt(cab),
            np.sqrt(car),
            np.sqrt(cbrown),
            np.sqrt(cw),
            np.sqrt(cm),
            1.0 - np.exp(-EXTINCTION * lai),
            np.cos(ala * radians),
            np.cos(tts * radians),
            np.sin(tto * radians) * np.cos(psi * radians),
            np.cos(tto * radians),
        ],
        axis=1,
    )


def targets(draws: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """(N, 3, 10) terms -> (N, 30): divided by the cover g, so that LAI 0 is exact."""
    cover = 1.0 - np.exp(-EXTINCTION * np.maximum(draws[:, 6], 1e-3))
    scaled = terms.copy()
    scaled[:, 1] = 1.0 - scaled[:, 1]
    return (scaled / cover[:, None, None]).reshape(len(draws), -1)


def predict(table: dict[str, np.ndarray], draws: np.ndarray) -> np.ndarray:
    """The stored network on (N, 11) draws: (N, 3, 10) terms."""
    layer = (inputs(draws) - table["input_mean"]) / table["input_std"]
    depth = sum(name.startswith("weight") for name in table)
    for index in range(depth):
        layer = layer @ table[f"weight{index}"] + table[f"bias{index}"]
        layer = np.tanh(layer) if index < depth - 1 else layer
    scaled = (layer * table["output_std"] + table["output_mean"]).reshape(-1, 3, 10)
    cover = 1.0 - np.exp(-EXTINCTION * draws[:, 6])
    scaled = scaled * cover[:, None, None]
    scaled[:, 1] = 1.0 - scaled[:, 1]
    return scaled


def fit(draws: np.ndarray, terms: np.ndarray, hidden: tuple[int, ...], epochs: int) -> dict:
    """Regress the terms on the parameters."""
    x, y = inputs(draws), targets(draws, terms)
    table = {
        "input_mean": x.mean(axis=0),
        "input_std": x.std(axis=0),
        "output_mean": y.mean(axis=0),
        # one scale per term: an error of 0.01 weighs the same in every band
        "output_std": np.repeat(y.reshape(-1, 3, 10).std(axis=(0, 2)), 10),
    }
    x = (x - table["input_mean"]) / table["input_std"]
    y = (y - table["output_mean"]) / table["output_std"]
    network = MLPRegressor(
        hidden_layer_sizes=hidden, activation="tanh", alpha=0.0, batch_size=256,
        learning_rate_init=2e-3, max_iter=1, warm_start=True, random_state=0,
    )  # fmt: skip
    for epoch in range(epochs):
        # cosine decay: scikit-learn's Adam keeps one rate, so it is set before each epoch
        network.learning_rate_init = 2e-3 * 0.5 * (1 + np.cos(np.pi * epoch / epochs)) + 1e-6
        network.partial_fit(x, y)
        network._optimizer.learning_rate_init = network.learning_rate_init
        if epoch % 10 == 0:
            print(f"epoch {epoch}: loss {network.loss_:.5f}", flush=True)
    for index, (weight, bias) in enumerate(zip(network.coefs_, network.intercepts_)):
        table[f"weight{index}"], table[f"bias{index}"] = weight, bias
    return {name: value.astype(np.float32) for name, value in table.items()}


def check(table: dict[str, np.ndarray], pool: ProcessPoolExecutor) -> tuple[np.ndarray, np.ndarray]:
    """RMSE and 99th percentile of the error per band on held-out draws with soils."""
    draws = design(12, seed=991)
    soil = qmc.Sobol(2, seed=17).random_base2(12) * np.array([1.1, 1.0]) + np.array([0.3, 0.0])
    truth = np.array(list(pool.map(with_soil, np.hstack([draws, soil]), chunksize=64)))
    dry, wet = table["soil_dry"], table["soil_wet"]
    ground = soil[:, :1] * (soil[:, 1:] * dry + (1 - soil[:, 1:]) * wet)
    rso, passed, rdd = np.moveaxis(predict(table, draws), 1, 0)
    error = rso + passed * ground / (1 - ground * rdd) - truth
    return np.sqrt((error**2).mean(axis=0)), np.quantile(np.abs(error), 0.99, axis=0)


def readme(rmse: np.ndarray, worst: np.ndarray, draws: int, size: int) -> str:
    """The README beside the table, with the errors as measured."""
    rows = [f"| {b} | {r:.4f} | {w:.4f} |" for b, r, w in zip(BANDS, rmse, worst)]
    return "\n".join(
        [
            "# canopy_table.npz",
            "",
            "PROSAIL (PROSPECT-D + 4SAIL) condensed into a small regression that the simulator",
            "evaluates with numpy. Made by `training/make_canopy_table.py`; this file too.",
            "",
            f"Fitted on {draws} draws; {size / 1024:.0f} kB. Error against PROSAIL run over a",
            "soil, on 4096 other draws over the whole parameter range (reflectance, 0..1):",
            "",
            "| band | RMSE | 99th percentile of the absolute error |",
            "| --- | --- | --- |",
            *rows,
            "",
            "Ranges: " + ", ".join(f"{k} {v[0]:g}..{v[1]:g}" for k, v in PARAMETERS.items()) + ".",
            "",
        ]
    )


def main() -> None:
    """Run PROSAIL, fit, check, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=Path("resources/simulator"))
    parser.add_argument("--draws-log2", type=int, default=17)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--hidden", type=int, nargs="+", default=[64, 64])
    arguments = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        draws = design(arguments.draws_log2, seed=5)
        terms = np.array(list(pool.map(canopy_terms, draws, chunksize=256)))
        table = fit(draws, terms, tuple(arguments.hidden), arguments.epochs)
        table["soil_dry"] = (responses() @ spectral_lib.soil.rsoil1).astype(np.float32)
        table["soil_wet"] = (responses() @ spectral_lib.soil.rsoil2).astype(np.float32)
        rmse, worst = check(table, pool)
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "canopy_table.npz"
    np.savez_compressed(path, bands=np.array(list(BANDS)), **table)
    (arguments.out / "README.md").write_text(readme(rmse, worst, len(draws), path.stat().st_size))
    print("RMSE", np.round(rmse, 4))


if __name__ == "__main__":
    main()

"""Every system of the tables, one file each; adding one is adding its file and a line here."""

from s4_core.errors import ConfigurationError
from s4_core.reproduce.method import Method
from s4_core.reproduce.methods import (
    adaptive,
    caco,
    fusion,
    ground,
    gssl,
    s4,
    satmae,
    seco,
    supervised,
    third,
    unet3d,
    unimodal,
)

METHODS: dict[str, Method] = {
    method.key: method
    for method in (
        s4.S4,
        s4.CONTRASTIVE,
        s4.RECONSTRUCTION,
        s4.CONVLSTM,
        ground.GROUND,
        unimodal.UNIMODAL,
        adaptive.ADAPTIVE,
        third.THIRD,
        fusion.MMF,
        satmae.SATMAE,
        seco.SECO,
        caco.CACO,
        gssl.GSSL,
        unet3d.UNET3D,
        supervised.RECURRENT,
        supervised.ONE_WAY,
        supervised.U_TAE,
        supervised.PIXELS,
    )
}


def method_named(key: str) -> Method:
    """The method called so.

    Raises:
        ConfigurationError: there is none.
    """
    if key not in METHODS:
        raise ConfigurationError(
            f"There is no method '{key}'.", f"Choose from {', '.join(METHODS)}."
        )
    return METHODS[key]

"""The engine's messages as feedback."""

from __future__ import annotations

from s4_core.protocol import hello, log_message, progress_message
from s4_qgis.processing.feedback import Teller
from tests.s4_qgis.processing.conftest import Heard


def test_progress_takes_its_share_of_the_whole() -> None:
    heard = Heard()
    teller = Teller(heard, 0.5, 1.0)
    for fraction in (0.0, 0.5, 1.0):
        teller.tell(progress_message(fraction, "draw", None, {}))
    assert heard.progress == [50.0, 75.0, 100.0]


def test_stages_are_named_once_and_metrics_now_and_then() -> None:
    heard = Heard()
    teller = Teller(heard)
    for step in range(101):
        teller.tell(progress_message(step / 100, "learn", 1.0, {"epoch": step, "loss": 0.5}))
    assert heard.infos[:2] == ["learn", "0%  epoch 0, loss 0.5"]
    assert heard.infos.count("learn") == 1
    assert 15 < len(heard.infos) <= 22
    teller.tell(progress_message(1.0, "write", None, {}))
    assert heard.infos[-1] == "write"


def test_logs_and_warnings() -> None:
    heard = Heard()
    teller = Teller(heard)
    teller.tell(log_message("info", "one tile"))
    teller.tell(log_message("warning", "few dates"))
    assert (heard.infos, heard.warnings) == (["one tile"], ["few dates"])


def test_the_device_is_said_where_one_is_used() -> None:
    heard = Heard()
    Teller(heard).tell(hello("0.1.0", "none", "info runs no network"))
    assert heard.infos == []
    Teller(heard).tell(hello("0.1.0", "cpu", "No GPU."))
    assert heard.infos == ["Engine 0.1.0 on cpu. No GPU."]

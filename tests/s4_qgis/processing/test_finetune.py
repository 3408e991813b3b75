"""s4:finetune"""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorLayer,
)

from s4_core.model_card import read_card
from tests.s4_qgis.processing.conftest import Project, Run


def test_a_model_by_radar_and_its_rival(run: Run, project: Project, tmp_path: Path) -> None:
    done = run(
        "finetune",
        AREA=project.area,
        LABELS=project.parcels,
        FIELD="crop",
        MODALITY="radar",
        INIT=project.pretrained,
        COMPARE=True,
        DEVICE="cpu",
        THREADS=1,
        OUTPUT=str(tmp_path / "crops.safetensors"),
    )
    card = read_card(done["OUTPUT"])
    assert card.legend is not None
    assert card.legend.names == ("beet", "wheat")
    assert done["CLASSES"] == "beet, wheat"
    assert done["MIOU"] > 0.9
    assert done["FOREST_MIOU"] > 0.5
    trained = QgsVectorLayer(done["TRAINING_PARCELS"], "trained", "ogr")
    assert trained.featureCount() == 8


def test_only_the_selected_parcels(run: Run, project: Project, tmp_path: Path) -> None:
    layer = QgsVectorLayer(project.parcels, "parcels", "ogr")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression("parcel_id in ('1', '2', '5', '6')")
    done = run(
        "finetune",
        AREA=project.area,
        LABELS=QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True),
        FIELD="crop",
        INIT=project.pretrained,
        DEVICE="cpu",
        THREADS=1,
        OUTPUT=str(tmp_path / "crops.safetensors"),
    )
    trained = QgsVectorLayer(done["TRAINING_PARCELS"], "trained", "ogr")
    ids = {feature["parcel_id"] for feature in trained.getFeatures()}
    assert ids == {"1", "2", "5", "6"}


def test_the_plugins_model_is_the_default(run: Run, project: Project, tmp_path: Path) -> None:
    # a field without classes is refused by the engine after the model was found
    with pytest.raises(QgsProcessingException) as caught:
        run(
            "finetune",
            AREA=project.area,
            LABELS=project.parcels,
            FIELD="nothing",
            OUTPUT=str(tmp_path / "crops.safetensors"),
        )
    assert "has no field 'nothing'" in str(caught.value)
    assert "Its fields are" in str(caught.value)


def test_the_model_is_not_replaced(run: Run, project: Project) -> None:
    with pytest.raises(QgsProcessingException, match="would replace the one"):
        run(
            "finetune",
            AREA=project.area,
            LABELS=project.parcels,
            FIELD="crop",
            INIT=project.pretrained,
            OUTPUT=project.pretrained,
        )
    assert read_card(project.pretrained).legend is None

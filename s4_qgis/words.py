"""Words of the engine that users read: `tr(word)` shows them, this list has them translated."""

from __future__ import annotations

from s4_qgis.i18n import mark

WORDS = (
    # modalities
    mark("optical"),
    mark("radar"),
    mark("both"),
    # stages of jobs
    mark("read the images"),
    mark("pretrain"),
    mark("finetune"),
    mark("features"),
    mark("readout"),
    mark("compare"),
    mark("series of the random forest"),
    mark("random forest"),
    mark("segment"),
    mark("count"),
    mark("write map"),
    mark("evaluate"),
    mark("draw the report"),
)

"""The engine as QGIS meets it: its environment, its process, its tasks."""

"""The QGIS plugin. Imports only the standard library, QGIS and floor 0 of `s4_core`."""

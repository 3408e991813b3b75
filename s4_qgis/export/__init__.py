"""Maps for others: rasters with their styles, polygons, print layouts."""

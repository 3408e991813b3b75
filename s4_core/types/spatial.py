"""Where pixels are: grids and windows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels on a grid: offset and size, all in pixels."""

    row: int
    col: int
    height: int
    width: int

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1:
            raise ValueError(
                f"A window needs at least one pixel, got {self.height} x {self.width}."
            )

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices of this window in an `(H, W)` array."""
        return (
            slice(self.row, self.row + self.height),
            slice(self.col, self.col + self.width),
        )

    def shifted(self, rows: int, cols: int) -> Window:
        """The same window moved by whole pixels."""
        return Window(self.row + rows, self.col + cols, self.height, self.width)

    def grown(self, margin_px: int) -> Window:
        """This window with `margin_px` more pixels on every side; may leave the grid."""
        return Window(
            self.row - margin_px,
            self.col - margin_px,
            self.height + 2 * margin_px,
            self.width + 2 * margin_px,
        )

    def clipped(self, height: int, width: int) -> Window | None:
        """The part of this window inside a `height` x `width` grid, or None if there is none."""
        top, left = max(self.row, 0), max(self.col, 0)
        bottom, right = min(self.row + self.height, height), min(self.col + self.width, width)
        if bottom <= top or right <= left:
            return None
        return Window(top, left, bottom - top, right - left)


@dataclass(frozen=True)
class Grid:
    """A raster's place on the ground: CRS, affine transform and shape.

    Args:
        crs_wkt: coordinate reference system as WKT.
        transform: GDAL's six geotransform coefficients (x0, dx, rx, y0, ry, dy), CRS units.
        height, width: shape in pixels.
    """

    crs_wkt: str
    transform: tuple[float, float, float, float, float, float]
    height: int
    width: int

    @property
    def shape(self) -> tuple[int, int]:
        """`(height, width)` in pixels."""
        return (self.height, self.width)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Absolute pixel size `(x, y)` in CRS units, for a grid that is not rotated."""
        return (abs(self.transform[1]), abs(self.transform[5]))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """`(xmin, ymin, xmax, ymax)` in CRS units, of all four corners."""
        corners = [self.corner(r, c) for r in (0, self.height) for c in (0, self.width)]
        xs, ys = zip(*corners)
        return (min(xs), min(ys), max(xs), max(ys))

    def corner(self, row: float, col: float) -> tuple[float, float]:
        """CRS coordinates of the upper left corner of pixel (`row`, `col`)."""
        x0, dx, rx, y0, ry, dy = self.transform
        return (x0 + col * dx + row * rx, y0 + col * ry + row * dy)

    def at(self, window: Window) -> Grid:
        """The grid of one window of this grid (the window may reach outside)."""
        x0, y0 = self.corner(window.row, window.col)
        _, dx, rx, _, ry, dy = self.transform
        return Grid(self.crs_wkt, (x0, dx, rx, y0, ry, dy), window.height, window.width)

    @property
    def whole(self) -> Window:
        """The window that covers this grid."""
        return Window(0, 0, self.height, self.width)

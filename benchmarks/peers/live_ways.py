"""Other ways to show a running GAN in a notebook: the same picture, each as its users write it.

A way has a `widget` to display and `draw(picture)`, which the training thread calls. Each keeps and
updates what its library lets it keep.
"""

from __future__ import annotations

import io
from typing import NamedTuple

import ipywidgets
import numpy as np

REAL, GENERATED = "#0072B2", "#D55E00"
SCALE = ["#E69F00", "#FFFFFF", "#56B4E9"]
SIZE = (9, 4)


class Picture(NamedTuple):
    """What every way draws.

    Attributes:
        real: real points, float32 [400, 2].
        generated: generated points, float32 [400, 2].
        surface: D(x) in the plane, float32 [64, 64], row 0 = lowest y.
        steps: of the curves, float32 [n], n <= 300.
        losses: of D and of G, float32 [2, n].
        bounds: ((x_min, x_max), (y_min, y_max)).
    """

    real: np.ndarray
    generated: np.ndarray
    surface: np.ndarray
    steps: np.ndarray
    losses: np.ndarray
    bounds: tuple


class Bqplot:
    """bqplot: two figures of marks whose traits are set."""

    def __init__(self, picture: Picture):
        import bqplot

        self._hold = bqplot.Figure.hold_sync
        (x0, x1), (y0, y1) = picture.bounds
        x, y = bqplot.LinearScale(min=x0, max=x1), bqplot.LinearScale(min=y0, max=y1)
        colour = bqplot.ColorScale(min=0, max=1, colors=SCALE)
        self._surface = bqplot.HeatMap(
            x=np.linspace(x0, x1, 64),
            y=np.linspace(y0, y1, 64),
            color=picture.surface,
            scales={"x": x, "y": y, "color": colour},
        )
        self._points = [
            bqplot.Scatter(
                x=points[:, 0],
                y=points[:, 1],
                colors=[colour],
                marker=marker,
                default_size=12,
                scales={"x": x, "y": y},
            )
            for points, colour, marker in (
                (picture.real, REAL, "circle"),
                (picture.generated, GENERATED, "cross"),
            )
        ]
        axes = [bqplot.Axis(scale=x), bqplot.Axis(scale=y, orientation="vertical")]
        step, loss = bqplot.LinearScale(), bqplot.LinearScale()
        self._curves = bqplot.Lines(
            x=picture.steps,
            y=picture.losses,
            colors=["black", GENERATED],
            scales={"x": step, "y": loss},
        )
        curve_axes = [bqplot.Axis(scale=step), bqplot.Axis(scale=loss, orientation="vertical")]
        marks = [self._surface, *self._points]
        figures = [
            bqplot.Figure(marks=marks, axes=axes, animation_duration=0),
            bqplot.Figure(marks=[self._curves], axes=curve_axes, animation_duration=0),
        ]
        self.widget = ipywidgets.HBox(figures)

    def draw(self, picture: Picture) -> None:
        """Show a picture."""
        self._surface.color = picture.surface
        generated = self._points[1]
        with generated.hold_sync():
            generated.x, generated.y = picture.generated.T
        with self._curves.hold_sync():
            self._curves.x, self._curves.y = picture.steps, picture.losses


class Plotly:
    """plotly: a FigureWidget with two plots, changed in one `batch_update`."""

    def __init__(self, picture: Picture):
        import plotly.graph_objects as go
        from plotly.subplots import make_subplots

        (x0, x1), (y0, y1) = picture.bounds
        figure = self.widget = go.FigureWidget(make_subplots(1, 2))
        scale = [[0, SCALE[0]], [0.5, SCALE[1]], [1, SCALE[2]]]
        x, y = np.linspace(x0, x1, 64), np.linspace(y0, y1, 64)
        figure.add_heatmap(
            x=x, y=y, z=picture.surface, zmin=0, zmax=1, colorscale=scale, row=1, col=1
        )
        for points, colour, symbol in (
            (picture.real, REAL, "circle"),
            (picture.generated, GENERATED, "x"),
        ):
            marker = {"color": colour, "size": 4, "symbol": symbol}
            figure.add_scatter(
                x=points[:, 0], y=points[:, 1], mode="markers", marker=marker, row=1, col=1
            )
        for loss, colour in zip(picture.losses, ("black", GENERATED), strict=True):
            figure.add_scatter(
                x=picture.steps, y=loss, mode="lines", line={"color": colour}, row=1, col=2
            )
        figure.update_xaxes(range=[x0, x1], row=1, col=1)
        figure.update_yaxes(range=[y0, y1], row=1, col=1)
        figure.update_layout(width=900, height=400)

    def draw(self, picture: Picture) -> None:
        """Show a picture."""
        surface, _, generated, *curves = self.widget.data
        with self.widget.batch_update():
            surface.z = picture.surface
            generated.x, generated.y = picture.generated.T
            for curve, loss in zip(curves, picture.losses, strict=True):
                curve.x, curve.y = picture.steps, loss


class MatplotlibImage:
    """Matplotlib: one figure whose artists are updated, drawn by Agg, as PNG in an Image."""

    def __init__(self, picture: Picture):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self._figure = Figure(SIZE)
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.subplots(1, 2)
        self._surface, self._generated, self._curves = plot(self._axes, picture)
        self.widget = ipywidgets.Image(format="png")
        self.draw(picture)

    def draw(self, picture: Picture) -> None:
        """Show a picture."""
        self._surface.set_data(picture.surface)
        self._generated.set_data(*picture.generated.T)
        for curve, loss in zip(self._curves, picture.losses, strict=True):
            curve.set_data(picture.steps, loss)
        self._axes[1].relim()
        self._axes[1].autoscale_view()
        file = io.BytesIO()
        self._figure.savefig(file, format="png")
        self.widget.value = file.getvalue()


class OutputShow:
    """The widely copied way: an Output widget, `clear_output(wait=True)`, a new figure, `show`."""

    def __init__(self, picture: Picture):
        self.widget = ipywidgets.Output()

    def draw(self, picture: Picture) -> None:
        """Show a picture."""
        with self.widget:
            show_anew(picture)


WAYS = {
    "bqplot": Bqplot,
    "plotly": Plotly,
    "matplotlib": MatplotlibImage,
    "output": OutputShow,
}


def show_anew(picture: Picture) -> None:
    """Replace the output by a new figure, as loops in tutorials do."""
    import matplotlib.pyplot as plt
    from IPython.display import clear_output

    clear_output(wait=True)
    plot(plt.subplots(1, 2, figsize=SIZE)[1], picture)
    plt.show()
    plt.close("all")


def plot(axes, picture: Picture):
    """Draw a picture on two Axes; return the surface, the generated points and the curves."""
    (x0, x1), (y0, y1) = picture.bounds
    surface = axes[0].imshow(
        picture.surface,
        cmap="PuOr",
        vmin=0,
        vmax=1,
        origin="lower",
        extent=(x0, x1, y0, y1),
        aspect="auto",
    )
    axes[0].plot(*picture.real.T, ".", color=REAL, markersize=3)
    (generated,) = axes[0].plot(*picture.generated.T, "x", color=GENERATED, markersize=3)
    axes[0].set(xlim=(x0, x1), ylim=(y0, y1))
    curves = [
        axes[1].plot(picture.steps, loss, color=colour)[0]
        for loss, colour in zip(picture.losses, ("black", GENERATED), strict=True)
    ]
    return surface, generated, curves

"""Curves over the steps of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from course_utils.language import text
from course_utils.widgets.strings import CURVES, STRINGS
from course_utils.widgets.views.measures import Measures
from course_utils.widgets.views.thinning import Thinned
from course_utils.widgets.views.view import View, Wants

# group -> (scale, curve -> colour: a kind of sample or the number of a series)
GROUPS = {
    "losses": ("linear", {"discriminator_loss": 0, "generator_loss": 1}),
    "beliefs": ("linear", {"real_belief": "real", "fake_belief": "generated"}),
    "gradients": ("log", {"discriminator_gradient_norm": 0, "generator_gradient_norm": 1}),
}
CLASS_LOSSES = {"discriminator_class_loss": 2, "generator_class_loss": 3}
"""Beside the losses, where D has a class head."""
BALANCE = 2 * math.log(2)
"""D's loss, in nats, when it answers 0.5 to everything and its targets are 1 and 0."""


class Curves(View):
    """Losses, mean beliefs and gradient norms over the steps, in at most 300 points each.

    Where D has a class head, the class losses stand beside the other losses, before their weight.
    A point is the mean of a stretch of steps, so that no step of a long run is left out.

    Args:
        groups: which of "losses", "beliefs" and "gradients" to show.
        measures: title -> function of the GAN that returns a number, such as an evaluation. They
            are computed on the training thread, at most once a second, and rarer if they take
            longer than 20 ms. One has a linear axis; several share a logarithmic one.

    Raises:
        ValueError: there is no such group, or a measure is no function.
    """

    kind = "curves"

    def __init__(
        self,
        groups: Sequence[str] = tuple(GROUPS),
        measures: Mapping[str, Callable] | None = None,
    ):
        unknown = [name for name in groups if name not in GROUPS]
        if unknown or isinstance(groups, str):
            raise ValueError(
                text(
                    en=f"groups = {groups!r}: choose some of {', '.join(GROUPS)}, as a list.",
                    zh=f"groups = {groups!r}：请以列表形式从 {'、'.join(GROUPS)} 中选择。",
                )
            )
        wrong = [title for title, function in (measures or {}).items() if not callable(function)]
        if wrong:
            raise ValueError(
                text(
                    en=f"measures[{wrong[0]!r}] is not a function: give one that takes the GAN and "
                    "returns a number.",
                    zh=f"measures[{wrong[0]!r}] 不是函数：请给出一个接收 GAN 并返回数值的函数。",
                )
            )
        self._groups, self._measures = list(groups), Measures(measures or {})
        self._thinned, self._reference = Thinned(), None
        self._series = {name: series for name, (_, series) in GROUPS.items()}
        self.panels = len(self._groups) + bool(measures)

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        return str(STRINGS["view_curves"])

    def prepare(self, gan) -> Wants:
        """See `View.prepare`."""
        from course_utils.training import NonSaturating

        self._reference = BALANCE if isinstance(gan.adversarial_loss, NonSaturating) else None
        extra = CLASS_LOSSES if gan.has_class_head else {}
        self._series["losses"] = GROUPS["losses"][1] | extra
        return Wants()

    def frame(self, gan, seen):
        """See `View.frame`."""
        from course_utils.training import CURVES as COLUMNS

        self._measures.update(gan)
        steps, means = self._thinned.update(gan.history)
        columns = [COLUMNS.index(name) for group in self._groups for name in self._series[group]]
        values = np.concatenate([means[:, columns].T, self._measures.at(steps)])
        meta = {
            "groups": self._described_groups(),
            "last_step": gan.history.steps,
            "measures": self._measures.texts(),
        }
        return meta, {"x": steps, "y": np.ascontiguousarray(values, np.float32)}

    def measure(self, gan) -> None:
        """See `View.measure`."""
        self._measures.update(gan, at_once=True)

    def draw(self, axes, meta, arrays, changes) -> None:
        """See `View.draw`."""
        from course_utils import plotting

        # A third of the points: what is left out would make the picture a large file.
        steps, rows = arrays["x"][::3], iter(arrays["y"][:, ::3])
        marks = [(step, f"{title} → {value}") for step, title, value in changes[-5:]]
        for ax, group in zip(axes, meta["groups"], strict=True):
            series, colours = {}, {}
            for index, one in enumerate(group["series"]):
                series[one["title"]] = steps, next(rows)
                # By name where the colour has a meaning, by number in the order of the series.
                colour, others = one["colour"], plotting.COLOURS.series
                named = isinstance(colour, str)
                colours[one["title"]] = (
                    getattr(plotting.COLOURS, colour) if named else others[index % len(others)]
                )
            log = group["scale"] == "log" and len(steps) > 0
            plotting.curves(ax, series, marks, group["title"], log, colours)
            if "reference" in group:
                ax.axhline(group["reference"], color=plotting.COLOURS.neutral, linestyle=":")
            ax.set_ylim(group.get("range"))

    def _described_groups(self) -> list[dict]:
        groups = []
        for name in self._groups:
            group = {
                "title": str(STRINGS[name]),
                "scale": GROUPS[name][0],
                "series": [
                    {"title": str(CURVES[curve]), "colour": colour}
                    for curve, colour in self._series[name].items()
                ],
            }
            if name == "beliefs":
                group["range"] = [0, 1]
            if name == "losses" and self._reference is not None:
                group["reference"] = self._reference
                group["reference_title"] = str(STRINGS["balance_line"])
            groups.append(group)
        if self._measures.titles:
            series = [
                {"title": title, "colour": index % 6}
                for index, title in enumerate(self._measures.titles)
            ]
            title = str(STRINGS["own_measures"])
            # Several measures rarely have the same order of magnitude.
            scale = "linear" if len(series) == 1 else "log"
            groups.append({"title": title, "scale": scale, "series": series})
        return groups

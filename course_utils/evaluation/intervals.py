"""How far off may a measure be, because only so many samples were drawn?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.checks import whole_number
from course_utils.language import text


def jackknife(
    measure: Callable[..., float | np.ndarray],
    *arrays: np.ndarray,
    groups: int = 20,
    seed: int = 0,
) -> tuple[float, float] | tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of a measure, by leaving out one group of samples at a time.

    The samples are dealt at random into groups. What the measure changes by without each of them
    says how much it depends on which samples were drawn (delete-a-group jackknife, Kott 2001; the
    quantile is that of Student's t with groups - 1 degrees of freedom). Unlike the bootstrap, it
    draws no sample twice, which nearest neighbours would take for copies.

    It is right for smooth measures of independent samples: means, Fréchet distance, classifier
    score, density. For precision, recall and coverage it comes out right or up to twice too wide.
    For medians it is slightly too narrow. It is wrong for minima, and for a measure that draws at
    random (`kernel_distance`; `kernel_interval` has its own): there it shows the drawing. For plain
    shares `conditional.accuracy_interval` needs no groups. A bias that grows with fewer samples,
    such as the Fréchet distance's, is not removed: the interval lies around the biased value. Nor
    does it contain the sampling error of what stays fixed inside `measure`, such as the reference.

    Args:
        measure: takes the arrays, or most of their rows, and returns a number, or an array of
            numbers, each of which gets its interval.
        arrays: each [n, …]; row i of all of them belongs to the same sample.
        groups: how many, 2 … n; more take longer and make the width more certain.
        seed: for dealing.

    Returns:
        Its lower and its upper end, around the value of all samples; NaN if the measure gave NaN.
        The ends may lie outside the measure's range. Cost: groups + 1 times the measure.

    Raises:
        ValueError: there is no array, they differ in length, or `groups` is out of its range.
    """
    from scipy.special import stdtrit

    arrays = tuple(map(np.asarray, arrays))
    count = _rows(arrays)
    groups = whole_number("groups", groups, 2, count)
    group = np.random.default_rng(seed).permutation(np.arange(count) % groups)
    value = np.asarray(measure(*arrays), np.float64)
    without = [
        measure(*(array[group != left_out] for array in arrays)) for left_out in range(groups)
    ]
    error = np.sqrt((groups - 1) * np.var(without, axis=0))
    margin = stdtrit(groups - 1, 0.975) * error
    ends = value - margin, value + margin
    return ends if value.ndim else tuple(map(float, ends))


def _rows(arrays: tuple[np.ndarray, ...]) -> int:
    """How many rows each array has."""
    lengths = [len(array) if array.ndim else 0 for array in arrays]
    if not lengths or min(lengths) != max(lengths):
        raise ValueError(
            text(
                en=f"The arrays have {lengths} rows: at least one array is needed, and all must be "
                "of equal length, as row i of each belongs to the same sample.",
                zh=f"各数组的行数为 {lengths}：至少需要一个数组，且所有数组的行数必须相同，"
                "因为各数组的第 i 行属于同一个样本。",
            )
        )
    return lengths[0]

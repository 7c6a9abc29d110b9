"""The classifier score: are the images recognizable, and are they of all classes?"""

from __future__ import annotations

import numpy as np

from course_utils.evaluation.validation import checked_probabilities


def classifier_score(probabilities: np.ndarray) -> float:
    """The Inception score of any classifier: exp of the mean KL divergence of p(y|x) from p(y).

    Salimans et al. 2016, arXiv:1606.03498, section 4; p(y) is the mean of p(y|x) over the images.
    All images are used at once. The usual mean over ten parts makes the value depend on the order
    of the images and on the size of the parts (Barratt and Sharma 2018, arXiv:1801.01973).

    Args:
        probabilities: [n, k], n >= 1, of k classes; rows sum to 1.

    Returns:
        From 1 (worst: every image gets the same probabilities) to k (best: the classifier is sure
        of every image, and all classes are equally frequent). It sees neither whether the images
        of a class differ, nor whether they look like real ones. Biased downwards for small n:
        n images cannot score more than n. Cost O(n · k).

    Raises:
        ValueError: the rows are not probabilities.
    """
    from scipy.special import rel_entr

    probabilities = checked_probabilities(probabilities)
    divergences = rel_entr(probabilities, probabilities.mean(axis=0)).sum(axis=1)
    return float(np.exp(divergences.mean()))

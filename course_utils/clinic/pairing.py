"""Do classes and samples belong together: in the data, in D's eyes, in what G makes?"""

from __future__ import annotations

import numpy as np

from course_utils.clinic.conditions import Batch, others
from course_utils.clinic.likeness import flat, width
from course_utils.clinic.specimen import Specimen

_NEIGHBOURS = 5
_MOST = 800  # real samples that neighbours are looked for among
_FOR_EACH = 10  # of them, at least, for each class


def pairing_numbers(specimen: Specimen) -> dict[str, float]:
    """How well classes and samples fit, by tests that know neither the data nor the networks.

    Returns:
        Nothing if no network knows classes. Else `class_agreement`: how many of a real sample's
        five nearest real neighbours are of its class, and `class_chance`: of any real samples, with
        its standard error; missing with fewer than ten samples of a class. `obedience`: the same of
        generated samples, as a share of what real ones reach beyond chance: 1 if G makes what it is
        asked for, 0 if the class changes nothing. `g_hears`, `d_hears`: by how much another class
        changes G's samples, in widths of the data, and D's logits, in their deviations; exactly 0
        if a network does not look at it. `d_asks`: 1 if D is told classes or tells them.
        `pairs_known`: of real samples, the share of which D finds the right class more real than
        another; of a D that tells classes, the share that it tells right. `pairs_chance`: the same
        by chance.
    """
    if not specimen.classes:
        return {}
    return _heard(specimen) | _known(specimen) | _agreement(specimen)


def _heard(specimen: Specimen) -> dict[str, float]:
    if len(specimen.generator.inputs) == 1:
        return {}
    latents = specimen.draw()
    made, changed = (specimen.generate(b) for b in (latents, _relabelled(latents, specimen)))
    apart = flat(made.values) - flat(changed.values)
    whole = width(specimen.data[:1000]) or 1.0
    return {"g_hears": float(np.sqrt((apart**2).sum(1).mean()) / whole)}


def _known(specimen: Specimen) -> dict[str, float]:
    real = specimen.real()
    asked = specimen.has_head or len(specimen.discriminator.inputs) == 2
    if not asked:
        return {"d_asks": 0.0}
    if specimen.has_head:
        right = specimen.classify(real).argmax(axis=1) == real.labels
        largest = np.bincount(specimen.labels).max() / len(specimen.labels)
        return {
            "d_asks": 1.0,
            "pairs_known": float(right.mean()),
            "pairs_chance": float(largest),
        }
    pairs = real, _relabelled(real, specimen)
    right, wrong = (specimen.logits(specimen.judge(batch)) for batch in pairs)
    return {
        "d_asks": 1.0,
        "pairs_known": float((right > wrong).mean() + (right == wrong).mean() / 2),
        "pairs_chance": 0.5,
        "d_hears": float(np.abs(right - wrong).mean() / (right.std() or 1.0)),
    }


def _agreement(specimen: Specimen) -> dict[str, float]:
    from scipy.spatial import KDTree

    chosen = specimen.random.permutation(len(specimen.data))[:_MOST]
    samples, labels = flat(specimen.data[chosen]), specimen.labels[chosen]
    if len(chosen) < _FOR_EACH * specimen.classes:
        return {}
    fake = specimen.generate(specimen.draw())
    tree = KDTree(samples)
    # A real sample's nearest is itself.
    near_real = tree.query(samples, _NEIGHBOURS + 1)[1][:, 1:]
    near_fake = tree.query(flat(fake.values), _NEIGHBOURS)[1]
    shares, asked = (np.bincount(v, minlength=specimen.classes) / len(v)
                     for v in (labels, fake.labels))  # fmt: skip
    real, of_fake = (
        float((labels[near] == own[:, None]).mean())
        for near, own in ((near_real, labels), (near_fake, fake.labels))
    )
    chance, fake_chance = float((shares**2).sum()), float((shares * asked).sum())
    error = (chance * (1 - chance) / len(labels)) ** 0.5
    found = {"class_agreement": real, "class_chance": chance, "class_chance_error": error}
    if real > chance + 4 * error:
        found["obedience"] = (of_fake - fake_chance) / (real - chance)
    return found


def _relabelled(batch: Batch, specimen: Specimen) -> Batch:
    return batch._replace(labels=others(batch.labels, specimen.classes, specimen.random))

"""Snapshots keep to their number and to their memory."""

from course_utils.training.snapshots import Snapshots
from course_utils.training.state import read_state


def test_large_networks_keep_fewer(gan):
    size = sum(array.nbytes for array in read_state(gan).values())
    snapshots = Snapshots(every=1, most_bytes=8 * size)
    for _ in range(50):
        snapshots.maybe_take(gan)
        gan.run(1)
        assert len(snapshots.steps) <= 8
    assert len(snapshots.steps) >= 4 and snapshots.steps[0] == 0


def test_a_few_are_kept_however_large_they_are(gan):
    snapshots = Snapshots(every=1, most_bytes=1)
    for _ in range(20):
        snapshots.maybe_take(gan)
        gan.run(1)
    assert 2 <= len(snapshots.steps) <= 4

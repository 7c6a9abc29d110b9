from course_utils.clinic.watching import phase_lengths, regular


def movers(plan):
    return [{"d": (True, False), "g": (False, True), "b": (True, True)}[c] for c in plan]


def test_phases_are_stretches_in_which_one_player_moves():
    assert phase_lengths(movers("dddggb")) == [("d", 3), ("g", 2)]
    assert phase_lengths(movers("bbbb")) == []


def test_five_steps_to_one_are_regular_and_thresholds_are_not():
    assert regular(phase_lengths(movers("ddgdddddgdddddgdd")))
    assert not regular(phase_lengths(movers("ddgdddddgdddgddd")))
    assert not regular(phase_lengths(movers("dddddddddddddggg")))

"""Who looks, who is ready for a frame, and when nobody is there any more."""

import threading

import pytest

from course_utils.widgets.presence import Cell, Presence


@pytest.fixture
def cell(clock):
    return Cell(clock)


@pytest.fixture
def presence(clock, cell):
    return Presence(clock, cell)


def elsewhere(function, *arguments):
    """Calls as a message on a subshell does, on another thread."""
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    thread.join(10)


def test_nobody_is_ready_before_hello_and_somebody_after(presence):
    assert not presence.ready and presence.views == 0
    presence.hello("a")
    assert presence.ready and presence.views == 1


def test_two_frames_may_be_in_flight_and_no_third(presence):
    presence.hello("a")
    presence.sent(1)
    assert presence.ready
    presence.sent(2)
    assert not presence.ready
    presence.ack("a", 1)
    assert presence.ready


def test_one_acknowledgement_covers_the_frames_before(presence):
    presence.hello("a")
    presence.sent(1)
    presence.sent(2)
    presence.ack("a", 2)
    presence.ack("a", 1)  # came late
    presence.sent(3)
    assert presence.ready


def test_a_number_that_was_never_sent_acknowledges_no_later_frame(presence):
    presence.hello("a")
    presence.ack("a", 10**9)
    presence.sent(1)
    presence.sent(2)
    assert not presence.ready


def test_every_view_that_looks_must_have_drawn(presence):
    presence.hello("a")
    presence.hello("b")
    presence.sent(1)
    presence.sent(2)
    presence.ack("a", 2)
    assert not presence.ready
    presence.ack("b", 1)
    assert presence.ready


def test_hello_again_starts_afresh(presence):
    presence.hello("a")
    presence.sent(1)
    presence.sent(2)
    presence.hello("a")
    assert presence.ready


@pytest.mark.parametrize("says_bye", [True, False])
def test_a_tab_that_vanished_does_not_hold_up_the_others(presence, clock, says_bye):
    presence.hello("a")
    presence.hello("gone")
    presence.sent(1)
    presence.sent(2)
    presence.ack("a", 2)
    if says_bye:
        presence.bye("gone")
    else:
        assert not presence.ready
        clock.now += 5.1
    assert presence.ready


def test_a_hidden_tab_gets_nothing_and_holds_nobody_up(presence):
    presence.hello("a")
    presence.sent(1)
    presence.sent(2)
    presence.beat("a", visible=False)
    assert not presence.ready
    presence.hello("b")
    assert presence.ready
    presence.bye("b")
    assert not presence.ready
    assert presence.beat("a", visible=True)
    assert presence.ready
    assert not presence.beat("a", visible=True)


def test_somebody_may_still_come_for_ten_seconds(presence, clock):
    assert presence.met
    clock.now += 9.9
    assert presence.met
    clock.now += 0.2
    assert not presence.met


def test_ten_seconds_without_a_beat(presence, clock):
    clock.now += 100
    presence.hello("a")
    for _ in range(10):
        clock.now += 2
        presence.beat("a")
    assert presence.met
    clock.now += 10.1
    assert not presence.met and not presence.ready
    presence.beat("a")
    assert presence.met and presence.ready


def test_a_page_that_reloads_is_missed_only_after_ten_seconds(presence, clock):
    clock.now += 100
    presence.hello("a")
    presence.bye("a")
    assert presence.met
    clock.now += 10.1
    assert not presence.met


def test_a_hidden_tab_that_beats_counts_for_ninety_seconds(presence, clock):
    presence.hello("a")
    presence.beat("a", visible=False)
    clock.now += 2
    presence.beat("a", visible=False)
    for _ in range(3):
        clock.now += 89
        assert presence.met
        presence.beat("a", visible=False)
    clock.now += 91
    assert not presence.met


def test_a_tab_that_is_closed_says_only_that_it_is_hidden(presence, clock):
    clock.now += 100
    presence.hello("a")
    clock.now += 5
    presence.beat("a", visible=False)
    clock.now += 0.1
    presence.beat("a", visible=False)
    clock.now += 10.1
    assert not presence.met


def test_a_tab_that_was_hidden_and_is_closed_while_seen_counts_for_ten(presence, clock):
    presence.hello("a")
    for visible in (False, False, True):
        clock.now += 2
        presence.beat("a", visible)
    clock.now += 10.1
    assert not presence.met


def test_a_kernel_that_is_deaf_while_a_cell_runs_does_not_count_that_time(presence, clock, cell):
    presence.hello("a")  # on the main thread
    cell._begin(None)
    assert presence.deaf
    clock.now += 1000
    assert presence.met
    cell._end(None)
    assert presence.met and not presence.deaf
    clock.now += 9
    assert presence.met
    clock.now += 2
    assert not presence.met


def test_with_subshells_a_running_cell_changes_nothing(presence, clock, cell):
    elsewhere(presence.hello, "a")
    cell._begin(None)
    assert not presence.deaf
    clock.now += 10.1
    assert not presence.met


def test_views_that_vanished_are_forgotten_and_their_number_is_bounded(presence, clock):
    for number in range(100):
        presence.hello(f"v{number}")
    assert presence.views <= 32
    clock.now += 1000
    presence.hello("new")
    assert presence.views == 1


def test_watching_the_cell_outside_a_kernel_does_nothing(cell):
    cell.watch()
    assert not cell.running


def test_the_notebooks_cells_are_watched(cell, monkeypatch):
    import sys
    import types

    from IPython.core.events import EventManager

    shell = types.SimpleNamespace(kernel=object())
    shell.events = EventManager(shell, {"pre_run_cell": lambda info: 0, "post_run_cell": print})
    fake = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    cell.watch()
    cell.watch()
    assert cell.running  # watch() is called from within one
    shell.events.trigger("post_run_cell", None)
    assert not cell.running
    shell.events.trigger("pre_run_cell", None)
    assert cell.running
    assert len(shell.events.callbacks["pre_run_cell"]) == 1
